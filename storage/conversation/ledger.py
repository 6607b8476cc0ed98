"""The ledger: one entry for each change of somebody's, sealed, the newest of which `undo` takes back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.database.compiled_sql import Fixed
from storage.serialise import opened, sealed
from storage.tables.ledger import LedgerRow
from storage.tables.people import table_of

_ledger = table_of(LedgerRow)

_OF_RUN = Fixed(
    select(_ledger).where(
        _ledger.c.person == bindparam("wanted"), _ledger.c.run == bindparam("of_run"), _ledger.c.undone.is_(False)
    )
)
_ADD = Fixed(
    insert(_ledger).values(
        person=bindparam("person"), run=bindparam("run"), at=bindparam("at"), undone=False, body=bindparam("body")
    )
)
_NEWEST = Fixed(
    select(_ledger)
    .where(_ledger.c.person == bindparam("wanted"), _ledger.c.at > bindparam("since"))
    .order_by(_ledger.c.at.desc(), _ledger.c.id.desc())
    .limit(bindparam("count"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One row before and after, as `ledger_rows` writes it; None where it was not there.

    Of a row that was there both times only what differs is kept.
    """

    table: str
    key: tuple[Any, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What one change was: `deed` is the dialogue that it was made in, `revises` the ended run that it rewrote.

    `refused` is the kind of what cannot be taken back; `changes` are the rows that do not go by themselves with the
    run that wrote them; `told`: somebody else heard of it. Of what was done as a coach, `coachs`, it names the
    `engagement` that it was about and the `others` who heard of it; `by_records` are the tables whose changes are not
    put back as rows.
    """

    deed: str = ""
    day: date
    refused: str = ""
    revises: str = ""
    changes: tuple[Change, ...] = ()
    told: bool = False
    coachs: bool = False
    engagement: str = ""
    others: tuple[str, ...] = ()
    by_records: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An entry with its place in the ledger."""

    id: int
    run: str
    at: datetime
    undone: bool
    entry: Entry


def keep(connection: Connection, person: str, run: str, at: datetime, entry: Entry) -> None:
    """Keep an entry; what a run changed before is one entry with it."""
    for row in _OF_RUN.all(connection, wanted=person, of_run=run):
        entry = joined(opened(connection, Entry, row.body), entry)
        connection.execute(delete(_ledger).where(_ledger.c.id == row.id))
    _ADD.run(connection, person=person, run=run, at=at, body=sealed(connection, Entry, entry))


def joined(first: Entry, then: Entry) -> Entry:
    """Two entries of one run: of each row the oldest before and the newest after."""
    found = {(change.table, *change.key): change for change in first.changes}
    for change in then.changes:
        known = (change.table, *change.key)
        found[known] = _followed(found[known], change) if known in found else change
    return replace(
        then,
        refused=then.refused or first.refused,
        changes=tuple(found.values()),
        told=first.told or then.told,
        coachs=first.coachs or then.coachs,
        engagement=then.engagement or first.engagement,
        others=tuple(sorted({*first.others, *then.others})),
        by_records=tuple(sorted({*first.by_records, *then.by_records})),
    )


def _followed(first: Change, then: Change) -> Change:
    if first.before is None or then.after is None:
        return replace(then, before=first.before)
    if first.after is None:  # gone and there again
        return replace(then, before=first.before, after=then.after)
    before = {**(then.before or {}), **first.before}
    return replace(then, before=before, after={**first.after, **then.after})


def of_run(connection: Connection, person: str, run: str) -> Kept | None:
    """The entry of a run that was not taken back yet, or None."""
    row = _OF_RUN.first(connection, wanted=person, of_run=run)
    return None if row is None else _kept(connection, row)


def newest(connection: Connection, person: str, since: datetime, count: int) -> list[Kept]:
    """The newest entries since an instant, the newest first, those that were taken back among them."""
    return [_kept(connection, row) for row in _NEWEST.all(connection, wanted=person, since=since, count=count)]


def _kept(connection: Connection, row: Any) -> Kept:
    return Kept(id=row.id, run=row.run, at=row.at, undone=row.undone, entry=opened(connection, Entry, row.body))


def mark_undone(connection: Connection, wanted: Kept) -> None:
    """An entry was taken back: it still counts, and holds nothing any more."""
    empty = sealed(connection, Entry, Entry(day=wanted.entry.day))
    connection.execute(update(_ledger).where(_ledger.c.id == wanted.id).values(undone=True, body=empty))
