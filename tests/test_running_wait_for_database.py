"""A database that is away when the bot starts is waited for, for a while; then one line says so."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.app import Edges
from bot.cli.serve import Share, serve
from bot.running.wait_for_database import when_there
from bot.settings import Settings
from storage.database.migrate import upgrade
from storage.database.open import Database
from storage.errors import DatabaseAway, StorageError
from tests.support.run_process import becomes, free_port
from tests.support.town import KEY


class Gate:
    """Another folder for a server's socket, empty until it is opened: nobody answers there then."""

    def __init__(self, url: str, folder: Path) -> None:
        there = make_url(url)
        name = f".s.PGSQL.{there.port or 5432}"
        self._there, self._here = Path(str(there.query["host"])) / name, folder / name
        self.url = there.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)

    def open(self) -> None:
        self._here.symlink_to(self._there)


def settings_for(url: str, port: int) -> Settings:
    return Settings(_env_file=None, database_url=url, encryption_keys=KEY, http_port=port)  # type: ignore[call-arg]


@asynccontextmanager
async def served(settings: Settings, edges: Edges, share: Share = Share.ALL) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    serving = asyncio.ensure_future(serve(settings, stop=stop, edges=edges, share=share))
    try:
        yield serving
    finally:
        stop.set()
        await asyncio.wait([serving], timeout=30)


async def test_a_server_that_comes_up_late_is_waited_for(
    postgresql_fresh: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port, gate = free_port(), Gate(postgresql_fresh, tmp_path)
    caplog.set_level("INFO", "throughline")
    async with served(settings_for(gate.url, port), Edges()) as serving:
        async with asyncio.timeout(20):
            while "the database is away; waiting for it up to" not in caplog.text:
                if serving.done():
                    serving.result()
                await asyncio.sleep(0.02)
        assert not serving.done()
        gate.open()
        assert (await becomes(port, 200, within=40))["database"] == "ready"
    assert serving.exception() is None


async def test_a_server_that_stays_away_ends_the_start_with_one_line() -> None:
    url = f"postgresql://sample:secret@127.0.0.1:{free_port()}/db"
    with pytest.raises(DatabaseAway, match=r"waited for 0 s and is still away: .* cannot be reached") as raised:
        await serve(settings_for(url, 0), edges=Edges(patience=0.1))
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


async def test_a_wrong_password_or_database_is_not_waited_for(postgresql_fresh: str) -> None:
    wrong = make_url(postgresql_fresh).set(database="nowhere").render_as_string(hide_password=False)
    async with asyncio.timeout(20):
        with pytest.raises(StorageError, match="nowhere") as raised:
            await serve(settings_for(wrong, 0), edges=Edges(patience=600))
    assert not isinstance(raised.value, DatabaseAway)


async def test_whoever_waits_for_the_database_can_be_stopped() -> None:
    url = f"postgresql://sample:secret@127.0.0.1:{free_port()}/db"
    async with served(settings_for(url, 0), Edges(patience=600)) as serving:
        await asyncio.sleep(0.1)
        assert not serving.done()
    assert serving.exception() is None


class Away(Database):
    """A database whose writers do not answer until it is back."""

    def __init__(self, real: Database) -> None:
        self.real = real
        self.back = asyncio.Event()
        self.asked = asyncio.Event()

    async def transact(self, unit: Callable[[Any], Any], /) -> Any:
        self.asked.set()
        self._answers()
        return await self.real.transact(unit)

    async def read(self, unit: Callable[[Any], Any], /) -> Any:
        self._answers()
        return await self.real.read(unit)

    async def vacuum(self) -> None:
        await self.real.vacuum()

    async def close(self) -> None:
        await self.real.close()

    def _answers(self) -> None:
        if not self.back.is_set():
            raise OperationalError("select 1", None, Exception("gone"), connection_invalidated=True)


async def test_a_database_that_goes_away_before_delivery_begins_leaves_the_process_alive_and_not_ready(
    sqlite_fresh: str,
) -> None:
    port, made = free_port(), []

    def away(real: Database) -> Database:
        made.append(Away(real))
        return made[0]

    upgrade(sqlite_fresh)
    async with served(settings_for(sqlite_fresh, port), Edges(database=away)) as serving:
        found = await becomes(port, 503, within=20)
        assert found["database"] == "unreachable"
        assert "the database does not answer" in str(found["reasons"])
        async with asyncio.timeout(10):
            await made[0].asked.wait()
        assert not serving.done()
        made[0].back.set()
        assert (await becomes(port, 200, within=20))["database"] == "ready"
    assert serving.exception() is None


async def test_what_is_no_absence_is_raised_at_once() -> None:
    async def wrong() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        await when_there(wrong, patience=600, stop=asyncio.Event())
