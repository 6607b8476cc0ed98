"""Migrations: applied whole or not at all, once, and Alembic stays away when there is nothing to do."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, ForeignKey, Integer, MetaData, String, Table, create_engine, inspect, text

from storage.columns import Sealed, UtcDateTime
from storage.database.migrate import (
    SCRIPTS,
    alembic_config,
    current_revision,
    newest_revision,
    revisions,
    upgrade,
    write_revision,
)
from storage.database.urls import parse_url
from storage.errors import DatabaseBusy, StorageError
from storage.tables.schema import metadata
from tests.conftest import DATABASES, postgres_database

pytestmark = pytest.mark.opens


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which there is nothing yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgres_url")
    admin = request.getfixturevalue("postgres_admin")
    admin.execute("CREATE DATABASE empty")
    yield postgres_database(server, "empty")
    admin.execute("DROP DATABASE empty WITH (FORCE)")


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A folder of scripts with two revisions that the machinery itself wrote."""
    folder = tmp_path / "100% scripts"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        shutil.copy(SCRIPTS / name, folder)
    assert write_revision("people", people(), scripts=folder)
    assert write_revision("a zone for people", people(Column("zone", String(40), index=True)), scripts=folder)
    return folder


def people(*more: Column[str]) -> MetaData:
    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})
    Table(
        "people", metadata, Column("id", Integer, primary_key=True), Column("at", UtcDateTime, index=True),
        Column("name", Sealed, nullable=False), *more,
    )  # fmt: skip
    Table(
        "notes", metadata, Column("id", Integer, primary_key=True),
        Column("person", ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    )  # fmt: skip
    return metadata


def add_revision(scripts: Path, body: str) -> None:
    number = int(newest_revision(scripts) or 0)
    (scripts / "versions" / f"{number + 1:04}_by_hand.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        f"revision = '{number + 1:04}'\ndown_revision = '{number:04}'\n"
        f"branch_labels = None\ndepends_on = None\ndef upgrade():\n    {body}\n"
    )


@pytest.fixture
def engine(empty: str) -> Iterator[Engine]:
    made = create_engine(parse_url(empty))
    yield made
    made.dispose()


def at(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return current_revision(connection)


def differences(engine: Engine, metadata: MetaData, scripts: Path) -> list[object]:
    """What autogenerate would write, with the real environment."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        return list(compare_metadata(context, metadata))


def test_a_new_database_gets_every_revision_and_a_second_start_nothing(
    empty: str, engine: Engine, scripts: Path
) -> None:
    assert upgrade(empty, scripts=scripts) is True
    assert at(engine) == "0002"
    assert differences(engine, people(Column("zone", String(40), index=True)), scripts) == []
    assert upgrade(empty, scripts=scripts) is False


def test_the_newest_revision_is_alembics_head(scripts: Path) -> None:
    from alembic.script import ScriptDirectory

    for folder in (scripts, SCRIPTS):
        with create_engine("sqlite://").connect() as connection:
            directory = ScriptDirectory.from_config(alembic_config(connection, scripts=folder))
        assert newest_revision(folder) == directory.get_current_head()
        assert revisions(folder) == sorted(script.revision for script in directory.walk_revisions())


def test_nothing_is_written_when_nothing_changed(scripts: Path) -> None:
    before = sorted((scripts / "versions").iterdir())
    assert write_revision("nothing", people(Column("zone", String(40), index=True)), scripts=scripts) is None
    assert sorted((scripts / "versions").iterdir()) == before


def test_our_types_are_written_by_name(scripts: Path) -> None:
    written = (scripts / "versions" / "0001_people.py").read_text()
    assert "storage.columns.UtcDateTime()" in written
    assert "storage.columns.Sealed()" in written
    assert "import storage.columns\n" in written


@pytest.mark.long_on_postgresql
def test_alembic_is_not_loaded_when_there_is_nothing_to_do(empty: str, scripts: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.database.migrate import upgrade\n"
        "print(upgrade(sys.argv[1], scripts=Path(sys.argv[2])), 'alembic' in sys.modules)"
    )

    def start() -> str:
        command = [sys.executable, "-c", code, empty, str(scripts)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert start() == "True True"
    assert start() == "False False"


def test_half_a_migration_leaves_the_schema_as_it_was(empty: str, engine: Engine, scripts: Path) -> None:
    upgrade(empty, scripts=scripts)
    add_revision(scripts, "op.create_table('half', sa.Column('id', sa.Integer)); op.drop_table('notes')")
    add_revision(scripts, "op.execute('INSERT INTO half VALUES (1)'); raise RuntimeError('in the middle')")
    with pytest.raises(RuntimeError, match="in the middle"):
        upgrade(empty, scripts=scripts)
    assert at(engine) == "0002"
    assert sorted(inspect(engine).get_table_names()) == ["alembic_version", "notes", "people"]


def test_a_first_migration_that_fails_leaves_nothing(empty: str, engine: Engine, scripts: Path) -> None:
    add_revision(scripts, "raise RuntimeError('at the end')")
    with pytest.raises(RuntimeError, match="at the end"):
        upgrade(empty, scripts=scripts)
    assert inspect(engine).get_table_names() == []


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(empty: str, engine: Engine, scripts: Path) -> None:
    upgrade(empty, scripts=scripts)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO people (id, name, zone) VALUES (1, '', 'x')"))
        connection.execute(text("INSERT INTO notes (id, person) VALUES (1, 1)"))
    add_revision(
        scripts,
        "with op.batch_alter_table('people', recreate='auto') as batch:\n"
        "        batch.alter_column('zone', existing_type=sa.String(40), nullable=False)",
    )
    upgrade(empty, scripts=scripts)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM notes")).scalar_one() == 1
    assert inspect(engine).get_columns("people")[-1]["nullable"] is False


def test_a_migration_that_would_orphan_rows_is_undone(empty: str, engine: Engine, scripts: Path) -> None:
    upgrade(empty, scripts=scripts)
    add_revision(scripts, "op.execute('INSERT INTO notes (id, person) VALUES (7, 99)')")
    with pytest.raises(Exception, match="notes"):
        upgrade(empty, scripts=scripts)
    assert at(engine) == "0002"


@pytest.mark.parametrize("revision", ["0003", "9999", "abcdef"])
def test_a_database_newer_than_the_program_is_refused(empty: str, engine: Engine, scripts: Path, revision: str) -> None:
    upgrade(empty, scripts=scripts)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    with pytest.raises(StorageError, match=f"revision {revision}, which is newer"):
        upgrade(empty, scripts=scripts)
    assert at(engine) == revision


async def test_processes_that_start_together_migrate_once(empty: str, engine: Engine, scripts: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.database.migrate import upgrade\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "print(upgrade(sys.argv[1], scripts=Path(sys.argv[2])))"
    )
    starters = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, empty, str(scripts), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for starter in starters:
        assert starter.stdout is not None
        assert await starter.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(starter.communicate(b"go\n") for starter in starters))
    assert sorted(out for out, _ in said) == [b"False\n", b"True\n"]
    assert at(engine) == "0002"


def test_a_locked_file_is_reported(tmp_path: Path, scripts: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url, scripts=scripts)
    add_revision(scripts, "pass")
    engine = create_engine(url, connect_args={"isolation_level": None})
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match=r"x\.db is locked"):
            upgrade(url, scripts=scripts, patience=0.1)
    engine.dispose()


def test_the_tables_of_the_code_are_those_of_the_migrations(empty: str, engine: Engine) -> None:
    upgrade(empty)
    assert differences(engine, metadata(), SCRIPTS) == []
