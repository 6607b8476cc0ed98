"""Database addresses: which database a URL names, and where its file lies."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StorageError

_FORMS = "sqlite:///file.db or postgresql://user:password@host/database"


def parse_url(text: str) -> URL:
    """Return the address with its driver set (sqlite+pysqlite or postgresql+psycopg).

    Raises StorageError for anything else, for in-memory SQLite and for SQLite options in the query. Never shows the URL
    itself, which may hold a password.
    """
    if text.count("@") > 1 or any(letter.isspace() for letter in text):
        # Read as they stand they would put a part of the password where the host is, which errors name.
        raise StorageError(
            'DATABASE_URL has an "@" or a space too many: in a password write "@" as %40 and " " as %20.'
        )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The original message quotes the whole text, password included.
        raise StorageError(f"DATABASE_URL is not a database address: write {_FORMS}.") from None
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite":
            return _sqlite(url)
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return _postgresql(url)
        case other:
            raise StorageError(f"DATABASE_URL begins with {other!r}, which is not supported: write {_FORMS}.")


def database_file(url: URL) -> Path | None:
    """Return the absolute path of the SQLite file, or None for PostgreSQL."""
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database).absolute()


def shown(url: URL) -> str:
    """Return the address as it may be shown: without its password, and without arguments, which may hold one."""
    file = database_file(url)
    return url.set(query={}).render_as_string(hide_password=True) if file is None else str(file)


def _sqlite(url: URL) -> URL:
    if url.host or url.username:
        raise StorageError("DATABASE_URL for SQLite needs three slashes before the file: sqlite:///file.db.")
    if url.database in (None, "", ":memory:") or "mode" in url.query or str(url.database).startswith("file:"):
        raise StorageError(
            "DATABASE_URL must name a file, for example sqlite:///throughline.db: nothing is kept in memory."
        )
    if url.query:
        raise StorageError("DATABASE_URL for SQLite takes no options after '?': remove them.")
    return url.set(drivername="sqlite+pysqlite")


def _postgresql(url: URL) -> URL:
    if not url.database:
        raise StorageError("DATABASE_URL names no database: write postgresql://user:password@host/database.")
    return url.set(drivername="postgresql+psycopg")
