"""`clients`, `client`, `digest`: what a coach looks up; and `whatmycoachsees`, the same as the client's own reading."""

from collections.abc import Iterable
from datetime import datetime

from bot.coaching.digest.client_lines import client_lines, roster_lines
from bot.coaching.digest.covered import covered_lines, covered_parts
from bot.coaching.digest.digest import parts_of, weekly_digest
from bot.coaching.pictures.pictures import seen_pictures
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.who_joined import yes_or_no
from bot.coaching.visibility.covered import everyone, looked, mark
from bot.messages.readings import Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.records import DataViewed
from bot.model.replies import Notification, Reply
from bot.model.roles import Who
from bot.understanding.commands import a_client


def clients(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everybody on one line each, those with a signal first."""
    if not everyone(facts):
        return Reply(says=(phrase("digest_empty"),))
    lines = [*roster_lines(facts.practice, facts.today), *covered_lines(facts.covered, facts.today)]
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked(everyone(facts), "clients"))


def client(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """One client in full."""
    lines = [*mark(view), *client_lines(view, facts.today)]
    buttons = () if view.covered else _buttons(view, facts)
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked((view,), "client"), buttons=buttons)


def _buttons(view: ClientView, facts: Facts) -> tuple[tuple[str, Phrase], ...]:
    """Who joined is asked again until it is said; the rest is what a coach does next."""
    ref, client = ref_of(view.engagement.id), view.name
    if view.unconfirmed:
        return yes_or_no(view)
    drawn = ((f"/pictures {ref}", phrase("button_pictures")),) if seen_pictures(view, facts.today) else ()
    return ((f"/note {ref}", phrase("button_note", client=client)), *drawn)


def digest(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The weekly digest, now; what is too long for one message follows in others."""
    whole = weekly_digest(facts.practice, facts.today, now=now, zone=facts.person.home)
    own = parts_of(whole) if facts.practice or not facts.covered else ()
    first, *more = (*own, *covered_parts(facts.covered, facts.today))
    return Reply(
        says=(phrase("in_lines", lines=list(first.lines)),),
        records=_looked(everyone(facts), "digest"),
        buttons=first.buttons,
        tells=tuple(
            Notification(
                person=facts.person.id, phrase=phrase("in_lines", lines=list(part.lines)), buttons=part.buttons
            )
            for part in more
        ),
    )


def _looked(views: Iterable[ClientView], what: str) -> tuple[DataViewed, ...]:
    return tuple(looked(view, what) for view in views)


_PRACTICE = frozenset({Need.PRACTICE})

COMMANDS: tuple[Command, ...] = (
    Command(verb="clients", who=Who.COACH, run=clients, needs=_PRACTICE, shown=Shown.FIRST),
    Command(
        verb="client",
        who=Who.COACH,
        about=client,
        when_unconfirmed=True,
        when_covering=True,
        in_free_text=a_client,
        shown=Shown.FIRST,
    ),
    Command(verb="digest", who=Who.COACH, run=digest, needs=_PRACTICE, shown=Shown.FIRST),
)
