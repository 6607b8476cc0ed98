"""The SQLite file and its one writer: full disks, failing batches, locks, addresses that cannot work."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from storage.database.compiled_sql import Fixed
from storage.database.encryption import KeyRing
from storage.database.open import Database, lock_for_one_process, open_database
from storage.errors import DatabaseBusy, DatabaseInUse, StorageError, UnitError
from tests.support.laws import examples

OWN = MetaData()
ROWS = Table(
    "own_rows", OWN, Column("id", Integer, primary_key=True), Column("name", String), Column("load", LargeBinary)
)
REFERS = Table(
    "own_refers", OWN, Column("row", ForeignKey("own_rows.id", deferrable=True, initially="DEFERRED"), primary_key=True)
)
PUT = Fixed(insert(ROWS).values(name=bindparam("name"), load=bindparam("load")))


def put(connection: Connection, name: str, size: int = 1, *, fixed: bool = True) -> None:
    if fixed:
        PUT.run(connection, name=name, load=bytes(size))
    else:
        connection.execute(insert(ROWS).values(name=name, load=bytes(size)))


def fill(connection: Connection, name: str, *, fixed: bool) -> None:
    """Meet a full disk: SQLite then rolls the whole transaction back by itself, and the connection is given up."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    put(connection, name, 1_000_000, fixed=fixed)


def unit_of(kind: str, name: str, *, fixed: bool) -> Callable[[Connection], str]:
    """Return a unit that writes its name and then does what its kind says."""

    def unit(connection: Connection) -> str:
        put(connection, name, fixed=fixed)
        match kind:
            case "poison":
                raise ValueError(name)
            case "big":
                fill(connection, name, fixed=fixed)
            case "stubborn":  # goes on after the disk was full
                with suppress(DBAPIError):
                    fill(connection, name, fixed=fixed)
                put(connection, name, fixed=fixed)
            case "orphan":
                connection.execute(insert(REFERS).values(row=-1))
            case "ender":
                with suppress(UnitError):
                    connection.rollback()
                put(connection, name, fixed=fixed)
        return name

    return unit


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(ROWS.c.name).order_by(ROWS.c.id)).scalars())


async def in_one_batch(database: Database, units: list[Callable[[Connection], Any]]) -> list[Any]:
    """Queue all while the writer is busy with another."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    holding = asyncio.create_task(database.transact(hold))
    await asyncio.to_thread(begun.wait, 10)
    tasks = [asyncio.create_task(database.transact(unit)) for unit in units]
    await asyncio.sleep(0)
    go_on.set()
    await holding
    return await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def database(sqlite_fresh: str, keys: KeyRing) -> Any:
    async with open_database(sqlite_fresh, keys=keys, patience=0.2) as opened:
        await opened.transact(OWN.create_all)
        yield opened


@pytest.fixture(scope="module")
def shared_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("shared") / "shared.db"
    file.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL")
    return f"sqlite:///{file}"


KINDS = ("good", "good", "good", "poison", "big", "stubborn", "orphan", "ender")


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), min_size=1, max_size=70))
@example(batch=[("good", True)] * 3 + [("big", True)] + [("good", True)] * 3)
@example(batch=[("good", False)] * 3 + [("stubborn", False)] + [("good", False)] * 60)
@example(batch=[("orphan", True), ("good", True)])
def test_whoever_was_told_stored_is_stored_and_nobody_else(
    shared_file: str, keys: KeyRing, batch: list[tuple[str, bool]]
) -> None:
    async def check() -> None:
        async with open_database(shared_file, keys=keys) as database:
            await database.transact(OWN.drop_all)
            await database.transact(OWN.create_all)
            units = [unit_of(kind, f"{n}", fixed=fixed) for n, (kind, fixed) in enumerate(batch)]
            outcomes = await in_one_batch(database, units)
            told = [outcome for outcome in outcomes if isinstance(outcome, str)]
            assert await database.read(names) == told
            assert told == [f"{n}" for n, (kind, _) in enumerate(batch) if kind == "good"]

    asyncio.run(check())


async def test_units_run_in_the_order_of_the_calls(database: Database) -> None:
    expected = [f"{n}" for n in range(500)]
    tasks = [asyncio.create_task(database.transact(unit_of("good", name, fixed=True))) for name in expected]
    assert await asyncio.gather(*tasks) == expected
    assert await database.read(names) == expected


async def test_what_is_queued_is_committed_together(database: Database) -> None:
    """Seen from outside, nothing is there until the last unit of the batch has run."""
    seen: list[int] = []
    with closing(sqlite3.connect(await database.read(file_of), check_same_thread=False)) as other:

        def count() -> int:
            return len(list(other.execute("SELECT 1 FROM own_rows")))

        def look(connection: Connection) -> None:
            put(connection, "x")
            seen.append(count())

        await in_one_batch(database, [look] * 64)
        assert seen == [0] * 64
        assert count() == 64


def file_of(connection: Connection) -> str:
    return str(connection.exec_driver_sql("PRAGMA database_list").one()[2])


@pytest.fixture
def tiny_disk(tmp_path: Path, sqlite_template: Path) -> Iterator[Path]:
    """A database on a disk of one megabyte."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk of one megabyte cannot be mounted here; the page limit stands in for it above")
    shutil.copy(sqlite_template, folder / "tiny.db")
    yield folder / "tiny.db"
    subprocess.run(["umount", folder], check=True)


async def test_a_disk_that_is_really_full(tiny_disk: Path, keys: KeyRing) -> None:
    async with open_database(f"sqlite:///{tiny_disk}", keys=keys) as database:
        await database.transact(OWN.create_all)

        def load(name: str) -> Callable[[Connection], str]:
            def unit(connection: Connection) -> str:
                put(connection, name, 5_000)
                return name

            return unit

        outcomes = []
        for start in range(0, 320, 64):
            outcomes += await in_one_batch(database, [load(f"{n}") for n in range(start, start + 64)])
        told = [outcome for outcome in outcomes if isinstance(outcome, str)]
        failed = [outcome for outcome in outcomes if not isinstance(outcome, str)]
        assert told
        assert failed
        assert all(isinstance(outcome, OperationalError) for outcome in failed)
        assert await database.read(names) == told
    with closing(sqlite3.connect(tiny_disk)) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM own_rows ORDER BY id")] == told


async def test_a_writer_that_meets_a_foreign_lock_says_so_and_goes_on(database: Database) -> None:
    with closing(sqlite3.connect(await database.read(file_of), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        outcomes = await in_one_batch_unheld(database, [unit_of("good", f"{n}", fixed=True) for n in range(5)])
        assert all(isinstance(outcome, DatabaseBusy) for outcome in outcomes)
        assert len({id(outcome) for outcome in outcomes}) == 5
        other.execute("ROLLBACK")
    assert await database.transact(unit_of("good", "after", fixed=True)) == "after"
    assert await database.read(names) == ["after"]


async def in_one_batch_unheld(database: Database, units: list[Callable[[Connection], Any]]) -> list[Any]:
    return await asyncio.gather(*map(database.transact, units), return_exceptions=True)


@pytest.mark.parametrize("kind", ["ender", "big", "stubborn", "orphan", "poison"])
async def test_no_lock_is_left_behind_by_a_unit_that_failed(database: Database, kind: str) -> None:
    with pytest.raises((UnitError, SQLAlchemyError, ValueError)):
        await database.transact(unit_of(kind, "x", fixed=True))
    with closing(sqlite3.connect(await database.read(file_of), isolation_level=None, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


async def test_two_writers_wait_for_one_another(sqlite_fresh: str, keys: KeyRing) -> None:
    async with open_database(sqlite_fresh, keys=keys) as one, open_database(sqlite_fresh, keys=keys) as two:
        await one.transact(OWN.create_all)
        units = [unit_of("good", f"{n}", fixed=True) for n in range(200)]
        await asyncio.gather(*(database.transact(unit) for unit in units for database in (one, two)))
        assert len(await one.read(names)) == 400


async def test_every_commit_is_synced_and_references_are_checked(database: Database) -> None:
    def pragmas(connection: Connection) -> list[Any]:
        wanted = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "query_only")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted]

    assert await database.transact(pragmas) == ["wal", 2, 1, 1, 200, 0]
    assert (await database.read(pragmas))[0] == "wal"
    assert (await database.read(pragmas))[-1] == 1


async def test_vacuum_leaves_nothing_of_a_deleted_row(database: Database) -> None:
    secret = b"canary-" + os.urandom(8).hex().encode()
    file = Path(await database.read(file_of))

    def everything() -> bytes:
        return b"".join(path.read_bytes() for path in file.parent.glob(file.name + "*"))

    await database.transact(lambda connection: PUT.run(connection, name="x", load=secret))
    assert secret in everything()
    await database.transact(lambda connection: connection.execute(ROWS.delete()).rowcount)
    await database.vacuum()
    assert secret not in everything()
    assert await database.transact(unit_of("good", "after", fixed=True)) == "after"


async def test_callers_of_several_event_loops_are_all_answered(database: Database) -> None:
    def elsewhere(n: int) -> str:
        return asyncio.run(database.transact(unit_of("good", f"t{n}", fixed=True)))

    answers = await asyncio.gather(
        *(asyncio.to_thread(elsewhere, n) for n in range(5)), database.transact(unit_of("good", "here", fixed=True))
    )
    assert answers == ["t0", "t1", "t2", "t3", "t4", "here"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "must name a file"),
        ("sqlite:///x.db?timeout=5", "no options"),
        ("sqlite://x.db", "three slashes"),
        ("mysql://root:secret@host/db", "'mysql'"),
        ("sqlite+aiosqlite:///x.db", "'sqlite\\+aiosqlite'"),
        ("postgresql://user:secret@host", "names no database"),
        ("secret", "not a database address"),
        ("sqlite:////nowhere/at/all/x.db", "/nowhere/at/all of the database does not exist"),
        ("sqlite:////proc/x.db", "/proc/x.db"),
        ("sqlite:////", "names the folder /"),
        ("postgresql://user:secret@127.0.0.1:1/db", "cannot be reached"),
    ],
)
def test_an_address_that_cannot_work_is_answered_in_one_sentence(url: str, says: str, keys: KeyRing) -> None:
    with pytest.raises(StorageError, match=says) as caught:
        open_database(url, keys=keys)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.opens
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, keys: KeyRing) -> None:
    file = tmp_path / "x.db"
    file.write_text("Dear diary, " * 100)
    with pytest.raises(StorageError, match=r"x\.db is not a SQLite database"):
        open_database(f"sqlite:///{file}", keys=keys)
    assert file.read_text() == "Dear diary, " * 100


@pytest.mark.opens
def test_the_file_is_for_its_owner_alone(tmp_path: Path, keys: KeyRing) -> None:
    with suppress(StorageError):  # it is empty
        open_database(f"sqlite:///{tmp_path}/x.db", keys=keys)
    assert (tmp_path / "x.db").stat().st_mode & 0o777 == 0o600


def test_one_process_at_a_time_serves_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with lock_for_one_process(url), pytest.raises(DatabaseInUse, match=r"x\.db"), lock_for_one_process(url):
        raise AssertionError("both hold it")
    with lock_for_one_process(url):
        pass


@pytest.mark.opens
def test_the_lock_is_free_after_kill_9(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    code = (
        "import sys, time; from storage.database.open import lock_for_one_process\n"
        "with lock_for_one_process(sys.argv[1]): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseInUse), lock_for_one_process(url):
            pass
        holder.send_signal(signal.SIGKILL)
    with lock_for_one_process(url):
        pass


def test_any_number_of_processes_serve_one_postgresql() -> None:
    with lock_for_one_process("postgresql://host/db"), lock_for_one_process("postgresql://host/db"):
        pass
