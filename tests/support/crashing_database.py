"""A database port that fails when told to, and what a database holds, in plain values."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from storage.columns import Sealed
from storage.database.encryption import unseal
from storage.database.open import Database
from storage.database.units import T, Unit
from storage.errors import StorageError

Dump = dict[str, list[tuple[Any, ...]]]

# Columns that count events or hold leases: they say nothing about what is known of people.
_LANE = ("fence", "lease_until", "wait_until", "reply_at", "free_at", "touched_at")
_COUNTERS = {("conversation", "seq"), *(("lane", name) for name in _LANE)}


class NotStoredError(StorageError):
    """Nothing was stored: the transaction was rolled back."""


class Died(BaseException):
    """The process is gone: what was committed is committed, and nobody was told."""


class CrashingDatabase(Database):
    """A database of which one transaction to come fails before its commit, or is the last thing the process does."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.fail_at: int | None = None
        self.die_at: int | None = None

    async def transact(self, unit: Unit[T], /) -> T:
        """Run the unit, unless it is the one that must not be stored; die after the one that is the last."""
        if self._is_now("fail_at"):
            return await self.inner.transact(_rolled_back(unit))
        last = self._is_now("die_at")
        value = await self.inner.transact(unit)
        if last:
            raise Died
        return value

    async def read(self, unit: Unit[T], /) -> T:
        """Read as ever."""
        return await self.inner.read(unit)

    async def vacuum(self) -> None:
        """Vacuum as ever."""
        await self.inner.vacuum()

    async def close(self) -> None:
        """Close it."""
        await self.inner.close()

    def _is_now(self, name: str) -> bool:
        count: int | None = getattr(self, name)
        setattr(self, name, None if not count else count - 1)
        return count == 0


def _rolled_back(unit: Unit[T]) -> Unit[T]:
    def failing(connection: Connection) -> T:
        unit(connection)
        raise NotStoredError("The test wants this transaction rolled back.")

    return failing


async def dump(database: Database, *, without: Iterable[str] = ("inbox", "outbox", "budget")) -> Dump:
    """Every row of every table, decrypted and in order."""
    left_out = set(without)

    def read(connection: Connection) -> Dump:
        tables = (t for t in SQLModel.metadata.sorted_tables if t.name not in left_out)
        return {table.name: _rows(connection, table) for table in tables}

    return await database.read(read)


def _rows(connection: Connection, table: Any) -> list[tuple[Any, ...]]:
    columns = [column for column in table.columns if (table.name, column.name) not in _COUNTERS]
    found = [tuple(_plain(connection, row, c) for c in columns) for row in connection.execute(select(*columns))]
    return sorted(found, key=repr)


def _plain(connection: Connection, row: Any, column: Any) -> Any:
    value = getattr(row, column.name)
    return unseal(connection, value) if isinstance(column.type, Sealed) and value is not None else value


def changed(before: Dump, after: Dump) -> dict[str, list[tuple[Any, ...]]]:
    """The rows that differ, by table; nothing when the two are the same."""
    return {
        name: [*(row for row in rows if row not in after[name]), *(row for row in after[name] if row not in rows)]
        for name, rows in before.items()
        if rows != after[name]
    }
