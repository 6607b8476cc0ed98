"""Whatever fails at one platform is that platform's outage: it is named, begun again, and ends nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from bot.app import Edges
from bot.cli.serve import EDGES, serve
from bot.running.watch import Watched
from bot.settings import Settings
from storage.database.open import Database
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.support.garbage_answers import spoil, spoil_telegram
from tests.support.run_process import becomes, free_port
from tests.support.town import KEY
from tests.test_cli_run import sees
from tests.test_running_metrics import FakePart

# -- what nobody thought of ------------------------------------------------------------------------------------------


class Work:
    """Work that fails as often as it is told, and then goes on for ever."""

    def __init__(self, fails: int, error: Exception | None = None) -> None:
        self.fails, self.error = fails, error
        self.begun: list[float] = []

    async def do(self) -> None:
        self.begun.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0)
        if len(self.begun) <= self.fails:
            if self.error is None:
                return
            raise self.error
        await asyncio.Event().wait()


@asynccontextmanager
async def kept(work: Work, part: Any, calm: float = 0.05) -> AsyncIterator[Watched]:
    watched = Watched("slack", part, rests=(0.02, 0.1, 0.2), calm=calm)
    task = asyncio.create_task(watched.keep(work.do))
    try:
        yield watched
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], bool], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 (whatever it is, it may be anything)
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "error",
    [
        AttributeError("'str' object has no attribute 'get': xoxb-canary"),
        ExceptionGroup("several: xoxb-canary", [KeyError("xoxb-canary")]),
        None,
    ],
)
async def test_work_that_fails_is_begun_again_with_growing_rests_and_in_one_line(
    error: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "throughline")
    work = Work(4, error)
    async with kept(work, FakePart()) as watched:
        await until(lambda: watched.state == "failing")
        assert watched.reason
        assert watched.down_for is not None
        await until(lambda: len(work.begun) == 5)
        await until(lambda: watched.state == "ready")
        assert (watched.reason, watched.down_for) == ("", None)
    first, second, third, fourth = (later - sooner for sooner, later in zip(work.begun, work.begun[1:], strict=False))
    assert first < second < third
    assert fourth < 0.4, "rests grow up to a longest one"
    assert [line.split(":")[0] for line in caplog.messages] == ["slack fails and is begun again", "slack goes on"]
    assert "canary" not in caplog.text + watched.reason


async def test_what_the_platform_says_of_itself_stands_while_its_work_goes_on() -> None:
    async with kept(Work(0), FakePart("disconnected", "no socket")) as watched:
        await asyncio.sleep(0.1)
        assert (watched.state, watched.reason, watched.down_for) == ("disconnected", "no socket", 90.0)


class Grudging(Database):
    """A database that does not open workspaces, for no reason that anybody knows."""

    def __init__(self, real: Database) -> None:
        self.real, self.tried = real, 0

    async def transact(self, unit: Any, /) -> Any:
        if getattr(getattr(unit, "func", unit), "__name__", "") == "_turned":
            self.tried += 1
            if self.tried == 1:
                raise ArithmeticError("canary")
        return await self.real.transact(unit)

    async def read(self, unit: Any, /) -> Any:
        return await self.real.read(unit)

    async def vacuum(self) -> None:
        await self.real.vacuum()

    async def close(self) -> None:
        await self.real.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Both:
    """A bot that serves Telegram and Slack."""

    api: FakeTelegram
    fake: FakeSlack
    port: int
    serving: asyncio.Future[None]

    async def answers_on_telegram(self, name: str) -> None:
        stranger = self.api.person(name)
        stranger.says("hello")
        await stranger.until(lambda: bool(stranger.shown), within=20)

    async def says(self, status: int, platform: str, state: str) -> dict[str, Any]:
        """Wait until `/readyz` answers so, and has the other platform ready."""
        other = {"telegram": "slack", "slack": "telegram"}[platform]
        async with asyncio.timeout(30):
            found = await becomes(self.port, status)
            while found[platform] != state or found[other] != "ready":
                await asyncio.sleep(0.05)
                found = await becomes(self.port, status)
        return found


@asynccontextmanager
async def both(
    url: str, way: str = "http", edges: Edges = EDGES, spoilt: str = "", of: str = "slack"
) -> AsyncIterator[Both]:
    """The bot as `run` serves it, on fake servers; one of them may answer with garbage from the start."""
    stop, port = asyncio.Event(), free_port()
    async with FakeTelegram() as api, FakeSlack(limits=False) as fake:
        if way == "http":
            fake.mail.target = f"http://127.0.0.1:{port}/slack/events"
        if spoilt:
            spoil(fake, "*", spoilt) if of == "slack" else spoil_telegram(api, "*", spoilt)
        slack = {"socket": {"slack_app_token": fake.app_token}, "http": {"slack_signing_secret": fake.signing_secret}}
        settings = Settings(
            _env_file=None,
            database_url=url,
            encryption_keys=KEY,
            http_port=port,
            telegram_bot_token=api.token,
            telegram_api_url=api.url,
            slack_bot_token=fake.team().token,
            slack_api_url=fake.url,
            **slack[way],
        )  # type: ignore[call-arg]
        serving = asyncio.ensure_future(serve(settings, stop=stop, edges=edges))
        try:
            yield Both(api=api, fake=fake, port=port, serving=serving)
            assert not serving.done()
        finally:
            stop.set()
            await asyncio.wait([serving], timeout=30)
        assert serving.exception() is None


async def test_an_error_that_nobody_thought_of_ends_neither_the_process_nor_the_other_platform(
    sqlite_fresh: str,
) -> None:
    made = []

    def grudging(real: Database) -> Database:
        made.append(Grudging(real))
        return made[0]

    async with both(sqlite_fresh, edges=Edges(database=grudging, calm=1.0)) as bot:
        found = await bot.says(503, "slack", "failing")
        assert found["reasons"]["slack"].startswith("ArithmeticError at ")
        assert "canary" not in str(found)
        assert set(found["since"]) == {"slack"}
        await bot.answers_on_telegram("Ana")
        await bot.says(200, "slack", "ready")
        assert made[0].tried == 2


# -- a proxy's page in place of an answer ----------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_slack_answers_garbage_from_the_start_and_again_while_telegram_goes_on(
    sqlite_fresh: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with both(sqlite_fresh, way, spoilt="a page called JSON") as bot:
        found = await bot.says(503, "slack", "disconnected")
        assert (set(found["reasons"]), set(found["since"])) == ({"slack"}, {"slack"})
        await bot.answers_on_telegram("Ana")
        bot.fake.mend()
        await bot.says(200, "slack", "ready")
        eve = bot.fake.person("Eve")
        await eve.types("hello")
        await sees(eve, "code")

        spoil(bot.fake, "*", "text at 503")
        await bot.fake.mail.cut() if way == "socket" else await eve.types("hello")
        await bot.says(503, "slack", "disconnected")
        await bot.answers_on_telegram("Ben")
        bot.fake.mend()
        if way == "socket":  # which there has to be for an event to come through
            await bot.says(200, "slack", "ready")
        zoe = bot.fake.person("Zoe")  # of what Eve was told nobody knows whether it arrived: she is looked after later
        await zoe.types("hello")
        await sees(zoe, "code")
        await bot.says(200, "slack", "ready")
    for secret in (bot.fake.app_token, bot.fake.signing_secret, bot.api.token, "xoxb-"):
        assert secret not in caplog.text
    assert "Traceback" not in caplog.text


async def test_telegram_answers_garbage_while_slack_goes_on(sqlite_fresh: str) -> None:
    async with both(sqlite_fresh) as bot:
        await bot.says(200, "telegram", "ready")
        bot.api.fault("*", "body", 1000, code=200, body='{"ok": true}')
        bot.api.person("Ben").says("hello")  # ends the poll that is under way
        await bot.says(503, "telegram", "offline")
        eve = bot.fake.person("Eve")
        await eve.types("hello")
        await sees(eve, "code")
        bot.api.mend()
        await bot.answers_on_telegram("Ana")
        await bot.says(200, "telegram", "ready")
