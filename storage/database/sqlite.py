"""SQLite: one writer thread that commits what is queued in one transaction, and a few read-only connections."""

import asyncio
import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import URL, Connection, Engine

from storage.database.encryption import KeyRing
from storage.database.open import Database
from storage.database.pool import Pool
from storage.database.sqlite_file import READING, WRITING, is_busy, prepare_file, sqlite_engine
from storage.database.units import T, Unit, Watch, begin, install, run
from storage.errors import DatabaseBusy, DatabaseClosed, StorageError, UnitError
from storage.meta import verify_keys

BATCH = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    unit: Unit[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    bare: bool  # run outside any transaction


@dataclass(frozen=True, kw_only=True, slots=True)
class _Outcome:
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    value: Any = None
    error: Exception | None = None


class _NotBegunError(Exception):
    """No transaction could be opened, so nothing of the batch was run."""

    def __init__(self, cause: Exception) -> None:
        self.cause = cause

    def told(self) -> StorageError:
        """Return a fresh exception, since each caller raises its own."""
        if is_busy(self.cause):
            return DatabaseBusy("Another process keeps the database locked: try again when it is done.")
        return StorageError(f"The database cannot be written ({self.cause}): check its disk and folder.")


class SqliteDatabase(Database):
    """The database in one file, written by one thread of this process."""

    def __init__(self, url: URL, file: Path, *, keys: KeyRing, readers: int, patience: float) -> None:
        prepare_file(file, patience=patience)
        writing = sqlite_engine(url, patience=patience, pragmas=WRITING)
        install(writing, keys=keys, begin="BEGIN IMMEDIATE")
        self._writer = _Writer(writing)
        self._writer.start(verify_keys)
        reading = sqlite_engine(url, patience=patience, pragmas=READING, size=readers)
        install(reading, keys=keys, begin="BEGIN")
        self._readers = Pool(reading, size=readers, name="sqlite-read", read_only=True)

    async def transact(self, unit: Unit[T], /) -> T:
        """Run the unit in the writer's next batch: see Database."""
        return await self._writer.submit(unit)

    async def read(self, unit: Unit[T], /) -> T:
        """Run the unit over a snapshot: see Database."""
        return await self._readers.submit(unit)

    async def vacuum(self) -> None:
        """Rewrite the file without its free pages and empty the WAL: see Database."""
        await self._writer.submit(_vacuum, bare=True)

    async def close(self) -> None:
        """Wait for what was accepted, then close: see Database."""
        self._writer.refuse()
        self._readers.refuse()
        await self._readers.ended()
        await self._writer.ended()


class _Writer:
    """The one thread that writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        # A daemon: a process that ends without close() must not hang, and what is not committed was not answered.
        self._thread = threading.Thread(target=self._serve, name="sqlite-write", daemon=True)

    def start(self, first: Unit[None]) -> None:
        """Run the first unit in the calling thread, then begin to serve."""
        try:
            self._together([first])
        except BaseException as error:
            self._shut()
            if isinstance(error, _NotBegunError):
                raise error.told() from error.cause
            raise
        self._thread.start()

    async def submit(self, unit: Unit[T], *, bare: bool = False) -> T:
        """Queue the unit and wait for its outcome."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._gate:
            if self._closed:
                raise DatabaseClosed("The database is closed.")
            self._queue.put(_Job(unit=unit, future=future, loop=loop, bare=bare))
        return await future

    def refuse(self) -> None:
        """Let nothing more in."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)

    async def ended(self) -> None:
        """Wait for the thread to end, which is when all is answered."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)

    def _serve(self) -> None:
        while True:
            jobs, last = self._take()
            bare = [jobs.pop()] if jobs and jobs[-1].bare else []
            if jobs:
                _answer(self._batch(jobs))
            if bare:
                _answer([self._bare(bare[0])])
            if last:
                break
            del jobs, bare  # nothing is kept alive while waiting
        self._shut()

    def _take(self) -> tuple[list[_Job], bool]:
        """Wait for a job and take what is queued behind it; True with them if nothing will follow."""
        jobs: list[_Job] = []
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            if job.bare or len(jobs) == BATCH:
                return jobs, False
            try:
                job = self._queue.get_nowait()
            except Empty:
                return jobs, False
        return jobs, True

    def _batch(self, jobs: Sequence[_Job]) -> list[_Outcome]:
        """Run all in one transaction or, if anything fails, each in its own."""
        try:
            values = self._together([job.unit for job in jobs])
        except _NotBegunError as error:
            return [_failed(job, error.told()) for job in jobs]
        except Exception as error:
            if len(jobs) == 1:
                return [_failed(jobs[0], error)]
            return [outcome for job in jobs for outcome in self._batch([job])]
        return [
            _Outcome(future=job.future, loop=job.loop, value=value) for job, value in zip(jobs, values, strict=True)
        ]

    def _together(self, units: Sequence[Unit[Any]]) -> list[Any]:
        """Run the units in one transaction and return their values, or raise with nothing stored."""
        connection, watch = self._begin()
        driver: Any = connection.connection.dbapi_connection
        try:
            values = []
            for unit in units:
                values.append(run(unit, connection, watch))
                if not driver.in_transaction:
                    raise UnitError("A unit ended its transaction.")
            connection.commit()
        except BaseException:
            self._roll_back(connection, driver)
            raise
        return values

    def _begin(self) -> tuple[Connection, Watch]:
        """Open a transaction, on a fresh connection if the first try fails for any reason but a lock."""
        for last in (False, True):
            try:
                connection = self._connection = self._connection or self._engine.connect()
                return connection, begin(connection)
            except Exception as error:
                self._discard()
                if last or is_busy(error):
                    raise _NotBegunError(error) from error
        raise AssertionError("unreachable")

    def _roll_back(self, connection: Connection, driver: Any) -> None:
        """Leave the connection as if nothing had been run, or give it up."""
        with contextlib.suppress(Exception):
            connection.rollback()
            if not (connection.invalidated or connection.in_transaction() or driver.in_transaction):
                return
        self._discard()

    def _bare(self, job: _Job) -> _Outcome:
        try:
            connection = self._connection = self._connection or self._engine.connect()
            return _Outcome(future=job.future, loop=job.loop, value=job.unit(connection))
        except Exception as error:
            self._discard()
            return _failed(job, error)

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.invalidate()
            with contextlib.suppress(Exception):
                connection.close()

    def _shut(self) -> None:
        self._discard()
        self._engine.dispose()


def _answer(outcomes: Sequence[_Outcome]) -> None:
    """Hand each event loop all that is its own in one call."""
    loops = {outcome.loop for outcome in outcomes}
    for loop in loops:
        own = outcomes if len(loops) == 1 else [outcome for outcome in outcomes if outcome.loop is loop]
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, own)


def _settle(outcomes: Sequence[_Outcome]) -> None:
    for outcome in outcomes:
        if outcome.future.done():  # the caller was cancelled
            continue
        if outcome.error is None:
            outcome.future.set_result(outcome.value)
        else:
            outcome.future.set_exception(outcome.error)


def _failed(job: _Job, error: Exception) -> _Outcome:
    return _Outcome(future=job.future, loop=job.loop, error=error)


def _vacuum(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    driver.execute("VACUUM")
    busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise DatabaseBusy("A long read keeps the write-ahead log: try again when it is done.")
