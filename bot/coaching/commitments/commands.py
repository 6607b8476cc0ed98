"""What a client says of commitments at any time; `log` has a file of its own."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.coaching.commitments.log import log
from bot.coaching.commitments.progress import progress_lines
from bot.coaching.habits.commands import taken_as_habit
from bot.coaching.pictures.pictures import own_pictures
from bot.coaching.shared.cards import Command, Shown
from bot.coaching.shared.lines import after_closing
from bot.coaching.shared.validators import LINE, not_past
from bot.engine.answers import entry_of, unkept_rule, words_of_list
from bot.messages.readings import DateKind, Deed, Reading
from bot.model.facts import Facts
from bot.model.needs import Need
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Opening, Reply
from bot.model.roles import Who
from bot.understanding.commands import Content, Dates, a_commitment, a_report, alone, few


def commit(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A new commitment; what the words say already is not asked again."""
    if facts.engagement is None and asked_after_the_end(facts) is None:
        return Reply(says=(after_closing(facts) or phrase("not_started"),))
    reply = promise_of(reading.rest, reading, facts)
    if reading.private_promise and reply.opens is not None:
        return replace(reply, opens=replace(reply.opens, private=True))
    return reply


def asked_after_the_end(facts: Facts) -> Engagement | None:
    """The engagement that has ended, where its client agreed to be asked after the end; None while one runs."""
    ended = facts.ended
    return ended if ended is not None and "follow_up" in ended.consents and not facts.wishes.stopped else None


def promise_of(text: str, reading: Reading, facts: Facts) -> Reply:
    """Open `commitment` with what the text promises and the days that it names; one that cannot be is asked for.

    What comes again and again is a habit.
    """
    if len(reading.deeds) > 1:
        return _several(reading.deeds, facts)
    if reading.habit is not None and facts.engagement is not None:
        return taken_as_habit(reading.habit, text, facts)
    deed = reading.deeds[0] if reading.deeds else None
    what = _begun_large(deed.said or deed.text) if deed else text
    if len(what) > LINE:
        return Reply(says=(phrase("wrong_too_long", limit=LINE),))
    known: dict[str, object] = {"what": (what, what)} if what else {}
    day, wrong = day_of(deed, facts)
    known |= {"due": (day.isoformat(), day)} if day else {}
    return Reply(says=(wrong,) if wrong else (), opens=_opened(known, facts))


def _several(deeds: tuple[Deed, ...], facts: Facts) -> Reply:
    """All of them in one dialogue, which asks for the days that are missing and for nothing else of each."""
    wrong = unkept_rule(deeds)
    if wrong is not None:
        return Reply(says=(wrong,))
    entries = several_of(deeds, facts)
    return Reply(opens=_opened({"what": (entries, words_of_list(entries))}, facts))


def several_of(deeds: tuple[Deed, ...], facts: Facts) -> list[dict[str, Any]]:
    """Promises as a list holds them, without a day that is over or too far away."""
    days = [day_of(deed, facts)[0] for deed in deeds]
    return [{**entry_of(deed), "day": day and day.isoformat()} for deed, day in zip(deeds, days, strict=True)]


def _begun_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _opened(known: dict[str, object], facts: Facts) -> Opening:
    """The dialogue in which a promise is made: a shorter one, of the client's own, once the coaching has ended."""
    ended = asked_after_the_end(facts) if facts.engagement is None else None
    if ended is None:
        return Opening(dialogue="commitment", known=known)
    return Opening(dialogue="own-commitment", known=known, engagement=ended.id)


def day_of(deed: Deed | None, facts: Facts) -> tuple[date | None, Phrase | None]:
    """The day that was named, or what is wrong with it."""
    if deed is None or deed.day.kind is not DateKind.FUTURE or deed.day.day is None:
        return None, None
    wrong = not_past(deed.day.day.isoformat(), Given(facts=facts))
    return (None, wrong) if wrong else (deed.day.day, None)


def checkin(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The week's check-in, now."""
    if facts.engagement is None:
        return Reply(says=(after_closing(facts) or phrase("not_started"),))
    return Reply(opens=Opening(dialogue="weekly-checkin"))


def progress(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client's own picture in words."""
    buttons = (("/pictures", phrase("button_pictures")),) if own_pictures(facts) else ()
    return Reply(says=(phrase("in_lines", lines=list(progress_lines(facts))),), buttons=buttons)


COMMANDS: tuple[Command, ...] = (
    Command(
        verb="log",
        who=Who.CLIENT,
        run=log,
        in_free_text=a_report,
        dates=Dates.REST,
        content=Content.REPORT,
        needs=frozenset({Need.HISTORY}),
        shown=Shown.FIRST,
    ),
    Command(
        verb="commit",
        who=Who.CLIENT,
        run=commit,
        in_free_text=a_commitment,
        dates=Dates.REST,
        content=Content.COMMITMENT,
        shown=Shown.FIRST,
    ),
    Command(
        verb="progress",
        who=Who.CLIENT,
        run=progress,
        shape=few,
        needs=frozenset({Need.HISTORY}),
        shown=Shown.FIRST,
    ),
    Command(verb="checkin", who=Who.CLIENT, run=checkin, shape=alone),
)
