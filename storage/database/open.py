"""The database port: async at the edge, plain synchronous units inside. Of units: `storage.database.units`."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from storage.database.encryption import KeyRing
from storage.database.units import T, Unit
from storage.database.urls import database_file, parse_url
from storage.errors import DatabaseInUse, StorageError


class Database(ABC):
    """One open database; also an async context manager that closes it."""

    @abstractmethod
    async def transact(self, unit: Unit[T], /) -> T:
        """Run the unit whole in one transaction in a database thread and return its value once that is stored.

        Once begun a unit runs even if the caller is cancelled meanwhile; on SQLite also when it still waits its turn.
        Units of one caller run in the order of the calls on SQLite, and on PostgreSQL if it awaits each. Raises what
        the unit raised (nothing is stored then), UnitError, DatabaseClosed, DatabaseBusy, or CommitUncertain.
        """

    @abstractmethod
    async def read(self, unit: Unit[T], /) -> T:
        """Run the unit over one snapshot, on a connection that cannot write and never waits for a writer."""

    @abstractmethod
    async def vacuum(self) -> None:
        """Make erased rows leave the SQLite file and its WAL for good; on PostgreSQL that is the server's own work."""

    @abstractmethod
    async def close(self) -> None:
        """Wait for the units accepted so far, then close every connection; later calls raise DatabaseClosed."""

    async def __aenter__(self) -> Self:
        """Return the database itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()


def open_database(
    url: str, *, keys: KeyRing, connections: int = 8, readers: int = 4, patience: float = 30.0
) -> Database:
    """Open the migrated database that the URL names and check that the keys open it.

    `connections` is the number of PostgreSQL connections for `transact`, `readers` that for `read`; `patience` is how
    many seconds another process's lock on the SQLite file is waited for. Raises StorageError (KeyLost for wrong keys).
    """
    address = parse_url(url)
    file = database_file(address)
    if file is not None:
        from storage.database.sqlite import SqliteDatabase

        return SqliteDatabase(address, file, keys=keys, readers=readers, patience=patience)
    from storage.database.postgres import PostgresDatabase

    return PostgresDatabase(address, keys=keys, connections=connections, readers=readers)


@contextmanager
def lock_for_one_process(url: str) -> Iterator[None]:
    """Hold the lock that one serving process has on a SQLite file; nothing to hold on PostgreSQL.

    The system frees it when the process dies. Raises DatabaseInUse if another process or holder has it, StorageError
    if the lock file cannot be made.
    """
    file = database_file(parse_url(url))
    if file is None:
        yield
        return
    path = Path(f"{file}-lock")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseInUse(f"{file} is in use by another process: stop that one first (lock file {path}).") from None
    except OSError as error:
        raise StorageError(f"The lock file {path} cannot be made ({error.strerror}): check its folder.") from error
    try:
        yield
    finally:
        lock.release()
