"""A few threads, each running one unit at a time in a transaction of its own."""

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.database.units import T, Unit, Watch, begin, run
from storage.errors import CommitUncertain, DatabaseClosed, UnitError

# A serialization failure and a deadlock (PostgreSQL manual, appendix A).
_CONFLICTS = ("40001", "40P01")
# Seconds before each further attempt: enough for a PostgreSQL server that restarts.
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)


class _RetryError(Exception):
    """The transaction left nothing behind and may succeed if run once more."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause


class Pool:
    """At most `size` threads and as many connections, all made when first needed."""

    def __init__(self, engine: Engine, *, size: int, name: str, read_only: bool) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=name)
        self._end: Callable[[Connection], None] = _rollback if read_only else _commit
        self._closing = False

    async def submit(self, unit: Unit[T]) -> T:
        """Run the unit in a thread, again after conflicts and lost connections as long as nothing was committed."""
        if self._closing:
            raise DatabaseClosed("The database is closed.")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run, unit)

    def run(self, unit: Unit[T]) -> T:
        """Run the unit in the calling thread: see `submit`."""
        for pause in (*_PAUSES, None):
            try:
                return self._once(unit)
            except _RetryError as retry:
                if pause is None or self._closing:
                    raise retry.cause from None
                time.sleep(pause * (0.5 + secrets.randbelow(1000) / 1000))
        raise AssertionError("unreachable")

    def refuse(self) -> None:
        """Let nothing more in."""
        self._closing = True

    async def ended(self) -> None:
        """Wait for the units accepted so far, then close the connections."""
        await asyncio.get_running_loop().run_in_executor(None, self._shut)

    def _shut(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    def _once(self, unit: Unit[T]) -> T:
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise _RetryError(error) from error
        with connection:
            watch: Watch = connection.info["watch"]
            try:
                begin(connection)
                value = run(unit, connection, watch)
            except Exception as error:
                _clean(connection)
                if connection.invalidated or _sqlstate(watch.failed) in _CONFLICTS:
                    raise _RetryError(error) from error
                raise
            self._end(connection)
            return value


def _clean(connection: Connection) -> None:
    """Leave nothing of the unit to the next one on this connection.

    SQLAlchemy does not roll back a transaction of which a refused commit() or rollback() made it think that it is over.
    """
    driver: Any = None if connection.invalidated else connection.connection.dbapi_connection
    if driver is not None:
        try:
            driver.rollback()
        except Exception:
            connection.invalidate()


def _rollback(connection: Connection) -> None:
    connection.rollback()


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except UnitError:
        _clean(connection)
        raise
    except DBAPIError as error:
        _clean(connection)
        if error.connection_invalidated:
            raise CommitUncertain(
                "The connection was lost during COMMIT: what was sent may be stored or not."
            ) from error
        if _sqlstate(error.orig) in _CONFLICTS:
            raise _RetryError(error) from error
        raise


def _sqlstate(error: Any) -> str | None:
    state: str | None = getattr(error, "sqlstate", None)
    return state
