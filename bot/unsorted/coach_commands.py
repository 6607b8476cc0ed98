"""What a coach can say: pure functions from a reading and the facts to a reply, over the coach's own practice only."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.coaching.digest.client_lines import client_lines, roster_lines
from bot.coaching.digest.covered import covered_lines, covered_parts
from bot.coaching.digest.digest import parts_of, weekly_digest
from bot.coaching.pictures.pictures import seen_pictures
from bot.coaching.practice.confirm_leave_handover import confirm, handover, leave
from bot.coaching.practice.invite import invite
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import Command, for_coach
from bot.coaching.shared.who_joined import yes_or_no
from bot.coaching.visibility.covered import everyone, looked, mark
from bot.messages import Reading
from bot.model.facts import ClientView, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.records import DataViewed
from bot.model.replies import Notification, Reply


def clients(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everybody on one line each, those with a signal first."""
    if not everyone(facts):
        return Reply(says=(phrase("digest_empty"),))
    lines = [*roster_lines(facts.practice, facts.today), *covered_lines(facts.covered, facts.today)]
    return Reply(says=(phrase("in_lines", lines=lines),), records=_looked(everyone(facts), "clients"))


def client(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """One client in full, found by name."""

    def shown(view: ClientView, found: Found) -> Reply:
        lines = [*mark(view), *client_lines(view, facts.today)]
        buttons = () if view.covered else _buttons(view, facts)
        return Reply(says=(phrase("in_lines", lines=lines),), records=_looked((view,), "client"), buttons=buttons)

    return about_client("client", reading.rest, facts, shown, unconfirmed=True, covering=True)


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


COACH_COMMANDS: Mapping[str, Command] = {
    "invite": for_coach(invite),
    "clients": for_coach(clients),
    "client": for_coach(client),
    "digest": for_coach(digest),
    "confirm": for_coach(confirm),
    "leave": for_coach(leave),
    "handover": for_coach(handover),
}
