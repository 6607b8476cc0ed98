"""`invite NAME`: first what that client will receive, then a code good once; `invite cancel NAME` takes it back."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.coaching.practice.code_lifetimes import LIVES
from bot.coaching.programme.rules import opening, standing
from bot.coaching.rhythm.next_prompt import upcoming
from bot.coaching.rhythm.timetable import Timetable
from bot.coaching.shared.validators import NAME
from bot.messages.readings import Reading
from bot.model.facts import Facts, Script
from bot.model.occurrences import Dated
from bot.model.people.engagements import OpenInvite
from bot.model.phrases import Late, Phrase, phrase
from bot.model.records import Invited, Revoked
from bot.model.replies import Reply
from bot.rendering.wording import gaps

_PREVIEW = 2  # weeks
_AT = time(9)


def invite(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A one-time code for a client, and first what that client will be told; without a name, what is open."""
    name = " ".join(reading.rest.split())
    if not name:
        return Reply(says=(phrase("invite_how"), *_open_lines(facts)))
    first, _, rest = name.partition(" ")
    if reading.means(first) == "cancel" and (rest or not _called(first, facts)):
        return _cancel(rest, facts)
    if len(name) > NAME:
        return Reply(says=(phrase("wrong_name", limit=NAME),))
    expires = now + LIVES["client"]
    return Reply(
        says=(
            phrase("invite_preview", name=name, coach=facts.person.name),
            *_first_message(name, facts),
            *_first_weeks(facts, now),
            phrase("invite_ready", name=name, code=Late("code"), day=_day(expires, facts)),
            *_ways_in(facts),
        ),
        records=(Invited(code="", name=name, expires=expires),),
    )


def _first_message(name: str, facts: Facts) -> tuple[Phrase, ...]:
    """The very words that the client will read first."""
    script = facts.scripts.get("welcome")
    text = _worded(script, name, facts) if script else ""
    return (phrase("invite_first", name=name, text=text),) if text else ()


def _worded(script: Script, name: str, facts: Facts) -> str:
    """A first question with its names in it; one that speaks of what nobody knows yet is left out."""
    known = {"name": name, "coach": facts.person.name}
    return script.first.format_map(known) if gaps(script.first) <= known.keys() else ""


def _first_weeks(facts: Facts, now: datetime) -> tuple[Phrase, ...]:
    """What follows in two weeks, in the rhythm that most begin with, if each is answered and nothing is promised."""
    begun = opening(standing(facts.programme), "", facts.today)
    dated = tuple(Dated(dialogue=found.dialogue, day=found.day) for found in begun)
    table = Timetable(zone=facts.person.home, at=_AT, anchor=facts.today, dated=dated)
    lines = []
    for planned in upcoming(table, now, _PREVIEW):
        script = facts.scripts.get(planned.dialogue)
        if script is not None:
            at = planned.due_at.astimezone(ZoneInfo(facts.person.home))
            text = _worded(script, "", facts)
            shown = phrase(
                "invite_prompt", at=at, title=script.title, text=phrase("in_quotes", text=text) if text else ""
            )
            lines.append(shown)
    programme = phrase("invite_more")
    return (phrase("invite_weeks", lines=[*lines, programme]),) if lines else ()


def _day(at: datetime, facts: Facts) -> object:
    return at.astimezone(ZoneInfo(facts.person.zone)).date()


def _ways_in(facts: Facts) -> tuple[Phrase, ...]:
    """What can be handed on: a link, or a letter for whoever looks after a company's workspace."""
    return tuple(
        phrase(link.how_to_join, link=link.to, code=Late("code"), coach=facts.person.name)
        for link in facts.links.values()
        if link.how_to_join
    )


# -- invitations that are open ---------------------------------------------------------------------------------------


def _cancel(name: str, facts: Facts) -> Reply:
    """Take the open invitations of that name back."""
    found = _called(name, facts) if name else facts.invites
    if not found or not name:
        return Reply(says=(phrase("invite_cancel_which"), *_open_lines(facts)))
    return Reply(
        says=(phrase("invite_cancelled", name=found[0].name),),
        records=tuple(Revoked(ref=invitation.ref) for invitation in found),
    )


def _called(name: str, facts: Facts) -> tuple[OpenInvite, ...]:
    wanted = name.casefold()
    whole = tuple(i for i in facts.invites if i.name.casefold() == wanted)
    return whole or tuple(i for i in facts.invites if wanted in i.name.casefold().split())


def _open_lines(facts: Facts) -> tuple[Phrase, ...]:
    if not facts.invites:
        return (phrase("invites_none"),)
    lines = [phrase("invite_open", name=i.name, day=_day(i.expires, facts)) for i in facts.invites]
    return (phrase("invites_open", lines=lines),)
