"""What a run has come to: promises, reports, ratings and remarks. Written again, only rows that differ are touched."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.commitments.values import Commitment
from bot.model.records import Rated, Record, Remarked
from storage.database.compiled_sql import Fixed
from storage.ids import new_id
from storage.programme.commitments import refold
from storage.programme.habits import next_number
from storage.serialise import opened, sealed
from storage.tables.people import CommitmentRow, RatingRow, RemarkRow, ReportRow, table_of
from storage.tables.plan import GoalRow

_commitment, _reported = table_of(CommitmentRow), table_of(ReportRow)
_goal = table_of(GoalRow)


class _Rows:
    """The rows of one table that a run wrote, by their key."""

    def __init__(self, table: Table) -> None:
        mine = table.c.run == bindparam("of_run")
        self._all = Fixed(select(table).where(mine))
        self._drop = Fixed(delete(table).where(mine, table.c.key == bindparam("of_key")))
        self._add = Fixed(insert(table).values({column.key: bindparam(column.key) for column in table.c}))

    def of(self, connection: Connection, run: str) -> dict[str, Any]:
        """What stands there, by key."""
        return {row.key: row for row in self._all.all(connection, of_run=run)}

    def drop(self, connection: Connection, row: Any) -> None:
        """Take one out."""
        self._drop.run(connection, of_run=row.run, of_key=row.key)

    def add(self, connection: Connection, **values: Any) -> None:
        """Put one in."""
        self._add.run(connection, **values)


_PROMISES = _Rows(_commitment)
_REPORTS, _RATINGS, _REMARKS = (_Rows(table_of(row)) for row in (ReportRow, RatingRow, RemarkRow))

_NEW_ORIGIN = Fixed(update(_commitment).where(_commitment.c.id == bindparam("wanted")).values(origin=bindparam("new")))
_IS_THERE = Fixed(select(_commitment.c.id).where(_commitment.c.id == bindparam("wanted")))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Writing:
    connection: Connection
    person: str
    run: str
    day: date
    at: datetime
    engagement: str
    told: date


def write(
    connection: Connection,
    records: tuple[Record, ...],
    *,
    person: str,
    run: str,
    day: date,
    at: datetime,
    engagement: str = "",
    told: date | None = None,
) -> None:
    """Write what a run has come to, in place of what it wrote before.

    `day` is the local day that it belongs to, `told` the one on which it is said: a report bears the day on which it
    was first said so.
    """
    writing = _Writing(
        connection=connection, person=person, run=run, day=day, at=at, engagement=engagement, told=told or day
    )
    _promise(writing, [record for record in records if isinstance(record, CommitmentMade)])
    _report(writing, [record for record in records if isinstance(record, Reported)])
    _rate(writing, [record for record in records if isinstance(record, Rated)])
    _remark(writing, [record for record in records if isinstance(record, Remarked)])


# -- promises --------------------------------------------------------------------------------------------------------


def _promise(writing: _Writing, promised: list[CommitmentMade]) -> None:
    connection = writing.connection
    old = _PROMISES.of(connection, writing.run)
    for record in promised:
        row = old.pop(record.key, None)
        if row is None:
            _add_commitment(writing, record)
            continue
        was: Commitment = opened(connection, Commitment, row.origin)
        made = _made(connection, record, was.id, was.number, was.made, writing.run)
        if made != was:
            origin = sealed(connection, Commitment, made)
            _NEW_ORIGIN.run(connection, wanted=row.id, new=origin)
            refold(connection, row.id, writing.at)
    for row in old.values():
        connection.execute(delete(_reported).where(_reported.c.commitment == row.id))
        _PROMISES.drop(connection, row)


def _made(connection: Connection, record: CommitmentMade, wanted: str, number: int, made: date, run: str) -> Commitment:
    of = (_goal.c.id == record.goal) & (_goal.c.engagement == record.engagement)
    goal = connection.execute(select(_goal.c.id).where(of)).scalar() if record.goal else None
    return Commitment(
        id=wanted,
        number=number,
        engagement=record.engagement,
        text=record.text,
        due=record.due,
        cue=record.cue,
        proof=record.proof,
        confidence=record.confidence,
        audience=record.audience,
        made=made,
        run=run,
        goal=goal or "",
    )


def _add_commitment(writing: _Writing, record: CommitmentMade) -> None:
    connection = writing.connection
    number = next_number(connection, writing.person)
    made = _made(connection, record, new_id(), number, writing.day, writing.run)
    body = sealed(connection, Commitment, made)
    _PROMISES.add(
        connection,
        id=made.id,
        person=writing.person,
        engagement=made.engagement,
        run=writing.run,
        key=record.key,
        number=number,
        standing="open",
        due=made.due,
        dated_at=writing.at,
        asked=None,
        origin=body,
        body=body,
    )


# -- reports ---------------------------------------------------------------------------------------------------------


def _report(writing: _Writing, reported: list[Reported]) -> None:
    """Reports count in the order in which they were written: behind the first that differs, all are written anew."""
    connection = writing.connection
    old = _REPORTS.of(connection, writing.run)
    first = {row.commitment: row.at for row in old.values()}  # when each was first reported on by this run
    first_of_all = min(first.values(), default=writing.at)
    kept = list(takewhile(lambda record: _stands(connection, old.get(record.key), record), reported))
    gone = [row for key, row in old.items() if key not in {record.key for record in kept}]
    for row in gone:
        _REPORTS.drop(connection, row)
    for record in reported[len(kept) :]:
        at = first.setdefault(record.commitment, first_of_all)
        row = old.get(record.key)
        day = row.day if row is not None and row.report == record.report else writing.told
        if _IS_THERE.first(connection, wanted=record.commitment) is not None:
            _REPORTS.add(
                connection,
                run=writing.run,
                key=record.key,
                commitment=record.commitment,
                day=day,
                at=at,
                report=record.report,
                body=sealed(connection, Reported, record),
            )
    for wanted in dict.fromkeys((*(r.commitment for r in gone), *(r.commitment for r in reported[len(kept) :]))):
        refold(connection, wanted, writing.at)


def _stands(connection: Connection, row: Any | None, record: Reported) -> bool:
    return row is not None and opened(connection, Reported, row.body) == record


# -- ratings and remarks ---------------------------------------------------------------------------------------------


def _rate(writing: _Writing, rated: list[Rated]) -> None:
    wanted = {
        record.key: {
            "person": writing.person,
            "engagement": writing.engagement,
            "kind": record.kind,
            "value": record.value,
            "day": writing.day,
            "about": record.about,
            "audience": record.audience,
        }
        for record in rated
    }
    for key in _left_to_add(_RATINGS, writing, wanted, lambda _row: True):
        _RATINGS.add(writing.connection, run=writing.run, key=key, **wanted[key])


def _remark(writing: _Writing, remarked: list[Remarked]) -> None:
    connection = writing.connection
    records = {record.key: record for record in remarked}
    wanted = {
        record.key: {
            "person": record.person or writing.person,
            "engagement": writing.engagement,
            "kind": record.kind,
            "day": writing.day,
            "about": record.about,
            "audience": record.audience,
        }
        for record in remarked
    }

    def says_so(row: Any) -> bool:
        return bool(opened(connection, Remarked, row.body) == records[row.key])

    for key in _left_to_add(_REMARKS, writing, wanted, says_so):
        body = sealed(connection, Remarked, records[key])
        _REMARKS.add(connection, run=writing.run, key=key, body=body, **wanted[key])


def _left_to_add(
    rows: _Rows, writing: _Writing, wanted: Mapping[str, Mapping[str, Any]], says_so: Callable[[Any], bool]
) -> Iterable[str]:
    """Take out what is wanted no more, or otherwise; the keys of what is not there as it is wanted."""
    left = dict.fromkeys(wanted)
    for key, row in rows.of(writing.connection, writing.run).items():
        same = key in wanted and all(getattr(row, name) == value for name, value in wanted[key].items())
        if same and says_so(row):
            del left[key]
        else:
            rows.drop(writing.connection, row)
    return left
