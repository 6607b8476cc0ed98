"""What an operator gets wrong is said in one line that names it, and how to mend it."""

from pathlib import Path
from typing import Any

import pytest

from bot.engine.dialogue.load import DialogueError, load_dialogues
from bot.platforms import check_platforms
from bot.rendering.wording import WordingError
from bot.settings import Settings, SettingsError, read_settings
from storage.database.encryption import load_keys
from storage.database.urls import parse_url
from storage.errors import StorageError


def _dialogue(folder: Path, text: bytes) -> Path:
    (folder / "en" / "phase").mkdir(parents=True)
    (folder / "en" / "phase" / "talk.yaml").write_bytes(text)
    return folder


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"name: talk\nnodes: [", "not readable as YAML"),
        (b"\xff\xfe", "cannot be read"),
        (b"", "a dialogue is a mapping"),
        (b"name: talk\nname: talk", "stands twice"),
        (b"name: talk\x00", "not readable as YAML"),
    ],
)
def test_a_dialogue_file_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, text: bytes, words: str) -> None:
    with pytest.raises((DialogueError, WordingError)) as raised:
        load_dialogues(_dialogue(tmp_path, text))
    assert "talk.yaml" in str(raised.value)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"), [("HTTP_PORT", "99999"), ("HTTP_PORT", "web"), ("LOG_LEVEL", "loud"), ("LOG_FORMAT", "xml")]
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{name} .*Mend it"):
        read_settings()


def test_a_settings_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LOG_LEVEL=\xff\xfe")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        read_settings()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "postgresql://[", "sqlite://"])
def test_a_wrong_database_url_is_one_line_that_names_the_setting(url: str) -> None:
    with pytest.raises(StorageError, match="DATABASE_URL") as raised:
        parse_url(url)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("keys", ["short", "a,b", "é" * 44])
def test_a_wrong_key_is_named_and_not_shown(keys: str) -> None:
    with pytest.raises(StorageError, match="ENCRYPTION_KEYS") as raised:
        load_keys("sqlite:///x.db", keys)
    assert keys not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "No platform is set"),
        ({"slack_bot_token": "xoxb-1234567"}, "SLACK_APP_TOKEN"),
        ({"slack_app_token": "xapp-1234567"}, "SLACK_BOT_TOKEN"),
        ({"slack_client_id": "1.2"}, "SLACK_CLIENT_SECRET"),
        ({"slack_client_id": "1.2", "slack_client_secret": "s3cret-s3cret"}, "SLACK_SIGNING_SECRET"),
        ({"telegram_webhook_url": "https://bot.example"}, "TELEGRAM_BOT_TOKEN"),
        ({"telegram_webhook_url": "https://bot.example", "telegram_bot_token": "1:abcdef"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"slack_bot_token": "xoxb-1234567", "slack_signing_secret": "s3cret-s3cret", "http_port": 0}, "HTTP_PORT"),
    ],
)
def test_a_setting_that_is_missing_is_named_and_none_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, Any], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as raised:
        check_platforms(Settings(**given))
    said = str(raised.value)
    assert named in said
    assert "\n" not in said
    assert not [secret for secret in given.values() if str(secret) in said and str(secret) != "0"]
