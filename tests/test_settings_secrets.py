"""No setting that is a secret is ever shown: not by logs, not by `doctor`, not by a representation, in no shape."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr

from bot.cli.doctor import examine
from bot.clock import real_clock
from bot.logs import Redactor, set_up_logs
from bot.settings import Settings, SettingsError, read_settings, unknown_settings
from storage.database.migrate import upgrade
from storage.database.urls import parse_url, shown
from storage.errors import StorageError
from tests.support.town import KEY
from tests.test_cli import throughline

CANARY = "ze@bra fin/ch+9"  # has to be escaped in an address, and is often not
SHAPES = (CANARY, quote(CANARY, safe=""), quote_plus(CANARY))
ADDRESSES = [
    "postgresql://dana:{}@127.0.0.1:9/none",
    "postgresql://127.0.0.1:9/none?password={}",
    "postgresql://dana@127.0.0.1:9/none?passfile={}",
]
NAMES = sorted(
    name
    for name, field in Settings.model_fields.items()
    if SecretStr in (field.annotation, *get_args(field.annotation))
)


def having(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)  # type: ignore[call-arg]


def shown_of(settings: Settings, text: str) -> str:
    return Redactor(settings.secrets).clean(text)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "database_url"])
def test_every_secret_is_taken_out_of_what_is_logged(name: str) -> None:
    secret = CANARY.replace(" ", "")
    settings = having(**{name: secret})
    for shape in (secret, quote(secret, safe=""), quote_plus(secret)):
        assert shape not in shown_of(settings, f"refused: {shape}.")
    assert secret not in repr(settings)
    assert secret not in str(settings)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_an_address_holds_is_taken_out_in_every_shape(address: str, shape: str) -> None:
    settings = having(database_url=address.format(shape), encryption_keys=KEY)
    for other in {shape, *SHAPES}:
        assert other not in shown_of(settings, f"could not connect to {address.format(other)}")
    assert "bra" not in repr(settings)


@pytest.mark.parametrize("name", [name for name in Settings.model_fields if name.endswith("_url")])
def test_an_address_with_a_password_is_shown_without_it(name: str) -> None:
    address = (
        "postgresql://dana:zebrafinch@x.example/a" if name == "database_url" else "https://dana:zebrafinch@x.example/a"
    )
    settings = having(**{name: address})
    assert "zebrafinch" not in repr(settings)
    assert "zebrafinch" not in shown_of(settings, address)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_doctor_shows_none_of_it(address: str) -> None:
    settings = having(database_url=address.format(CANARY), encryption_keys=KEY, telegram_api_url="http://127.0.0.1:9")
    found = await examine(settings, real_clock)
    escaped = having(database_url=address.format(SHAPES[1]), encryption_keys=KEY, telegram_api_url="http://127.0.0.1:9")
    found += await examine(escaped, real_clock)
    text = "\n".join(map(str, found))
    assert "write" in text
    assert "cannot be reached" in text
    assert not any(part in text for part in ("bra", "fin/ch", "ch+9", *SHAPES))


@pytest.fixture
def own_logs() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_what_slack_sends_a_browser_back_with_is_in_no_log(own_logs: None, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(level="debug", form="json", secrets=())
    for name in ("bot.x", "uvicorn.error", "uvicorn.access", "aiohttp.access", "slack_bolt"):
        logging.getLogger(name).debug("GET /slack/oauth_redirect?code=zebrafinch.1&state=zebrafinch-2 HTTP/1.1")
        logging.getLogger(name).warning('"/slack/oauth_redirect?state=zebrafinch-3&code=zebrafinch"')
    said = capsys.readouterr().err
    assert "oauth_redirect" in said
    assert "zebrafinch" not in said


# -- what an operator writes -----------------------------------------------------------------------------------------


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".env"


@pytest.mark.parametrize("nothing", ["", " ", '"  "', "\t"])
def test_an_empty_setting_is_not_set(env: Path, nothing: str) -> None:
    env.write_text("".join(f"{name.upper()}={nothing}\n" for name in Settings.model_fields), "utf-8")
    assert read_settings() == having()


def test_blanks_around_a_value_are_no_part_of_it(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env.write_text('TELEGRAM_BOT_TOKEN=" 123:abc "\nHTTP_PORT= 8099 \n', "utf-8")
    monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1\n")
    settings = read_settings()
    assert settings.telegram_bot_token == SecretStr("123:abc")
    assert settings.slack_bot_token == SecretStr("xoxb-1")
    assert settings.http_port == 8099


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("SLACK_BOT_TOKEN", "xapp-1-canary", "begins xoxb-"), ("SLACK_APP_TOKEN", "xoxb-canary", "begins xapp-")],
)
def test_slacks_tokens_in_each_others_place_are_named(env: Path, name: str, value: str, words: str) -> None:
    env.write_text(f"{name}={value}\n", "utf-8")
    with pytest.raises(SettingsError, match=rf"^{name} is not usable.*{words}.*Mend it") as raised:
        read_settings()
    assert "canary" not in str(raised.value)


def test_a_name_in_the_file_that_is_none_is_said_with_what_was_meant(env: Path) -> None:
    env.write_text("TELEGRAM_TOKEN=1\nHTTP_PROT=1\nFAVOURITE_COLOUR=blue\nlog_level=info\n", "utf-8")
    assert unknown_settings() == (
        "TELEGRAM_TOKEN in .env is no setting: did you mean TELEGRAM_BOT_TOKEN?",
        "HTTP_PROT in .env is no setting: did you mean HTTP_PORT?",
        "FAVOURITE_COLOUR in .env is no setting: it is not used.",
    )


def test_the_sample_names_settings_only() -> None:
    assert unknown_settings(Path(__file__).parents[1] / ".env.example") == ()


# -- what `doctor` looks at before the first start -------------------------------------------------------------------


async def test_keys_that_are_none_are_named_before_the_first_start(tmp_path: Path) -> None:
    settings = having(database_url=f"sqlite:///{tmp_path / 'new.db'}", encryption_keys="canary")
    text = "\n".join(map(str, await examine(settings, real_clock)))
    assert "MEND" in text
    assert "ENCRYPTION_KEYS" in text
    assert "canary" not in text


async def test_a_key_file_that_others_can_read_is_named_with_its_mend(tmp_path: Path) -> None:
    file = tmp_path / "there.db"
    key = file.with_name("there.db.key")
    key.write_text(KEY, "ascii")
    os.chmod(key, 0o644)
    upgrade(f"sqlite:///{file}")
    settings = having(database_url=f"sqlite:///{file}")
    assert f"chmod 600 {key}" in "\n".join(map(str, await examine(settings, real_clock)))
    os.chmod(key, 0o600)
    assert "chmod" not in "\n".join(map(str, await examine(settings, real_clock)))


def test_an_address_that_is_none_is_refused_without_being_shown() -> None:
    with pytest.raises(StorageError) as raised:
        parse_url("postgresql//dana:zebrafinch@host/db")
    assert "zebrafinch" not in str(raised.value)
    assert "zebrafinch" not in shown(parse_url("postgresql://dana:zebrafinch@host/db"))


@pytest.mark.opens
@pytest.mark.parametrize("folder", ["file/demo", "/proc/demo", "file"])
def test_a_demo_in_a_folder_that_takes_nothing_is_refused_in_a_line(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    ran = throughline("demo", "--keep", folder, cwd=tmp_path, seconds=60)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"--keep {folder}: nothing can be written there")
    assert ran.stderr.count("\n") == 1
