"""Units: plain synchronous functions over one connection, each run whole in one transaction.

A unit touches nothing but its connection and returns plain values, because it may be run twice: after a failed batch on
SQLite, after a deadlock or a lost connection on PostgreSQL. It does not commit, roll back or set savepoints, and cannot
succeed once one of its statements failed (PostgreSQL would not let it; SQLite is held to the same): ask for
`on conflict do nothing` instead of catching an IntegrityError.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection, Engine, Result, ScalarResult, event
from sqlalchemy.engine import ExceptionContext, MappingResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from storage.database.encryption import KeyRing
from storage.errors import UnitError

T = TypeVar("T")
Unit = Callable[[Connection], T]

_LAZY = (Result, ScalarResult, MappingResult, Connection, Iterator)


@dataclass(slots=True, kw_only=True)
class Watch:
    """What happened on one connection since its transaction began.

    `ours` is true while the database itself begins or ends it, `failed` the error of the statement that failed.
    """

    ours: bool = True
    failed: BaseException | None = None


def install(engine: Engine, *, keys: KeyRing, begin: str | None) -> None:
    """Give each connection of the engine the key ring and a Watch, and refuse what units may not do.

    `begin` is the statement that opens a transaction where the driver does not do so itself (SQLite).
    """

    def equip(_: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["keys"] = keys
        entry.info["watch"] = Watch()

    def begin_transaction(connection: Connection) -> None:
        _refuse_units(connection)
        if begin is not None:
            connection.exec_driver_sql(begin)

    def refuse_savepoint(connection: Connection, name: str | None) -> None:
        # SQLite rolls the whole transaction back when the disk is full, savepoints or not.
        _refuse(connection, "A unit may not use savepoints.")

    event.listen(engine, "connect", equip)
    event.listen(engine, "begin", begin_transaction)
    event.listen(engine, "commit", _refuse_units)
    event.listen(engine, "rollback", _refuse_units)
    event.listen(engine, "savepoint", refuse_savepoint)
    event.listen(engine, "handle_error", _note_error)


def begin(connection: Connection) -> Watch:
    """Open the transaction for units; returns its Watch."""
    watch: Watch = connection.info["watch"]
    watch.failed = None
    connection.begin()
    return watch


def watch_of(connection: Connection) -> Watch | None:
    """Return the connection's Watch, or None where the engine has none (migrations)."""
    return connection.info.get("watch")


def run(unit: Unit[T], connection: Connection, watch: Watch) -> T:
    """Run the unit inside the transaction that is open; raises what it raised, or UnitError if it broke the rules."""
    watch.ours = False
    try:
        value = unit(connection)
    except Exception as error:
        if isinstance(error, StopIteration):  # cannot be handed to a future
            raise UnitError("A unit raised StopIteration.") from error
        raise
    except BaseException as error:
        raise UnitError(f"A unit raised {type(error).__name__}.") from error
    finally:
        watch.ours = True
    if watch.failed is not None:
        raise UnitError("A unit went on after something in it had failed.") from watch.failed
    if isinstance(value, _LAZY):
        raise UnitError("A unit returned a result still bound to its connection: return plain values.")
    return value


def fail(connection: Connection, statement: str, error: Exception) -> NoReturn:
    """Raise a driver's error as SQLAlchemy would, with the same effect on the connection and without the parameters."""
    watch = watch_of(connection)
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if watch is not None:
        watch.failed = error
        lost = lost or _transaction_gone(connection, watch)
    wrapped = DBAPIError.instance(
        statement, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    raise wrapped from error


def _refuse_units(connection: Connection) -> None:
    watch = None if connection.invalidated else watch_of(connection)
    if watch is not None and not watch.ours:
        _refuse(connection, "A unit may not begin, commit or roll back.")


def _refuse(connection: Connection, why: str) -> NoReturn:
    error = UnitError(why)
    watch = watch_of(connection)
    if watch is not None:
        watch.failed = error  # whoever catches it does not get away with it
    raise error


def _note_error(context: ExceptionContext) -> None:
    connection = context.connection
    if connection is None or connection.invalidated or connection.closed:
        return
    watch = watch_of(connection)
    if watch is None:
        return
    watch.failed = context.original_exception
    if _transaction_gone(connection, watch):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False


def _transaction_gone(connection: Connection, watch: Watch) -> bool:
    """Whether SQLite rolled the transaction back by itself (full disk, I/O error).

    Statements after that would commit one by one, so the connection is given up.
    """
    return not watch.ours and getattr(connection.connection.dbapi_connection, "in_transaction", True) is False
