"""`throughline run` as operators run it: a real process against the fake servers, every way in."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.town import KEY

ROOT = Path(__file__).parent.parent
SECRET = "a-webhook-secret"


@dataclass
class Process:
    """A `throughline run` that can be asked how it is, stopped, and killed."""

    folder: Path
    environment: dict[str, str]
    port: int
    under_way: asyncio.subprocess.Process | None = None

    async def command(self, *arguments: str) -> str:
        """Run another command beside it."""
        made = await self._start(*arguments)
        out, log = await made.communicate()
        assert made.returncode == 0, log.decode()
        return out.decode()

    async def start(self) -> None:
        """Start it, and wait until it serves."""
        self.under_way = await self._start("run")
        for _ in range(300):
            if await self.ready() is not None:
                return
            assert self.under_way.returncode is None, await self.log()
            await asyncio.sleep(0.05)
        raise AssertionError("it does not serve")

    async def _start(self, *arguments: str) -> asyncio.subprocess.Process:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT), "HTTP_PORT": str(self.port), **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def log(self) -> str:
        """What it logged, once it has ended."""
        assert self.under_way is not None
        _, log = await self.under_way.communicate()
        return log.decode()

    async def ready(self) -> tuple[int, dict[str, str]] | None:
        """What `/readyz` says; None while nobody answers."""

        def ask() -> tuple[int, dict[str, str]] | None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)
            except OSError:
                return None

        return await asyncio.to_thread(ask)

    async def becomes(self, status: int, within: float = 20.0) -> dict[str, str]:
        """Wait until `/readyz` answers so."""
        found: Any = None
        for _ in range(int(within / 0.1)):
            found = await self.ready()
            if found is not None and found[0] == status:
                return dict(found[1])
            await asyncio.sleep(0.1)
        raise AssertionError(f"/readyz says {found}, not {status}")

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; its exit code, and its log."""
        assert self.under_way is not None
        self.under_way.send_signal(number)
        async with asyncio.timeout(20):
            log = await self.log()
        return self.under_way.returncode or 0, log


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextlib.asynccontextmanager
async def process(folder: Path, **environment: str) -> AsyncIterator[Process]:
    """A process that is not started yet, on a database of its own; killed at the end if it still runs."""
    made = Process(folder=folder, environment={"ENCRYPTION_KEYS": KEY, **environment}, port=free_port())
    try:
        yield made
    finally:
        if made.under_way is not None and made.under_way.returncode is None:
            made.under_way.kill()
            await made.under_way.wait()


async def code_for_a_coach(run: Process) -> str:
    return (await run.command("invite", "coach", "--name", "Dana", "--timezone", "Europe/Berlin")).splitlines()[-1]


def code_in(text: str) -> str:
    found = re.search(r"[0-9a-f]{32}", text)
    assert found is not None, text
    return found.group()


# -- Telegram --------------------------------------------------------------------------------------------------------


async def a_first_meeting(run: Process, api: FakeTelegram) -> Any:
    """A coach joins by code, invites, and a client joins by the code that came back; returns the client."""
    dana, ana = api.person("Dana"), api.person("Ana")
    dana.starts(await code_for_a_coach(run))
    await dana.sees("Welcome, Dana.", within=20)
    dana.says("/invite Ana")
    await dana.sees("The code for Ana", f"https://t.me/{api.username}?start=")
    code = code_in(dana.last.text)
    ana.starts(code)
    await ana.sees("Hello Ana.")
    dana.starts(code)
    await dana.sees("used before")
    ana.presses("Start")
    await ana.sees("How would you like it?")
    return ana


async def test_telegram_by_polling(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
    ):
        await run.start()
        assert await run.becomes(200) == {"database": "ready", "telegram": "ready"}
        await a_first_meeting(run, api)
        code, log = await run.stop()
        assert code == 0, log
        assert "Traceback" not in log
        assert api.token not in log
        assert "serving Telegram by polling" in log


async def test_telegram_by_webhook(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
    ):
        run.environment |= {
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{run.port}",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        await run.start()
        await run.becomes(200)
        await a_first_meeting(run, api)
        assert (await run.stop())[0] == 0


async def test_a_kill_loses_nothing_and_a_restart_goes_on(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
    ):
        await run.start()
        ana = await a_first_meeting(run, api)
        for label in ("As described", "skip", "Monday to Friday", "Weekly", "Friday"):
            asked = ana.last.text
            ana.presses(label) if label != "skip" else ana.says("skip")
            await run.stop(signal.SIGKILL)
            await run.start()
            await ana.until(lambda before=asked: not ana.last.text.startswith(before), within=40)
        questions = [shown.text.split("\n✓")[0] for shown in ana.shown]
        copies = len(questions) - len(set(questions))
        assert copies <= 5  # at each of five kills, one message at most was on its way


async def test_outages_are_waited_out_and_readiness_says_so(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
    ):
        await run.start()
        ana = await a_first_meeting(run, api)
        await api.unplug()
        ana.presses("As described")
        assert (await run.becomes(503))["telegram"] != "ready"
        await api.plug()
        await ana.sees("Which city", within=30)
        await run.becomes(200)
        api.revoked = True
        ana.says("Berlin")  # ends the poll that is under way
        assert (await run.becomes(503))["telegram"] == "unauthorised"
        api.revoked = False
        await run.stop()


# -- Slack -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_slack(tmp_path: Path, way: str) -> None:
    async with FakeSlack(limits=False) as fake, process(tmp_path, SLACK_API_URL=fake.url) as run:
        team = fake.team()
        run.environment["SLACK_BOT_TOKEN"] = team.token
        if way == "socket":
            run.environment["SLACK_APP_TOKEN"] = fake.app_token
        else:
            run.environment["SLACK_SIGNING_SECRET"] = fake.signing_secret
            fake.mail.target = f"http://127.0.0.1:{run.port}/slack/events"
        await run.start()
        await run.becomes(200)
        dana, ana = fake.person("Dana", team), fake.person("Ana", team)
        await dana.runs(f"/throughline join {await code_for_a_coach(run)}")
        await sees(dana, "Welcome, Dana.")
        await dana.runs("/throughline invite Ana")
        await sees(dana, "The code for Ana")
        await ana.types(f"join {code_in(dana.last.text)}")
        await sees(ana, "Hello Ana.")
        await ana.presses("Start")
        await sees(ana, "How would you like it?")
        assert any("✓ Start" in shown.text for shown in ana.screen)
        code, log = await run.stop(signal.SIGINT)
        assert code == 0, log
        assert "Traceback" not in log
        for secret in (team.token, fake.app_token, fake.signing_secret):
            assert secret not in log


async def sees(person: Any, words: str, within: float = 20.0) -> None:
    for _ in range(int(within / 0.05)):
        if person.read and any(words in text for text in person.read[-2:]):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words!r} is not in {person.read[-2:]}")


# -- what stops the start --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "No platform is set"),
        ({"SLACK_BOT_TOKEN": "xoxb-canary"}, "SLACK_APP_TOKEN is not set"),
        ({"SLACK_APP_TOKEN": "xapp-canary"}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is not set"),
        ({"TELEGRAM_BOT_TOKEN": "1:canary", "TELEGRAM_WEBHOOK_URL": "https://x"}, "TELEGRAM_WEBHOOK_SECRET is not set"),
        ({"TELEGRAM_BOT_TOKEN": "1:canary", "HTTP_HOST": "no.such.host.invalid"}, "HTTP_HOST"),
    ],
)
async def test_what_is_missing_is_named_in_one_line(tmp_path: Path, environment: dict[str, str], named: str) -> None:
    async with process(tmp_path, **environment) as run:
        run.under_way = await run._start("run")
        log = await run.log()
        assert run.under_way.returncode == 1
        assert named in log
        assert len(log.strip().splitlines()) == 1
        assert "canary" not in log


async def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as second,
    ):
        await run.start()
        second.under_way = await second._start("run")
        log = await second.log()
        assert second.under_way.returncode == 1
        assert "in use by another process" in log
        assert len(log.strip().splitlines()) == 1
