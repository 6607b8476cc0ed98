"""What a client keeps from the coach is asked about in messages of its own, which count for nothing else.

They stand outside the rhythm: what is shared is planned as if they were not, is asked first, and neither waits for them
nor makes room. Each goes out once, at the client's hour of its day, and is not reminded of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.coaching.commitments.rules import DUE_TODAY
from bot.coaching.habits.rules import ASKED_AT, HABIT_TODAY, HABIT_WEEK, days_off, live, to_ask, to_ask_today
from bot.coaching.reviews.rules import OWN_REVIEW
from bot.coaching.rhythm.effects import due_of, timetable_of
from bot.coaching.rhythm.timetable import Calendar, Due, calendar
from bot.model.habits.values import DaysOff, Habit
from bot.model.people.answers import Audience
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements
from storage.people.people import Known
from storage.programme import agenda, commitments, habits

KEPT = frozenset({DUE_TODAY, HABIT_TODAY, HABIT_WEEK})
OF_KEPT = KEPT | {OWN_REVIEW}
_BEHIND = timedelta(minutes=5)  # what is shared goes out first
_AHEAD = 28  # days that are looked through for an open one
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Message:
    """One of those messages: on which local day, at which instant, about what."""

    engagement: str
    dialogue: str
    day: date
    due_at: datetime
    items: tuple[str, ...]


def plan_kept(unit: UnitOfWork) -> None:
    """Put what is kept on the agenda, as it now stands; nothing of somebody who is not to be asked."""
    connection, known = unit.connection, unit.known
    wishes = known.wishes
    asked = wishes.begun and not wishes.stopped and not wishes.held
    wanted = {(each.engagement, each.dialogue, each.items): each for each in _messages(unit)} if asked else {}
    running = _running(connection, known)
    for entry in agenda.errands_of(connection, known.id):
        if entry.dialogue not in KEPT or entry.engagement not in running:
            continue
        same = wanted.get((entry.engagement, entry.dialogue, entry.items))
        if same is not None and entry.day in (same.day, unit.today):  # one of today waits for what is shared
            del wanted[entry.engagement, entry.dialogue, entry.items]
        else:
            agenda.finish(connection, entry.id, "dropped")
    for each in wanted.values():
        agenda.schedule(
            connection,
            person=known.id,
            engagement=each.engagement,
            dialogue=each.dialogue,
            day=each.day,
            due_at=each.due_at,
            items=each.items,
        )


def days_kept(unit: UnitOfWork) -> dict[str, date]:
    """The local day on which each commitment that is kept is asked about."""
    found = (each for each in _messages(unit) if each.dialogue == DUE_TODAY)
    return {item: each.day for each in found for item in each.items}


def is_of_kept(connection: Connection, known: Known, entry: agenda.Entry) -> bool:
    """Whether an errand is one of these; after the end of a coaching nothing is planned by anybody's answers."""
    return entry.dialogue in OF_KEPT and entry.engagement in _running(connection, known)


def _running(connection: Connection, known: Known) -> set[str]:
    coached = engagements.engagements_as_client(connection, known.id)
    return {each.engagement.id for each in coached if each.engagement.state == "active"}


def _messages(unit: UnitOfWork) -> Iterator[_Message]:
    connection, known = unit.connection, unit.known
    made = [c for c in commitments.dated(connection, known.id) if c.audience is Audience.PRIVATE]
    repeated = [habit for habit in habits.habits(connection, known.id) if habit.private]
    if not made and not repeated:
        return
    table = timetable_of(unit)
    look, off = calendar(table, unit.now), days_off(known.wishes, table.pauses)
    for engagement in sorted(_running(connection, known)):
        yield from _due(look, engagement, [due_of(each, known) for each in made if each.engagement == engagement])
        own = live((habit for habit in repeated if habit.engagement == engagement), look.today)
        yield from _of_habits(look, engagement, own, off)


def _due(look: Calendar, engagement: str, dues: list[Due]) -> Iterator[_Message]:
    """One message for all that is asked about at one hour of a day."""
    found: dict[datetime, tuple[date, tuple[str, ...]]] = {}
    for due in dues:
        day, at = next(_hours(look, max(due.day, look.today), due.cue or look.table.at), (None, None))
        if day is not None and at is not None:
            found[at] = (day, (*found.get(at, (day, ()))[1], due.item))
    for at, (day, items) in found.items():
        yield _Message(engagement=engagement, dialogue=DUE_TODAY, day=day, due_at=at + _BEHIND, items=items)


def _of_habits(look: Calendar, engagement: str, own: tuple[Habit, ...], off: DaysOff) -> Iterator[_Message]:
    """The next day on which one wants to be asked about, and the next on which its week is counted."""
    days = _hours(look, look.today, ASKED_AT)
    today = ((day, at, to_ask_today(own, day, off)) for day, at in days)
    weeks = ((day, at) for day, at in _hours(look, look.today, look.table.at) if day.weekday() == look.weekday)
    week = ((day, at, to_ask(own, day, off)) for day, at in weeks)
    for dialogue, found in ((HABIT_TODAY, today), (HABIT_WEEK, week)):
        day, at, asked = next(((day, at, asked) for day, at, asked in found if asked), (None, None, ()))
        if day is not None and at is not None:
            items = tuple(habit.id for habit in asked)
            yield _Message(engagement=engagement, dialogue=dialogue, day=day, due_at=at + _BEHIND, items=items)


def _hours(look: Calendar, day: date, at: time) -> Iterator[tuple[date, datetime]]:
    """The open days from a day on whose hour is still to come, with that hour."""
    for other in (day + _DAY * ahead for ahead in range(_AHEAD)):
        hours = look.hours(other, at) if look.open(other) else None
        if hours is not None and hours.slot + _BEHIND > look.now:
            yield other, hours.slot


def _asked(unit: UnitOfWork, entry: agenda.Entry) -> None:
    commitments.mark_asked(unit.connection, entry.items, unit.today)


EFFECTS = Effects(name="kept", opened={DUE_TODAY: _asked})
