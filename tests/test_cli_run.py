"""`throughline run`: a real process against the fake servers, every way in; by one of each as operators start it."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.support.run_process import AsOperators, Process, code_for_a_coach, code_in, process

SECRET = "a-webhook-secret"


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
    await ana.sees("Who reads what")
    return ana


async def test_telegram_by_polling(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, AsOperators, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
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
        for label in ("All of that", "Change", "08:00", "Change", "Every two weeks"):
            asked = ana.last.text
            ana.presses(label)
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
        ana.presses("All of that")
        assert (await run.becomes(503))["telegram"] != "ready"
        await api.plug()
        await ana.sees("May I write on working days", within=30)
        await run.becomes(200)
        api.revoked = True
        ana.says("change")  # ends the poll that is under way
        assert (await run.becomes(503))["telegram"] == "unauthorised"
        api.revoked = False
        await run.stop()


# -- Slack -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "kind"), [("socket", AsOperators), ("http", Process)])
async def test_slack(tmp_path: Path, way: str, kind: type[Process]) -> None:
    async with FakeSlack(limits=False) as fake, process(tmp_path, kind, SLACK_API_URL=fake.url) as run:
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
        await sees(ana, "Who reads what")
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


async def test_an_address_that_cannot_be_served_is_named_in_one_line(tmp_path: Path) -> None:
    async with process(tmp_path, TELEGRAM_BOT_TOKEN="1:canary", HTTP_HOST="no.such.host.invalid") as run:
        await run.spawn("run")
        log = await run.log()
        assert run.under_way.returncode == 1
        assert "HTTP_HOST" in log
        assert len(log.strip().splitlines()) == 1
        assert "canary" not in log


async def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as run,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url) as second,
    ):
        await run.start()
        await second.spawn("run")
        log = await second.log()
        assert second.under_way.returncode == 1
        assert "in use by another process" in log
        assert len(log.strip().splitlines()) == 1
