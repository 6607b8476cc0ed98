"""Keys, sealed values and key rotation."""

import asyncio
import os
import subprocess
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, insert, select, update

from storage.columns import Sealed, UtcDateTime
from storage.database.encryption import KeyRing, key_file, load_keys, seal, unseal
from storage.database.key_rotation import rotate_keys
from storage.database.open import Database, open_database
from storage.database.units import T, Unit
from storage.database.urls import parse_url
from storage.errors import KeyLost, StorageError
from storage.meta import META

OLD = Fernet.generate_key().decode()
NEW = Fernet.generate_key().decode()
RING = KeyRing.from_text(NEW)

OWN = MetaData()
NOTES = Table(
    "own_notes",
    OWN,
    Column("person", Integer, primary_key=True),
    Column("slot", String, primary_key=True),
    Column("text", Sealed),
    Column("name", Sealed),
    Column("plain", String),
)
TIMED = Table("own_timed", OWN, Column("at", UtcDateTime, primary_key=True), Column("text", Sealed))
CANARY = META.to_metadata(OWN)


@given(st.text(st.characters(), max_size=200))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert RING.unseal(RING.seal(text)) == text


@given(st.text(min_size=4))
def test_a_sealed_value_shows_neither_its_text_nor_its_time(text: str) -> None:
    sealed = RING.seal(text)
    assert text.encode("utf-8", "surrogatepass") not in sealed
    assert RING.seal(text) != sealed
    assert Fernet(NEW).extract_timestamp(sealed) == 0


def test_lone_surrogates_and_nul_are_kept() -> None:
    assert RING.unseal(RING.seal("a\x00\ud800b")) == "a\x00\ud800b"


def test_the_first_key_seals_and_all_of_them_open() -> None:
    both = KeyRing.from_text(f" {NEW},\n{OLD} ")
    assert KeyRing.from_text(NEW).unseal(both.seal("x")) == "x"
    assert both.unseal(KeyRing.from_text(OLD).seal("x")) == "x"
    with pytest.raises(KeyLost):
        KeyRing.from_text(OLD).unseal(both.seal("x"))


def test_keys_are_never_shown() -> None:
    assert NEW not in repr(RING)
    bad = NEW[:-2] + "!="
    with pytest.raises(StorageError, match="key 2 of 2 is not a Fernet key") as caught:
        KeyRing.from_text(f"{OLD},{bad}")
    shown = "".join(traceback.format_exception(caught.value))
    assert NEW[:10] not in shown.replace(__file__, "")
    assert OLD not in shown
    with pytest.raises(StorageError, match="holds no key"):
        KeyRing.from_text(" , ")


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    sealed = load_keys(url, None).seal("hello")
    path = key_file(tmp_path / "x.db")
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(url, "").unseal(sealed) == "hello"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_given_keys_need_no_file(tmp_path: Path) -> None:
    load_keys(f"sqlite:///{tmp_path}/x.db", NEW)
    assert list(tmp_path.iterdir()) == []
    assert load_keys("postgresql://host/db", NEW).unseal(RING.seal("x")) == "x"


def test_postgresql_without_keys_is_refused() -> None:
    with pytest.raises(StorageError, match="ENCRYPTION_KEYS is not set"):
        load_keys("postgresql://host/db", None)


@pytest.mark.parametrize("content", [b"", b"not a key\n", b"\xff\xfe\x00", b"M" * 40])
def test_a_spoilt_key_file_is_reported_and_never_overwritten(tmp_path: Path, content: bytes) -> None:
    path = key_file(tmp_path / "x.db")
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"x\.db\.key"):
        load_keys(f"sqlite:///{tmp_path}/x.db", None)
    assert path.read_bytes() == content


def test_an_unreadable_key_file_is_reported(tmp_path: Path) -> None:
    key_file(tmp_path / "x.db").mkdir()
    with pytest.raises(StorageError, match="cannot be read"):
        load_keys(f"sqlite:///{tmp_path}/x.db", None)


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be made"):
        load_keys(f"sqlite:///{tmp_path}/none/x.db", None)


def test_a_database_without_its_key_file_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"some rows")
    with pytest.raises(KeyLost, match="encryption key is lost"):
        load_keys(f"sqlite:///{tmp_path}/x.db", None)
    assert not key_file(tmp_path / "x.db").exists()


@pytest.mark.opens
def test_processes_that_start_together_end_with_the_same_key(tmp_path: Path) -> None:
    code = (
        "import sys; from storage.database.encryption import load_keys\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "sys.stdout.buffer.write(load_keys(sys.argv[1], None).seal('same'))"
    )
    url = f"sqlite:///{tmp_path}/x.db"
    command = [sys.executable, "-c", code, url]
    starters = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(4)]
    for starter in starters:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"ready\n"
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write(b"go\n")
        starter.stdin.flush()
    sealed = [starter.communicate()[0] for starter in starters]
    ring = load_keys(url, None)
    assert [ring.unseal(value) for value in sealed] == ["same"] * 4
    assert os.listdir(tmp_path) == ["x.db.key"]


@pytest.fixture
async def filled(url: str) -> tuple[str, int]:
    """A database whose every sealed value has the old key: its URL and how many values that are."""
    engine = create_engine(parse_url(url))
    OWN.create_all(engine)
    engine.dispose()

    def fill(connection: Connection) -> None:
        rows = [
            {
                "person": n // 3,
                "slot": f"slot {n % 3}",
                "text": seal(connection, f"text {n}"),
                "name": seal(connection, f"name {n}") if n % 2 else None,
                "plain": "as it was",
            }
            for n in range(100)
        ]
        connection.execute(insert(NOTES), rows)
        moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(20)]
        connection.execute(insert(TIMED), [{"at": moment, "text": seal(connection, "t")} for moment in moments])

    async with open_database(url, keys=KeyRing.from_text(OLD)) as database:
        await database.transact(fill)
    return url, 100 + 50 + 20 + 1


def texts(connection: Connection) -> list[tuple[str, str | None]]:
    rows = connection.execute(select(NOTES.c.text, NOTES.c.name).order_by(NOTES.c.person, NOTES.c.slot)).all()
    return [(unseal(connection, row.text), row.name and unseal(connection, row.name)) for row in rows]


def old_ones(connection: Connection) -> int:
    """Count the values that the new key does not open yet."""
    columns = (NOTES.c.text, NOTES.c.name, TIMED.c.text, CANARY.c.value)
    values = [value for column in columns for value in connection.execute(select(column)).scalars()]
    return sum(value is not None and KeyRing.from_text(f"{NEW},{OLD}").reseal(value) is not None for value in values)


EXPECTED = [(f"text {n}", f"name {n}" if n % 2 else None) for n in range(100)]


async def test_rotation_leaves_nothing_that_needs_the_old_key(filled: tuple[str, int]) -> None:
    url, values = filled
    async with open_database(url, keys=KeyRing.from_text(f"{NEW},{OLD}")) as database:
        assert await rotate_keys(database, OWN, slice_rows=7) == values
        assert await rotate_keys(database, OWN) == 0
    async with open_database(url, keys=KeyRing.from_text(NEW)) as database:
        assert await database.read(texts) == EXPECTED
        assert set(await database.read(lambda c: list(c.execute(select(NOTES.c.plain)).scalars()))) == {"as it was"}


class StoppedError(Exception):
    pass


class StopsAfter(Database):
    """A database that a process leaves after a few slices."""

    def __init__(self, database: Database, *, slices: int) -> None:
        self._database = database
        self._slices = slices

    async def transact(self, unit: Unit[T], /) -> T:
        if self._slices == 0:
            raise StoppedError
        self._slices -= 1
        return await self._database.transact(unit)

    async def read(self, unit: Unit[T], /) -> T:
        return await self._database.read(unit)

    async def vacuum(self) -> None:
        await self._database.vacuum()

    async def close(self) -> None:
        await self._database.close()


async def test_a_rotation_that_was_stopped_goes_on_and_still_asks_for_the_old_key(filled: tuple[str, int]) -> None:
    url, values = filled
    both = KeyRing.from_text(f"{NEW},{OLD}")
    async with open_database(url, keys=both) as database:
        with pytest.raises(StoppedError):
            await rotate_keys(StopsAfter(database, slices=3), OWN, slice_rows=10)
    with pytest.raises(KeyLost, match="encryption key is lost"):
        open_database(url, keys=KeyRing.from_text(NEW))
    async with open_database(url, keys=both) as database:
        assert await database.read(texts) == EXPECTED
        left = await database.read(old_ones)
        assert 0 < left < values
        assert await rotate_keys(database, OWN, slice_rows=10) == left
    async with open_database(url, keys=KeyRing.from_text(NEW)) as database:
        assert await database.read(texts) == EXPECTED


async def test_rotation_loses_nothing_that_others_write_meanwhile(filled: tuple[str, int]) -> None:
    url, _ = filled
    async with open_database(url, keys=KeyRing.from_text(f"{NEW},{OLD}")) as database:
        done = False
        written: dict[int, str] = {}

        async def others() -> None:
            n = 0
            while not done:
                person, text = n % 33, f"later {n}"

                def unit(connection: Connection, person: int = person, text: str = text) -> None:
                    change = update(NOTES).where(NOTES.c.person == person, NOTES.c.slot == "slot 0")
                    connection.execute(change.values(text=seal(connection, text)))

                await database.transact(unit)
                written[person] = text
                n += 1

        writing = asyncio.create_task(others())
        await rotate_keys(database, OWN, slice_rows=5)
        done = True
        await writing
        assert written
        stored = await database.read(texts)
        for n, (text, _name) in enumerate(stored):
            assert text == (written.get(n // 3, f"text {n}") if n % 3 == 0 else f"text {n}")
        assert await rotate_keys(database, OWN) == 0


async def test_rotation_stops_at_a_value_that_no_key_opens(filled: tuple[str, int]) -> None:
    url, _ = filled
    stranger = KeyRing.from_text(Fernet.generate_key().decode()).seal("x")
    async with open_database(url, keys=KeyRing.from_text(f"{NEW},{OLD}")) as database:
        await database.transact(
            lambda c: c.execute(update(NOTES).where(NOTES.c.person == 9).values(text=stranger)).rowcount
        )
        with pytest.raises(KeyLost):
            await rotate_keys(database, OWN)
        assert await database.read(lambda c: c.execute(select(NOTES.c.text).where(NOTES.c.text == stranger)).first())
