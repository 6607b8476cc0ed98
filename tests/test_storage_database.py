"""Units on both databases: what is told stored is stored, and nothing else."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database.encryption import KeyRing
from storage.database.open import Database, open_database
from storage.database.urls import parse_url
from storage.errors import DatabaseClosed, KeyLost, StorageError, UnitError
from tests.support.tables import OWN, PARTS, THINGS, add, names


@pytest.fixture
async def database(url: str, keys: KeyRing) -> AsyncIterator[Database]:
    """A database with the tables of this test."""
    engine = create_engine(parse_url(url))
    OWN.create_all(engine)
    engine.dispose()
    async with open_database(url, keys=keys) as opened:
        yield opened


def add_orphan(name: str) -> Callable[[Connection], str]:
    """Breaks a reference that is checked at COMMIT only."""

    def unit(connection: Connection) -> str:
        connection.execute(insert(THINGS).values(name=name))
        connection.execute(insert(PARTS).values(thing="nobody"))
        return name

    return unit


def poison(name: str) -> Callable[[Connection], str]:
    def unit(connection: Connection) -> str:
        connection.execute(insert(THINGS).values(name=name))
        raise ValueError(name)

    return unit


async def test_a_unit_is_stored_whole_and_its_value_comes_back(database: Database) -> None:
    assert await database.transact(add("one")) == "one"
    assert await database.read(names) == ["one"]


async def test_poison_units_fail_alone(database: Database) -> None:
    units = [poison(f"p{n}") if n % 5 == 2 else add(f"g{n}") for n in range(40)]
    outcomes = await asyncio.gather(*map(database.transact, units), return_exceptions=True)
    for n, outcome in enumerate(outcomes):
        assert isinstance(outcome, ValueError) if n % 5 == 2 else outcome == f"g{n}"
    assert sorted(await database.read(names)) == sorted(f"g{n}" for n in range(40) if n % 5 != 2)


async def test_a_unit_whose_commit_fails_fails_alone(database: Database) -> None:
    units = [add_orphan(f"p{n}") if n in (3, 7) else add(f"g{n}") for n in range(10)]
    outcomes = await asyncio.gather(*map(database.transact, units), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if isinstance(outcome, IntegrityError)] == [3, 7]
    assert sorted(await database.read(names)) == sorted(f"g{n}" for n in range(10) if n not in (3, 7))


async def test_a_unit_that_runs_twice_touches_only_once(database: Database) -> None:
    runs = []

    def counted(connection: Connection) -> None:
        runs.append(1)
        add("counted")(connection)
        if database_is_postgres(connection) and len(runs) == 1:
            connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$")

    with held(database):
        waiting = [asyncio.create_task(database.transact(unit)) for unit in (counted, poison("p"))]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert outcomes[0] is None
    assert len(runs) == 2
    assert await database.read(names) == ["counted"]


async def test_a_unit_cannot_succeed_once_a_statement_failed(database: Database) -> None:
    await database.transact(add("one"))

    def swallow(connection: Connection) -> str:
        add("before")(connection)
        try:
            add("one")(connection)
        except IntegrityError:
            return "fine"
        return "never"

    with pytest.raises(UnitError):
        await database.transact(swallow)
    assert await database.read(names) == ["one"]


@pytest.mark.parametrize("act", ["commit", "rollback", "begin_nested"])
async def test_a_unit_may_not_end_or_nest_its_transaction(database: Database, act: str) -> None:
    def unit(connection: Connection) -> None:
        add("one")(connection)
        getattr(connection, act)()

    def stubborn(connection: Connection) -> None:
        add("two")(connection)
        with suppress(UnitError):
            getattr(connection, act)()
        add("three")(connection)

    outcomes = await asyncio.gather(
        database.transact(add("first")),
        database.transact(unit),
        database.transact(stubborn),
        database.transact(add("last")),
        return_exceptions=True,
    )
    assert [outcome for outcome in outcomes if isinstance(outcome, str)] == ["first", "last"]
    assert isinstance(outcomes[1], UnitError)
    assert isinstance(outcomes[2], Exception)
    for n in range(20):  # so that every connection has been used again
        await database.transact(add(f"later {n}"))
    assert sorted(await database.read(names)) == ["first", "last", *sorted(f"later {n}" for n in range(20))]


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, StopIteration, GeneratorExit, asyncio.CancelledError])
async def test_a_unit_that_raises_something_odd_fails_alone(database: Database, kind: type[BaseException]) -> None:
    def odd(connection: Connection) -> None:
        add("odd")(connection)
        raise kind

    outcomes = await asyncio.gather(
        database.transact(odd), database.transact(add("one")), database.read(odd), return_exceptions=True
    )
    assert isinstance(outcomes[0], UnitError)
    assert outcomes[1] == "one"
    assert isinstance(outcomes[2], DBAPIError)
    assert await database.read(names) == ["one"]


@pytest.mark.parametrize(
    "lazy",
    [
        lambda connection: connection.execute(select(THINGS)),
        lambda connection: connection.execute(select(THINGS)).scalars(),
        lambda connection: connection.execute(select(THINGS)).mappings(),
        lambda connection: connection,
        lambda connection: (row for row in connection.execute(select(THINGS))),
    ],
)
async def test_a_unit_returns_values_and_nothing_bound_to_its_connection(
    database: Database, lazy: Callable[[Connection], Any]
) -> None:
    for run in (database.transact, database.read):
        with pytest.raises(UnitError):
            await run(lazy)
    assert await database.transact(add("after")) == "after"


async def test_cancelled_callers_disturb_nobody(database: Database) -> None:
    problems: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
    tasks = [asyncio.create_task(database.transact(add(f"n{n}"))) for n in range(200)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert outcomes[1::2] == [f"n{n}" for n in range(1, 200, 2)]
    assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes[::2])
    await database.transact(add("after"))
    stored = await database.read(names)
    assert {f"n{n}" for n in range(1, 200, 2)} | {"after"} <= set(stored)
    assert problems == []


async def test_a_read_does_not_wait_for_a_long_write(database: Database) -> None:
    await database.transact(add("one"))
    with held(database):
        assert await asyncio.wait_for(database.read(names), 5) == ["one"]


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await database.read(add("one"))
    assert await database.read(names) == []


async def test_a_read_sees_one_moment(database: Database) -> None:
    began, go_on = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[list[str], list[str]]:
        before = names(connection)
        began.set()
        assert go_on.wait(10)
        return before, names(connection)

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(began.wait, 10)
    await database.transact(add("one"))
    go_on.set()
    assert await reading == ([], [])


async def test_units_of_one_caller_keep_their_order(database: Database) -> None:
    async def caller(who: str) -> None:
        for n in range(30):
            await database.transact(add(f"{who}{n:02}"))

    await asyncio.gather(*(caller(who) for who in "abcdef"))
    stored = await database.read(names)
    for who in "abcdef":
        assert [name for name in stored if name.startswith(who)] == [f"{who}{n:02}" for n in range(30)]


async def test_every_connection_carries_the_keys(database: Database, keys: KeyRing) -> None:
    assert await database.transact(lambda connection: connection.info["keys"] is keys)
    assert await database.read(lambda connection: connection.info["keys"] is keys)


async def test_closing_waits_for_what_was_accepted_and_refuses_the_rest(url: str, database: Database) -> None:
    early = [asyncio.create_task(database.transact(add(f"n{n}"))) for n in range(300)]
    await asyncio.sleep(0)
    closing = [asyncio.create_task(database.close()) for _ in range(2)]
    await asyncio.sleep(0)
    late = [asyncio.create_task(database.transact(add(f"late{n}"))) for n in range(5)]
    outcomes = await asyncio.gather(*early, *late, return_exceptions=True)
    await asyncio.gather(*closing)
    assert outcomes[:300] == [f"n{n}" for n in range(300)]
    assert all(isinstance(outcome, DatabaseClosed) for outcome in outcomes[300:])
    for run in (database.transact, database.read):
        with pytest.raises(DatabaseClosed):
            await run(names)
    engine = create_engine(parse_url(url))
    with engine.connect() as connection:
        assert set(names(connection)) == {f"n{n}" for n in range(300)}
    engine.dispose()


async def test_the_event_loop_is_never_blocked(database: Database) -> None:
    worst = 0.0
    done = False

    async def watch() -> None:
        nonlocal worst
        while not done:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - before)

    async def caller(who: int) -> None:
        for n in range(50):
            await database.transact(add(f"{who}-{n}"))

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(caller(who) for who in range(100)))
    done = True
    await watching
    assert await database.read(lambda c: c.execute(select(func.count()).select_from(THINGS)).scalar_one()) == 5000
    assert worst < 1


async def test_wrong_keys_are_refused(url: str, database: Database) -> None:
    await database.close()
    with pytest.raises(KeyLost, match="encryption key is lost"):
        open_database(url, keys=KeyRing.from_text("M" * 43 + "="))


@pytest.mark.opens
def test_an_empty_database_asks_for_its_migrations(tmp_path: Any, keys: KeyRing) -> None:
    with pytest.raises(StorageError, match="migrations"):
        open_database(f"sqlite:///{tmp_path}/new.db", keys=keys)


class held:  # noqa: N801 - reads as a statement
    """Keeps one writer busy, so that what is queued meanwhile makes one batch on SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._go_on = threading.Event()

    def __enter__(self) -> None:
        self._task = asyncio.ensure_future(self._database.transact(lambda _: self._go_on.wait(10)))

    def __exit__(self, *_: object) -> None:
        self._go_on.set()


def database_is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
