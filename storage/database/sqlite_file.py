"""The SQLite file: made ready, and connected to with the settings that durability rests on."""

import os
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseBusy, StorageError

_OLDEST = (3, 35, 0)  # RETURNING
_PAUSE = 0.05

WRITING = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
READING = ("query_only=ON",)
# Rebuilding a table drops the old one, and with foreign keys on that deletes the rows which refer to it.
MIGRATING = ("synchronous=FULL", "foreign_keys=OFF", "secure_delete=ON")


def prepare_file(file: Path, *, patience: float) -> None:
    """Make the file if it is new (mode 600) and put it into WAL mode; `patience` in seconds.

    Raises StorageError naming the file and the mend, DatabaseBusy if another process keeps it locked.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old: use a Python with SQLite 3.35 or newer.")
    if file.is_dir():
        raise StorageError(f"DATABASE_URL names the folder {file}: add a file name.")
    if not file.parent.is_dir():
        raise StorageError(
            f"The folder {file.parent} of the database does not exist: create it or change DATABASE_URL."
        )
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StorageError(f"The folder {file.parent} of the database is not writable: give this user access to it.")
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(file, timeout=patience, isolation_level=None)) as connection:
            _into_wal(connection, file, patience)
    except sqlite3.DatabaseError as error:
        raise _explained(error, file) from error
    except OSError as error:
        raise StorageError(
            f"The database {file} cannot be opened ({error.strerror}): check its owner and mode."
        ) from error


def is_busy(error: Exception) -> bool:
    """Whether another process holds the lock."""
    orig = error.orig if isinstance(error, DBAPIError) else error
    return getattr(orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def sqlite_engine(url: URL, *, patience: float, pragmas: Sequence[str], size: int = 1) -> Engine:
    """Return an engine of `size` connections with the driver's transaction control off; `patience` in seconds.

    The caller issues BEGIN: see `storage.database.units.install`.
    """
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": patience, "isolation_level": None, "cached_statements": 512},
    )

    def configure(connection: Any, _: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", configure)
    return engine


def _into_wal(connection: sqlite3.Connection, file: Path, patience: float) -> None:
    """Switch to WAL, waiting for others by hand: SQLite does not use its busy timeout for the switch."""
    for _ in range(max(1, int(patience / _PAUSE))):
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
        else:
            if mode == "wal":
                return
            raise StorageError(f"The database {file} cannot use a write-ahead log there: move it to a local disk.")
        time.sleep(_PAUSE)
    raise DatabaseBusy(f"The database {file} is locked by another process: stop that one first.")


def _explained(error: sqlite3.DatabaseError, file: Path) -> StorageError:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
        return StorageError(f"{file} is not a SQLite database: move it away or change DATABASE_URL.")
    return StorageError(f"The database {file} cannot be opened ({error}): check its folder, owner and mode.")
