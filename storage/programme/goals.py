"""Goals with their history: what a run wrote is replaced when the run is written again.

A goal's row holds how it stands, worked out from its `adjustment` rows: the first one made it, the rest changed it or
one of its milestones, in the order in which they were made. Ladders and agreements are in
`storage.programme.ladders` and `storage.programme.agreements`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from bot.model.goal_history import changed, first_goal, first_milestone, told
from bot.model.plan import Adjustment, Goal, Level, Milestone
from bot.model.records import Record
from bot.model.records_plan import (
    AgreementMade,
    GoalChanged,
    GoalMade,
    LadderMade,
    LevelGiven,
    MilestoneMade,
    MilestoneTold,
    Planned,
)
from storage.database.compiled_sql import Fixed
from storage.ids import new_id
from storage.people.engagements import change_engagement
from storage.programme import agreements, ladders
from storage.serialise import opened, sealed
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import AdjustmentRow, GoalRow, LevelRow, MilestoneRow

_engagement = table_of(EngagementRow)
_goal = table_of(GoalRow)
_milestone = table_of(MilestoneRow)
_level = table_of(LevelRow)
_history = table_of(AdjustmentRow)

_MADE, _STEP, _TOLD = "made", "step", "told"  # kinds of history; any other is that of a `GoalChanged`
_BODIES: dict[str, Any] = {_MADE: GoalMade, _STEP: MilestoneMade, _TOLD: MilestoneTold}
_OF = _goal.c.engagement == bindparam("wanted")

_GOALS = Fixed(select(_goal).where(_OF).order_by(_goal.c.number))
_MILESTONES = Fixed(
    select(_milestone).join(_goal, _goal.c.id == _milestone.c.goal).where(_OF).order_by(_milestone.c.number)
)
_LEVELS = Fixed(
    select(_level).join(_goal, _goal.c.id == _level.c.goal).where(_OF).order_by(_level.c.day, _level.c.at, _level.c.run)
)
_ENTRIES = Fixed(
    select(_history)
    .where(_history.c.goal == bindparam("wanted"))
    .order_by(_history.c.at, _history.c.run, _history.c.key)
)


# -- reading ---------------------------------------------------------------------------------------------------------


def goals(connection: Connection, engagement: str) -> tuple[Goal, ...]:
    """The goals of an engagement by number, with their ladders, levels and milestones."""
    rows = _GOALS.all(connection, wanted=engagement)
    if not rows:
        return ()
    climbed = ladders.ladders(connection, engagement)
    stood: dict[str, list[Level]] = {}
    for row in _LEVELS.all(connection, wanted=engagement):
        stood.setdefault(row.goal, []).append(_as_level(connection, row))
    steps: dict[str, list[Milestone]] = {}
    for row in _MILESTONES.all(connection, wanted=engagement):
        steps.setdefault(row.goal, []).append(opened(connection, Milestone, row.body))
    return tuple(
        replace(
            opened(connection, Goal, row.body),
            ladders=tuple(climbed.get(row.id, ())),
            levels=tuple(stood.get(row.id, ())),
            milestones=tuple(steps.get(row.id, ())),
            run=row.run,
        )
        for row in rows
    )


def _as_level(connection: Connection, row: Any) -> Level:
    given: LevelGiven = opened(connection, LevelGiven, row.body)
    return Level(
        value=row.value,
        day=row.day,
        ladder=row.ladder,
        by=row.by,
        evidence=given.evidence,
        cause=given.cause,
        final=row.final,
        withheld=given.withheld,
    )


def history(connection: Connection, goal: str) -> tuple[Adjustment, ...]:
    """What became of a goal and its milestones, the oldest first; its making is not among it."""
    rows = _ENTRIES.all(connection, wanted=goal)
    return tuple(_as_adjustment(connection, row) for row in rows if row.kind not in (_MADE, _STEP))


def _as_adjustment(connection: Connection, row: Any) -> Adjustment:
    body: GoalChanged | MilestoneTold = opened(connection, _BODIES.get(row.kind, GoalChanged), row.body)
    about = body.milestone if isinstance(body, MilestoneTold) else ""
    reason = body.reason if isinstance(body, GoalChanged) else ""
    return Adjustment(
        goal=row.goal,
        day=row.day,
        by=row.by,
        kind="milestone" if about else row.kind,
        days=row.days,
        reason=reason,
        about=about,
        text=body.text or "",
        due=body.due,
    )


# -- writing ---------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class _Page:
    """One run as it is being written: since when it has said what, and which goals are to be worked out anew."""

    connection: Connection
    run: str
    day: date
    at: datetime
    since: dict[str, datetime] = field(default_factory=dict)
    climbed: dict[str, int] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)


def write(connection: Connection, records: Sequence[Record], *, run: str, day: date, at: datetime) -> None:
    """Write the plan that a run has come to, in place of what it wrote before; without any, nothing changes."""
    planned = [record for record in records if isinstance(record, Planned)]
    if not planned:
        return
    page = _Page(connection=connection, run=run, day=day, at=at)
    _clear(page)
    _keep_goals(page, [record for record in planned if isinstance(record, GoalMade)])
    _keep_milestones(page, [record for record in planned if isinstance(record, MilestoneMade)])
    for record in planned:
        match record:
            case GoalChanged():
                _enter(page, record.goal, f"change:{record.key}", record.kind, record.by, record)
            case MilestoneTold():
                _tell(page, record)
            case LevelGiven():
                _stand(page, record)
            case LadderMade():
                ladders.make(connection, record, run=run, day=day)
            case AgreementMade():
                agreements.make(connection, record, run=run, day=day)
            case _:
                pass
    for goal in sorted(page.touched):
        refold(page.connection, goal)


def forget(connection: Connection, run: str, *, day: date, at: datetime) -> None:
    """Take back what a run wrote of a plan; a ladder or an agreement that somebody has approved stays."""
    page = _Page(connection=connection, run=run, day=day, at=at)
    _clear(page)
    _keep_goals(page, [])
    _keep_milestones(page, [])
    ladders.forget(connection, run)
    agreements.forget(connection, run)
    for goal in sorted(page.touched):
        refold(connection, goal)


def _clear(page: _Page) -> None:
    connection = page.connection
    for row in connection.execute(select(_history).where(_history.c.run == page.run)):
        page.since[row.key] = row.at
        page.touched.add(row.goal)
    for row in connection.execute(select(_level.c.key, _level.c.ladder).where(_level.c.run == page.run)):
        page.climbed[row.key] = row.ladder
    connection.execute(delete(_history).where(_history.c.run == page.run))
    connection.execute(delete(_level).where(_level.c.run == page.run))


def _keep_goals(page: _Page, made: list[GoalMade]) -> None:
    connection = page.connection
    rows = connection.execute(select(_goal.c.id, _goal.c.key).where(_goal.c.run == page.run)).all()
    old = {row.key: row.id for row in rows}
    for record in made:
        wanted = old.pop(record.key, None) or _add_goal(page, record)
        _enter(page, wanted, f"goal:{record.key}", _MADE, record.by, record)
    for gone in old.values():
        for table in (_history, _level, _milestone, ladders.TABLE):
            connection.execute(delete(table).where(table.c.goal == gone))
        connection.execute(delete(_goal).where(_goal.c.id == gone))
        page.touched.discard(gone)


def _add_goal(page: _Page, record: GoalMade) -> str:
    connection = page.connection
    wanted = new_id()
    owner = select(_engagement.c.client).where(_engagement.c.id == record.engagement)
    highest = select(func.max(_goal.c.number)).where(_goal.c.engagement == record.engagement)
    number = (connection.execute(highest).scalar() or 0) + 1
    connection.execute(
        insert(_goal).values(
            id=wanted,
            person=connection.execute(owner).scalar_one(),
            engagement=record.engagement,
            run=page.run,
            key=record.key,
            number=number,
            made=page.day,
            body=sealed(connection, Goal, first_goal(record, wanted=wanted, number=number, day=page.day)),
        )
    )
    change_engagement(connection, record.engagement, planned=True)
    return wanted


def _keep_milestones(page: _Page, made: list[MilestoneMade]) -> None:
    connection = page.connection
    rows = connection.execute(select(_milestone).where(_milestone.c.run == page.run)).all()
    old = {row.key: row for row in rows}
    for record in made:
        row = old.pop(record.key, None)
        if row is None:
            _add_milestone(page, record)
        _enter(page, record.goal, f"step:{record.key}", _STEP, "client", record)
    for row in old.values():
        connection.execute(delete(_milestone).where(_milestone.c.id == row.id))
        page.touched.add(row.goal)


def _add_milestone(page: _Page, record: MilestoneMade) -> None:
    connection = page.connection
    wanted = new_id()
    highest = select(func.max(_milestone.c.number)).where(_milestone.c.goal == record.goal)
    number = (connection.execute(highest).scalar() or 0) + 1
    body = sealed(connection, Milestone, first_milestone(record, wanted=wanted, number=number))
    connection.execute(
        insert(_milestone).values(
            id=wanted, goal=record.goal, run=page.run, key=record.key, number=number, due=record.due, body=body
        )
    )


def _tell(page: _Page, record: MilestoneTold) -> None:
    found = select(_milestone.c.goal).where(_milestone.c.id == record.milestone)
    goal = page.connection.execute(found).scalar()
    if goal is not None:
        _enter(page, goal, f"told:{record.key}", _TOLD, record.by, record)


def _stand(page: _Page, record: LevelGiven) -> None:
    """Note a level on the ladder that holds now, or that held when this run first said it."""
    connection = page.connection
    known = connection.execute(select(_goal.c.id).where(_goal.c.id == record.goal)).first()
    if known is None:
        return
    ladder = page.climbed.get(record.key)
    connection.execute(
        insert(_level).values(
            run=page.run,
            key=record.key,
            goal=record.goal,
            ladder=ladders.holding(connection, record.goal) if ladder is None else ladder,
            value=record.value,
            day=page.day,
            at=page.at,
            by=record.by,
            final=record.final,
            body=sealed(connection, LevelGiven, record),
        )
    )


def _enter(page: _Page, goal: str, key: str, kind: str, by: str, record: Any) -> None:
    """An entry of a goal's history; written again, it keeps its place."""
    connection = page.connection
    if connection.execute(select(_goal.c.id).where(_goal.c.id == goal)).first() is None:
        return
    connection.execute(
        insert(_history).values(
            run=page.run,
            key=key,
            goal=goal,
            day=page.day,
            at=page.since.get(key, page.at),
            by=by,
            kind=kind,
            body=sealed(connection, type(record), record),
        )
    )
    page.touched.add(goal)


def refold(connection: Connection, wanted: str) -> None:
    """Work out how a goal and its milestones stand."""
    row = connection.execute(select(_goal).where(_goal.c.id == wanted)).first()
    if row is None:
        return
    steps = {(s.run, s.key): s for s in connection.execute(select(_milestone).where(_milestone.c.goal == wanted))}
    now = opened(connection, Goal, row.body)
    found: dict[str, Milestone] = {}
    for entry in _ENTRIES.all(connection, wanted=wanted):
        body = opened(connection, _BODIES.get(entry.kind, GoalChanged), entry.body)
        days = 0
        match body:
            case GoalMade():
                now = first_goal(body, wanted=wanted, number=row.number, day=row.made)
            case MilestoneMade() if (entry.run, body.key) in steps:
                step = steps[entry.run, body.key]
                found[step.id] = first_milestone(body, wanted=step.id, number=step.number)
            case MilestoneTold() if body.milestone in found:
                found[body.milestone], days = told(found[body.milestone], body, entry.day)
            case GoalChanged():
                now, days = changed(now, body)
            case _:
                pass
        _note_days(connection, entry, days)
    _save(connection, now)
    _save_steps(connection, found.values())


def _note_days(connection: Connection, entry: Any, days: int) -> None:
    if entry.days != days:
        own = (_history.c.run == entry.run) & (_history.c.key == entry.key)
        connection.execute(update(_history).where(own).values(days=days))


def _save(connection: Connection, goal: Goal) -> None:
    values = {name: getattr(goal, name) for name in ("state", "due", "weight", "ready", "moved", "moved_days")}
    body = sealed(connection, Goal, goal)
    connection.execute(update(_goal).where(_goal.c.id == goal.id).values(body=body, **values))


def _save_steps(connection: Connection, steps: Iterable[Milestone]) -> None:
    for step in steps:
        values = {name: getattr(step, name) for name in ("due", "done", "moved", "moved_days")}
        body = sealed(connection, Milestone, step)
        connection.execute(update(_milestone).where(_milestone.c.id == step.id).values(body=body, **values))
