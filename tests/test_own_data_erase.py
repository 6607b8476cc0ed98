"""Erased means gone: of a person who is erased, no row, no ciphertext and no platform id is found any more."""

from collections.abc import Iterator
from datetime import date, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Table,
    Time,
    UniqueConstraint,
    insert,
    select,
)
from sqlalchemy import String as Text
from sqlalchemy.types import TypeDecorator

from storage import audit
from storage.columns import Sealed, UtcDateTime
from storage.database.encryption import seal, unseal
from storage.database.open import Database
from storage.database.units import Unit
from storage.erasure import SLICE, erase_person
from storage.ownership import NOBODYS, OUTLIVING, UnknownTableError, links, owned_rows, personal
from storage.people import people
from storage.tables.schema import metadata
from tests.support.town import MONDAY, Town

FORMER = "your former coach"
USER = "zebrafinch-user"
CANARY = "zebrafinch-of-ana"
CANARIES = ("zebrafinch", "Zebrafinch")


# -- a person with something in every table ---------------------------------------------------------------------------


class Filler:
    """Gives somebody a row in every table that can hold something of theirs, whatever its columns are."""

    def __init__(self, connection: Connection, person: str, coach: str) -> None:
        self._connection = connection
        self._person = person
        self._coach = coach
        self._numbers = count(1)
        self._theirs: dict[Column[Any], Any] = {}

    def fill(self) -> None:
        """One row more in each table, below the person's own rows."""
        for table in personal(metadata()):
            if table.name not in ("person", "conversation", "lane") and _can_be_a_clients(table):
                self._connection.execute(insert(table).values(self._row(table)))

    def _row(self, table: Table) -> dict[str, Any]:
        parents = {link.column.name: link.target for link in links(table)}
        parents |= {c.name: key.column for c in table.columns for key in c.foreign_keys}
        return {
            column.name: self._parent(column, parents[column.name]) if column.name in parents else self._value(column)
            for column in table.columns
            if not (column.primary_key and column.autoincrement is True)
        }

    def _parent(self, column: Column[Any], target: Column[Any]) -> Any:
        """What the person has there, which is what a row of theirs refers to."""
        if target.table.name == "person":
            return self._coach if column.name == "coach" else self._person
        if target not in self._theirs:
            found = owned_rows(self._connection, metadata(), [("person", (self._person,))])
            (key, *_) = sorted(found[target.table.name])
            keys = list(target.table.primary_key.columns)
            self._theirs[target] = self._connection.execute(select(target).where(keys[0] == key[0])).scalar_one()
        return self._theirs[target]

    def _value(self, column: Column[Any]) -> Any:
        number = next(self._numbers)
        kind = column.type
        if isinstance(kind, Sealed):
            return seal(self._connection, f'{{"text": "{CANARY}"}}')
        if isinstance(kind, UtcDateTime):
            return MONDAY
        plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
        if isinstance(plain, Boolean):
            return False
        if isinstance(plain, Date):
            return date(2026, 11, number % 28 + 1)
        if isinstance(plain, Time):
            return time(8)
        if isinstance(plain, Integer):
            return number
        assert isinstance(plain, Text), f"{column} has a type that this test cannot fill"
        return "gone" if column.name == "state" else f"{CANARY}-{number}"


def _can_be_a_clients(table: Table) -> bool:
    return any(link.column.name != "coach" for link in links(table))


def _holds_words(table: Table) -> bool:
    known = {link.column.name for link in links(table)}
    return "person" in known or any(isinstance(c.type, Sealed) or (c.name == "id" and _text(c)) for c in table.columns)


def _text(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, Text)


async def marks(database: Database, person: str) -> list[bytes]:
    """The ciphertexts, platform ids and canaries of a person, as they stand in the files."""

    def look(connection: Connection) -> list[bytes]:
        found: set[bytes] = {CANARY.encode()}
        for name, keys in owned_rows(connection, metadata(), [("person", (person,))]).items():
            table = metadata().tables[name]
            columns = list(table.primary_key.columns)
            for row in connection.execute(select(table)).mappings():
                if tuple(row[column.name] for column in columns) in keys:
                    found |= set(_marks(table, dict(row)))
        return sorted(found)

    return await database.read(look)


def _marks(table: Table, row: dict[str, Any]) -> Iterator[bytes]:
    for column in table.columns:
        value = row[column.name]
        if isinstance(column.type, Sealed) and value:
            yield bytes(value)[20:80]  # the first bytes of a token are the same in all
        if table.name == "address" and column.name in ("user", "chat"):
            yield str(value).encode()
        if table.name == "lane" and column.name == "key":
            yield str(value).encode()


def in_files(file: Path, wanted: list[bytes]) -> list[bytes]:
    """Which of the marks stand in the database's files."""
    texts = [path.read_bytes() for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")) if path.exists()]
    return [mark for mark in wanted if any(mark in text for text in texts)]


async def traces(database: Database, person: str) -> set[str]:
    """The tables with a cell where the person's id or a canary of theirs stands, decrypted; lasting audits apart."""

    def look(connection: Connection) -> set[str]:
        return {
            table.name
            for table in metadata().sorted_tables
            for row in connection.execute(select(table)).mappings()
            if not (table.name == "audit" and row["verb"] in audit.LASTING)
            if any(word in _shown(connection, value) for value in row.values() for word in (person, *CANARIES))
        }

    return await database.read(look)


def _shown(connection: Connection, value: Any) -> str:
    return unseal(connection, value) if isinstance(value, bytes) else str(value)


async def rows_of(database: Database, person: str) -> dict[str, int]:
    """How many rows of which table belong to a person."""
    found = await database.read(partial(owned_rows, metadata=metadata(), start=[("person", (person,))]))
    return {name: len(keys) for name, keys in found.items()}


async def id_of(town: Town, user: str) -> str:
    return (await town.people[user].place()).person


async def a_full_life(town: Town) -> str:
    """Ana, who has done and been told much, with something in every table; Ben has the same coach."""
    ana = await town.client(USER, called="Ana Zebrafinch")
    await ana.says("commit call the zebrafinch bank by Wednesday")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("private zebrafinch thoughts")
    await town.client("ben")
    await town.people["dana"].says("/confirm Ana Zebrafinch")
    await town.people["dana"].says("clients")
    await town.people["dana"].says("client Ana Zebrafinch")
    town.people["dana"].reads("zebrafinch bank")
    person, coach = await id_of(town, USER), await id_of(town, "dana")
    await town.app.database.transact(lambda connection: Filler(connection, person, coach).fill())
    return person


# -- gone ------------------------------------------------------------------------------------------------------------


async def test_nothing_of_an_erased_client_is_found_in_any_table_or_file(town: Town) -> None:
    person, ben = await a_full_life(town), await id_of(town, "ben")
    database = town.app.database
    file = Path(town.settings.database.removeprefix("sqlite:///"))
    before, others = await marks(database, person), await rows_of(database, ben)
    assert await traces(database, person) >= {
        table.name for table in personal(metadata()) if _can_be_a_clients(table) and _holds_words(table)
    }
    if town.settings.database.startswith("sqlite"):
        assert len(before) > 40
        assert len(in_files(file, before)) == len(before)
    gone = await erase_person(database, person, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    assert gone["person"] == 1
    assert await traces(database, person) == set()
    assert in_files(file, before) == []
    assert await rows_of(database, ben) == others
    await town.people["dana"].says("clients")
    town.people["dana"].reads("Ben")
    assert "Ana" not in town.people["dana"].last.text


async def test_what_is_left_is_that_somebody_was_deleted_and_when(town: Town) -> None:
    person = await a_full_life(town)
    await erase_person(town.app.database, person, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    found = await town.app.database.read(partial(audit.entries, subject=person))
    assert [entry.verb for entry in found][-1] == audit.ERASED
    assert {entry.verb for entry in found} <= set(audit.LASTING)
    assert found[-1].at == town.clock()


async def test_whoever_is_erased_is_a_stranger_when_they_write_again(town: Town) -> None:
    await erase_person(
        town.app.database, await a_full_life(town), now=town.clock(), actor=audit.OPERATOR, former=FORMER
    )
    ana = town.people[USER]
    await ana.says("progress")
    ana.reads("I don't know you yet")


async def test_an_erased_coach_leaves_the_clients_records_whole_and_no_trace_of_their_own(town: Town) -> None:
    ana = await town.client("ana")
    for line in ("commit call the bank by Wednesday", "8", "skip"):
        await ana.says(line)
    dana, person = await id_of(town, "dana"), await id_of(town, "ana")
    before = await ana.commitments()
    assert before
    await town.code("client", dana, "Carl Zebrafinch", "Europe/Berlin")
    programme = metadata().tables["programme"]
    await town.app.database.transact(
        lambda c: c.execute(insert(programme).values(coach=dana, body=seal(c, "zebrafinch"))).rowcount
    )
    gone = await erase_person(town.app.database, dana, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    assert gone["address"] == 1
    assert gone["invite"] >= 1
    assert gone["programme"] == 1
    assert await traces(town.app.database, dana) == {"person", "engagement"}
    assert await ana.commitments() == before
    shell = await town.app.database.read(partial(people.person, wanted=dana))
    assert shell is not None
    assert (shell.name, shell.coach, shell.digest_at, shell.home) == (FORMER, False, None, "UTC")
    await ana.says("whatmycoachsees")
    assert "Dana" not in ana.last.text
    await erase_person(town.app.database, person, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    assert await town.app.database.read(partial(people.person, wanted=dana)) is None


async def test_erasing_somebody_unknown_or_twice_changes_nothing(town: Town) -> None:
    person = await a_full_life(town)
    erase = partial(erase_person, town.app.database, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    assert await erase("nobody") == {}
    assert await erase(person)
    assert await erase(person) == {}


# -- how it is done --------------------------------------------------------------------------------------------------


class Slices(Database):
    """A database that notes how many rows each transaction deletes."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.largest = 0
        self.vacuumed = 0

    async def transact(self, unit: Unit[Any], /) -> Any:
        """Run it, and count."""
        value = await self.inner.transact(unit)
        self.largest = max(self.largest, value if isinstance(value, int) else 0)
        return value

    async def read(self, unit: Unit[Any], /) -> Any:
        """Pass it on."""
        return await self.inner.read(unit)

    async def vacuum(self) -> None:
        """Pass it on, and count."""
        self.vacuumed += 1
        await self.inner.vacuum()

    async def close(self) -> None:
        """Leave it open."""


async def test_a_long_history_goes_in_slices(town: Town) -> None:
    person = await a_full_life(town)
    occurrence = metadata().tables["occurrence"]

    def many(connection: Connection) -> None:
        connection.execute(
            insert(occurrence),
            [
                {
                    "id": f"o{n}",
                    "person": person,
                    "dialogue": "weekly-checkin",
                    "slot": str(n),
                    "state": "sent",
                    "local_date": date(2026, 1, 1),
                    "due_at": MONDAY,
                    "reason": "",
                }
                for n in range(2 * SLICE + 1)
            ],
        )

    await town.app.database.transact(many)
    counting = Slices(town.app.database)
    gone = await erase_person(counting, person, now=town.clock(), actor=audit.OPERATOR, former=FORMER)
    assert gone["occurrence"] > 2 * SLICE
    assert counting.largest == SLICE
    assert counting.vacuumed == 1


def test_every_reference_to_what_is_erased_is_indexed() -> None:
    """Otherwise the database looks through a whole table for each row that goes, and holds the writer meanwhile."""
    for table in metadata().sorted_tables:
        whole = [index for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
        led = {next(iter(found.columns)).name for found in (*whole, table.primary_key, *unique_ones(table))}
        for column in table.columns:
            if column.foreign_keys:
                assert column.name in led, f"{table.name}.{column.name} has no index: erasing would scan the table"


def unique_ones(table: Table) -> list[UniqueConstraint]:
    return [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]


# -- a table of tomorrow ---------------------------------------------------------------------------------------------


def test_a_table_that_belongs_to_nobody_known_is_refused() -> None:
    tomorrow = MetaData()
    for table in metadata().sorted_tables:
        table.to_metadata(tomorrow)
    Table("secret_diary", tomorrow, Column("id", Integer, primary_key=True), Column("words", Text))
    with pytest.raises(UnknownTableError, match="secret_diary"):
        personal(tomorrow)


def test_a_table_with_an_owner_is_found_by_itself() -> None:
    tomorrow = MetaData()
    for table in metadata().sorted_tables:
        table.to_metadata(tomorrow)
    Table("diary", tomorrow, Column("id", Integer, primary_key=True), Column("engagement", Text))
    assert "diary" in {table.name for table in personal(tomorrow)}


def test_no_table_that_is_said_to_be_nobodys_refers_to_a_person() -> None:
    for name in NOBODYS:
        assert not links(metadata().tables[name]), f"{name} refers to somebody: take it out of NOBODYS"
    for name in OUTLIVING:
        assert not [c for c in metadata().tables[name].columns if isinstance(c.type, Sealed)]
