"""Habits with what was told of them. What a run wrote is replaced when the run is written again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.model.habits.values import Habit, HabitCount, HabitTurn
from bot.model.records import Record
from storage.database.compiled_sql import Fixed
from storage.ids import new_id
from storage.serialise import opened, sealed
from storage.tables.habits import HabitEntryRow, HabitRow
from storage.tables.people import CommitmentRow, table_of
from storage.tables.plan import GoalRow

_habit = table_of(HabitRow)
_entry = table_of(HabitEntryRow)
_commitment = table_of(CommitmentRow)
_goal = table_of(GoalRow)

_TOLD, _CHANGED = "told", "changed"
_ALL = Fixed(select(_habit).where(_habit.c.person == bindparam("wanted")).order_by(_habit.c.number))
_ENTRIES = Fixed(
    select(_entry).where(_entry.c.person == bindparam("wanted")).order_by(_entry.c.at, _entry.c.run, _entry.c.key)
)


def habits(connection: Connection, person: str) -> tuple[Habit, ...]:
    """Every habit of a person by number, those that are over too, with all that was told of it."""
    rows = _ALL.all(connection, wanted=person)
    if not rows:
        return ()
    counts: dict[str, list[HabitCount]] = defaultdict(list)
    turns: dict[str, list[HabitTurn]] = defaultdict(list)
    for row in _ENTRIES.all(connection, wanted=person):
        if row.kind == _TOLD:
            counts[row.habit].append(_count(connection, row))
        else:
            turns[row.habit].append(_turn(connection, row))
    return tuple(
        replace(
            opened(connection, Habit, row.body),
            asked=row.asked,
            counts=tuple(counts[row.id]),
            turns=tuple(turns[row.id]),
        )
        for row in rows
    )


def _count(connection: Connection, row: Any) -> HabitCount:
    told: HabitTold = opened(connection, HabitTold, row.body)
    return HabitCount(day=told.day, done=told.done, single=told.single, told=row.day, run=row.run)


def _turn(connection: Connection, row: Any) -> HabitTurn:
    changed: HabitChanged = opened(connection, HabitChanged, row.body)
    return HabitTurn(
        kind=changed.kind,
        since=changed.since,
        until=changed.until,
        rule=changed.rule,
        each_day=changed.each_day,
        run=row.run,
    )


def mark_asked(connection: Connection, items: tuple[str, ...], day: date) -> None:
    """Note that the bot has asked about those of these that are habits."""
    connection.execute(update(_habit).where(_habit.c.id.in_(items)).values(asked=day))


# -- writing ---------------------------------------------------------------------------------------------------------


def write(connection: Connection, records: Sequence[Record], *, person: str, run: str, day: date, at: datetime) -> None:
    """Write what a run has come to, in place of what it wrote before."""
    before = connection.execute(select(_entry.c.key, _entry.c.at).where(_entry.c.run == run)).all()
    since = {row.key: row.at for row in before}
    connection.execute(delete(_entry).where(_entry.c.run == run))
    _make(connection, [each for each in records if isinstance(each, HabitMade)], person=person, run=run, day=day)
    for record in records:
        if isinstance(record, HabitTold | HabitChanged):
            _add(connection, record, person=person, run=run, day=day, at=since.get(record.key, at))


def _make(connection: Connection, made: list[HabitMade], *, person: str, run: str, day: date) -> None:
    old = {row.key: row for row in connection.execute(select(_habit).where(_habit.c.run == run))}
    for record in made:
        row = old.pop(record.key, None)
        if row is None:
            habit = _as_made(connection, record, new_id(), next_number(connection, person), day, run)
            values = {"person": person, "engagement": habit.engagement, "run": run, "key": record.key, "made": day}
            body = sealed(connection, Habit, habit)
            connection.execute(insert(_habit).values(id=habit.id, number=habit.number, body=body, **values))
        else:
            habit = _as_made(connection, record, row.id, row.number, row.made, run)
            body = sealed(connection, Habit, habit)
            connection.execute(update(_habit).where(_habit.c.id == row.id).values(body=body))
    for row in old.values():
        connection.execute(delete(_entry).where(_entry.c.habit == row.id))
        connection.execute(delete(_habit).where(_habit.c.id == row.id))


_HIGHEST = Fixed(
    select(
        *(
            select(func.max(table.c.number)).where(table.c.person == bindparam("of")).scalar_subquery().label(name)
            for name, table in (("habit", _habit), ("commitment", _commitment))
        )
    )
)


def next_number(connection: Connection, person: str) -> int:
    """The next number by which somebody can name what they promised, a habit or not."""
    highest = _HIGHEST.first(connection, of=person)
    return max(number or 0 for number in highest or ()) + 1


def _as_made(connection: Connection, record: HabitMade, wanted: str, number: int, made: date, run: str) -> Habit:
    of = (_goal.c.id == record.goal) & (_goal.c.engagement == record.engagement)
    goal = connection.execute(select(_goal.c.id).where(of)).scalar() if record.goal else None
    return Habit(
        id=wanted,
        number=number,
        engagement=record.engagement,
        text=record.text,
        rule=record.rule,
        made=made,
        goal=goal or "",
        each_day=record.each_day,
        private=record.private,
        run=run,
    )


def _add(
    connection: Connection, record: HabitTold | HabitChanged, *, person: str, run: str, day: date, at: datetime
) -> None:
    known = select(_habit.c.id).where(_habit.c.id == record.habit, _habit.c.person == person)
    if connection.execute(known).first() is None:
        return
    kind = _TOLD if isinstance(record, HabitTold) else _CHANGED
    body = sealed(connection, type(record), record)
    values = {"habit": record.habit, "person": person, "kind": kind, "day": day, "at": at}
    connection.execute(insert(_entry).values(run=run, key=record.key, body=body, **values))
