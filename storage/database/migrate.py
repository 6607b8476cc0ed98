"""Migrations, applied at start; Alembic is imported only if the schema differs.

`python -m storage.database.migrate "what changes"` writes the next revision from the difference between the tables in
the code and the revisions so far.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, MetaData, event, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.database.postgres import check_server, postgres_engine
from storage.database.sqlite_file import MIGRATING, is_busy, prepare_file, sqlite_engine
from storage.database.urls import database_file, parse_url, shown
from storage.errors import DatabaseBusy, StorageError

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[1] / "migrations"
# Revisions are numbered in the order of their file names, 0001_what_changes.py; the number is the revision's id.
_REVISION = re.compile(r"(\d{4})_\w+\.py")
# One fixed number for all who migrate a Throughline database on PostgreSQL.
_ADVISORY_LOCK = 0x7468726F


def revisions(scripts: Path = SCRIPTS) -> list[str]:
    """Return the ids of all revisions that this code knows, oldest first."""
    found = (_REVISION.fullmatch(path.name) for path in (scripts / "versions").iterdir())
    return sorted(match[1] for match in found if match)


def newest_revision(scripts: Path = SCRIPTS) -> str | None:
    """Return the id of the newest revision that this code knows, or None if there is none."""
    return max(revisions(scripts), default=None)


def current_revision(connection: Connection) -> str | None:
    """Return the id of the revision that the database is at, or None if it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def revision_of(url: str, *, patience: float = 30.0) -> str | None:
    """Return the id of the revision that the database at this URL is at, or None if it is new; changes nothing."""
    engine = _engine(parse_url(url), patience)
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    finally:
        engine.dispose()


def upgrade(url: str, *, scripts: Path = SCRIPTS, patience: float = 30.0) -> bool:
    """Bring the database to the newest revision in one transaction; return whether anything had to change.

    Processes that start together wait for one another, on SQLite for at most `patience` seconds. Raises StorageError if
    the database cannot be opened or is newer than the code, DatabaseBusy if it stays locked. Whatever else a migration
    raises is passed on, with the schema as it was.
    """
    newest = newest_revision(scripts)
    engine = _engine(parse_url(url), patience)
    try:
        if _is_at(engine, newest):
            return False
        with _transaction(engine) as connection:
            return _migrate(connection, newest, scripts)
    finally:
        engine.dispose()


def _engine(url: URL, patience: float) -> Engine:
    file = database_file(url)
    if file is None:
        engine = postgres_engine(url, size=1)
        check_server(engine)
        return engine
    prepare_file(file, patience=patience)
    return sqlite_engine(url, patience=patience, pragmas=MIGRATING)


def _is_at(engine: Engine, newest: str | None) -> bool:
    with engine.connect() as connection:
        return current_revision(connection) == newest


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Open the one transaction for all migrations, alone on the database."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
            if engine.dialect.name == "sqlite":
                _check_references(connection)
    except DBAPIError as error:
        if is_busy(error):
            raise DatabaseBusy(f"{shown(engine.url)} is locked by another process: stop that one first.") from error
        raise


def _migrate(connection: Connection, newest: str | None, scripts: Path) -> bool:
    current = current_revision(connection)
    if current == newest:  # another process was faster
        return False
    if newest is None or (current is not None and current not in revisions(scripts)):
        raise StorageError(
            f"The database {shown(connection.engine.url)} is at revision {current}, which is newer than this program: "
            "install the version that wrote it."
        )
    from alembic import command

    command.upgrade(alembic_config(connection, scripts=scripts), newest)
    return True


def alembic_config(connection: Connection, *, scripts: Path = SCRIPTS, metadata: MetaData | None = None) -> "Config":
    """Return an Alembic configuration over this connection; `metadata` is needed only to compare."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _check_references(connection: Connection) -> None:
    """Raise StorageError if a row refers to one that is missing, since foreign keys were off meanwhile."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageError(
            f"The migration would leave rows of {broken[0]} without the {broken[2]} they refer to: undone."
        )


def write_revision(message: str, metadata: MetaData, *, scripts: Path = SCRIPTS) -> Path | None:
    """Write the next revision, by how the tables differ from the revisions so far; returns None if they do not."""
    from alembic import command
    from alembic.script import Script

    def only_changes(_context: Any, _revision: Any, directives: list[Any]) -> None:
        if directives[0].upgrade_ops.is_empty():
            directives.clear()

    number = int(newest_revision(scripts) or 0) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        upgrade(url, scripts=scripts)
        engine = _engine(parse_url(url), 1.0)
        with engine.connect() as connection:
            config = alembic_config(connection, scripts=scripts, metadata=metadata)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            script = command.revision(
                config, message, autogenerate=True, rev_id=f"{number:04}", process_revision_directives=only_changes
            )
        engine.dispose()
    return Path(script.path) if isinstance(script, Script) else None


def main() -> None:
    """Write the next revision of the real tables."""
    from storage.tables.schema import metadata

    path = write_revision(" ".join(sys.argv[1:]) or "changes", metadata())
    sys.stdout.write(f"{path or 'nothing has changed'}\n")


if __name__ == "__main__":
    main()
