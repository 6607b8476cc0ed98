"""A canary in every field that comes in or goes out is found in no log, metric or readiness page of a real process."""

import asyncio
import json
import re
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.logs import place_of, without_words
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.faults.people import until
from tests.support.run_process import Process, code_for_a_coach, code_in, process
from tests.support.town import KEY

CANARY = "zebrafinch"
WORDS = re.compile(CANARY, re.IGNORECASE)


async def page(run: Process, path: str) -> str:
    """What the process says there."""

    def ask() -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{run.port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return str(error.read().decode())

    return await asyncio.to_thread(ask)


def spoil(folder: Path) -> None:
    """Make the client's events and a job fail, with exceptions whose messages quote what stands in the rows."""
    state, name = (Fernet(KEY).encrypt_at_time(text, 0) for text in (b'[{"id": "zebrafinch"}]', b"Zebrafinch"))
    clients = "select id from person where not coach"
    spoilt = ("x", name, "UTC", "en", "en-GB", False, '{"pace": "zebrafinch"}', 0)
    with closing(sqlite3.connect(folder / "throughline.db", timeout=10)) as connection:
        connection.execute(f"update conversation set state = ? where person in ({clients})", (state,))
        names = "id, name, home, language, locale, coach, wishes, began"
        connection.execute(f"insert into person ({names}) values (?, ?, ?, ?, ?, ?, ?, ?)", spoilt)
        connection.execute("insert into data_request values ('r', 'x', 'export', '', 0, 0)")
        connection.commit()


def clean(seen: str, secrets: tuple[str, ...]) -> None:
    """Neither a canary nor a secret is in it."""
    found = WORDS.search(seen)
    assert found is None, seen[max(0, found.start() - 200) : found.end() + 200]
    for secret in secrets:
        assert secret not in seen


def said(person: Any, words: str) -> bool:
    """Whether somebody in Slack has read it just now."""
    return any(words in text for text in person.read[-2:])


async def test_telegram(tmp_path: Path) -> None:
    async with (
        FakeTelegram() as api,
        process(tmp_path, TELEGRAM_BOT_TOKEN=api.token, TELEGRAM_API_URL=api.url, LOG_FORMAT="json") as run,
    ):
        run.environment["LOG_LEVEL"] = "debug"
        await run.start()
        dana, ana = api.person("Dana Zebrafinch"), api.person("Ana Zebrafinch", username="zebrafinch_ana")
        dana.starts(await code_for_a_coach(run))
        await dana.sees("Welcome", within=20)
        dana.says("/invite Ana Zebrafinch")
        await dana.sees("The code for")
        ana.starts(code_in(dana.last.text))
        await ana.sees("Hello Ana")
        asked = {"Start": "Who reads what", "All of that": "May I write", "Change": "What shall I change"}
        for label, then in asked.items():
            ana.presses(label)
            await ana.sees(then)
        ana.says("zebrafinch city")
        await asyncio.sleep(0.3)
        await asyncio.to_thread(spoil, tmp_path)
        ana.says("private zebrafinch thoughts")
        ana.says("pause until zebrafinch")
        ana.says("pause")
        ana.says("commit zebrafinch by Friday")
        dana.says("client zebrafinch")
        ana.says("zebrafinch " * 9_000)
        ana.sends("photo", caption="zebrafinch")
        ana.reacts(ana.last)
        await asyncio.sleep(2.2)  # requests are looked at every two seconds
        api.revoked = True
        ana.says("zebrafinch once more")
        await run.becomes(503)
        seen = await page(run, "/metrics") + await page(run, "/readyz") + await page(run, "/healthz")
        _, log = await run.stop()
        assert "Unreadable" in log  # the job
        secrets = (api.token, run.environment["ENCRYPTION_KEYS"])
        clean(seen, secrets)
        clean(log, secrets)
        for who in (ana, dana):
            assert str(who.id) not in seen
        assert "throughline_events_total" in seen
        assert all(json.loads(line)["level"] for line in log.splitlines())
        listed = await run.command("inbox", "list")
        assert "at " in listed  # something did fail
        clean(listed, secrets)
        clean(await run.command("outbox", "list"), secrets)


async def test_slack(tmp_path: Path) -> None:
    async with FakeSlack(limits=False) as fake, process(tmp_path, SLACK_API_URL=fake.url, LOG_LEVEL="debug") as run:
        team = fake.team()
        run.environment |= {"SLACK_BOT_TOKEN": team.token, "SLACK_APP_TOKEN": fake.app_token}
        await run.start()
        await run.becomes(200)
        dana, ana = fake.person("Dana Zebrafinch", team), fake.person("Ana Zebrafinch", team)
        await dana.runs(f"/throughline join {await code_for_a_coach(run)}")
        await until(lambda: said(dana, "Welcome, Dana"), 20, "she has joined too")
        await dana.runs("/throughline invite Ana Zebrafinch")
        await until(lambda: said(dana, "The code for"), 20, "there is a code")
        await ana.types(f"join {code_in(dana.last.text)}")
        await until(lambda: said(ana, "Hello Ana"), 20, "he has joined too")
        await ana.presses("Start")
        await asyncio.to_thread(spoil, tmp_path)
        await ana.types("private zebrafinch thoughts")
        await ana.runs("/throughline pause")
        await ana.runs("/log zebrafinch done")
        await ana.types("zebrafinch " * 3_000)
        await asyncio.sleep(1)
        seen = await page(run, "/metrics") + await page(run, "/readyz")
        _, log = await run.stop()
        secrets = (team.token, fake.app_token, run.environment["ENCRYPTION_KEYS"])
        clean(seen, secrets)
        clean(log, secrets)


# -- the formatter by itself -----------------------------------------------------------------------------------------


def test_an_exception_is_told_by_its_type_and_place() -> None:
    try:
        try:
            raise ValueError("zebrafinch")
        except ValueError as error:
            raise KeyError("zebrafinch") from error
    except KeyError as error:
        told = place_of(error)
    assert re.fullmatch(r"KeyError after ValueError at test_logs_canary\.py:\d+", told)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("bot.conversation.receive", True), ("slack_bolt.App", False), ("uvicorn.error", True), ("asyncio", False)],
)
def test_libraries_are_heard_by_name_and_place_alone(name: str, kept: bool) -> None:
    import logging

    record = logging.LogRecord(name, logging.WARNING, "there.py", 7, "it says %s", ("zebrafinch",), None)
    entry: dict[str, Any] = {"event": record.getMessage(), "logger": name, "_record": record}
    told = str(without_words(None, "", entry)["event"])
    assert (CANARY in told) is kept
    assert kept or told == "warning at there:7"
