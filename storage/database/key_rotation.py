"""Key rotation: every Sealed column is sealed again with the newest key, slice by slice, while others write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Row, Table, bindparam, select, tuple_, update

from storage.columns import Sealed
from storage.database.compiled_sql import Fixed
from storage.database.encryption import KeyRing
from storage.database.open import Database
from storage.errors import StorageError
from storage.meta import META


@dataclass(frozen=True, kw_only=True, slots=True)
class _Change:
    column: str
    key: tuple[Any, ...]
    old: bytes
    new: bytes


async def rotate_keys(database: Database, metadata: MetaData, *, slice_rows: int = 200) -> int:
    """Seal with the newest key whatever another key of the ring sealed; returns how many values that were.

    May be stopped and run again: what is sealed with the newest key already is left alone. A value that somebody
    changes meanwhile keeps the change. Restart all processes with the new key in front before it runs; a second run
    that returns 0 shows that the older keys may be dropped.
    Raises KeyLost for a value that no key opens.
    """
    count = 0
    for table in _tables(metadata):
        seal_again = {column.name: _update(table, column) for column in _sealed(table)}
        after: tuple[Any, ...] | None = None
        while True:
            changes, after = await database.read(_reader(table, after, slice_rows))
            if changes:
                count += await database.transact(_writer(seal_again, changes))
            if after is None:
                break
    return count


def _tables(metadata: MetaData) -> list[Table]:
    """Return the tables with Sealed columns, the canary's last: half a rotation must still ask for the older key."""
    tables = [table for table in metadata.sorted_tables if _sealed(table)]
    return sorted(tables, key=lambda table: table.name == META.name)


def _sealed(table: Table) -> list[Column[Any]]:
    columns = [column for column in table.columns if isinstance(column.type, Sealed)]
    if columns and not table.primary_key.columns:
        raise StorageError(f"The table {table.name} has no primary key: its keys cannot be rotated.")
    return columns


def _reader(
    table: Table, after: tuple[Any, ...] | None, slice_rows: int
) -> Callable[[Connection], tuple[list[_Change], tuple[Any, ...] | None]]:
    """Return a unit: the changes due in the slice behind the key `after`, and the slice's last key if it was full.

    The work with the keys is done here, in a reading thread, so that the writer is held for the updates alone.
    """
    key = list(table.primary_key.columns)
    sealed = _sealed(table)
    statement = select(*key, *sealed).order_by(*key).limit(slice_rows)
    if after is not None:
        behind = tuple_(*[bindparam(None, value, type_=column.type) for column, value in zip(key, after, strict=True)])
        statement = statement.where(tuple_(*key) > behind)

    def unit(connection: Connection) -> tuple[list[_Change], tuple[Any, ...] | None]:
        keys: KeyRing = connection.info["keys"]
        rows = connection.execute(statement).all()
        changes = [change for row in rows for change in _changes(row, len(key), sealed, keys)]
        return changes, tuple(rows[-1][: len(key)]) if len(rows) == slice_rows else None

    return unit


def _changes(row: Row[Any], width: int, sealed: Sequence[Column[Any]], keys: KeyRing) -> list[_Change]:
    changes = []
    for column, old in zip(sealed, row[width:], strict=True):
        new = None if old is None else keys.reseal(old)
        if new is not None:
            changes.append(_Change(column=column.name, key=tuple(row[:width]), old=old, new=new))
    return changes


def _writer(seal_again: dict[str, Fixed], changes: Sequence[_Change]) -> Callable[[Connection], int]:
    def unit(connection: Connection) -> int:
        return sum(
            statement.many(
                connection,
                [
                    {"old": change.old, "new": change.new, **{f"key_{n}": value for n, value in enumerate(change.key)}}
                    for change in changes
                    if change.column == column
                ],
            )
            for column, statement in seal_again.items()
        )

    return unit


def _update(table: Table, column: Column[Any]) -> Fixed:
    """Return the update of one value, unless somebody changed it since it was read."""
    same_row = [key == bindparam(f"key_{n}", type_=key.type) for n, key in enumerate(table.primary_key.columns)]
    return Fixed(
        update(table)
        .where(*same_row, column == bindparam("old", type_=column.type))
        .values({column: bindparam("new", type_=column.type)})
    )
