"""What is said as it leaves: with the values that only the records bring about, such as when the bot next writes."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.coaching.commitments.rules import DUE_TODAY
from bot.coaching.kept.effects import days_kept
from bot.coaching.rhythm.effects import replan, timetable_of
from bot.coaching.rhythm.next_prompt import days_asked
from bot.features import DEEDS
from bot.model.phrases import Phrase, Words, phrase
from bot.rendering.shortening import shortened
from bot.transaction.notify import wording_for
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations, timers
from storage.people.people import Known
from storage.programme import agenda, commitments

_TITLE = 60  # characters of a commitment beside its day


def spoken(unit: UnitOfWork, said: tuple[Words, ...]) -> str:
    """What is said as one text, late values in their places; a part of it whose value is absent is left out."""
    texts = (words if isinstance(words, str) else _rendered(unit, words) for words in said)
    return "\n\n".join(text for text in texts if text)


def _rendered(unit: UnitOfWork, phrase: Phrase) -> str | None:
    late = {value: _LATE[value.what](unit) for value in phrase.late}
    return None if None in late.values() else wording_for(unit, unit.known).knowing(late).render(phrase)


def announced(unit: UnitOfWork) -> tuple[Phrase, ...]:
    """When what got a day just now is asked about: said of a new promise, and of any whose own day is a day off."""
    items, unit.dated = unit.dated, {}
    wishes = unit.known.wishes
    if not items or wishes.stopped or wishes.held:
        return ()
    days = {**_errands(unit), **(_in_rhythm(unit, items) if wishes.begun else {})}
    found = {c.id: c for c in commitments.open_commitments(unit.connection, unit.known.id) if c.id in days}
    told = [(found[item], days[item]) for item in items if item in found]
    told = [(c, day) for c, day in told if items[c.id] or day != c.due]
    if told and len(told) == len(items) and all(day == c.due for c, day in told):
        return (phrase("asked_on_days" if len(told) > 1 else "asked_on_day"),)
    if len(told) == 1 == len(items):
        return (phrase("asked_on", day=told[0][1]),)
    return tuple(phrase("asked_about_on", commitment=shortened(c.text, _TITLE), day=day) for c, day in told)


def _in_rhythm(unit: UnitOfWork, items: Collection[str]) -> dict[str, date]:
    """The days on which promises are asked about while a coaching runs; what is kept has messages of its own."""
    return {**days_asked(timetable_of(unit), unit.now, items), **days_kept(unit)}


def _errands(unit: UnitOfWork) -> dict[str, date]:
    """The days on which what was promised after the end is asked about."""
    errands = [each for each in agenda.errands_of(unit.connection, unit.known.id) if each.dialogue == DUE_TODAY]
    return {item: each.day for each in errands for item in each.items}


def _code(unit: UnitOfWork) -> str | None:
    return unit.code or None


def _next_prompt(unit: UnitOfWork) -> datetime | None:
    """The moment of the next prompt where they will be then; None where a question waits, or none comes.

    It is worked out after everything else that the event brings about, so it can only be the one that is kept.
    """
    planned = replan(unit.connection, unit.known, unit.now, timetable_of(unit))
    at = None if _asked(unit) else next_at(unit.connection, unit.known, planned.due_at if planned else None)
    return None if at is None else at.astimezone(ZoneInfo(unit.known.zone_at(at)))


_LATE: Mapping[str, Callable[[UnitOfWork], Any]] = {"code": _code, "next_prompt": _next_prompt}


def next_at(connection: Connection, known: Known, planned: datetime | None) -> datetime | None:
    """The instant (UTC) of what comes first: the prompt that is planned, an errand, a question put off or repeated."""
    errands = (e.due_at for e in agenda.errands_of(connection, known.id) if e.dialogue not in DEEDS)
    rings = (row.due_at for row in timers.of_person(connection, known.id) if row.kind in ("again", "remind"))
    return min((at for at in (planned, *errands, *rings) if at is not None), default=None)


def _asked(unit: UnitOfWork) -> bool:
    """Whether something is under way, which is asked again at once."""
    _, runs = conversations.state(unit.connection, unit.known.id)
    return any(run.until is None for run in runs)
