"""What a run wrote, looked at for taking it back: what would hold without it, and whether others have built on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment
from bot.model.people.answers import Audience
from bot.model.plan import Goal
from bot.model.records import Remarked
from storage.serialise import load, opened
from storage.tables.habits import HabitEntryRow, HabitRow
from storage.tables.people import CommitmentRow, RemarkRow, ReportRow, table_of
from storage.tables.plan import AdjustmentRow, GoalRow, LadderRow, LevelRow, MilestoneRow

_commitment, _report, _remark = table_of(CommitmentRow), table_of(ReportRow), table_of(RemarkRow)
_habit, _entry = table_of(HabitRow), table_of(HabitEntryRow)
_goal, _milestone = table_of(GoalRow), table_of(MilestoneRow)
_history, _level, _ladder = table_of(AdjustmentRow), table_of(LevelRow), table_of(LadderRow)

Pair = tuple[Commitment, Commitment | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Retold:
    """A report as it would stand: which commitment, when, by which run, under which day, and the report as JSON."""

    commitment: str
    at: datetime
    run: str
    day: date
    body: str


def pairs(
    connection: Connection,
    runs: Collection[str],
    *,
    told: Iterable[Retold] = (),
    origins: Mapping[str, str] | None = None,
) -> list[Pair]:
    """The commitments that these runs speak of: as they stand, and as they would with what is `told` instead.

    `origins` are the promises that would still stand of those that these runs made, as JSON; the others would be gone.
    """
    instead, kept = list(told), origins or {}
    wanted = {each.commitment for each in instead} | concerned(connection, runs)
    found: list[Pair] = []
    for row in connection.execute(
        select(_commitment).where(_commitment.c.id.in_(wanted)).order_by(_commitment.c.number)
    ):
        now = replace(opened(connection, Commitment, row.body), asked=row.asked)
        if row.run in runs and row.id not in kept:
            found.append((now, None))
            continue
        then = load(Commitment, kept[row.id]) if row.id in kept else opened(connection, Commitment, row.origin)
        rest = connection.execute(select(_report).where(_report.c.commitment == row.id, _report.c.run.not_in(runs)))
        reports = [(r.at, r.run, r.day, opened(connection, Reported, r.body)) for r in rest]
        reports += [(t.at, t.run, t.day, load(Reported, t.body)) for t in instead if t.commitment == row.id]
        for _, _, day, report in sorted(reports, key=lambda each: each[:2]):
            then = report.applied_to(then, day)
        found.append((now, then))
    return found


def concerned(connection: Connection, runs: Collection[str]) -> set[str]:
    """The commitments that these runs made or spoke of."""
    made = select(_commitment.c.id).where(_commitment.c.run.in_(runs))
    told = select(_report.c.commitment).where(_report.c.run.in_(runs))
    return {*connection.execute(made).scalars(), *connection.execute(told).scalars()}


def goals_concerned(connection: Connection, runs: Collection[str]) -> dict[str, tuple[str, bool]]:
    """The goals that these runs made or changed, by id: their words, and whether they were made here."""
    wanted = {row.id for row in connection.execute(select(_goal.c.id).where(_goal.c.run.in_(runs)))}
    for table in (_history, _level, _milestone):
        wanted |= set(connection.execute(select(table.c.goal).where(table.c.run.in_(runs))).scalars())
    rows = connection.execute(select(_goal).where(_goal.c.id.in_(wanted)).order_by(_goal.c.number))
    return {row.id: (opened(connection, Goal, row.body).text, row.run in runs) for row in rows}


def words_of(connection: Connection, runs: Collection[str]) -> list[tuple[str, str, Audience]]:
    """What these runs kept in somebody's words: of which kind, the words, and for whom."""
    rows = connection.execute(select(_remark).where(_remark.c.run.in_(runs)).order_by(_remark.c.run, _remark.c.key))
    return [(r.kind, opened(connection, Remarked, r.body).text, Audience(r.audience)) for r in rows]


def built_upon(connection: Connection, runs: Collection[str]) -> bool:
    """Whether something that stays was said about what these runs made, so that it cannot go."""
    promises = select(_commitment.c.id).where(_commitment.c.run.in_(runs))
    goals = select(_goal.c.id).where(_goal.c.run.in_(runs))
    later: list[tuple[Any, Any]] = [(_report.c.commitment, promises)]
    later.append((_entry.c.habit, select(_habit.c.id).where(_habit.c.run.in_(runs))))
    later += [(table.c.goal, goals) for table in (_history, _level, _milestone, _ladder)]
    return any(
        connection.execute(select(column).where(column.in_(made), column.table.c.run.not_in(runs)).limit(1)).first()
        is not None
        for column, made in later
    )
