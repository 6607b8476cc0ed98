"""Success ladders: versions of a goal's five levels, each frozen once whoever has to has approved it."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.model.plan import LEVELS, Ladder
from bot.model.records_plan import LadderConfirmed, LadderMade
from storage.database.compiled_sql import Fixed
from storage.serialise import opened, sealed
from storage.tables.people import table_of
from storage.tables.plan import GoalRow, LadderRow

TABLE = table_of(LadderRow)
_goal = table_of(GoalRow)

_ALL = Fixed(
    select(TABLE)
    .join(_goal, _goal.c.id == TABLE.c.goal)
    .where(_goal.c.engagement == bindparam("wanted"))
    .order_by(TABLE.c.version)
)
_OF = Fixed(select(TABLE).where(TABLE.c.goal == bindparam("wanted")).order_by(TABLE.c.version))


def ladders(connection: Connection, engagement: str) -> dict[str, list[Ladder]]:
    """The ladders of every goal of an engagement, by goal, the oldest first."""
    found: dict[str, list[Ladder]] = {}
    for row in _ALL.all(connection, wanted=engagement):
        found.setdefault(row.goal, []).append(_as_fact(connection, row))
    return found


def _as_fact(connection: Connection, row: Any) -> Ladder:
    made: LadderMade = opened(connection, LadderMade, row.body)
    return Ladder(
        version=row.version,
        rungs=made.rungs,
        made=row.made,
        baseline=row.baseline,
        coach_ok=row.coach_ok,
        client_ok=row.client_ok,
        alone=made.alone,
    )


def _of(connection: Connection, goal: str) -> list[tuple[Any, Ladder]]:
    return [(row, _as_fact(connection, row)) for row in _OF.all(connection, wanted=goal)]


def holding(connection: Connection, goal: str) -> int:
    """The version of the ladder that holds for a goal; 0 when none does."""
    return max((ladder.version for _, ladder in _of(connection, goal) if ladder.active), default=0)


def engagement_of(connection: Connection, goal: str) -> str:
    """The engagement that a goal belongs to; empty for one that is not there."""
    return str(connection.execute(select(_goal.c.engagement).where(_goal.c.id == goal)).scalar() or "")


def make(connection: Connection, record: LadderMade, *, run: str, day: date) -> None:
    """Add a version, approved by whoever wrote it once it is whole; the same words again change nothing.

    A run that is written again with other words makes another version, so that nobody's yes moves to words they have
    not read; one that holds stays whatever its run says now.
    """
    known = connection.execute(select(_goal.c.id).where(_goal.c.id == record.goal)).first()
    before = _of(connection, record.goal)
    mine = [ladder for row, ladder in before if row.run == run]
    if known is None or any(ladder.active for ladder in mine) or (mine and _says_the_same(mine[-1], record)):
        return
    approved = {f"{record.by}_ok": day} if record.ok and all(record.rungs.get(level) for level in LEVELS) else {}
    connection.execute(
        insert(TABLE).values(
            goal=record.goal,
            version=max((ladder.version for _, ladder in before), default=0) + 1,
            run=run,
            made=day,
            baseline=record.baseline,
            body=sealed(connection, LadderMade, record),
            **approved,
        )
    )


def _says_the_same(ladder: Ladder, record: LadderMade) -> bool:
    approved = (ladder.coach_ok if record.by == "coach" else ladder.client_ok) is not None
    same = dict(ladder.rungs) == dict(record.rungs) and ladder.baseline == record.baseline
    return same and approved == (record.ok and ladder.whole)


def confirm(connection: Connection, record: LadderConfirmed, day: date) -> Ladder | None:
    """Note an approval of the newest version, if that is the one meant; returns it as it now stands."""
    before = _of(connection, record.goal)
    if not before or before[-1][1].version != record.version or not before[-1][1].whole:
        return None
    row, ladder = before[-1]
    values: dict[str, Any] = {}
    if record.baseline is not None and ladder.baseline is None:
        values["baseline"] = record.baseline
    if (ladder.coach_ok if record.by == "coach" else ladder.client_ok) is None:
        values["coach_ok" if record.by == "coach" else "client_ok"] = day
    if values:
        own = (TABLE.c.goal == row.goal) & (TABLE.c.version == row.version)
        connection.execute(update(TABLE).where(own).values(**values))
    return _of(connection, record.goal)[-1][1]


def forget(connection: Connection, run: str) -> None:
    """Take back the versions that a run made and nobody else has approved."""
    for row in connection.execute(select(TABLE).where(TABLE.c.run == run)).all():
        if not _as_fact(connection, row).active:
            own = (TABLE.c.goal == row.goal) & (TABLE.c.version == row.version)
            connection.execute(delete(TABLE).where(own))
