"""Several `throughline run` on one PostgreSQL: shared work, one poller that is replaced, old code beside new."""

import asyncio
import contextlib
import shutil
import signal
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from bot.running.leader import Lead
from storage.database.encryption import KeyRing
from storage.database.migrate import SCRIPTS, revisions, upgrade
from storage.database.open import Database
from tests.fakes.telegram import FakeTelegram
from tests.support.outbox import FakeMessenger, put
from tests.support.run_process import Process, code_for_a_coach, process
from tests.test_delivery_rate_limits import paced


@contextlib.asynccontextmanager
async def several(folder: Path, url: str, api: FakeTelegram, count: int) -> AsyncIterator[list[Process]]:
    async with contextlib.AsyncExitStack() as stack:
        made = []
        for _ in range(count):
            run = process(folder, DATABASE_URL=url, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url)
            made.append(await stack.enter_async_context(run))
        yield made


async def start(run: Process, *options: str) -> None:
    await run.spawn("run", *options)
    await run.serves()


def conflicts(api: FakeTelegram) -> int:
    return sum(call.method == "getUpdates" and call.code == 409 for call in api.calls)


async def test_one_polls_and_another_takes_over_within_seconds_when_it_dies(
    tmp_path: Path, postgresql_fresh: str
) -> None:
    async with FakeTelegram() as api, several(tmp_path, postgresql_fresh, api, 2) as (one, two):
        await start(one)
        dana = api.person("Dana")
        code = await code_for_a_coach(one)
        dana.starts(code)
        await dana.sees("Welcome, Dana.", within=30)
        await start(two)
        await asyncio.sleep(1)
        assert conflicts(api) == 0, "both poll"
        await one.stop(signal.SIGKILL)
        dana.says("/clients")
        shown = len(dana.shown)
        await dana.until(lambda: len(dana.shown) > shown, within=20)


async def test_a_poller_that_was_stopped_and_wakes_leaves_polling_to_its_successor(
    tmp_path: Path, postgresql_fresh: str
) -> None:
    async with FakeTelegram() as api, several(tmp_path, postgresql_fresh, api, 2) as (one, two):
        await start(one)
        dana = api.person("Dana")
        dana.starts(await code_for_a_coach(one))
        await dana.sees("Welcome, Dana.", within=30)
        await start(two)
        assert one.under_way is not None
        one.under_way.send_signal(signal.SIGSTOP)
        try:
            dana.says("/clients")
            shown = len(dana.shown)
            await dana.until(lambda: len(dana.shown) > shown, within=25)
        finally:
            one.under_way.send_signal(signal.SIGCONT)
        await asyncio.sleep(1)
        before = conflicts(api)
        for _ in range(3):
            shown = len(dana.shown)
            dana.says("/help")
            await dana.until(lambda before=shown: len(dana.shown) > before, within=20)
        assert conflicts(api) <= before + 1, "they take turns at throwing each other out"


async def test_one_process_may_receive_and_another_deliver(tmp_path: Path, postgresql_fresh: str) -> None:
    async with FakeTelegram() as api, several(tmp_path, postgresql_fresh, api, 2) as (receives, delivers):
        await start(receives, "--only", "receive")
        dana = api.person("Dana")
        dana.starts(await code_for_a_coach(receives))
        for _ in range(100):
            if api.toasts or not api.updates:
                break
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        assert not dana.shown, "who only receives says nothing"
        await start(delivers, "--only", "deliver")
        await dana.sees("Welcome, Dana.", within=30)
        dana.says("/clients")
        shown = len(dana.shown)
        await dana.until(lambda: len(dana.shown) > shown, within=8)


async def test_a_share_of_the_work_needs_a_database_that_is_shared(tmp_path: Path) -> None:
    async with FakeTelegram() as api, process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run:
        await run.spawn("run", "--only", "receive")
        log = await run.log()
        assert run.under_way.returncode == 1
        assert "--only needs PostgreSQL" in log
        assert len(log.strip().splitlines()) == 1


# -- choosing one ----------------------------------------------------------------------------------------------------


async def test_who_is_chosen_does_the_work_and_leaves_it_when_no_longer_chosen(database: Database) -> None:
    one, two = (Lead(database, "polling", name) for name in ("one", "two"))
    doing: list[str] = []

    async def work(name: str) -> None:
        doing.append(f"{name} begins")
        try:
            await asyncio.sleep(60)
        finally:
            doing.append(f"{name} ends")

    await one.ask()
    await two.ask()
    assert (one.chosen, two.chosen) == (True, False)
    tasks = [asyncio.ensure_future(lead.hold(partial(work, name))) for lead, name in ((one, "one"), (two, "two"))]
    await asyncio.sleep(0.1)
    renewing = asyncio.ensure_future(one.run())
    await asyncio.sleep(0.3)
    renewing.cancel()  # a clean stop
    await asyncio.gather(renewing, return_exceptions=True)
    await two.ask()
    await asyncio.sleep(0.2)
    assert doing == ["one begins", "one ends", "two begins"]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_lease_that_could_not_be_renewed_is_not_counted_on(database: Database) -> None:
    lead = Lead(database, "polling", "one")
    await lead.ask()
    lead._sure_until -= 4.0  # as when the process was stopped for so long
    assert not lead.chosen


# -- old code beside new ---------------------------------------------------------------------------------------------


def columns(connection: Connection) -> dict[str, dict[str, Any]]:
    found = inspect(connection)
    return {
        name: {column["name"]: column for column in found.get_columns(name)}
        for name in found.get_table_names()
        if name != "alembic_version"
    }


@pytest.mark.opens
def test_what_old_code_writes_is_taken_by_every_newer_revision(tmp_path: Path) -> None:
    """All that a revision adds to a table is optional or filled in by the database: old processes go on working."""
    url = f"sqlite:///{tmp_path}/old.db"
    before: dict[str, dict[str, Any]] = {}
    for count in range(1, len(revisions()) + 1):
        scripts = tmp_path / f"scripts{count}"
        shutil.copytree(SCRIPTS, scripts)
        for path in (scripts / "versions").glob("[0-9]*.py"):
            if path.name[:4] > revisions()[count - 1]:
                path.unlink()
        upgrade(url, scripts=scripts)
        made = create_engine(url)
        with made.connect() as connection:
            now = columns(connection)
        made.dispose()
        for table, held in before.items():
            assert held.keys() <= now[table].keys(), f"{table} lost a column"
            for name in now[table].keys() - held.keys():
                column = now[table][name]
                assert column["nullable"] or column["default"] is not None, f"{table}.{name}"
        before = now


async def test_rows_of_old_code_are_sent_by_new_code(database: Database, keys: KeyRing) -> None:
    def as_old_code(connection: Connection) -> None:
        put(connection, chat="ana", text="a", dedup="d")
        connection.execute(text("update outbox set bot = ''"))

    await database.transact(as_old_code)
    messenger = FakeMessenger()
    assert await paced(database, messenger).drain() == 1
    assert messenger.texts() == ["a"]
