"""PostgreSQL through psycopg 3: a pool of connections that write, a smaller one that reads."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.database.encryption import KeyRing
from storage.database.open import Database
from storage.database.pool import Pool
from storage.database.units import T, Unit, install
from storage.database.urls import shown
from storage.errors import DatabaseAway, StorageError, UnitError
from storage.meta import verify_keys

# libpq's names; a server that vanished is noticed within half a minute. What the URL says goes first.
_DEFAULTS: dict[str, Any] = {
    "application_name": "throughline",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# What a server says that starts, stops or is full for the moment (57P03, 57P01, 53300); in English, as most do.
_PASSING = (
    "starting up",
    "shutting down",
    "not accepting",
    "not yet accepting",
    "recovery",
    "administrator",
    "too many",
)
_IN_ERROR = 3  # psycopg.pq.TransactionStatus.INERROR


class PostgresDatabase(Database):
    """The database on a server, shared by any number of processes."""

    def __init__(self, url: URL, *, keys: KeyRing, connections: int, readers: int) -> None:
        writing = postgres_engine(url, size=connections)
        install(writing, keys=keys, begin=None)
        event.listen(writing, "commit", _refuse_failed)
        self._writers = Pool(writing, size=connections, name="postgres-write", read_only=False)
        try:
            check_server(writing)
            self._writers.run(verify_keys)
        except BaseException:
            writing.dispose()
            raise
        # One snapshot for the whole unit, as SQLite's readers have.
        reading = postgres_engine(
            url, size=readers, execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        install(reading, keys=keys, begin=None)
        self._readers = Pool(reading, size=readers, name="postgres-read", read_only=True)

    async def transact(self, unit: Unit[T], /) -> T:
        """Run the unit in one READ COMMITTED transaction: see Database."""
        return await self._writers.submit(unit)

    async def read(self, unit: Unit[T], /) -> T:
        """Run the unit in one REPEATABLE READ, READ ONLY transaction: see Database."""
        return await self._readers.submit(unit)

    async def vacuum(self) -> None:
        """Do nothing, since the server vacuums by itself: see Database."""

    async def close(self) -> None:
        """Wait for what was accepted, then close: see Database."""
        self._writers.refuse()
        self._readers.refuse()
        await self._readers.ended()
        await self._writers.ended()


def postgres_engine(url: URL, *, size: int, execution_options: dict[str, Any] | None = None) -> Engine:
    """Return an engine of `size` connections, made when first needed."""
    return create_engine(
        url,
        paramstyle="format",  # tuples instead of dictionaries on the hot path
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={name: value for name, value in _DEFAULTS.items() if name not in url.query},
        execution_options=execution_options or {},
    )


def check_server(engine: Engine) -> None:
    """Raise StorageError if the server does not let us in, DatabaseAway if it does not answer or is starting."""
    try:
        engine.connect().close()
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        kind = StorageError if _refuses(reason) else DatabaseAway
        raise kind(f"{shown(engine.url)} cannot be reached ({reason}): check DATABASE_URL and the server.") from None


def _refuses(reason: str) -> bool:
    """Whether a server that is up turned us away for good; psycopg gives no code for what fails before a session."""
    return "FATAL" in reason and not any(words in reason for words in _PASSING)


def _refuse_failed(connection: Connection) -> None:
    """PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error."""
    driver: Any = connection.connection.dbapi_connection
    if driver.info.transaction_status == _IN_ERROR:
        raise UnitError("A unit went on after one of its statements had failed.")
