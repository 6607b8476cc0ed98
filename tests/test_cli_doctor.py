"""`throughline doctor`: one line for everything a running bot rests on, each with its mend, and nothing is changed."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from bot.cli.doctor import Finding, examine
from bot.clock import real_clock
from bot.settings import Settings
from storage.database.migrate import upgrade
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.support.run_process import free_port, process
from tests.support.town import KEY


def settings_for(url: str, **more: Any) -> Settings:
    return Settings(_env_file=None, database_url=url, encryption_keys=KEY, **more)  # type: ignore[call-arg]


async def looked(settings: Settings, clock: Any = real_clock) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(settings, clock)}


async def test_where_all_is_well_every_line_says_so(sqlite_fresh: str) -> None:
    async with FakeTelegram() as api:
        found = await looked(settings_for(sqlite_fresh, telegram_bot_token=api.token, telegram_api_url=api.url))
    assert all(finding.well for finding in found.values()), list(map(str, found.values()))
    assert set(found) == {
        *("settings", "telegram", "clock", "disk", "migrations"),
        *("database", "key", "outbox", "inbox", "people"),
    }
    assert f"@{api.username}" in found["telegram"].text


async def test_a_refused_token_is_named_and_never_shown(sqlite_fresh: str) -> None:
    async with FakeTelegram() as api, FakeSlack(limits=False) as fake:
        token = "123456789:canary-of-a-revoked-token-0123456789"
        more = {"telegram_bot_token": token, "telegram_api_url": api.url}
        more |= {"slack_bot_token": "xoxb-canary", "slack_app_token": "xapp-canary", "slack_api_url": fake.url}
        found = await examine(settings_for(sqlite_fresh, **more), real_clock)
    text = "\n".join(map(str, found))
    assert "TELEGRAM_BOT_TOKEN is refused" in text
    assert "SLACK_BOT_TOKEN is refused" in text
    assert "SLACK_APP_TOKEN is refused" in text
    assert "canary" not in text


async def test_a_proxys_page_is_not_taken_for_a_refused_token(sqlite_fresh: str) -> None:
    async with FakeTelegram() as api, FakeSlack(limits=False) as fake:
        fake.fail("*", times=9, status=503, body='{"error": "policy"}', kind="application/json")
        api.fault("*", "body", 9, code=200, body="[]")
        more = {"telegram_bot_token": api.token, "telegram_api_url": api.url, "slack_api_url": fake.url}
        more |= {"slack_bot_token": fake.team().token, "slack_app_token": fake.app_token}
        found = await examine(settings_for(sqlite_fresh, **more), real_clock)
    told = [finding.text for finding in found if finding.name in ("slack", "telegram")]
    assert len(told) == 3
    assert all(text.startswith("something else answers (status ") for text in told), told


async def test_slack_tokens_that_work_are_said_to(sqlite_fresh: str) -> None:
    async with FakeSlack(limits=False) as fake:
        team = fake.team()
        more = {"slack_bot_token": team.token, "slack_app_token": fake.app_token, "slack_api_url": fake.url}
        found = await examine(settings_for(sqlite_fresh, **more), real_clock)
    told = [finding.text for finding in found if finding.name == "slack"]
    assert told == ["SLACK_BOT_TOKEN works", "SLACK_APP_TOKEN works"]


async def test_a_platform_that_does_not_answer_is_told_from_a_refusal(sqlite_fresh: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    token = "123456789:canary-of-a-token-0123456789-0123456"
    found = await looked(settings_for(sqlite_fresh, telegram_bot_token=token, telegram_api_url=url))
    assert not found["telegram"].well
    assert "does not answer" in found["telegram"].text
    assert "canary" not in found["telegram"].text
    assert "clock" not in found


@pytest.mark.parametrize(("off", "well"), [(5, True), (-20, True), (120, False), (-120, False), (3600, False)])
async def test_our_clock_is_compared_with_the_platforms(sqlite_fresh: str, off: int, well: bool) -> None:
    async with FakeTelegram() as api:
        settings = settings_for(sqlite_fresh, telegram_bot_token=api.token, telegram_api_url=api.url)
        found = await looked(settings, lambda: datetime.now(UTC) + timedelta(seconds=off))
    assert found["clock"].well is well
    assert ("NTP" in found["clock"].text) is not well
    assert ("signed requests" in found["clock"].text) is (off == 3600)


async def test_without_a_platform_the_setting_is_named(sqlite_fresh: str) -> None:
    found = await looked(settings_for(sqlite_fresh))
    assert not found["settings"].well
    assert "No platform is set" in found["settings"].text


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = await looked(settings_for(f"sqlite:///{tmp_path}/new.db"))
    assert "not there yet" in found["database"].text
    assert os.listdir(tmp_path) == []


async def test_a_lost_key_file_is_named_and_no_new_one_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    upgrade(url)
    settings = Settings(_env_file=None, database_url=url, encryption_keys=None)  # type: ignore[call-arg]
    found = await looked(settings)
    assert not found["key"].well
    assert "restore it" in found["key"].text
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".key")]


async def test_wrong_keys_are_told(sqlite_fresh: str) -> None:
    await looked(settings_for(sqlite_fresh))  # which writes the proof of the keys
    other = Settings(_env_file=None, database_url=sqlite_fresh, encryption_keys=Fernet.generate_key().decode())  # type: ignore[call-arg]
    found = await looked(other)
    assert not found["database"].well
    assert "key is lost" in found["database"].text


@pytest.mark.parametrize(("revision", "mend"), [("0001", "restart"), ("9999", "install the version")])
async def test_a_schema_of_another_version_is_told_and_left_alone(sqlite_fresh: str, revision: str, mend: str) -> None:
    with closing(sqlite3.connect(sqlite_fresh.removeprefix("sqlite:///"))) as connection:
        connection.execute("update alembic_version set version_num = ?", (revision,))
        connection.commit()
    found = await looked(settings_for(sqlite_fresh))
    assert not found["migrations"].well
    assert mend in found["migrations"].text
    with closing(sqlite3.connect(sqlite_fresh.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == (revision,)


async def test_on_the_command_line_it_ends_with_one_when_something_has_to_be_mended(tmp_path: Path) -> None:
    async with FakeTelegram() as api, process(tmp_path, TELEGRAM_API_URL=api.url) as run:
        assert "MEND  settings" in await run.command("doctor", code=1)
        run.environment["TELEGRAM_BOT_TOKEN"] = api.token
        assert "ok    telegram" in await run.command("doctor")
        run.environment["HTTP_PORT"] = "many"
        assert "HTTP_PORT is not usable" in await run.command("doctor", code=1)


async def test_it_runs_on_postgresql_too(postgresql_fresh: str) -> None:
    found = await looked(settings_for(postgresql_fresh))
    assert found["migrations"].well
    assert found["database"].well
    assert "disk" not in found
