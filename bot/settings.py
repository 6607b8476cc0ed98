"""Settings: read once from the environment or `.env`, by the composition root, into one frozen object."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_FILE = ".env"
_SHORTEST = 4  # characters; what is shorter stands in every other word, and guards nothing
_OPEN_ARGUMENTS = frozenset({"host", "port", "dbname", "user", "sslmode", "application_name", "connect_timeout"})


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one line that names it and how to mend it."""


class Settings(BaseSettings):
    """Everything an operator can set; the names in capitals are those of the environment."""

    model_config = SettingsConfigDict(
        env_file=_FILE, env_file_encoding="utf-8", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    database_url: SecretStr = SecretStr("sqlite:///throughline.db")
    encryption_keys: SecretStr | None = None
    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    public_url: str | None = None
    prompt_spread_minutes: int = Field(default=0, ge=0, le=30)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"

    @model_validator(mode="before")
    @classmethod
    def _edges_are_no_part_of_it(cls, values: Any) -> Any:
        """Blanks around a value belong to the file that it stood in, and nothing but blanks is no setting."""
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @model_validator(mode="after")
    def _tokens_stand_where_they_belong(self) -> "Settings":
        """Slack's two tokens look alike, and are swapped by many."""
        for name, begins, other in (("slack_bot_token", "xoxb-", "xapp-"), ("slack_app_token", "xapp-", "xoxb-")):
            if revealed(getattr(self, name)).startswith(other):
                message = f"it begins with {other}, which is the other of Slack's two tokens; this one begins {begins}"
                raise SwappedError(name, message)
        return self

    @property
    def database(self) -> str:
        """The address of the database, as it was set: not for showing."""
        return self.database_url.get_secret_value()

    def on_file(self, file: Path) -> "Settings":
        """The same on another SQLite file, with the key file beside it."""
        return self.model_copy(update={"database_url": SecretStr(f"sqlite:///{file}"), "encryption_keys": None})

    @property
    def keys_text(self) -> str | None:
        """The encryption keys as they were set, or None."""
        return revealed(self.encryption_keys) or None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, in every shape in which a library may write it, for keeping them out of logs."""
        found: set[str] = set()
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name.endswith("_url") and value:
                found.update(_credentials(value.get_secret_value() if isinstance(value, SecretStr) else value))
            elif isinstance(value, SecretStr):
                found.update(value.get_secret_value().replace(",", " ").split())
        return tuple(shape for text in found for shape in _shapes(text) if len(shape) >= _SHORTEST)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """As it may be shown, with no secret in an address either."""
        for name, value in super().__repr_args__():
            yield name, "[secret]" if isinstance(value, str) and any(part in value for part in self.secrets) else value


class SwappedError(ValueError):
    """A setting holds what belongs into another one."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def _credentials(url: str) -> Iterator[str]:
    """What of an address is secret: what stands before its host, an "@" in it too, and arguments that say who asks."""
    _, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    before, parted, _ = place.rpartition("@")
    if parted:
        _, _, password = before.partition(":")
        yield password
        yield from password.split("@")  # a library may take what follows the first one for the host
    for argument in query.split("&"):
        name, _, value = argument.partition("=")
        if name.casefold() not in _OPEN_ARGUMENTS:
            yield value


def _shapes(text: str) -> set[str]:
    """A secret as it was set, with its letters escaped for an address, and without."""
    read = {text, unquote(text), unquote_plus(text)}
    return read | {quote(each, safe="") for each in read} | {quote_plus(each) for each in read}


def unknown_settings(file: Path | None = None) -> tuple[str, ...]:
    """A line for each name in `.env` that is no setting of ours, which is nearly always a slip of the pen."""
    known = [name.upper() for name in Settings.model_fields]
    try:
        there = dotenv_values(file or Path(_FILE), encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ()  # `read_settings` says so
    return tuple(_unknown(name, known) for name in there if name.upper() not in known)


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.upper(), known, n=1)
    return f"{name} in .env is no setting: {f'did you mean {near[0]}?' if near else 'it is not used.'}"


def revealed(secret: SecretStr | None) -> str:
    """The text of a secret; empty when it is not set."""
    return secret.get_secret_value() if secret else ""


def read_settings() -> Settings:
    """Read the settings; raises SettingsError for the first one that is wrong, without showing a secret's value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        cause = first.get("ctx", {}).get("error")
        name = cause.name if isinstance(cause, SwappedError) else str(first["loc"][0])
        why = str(cause) if isinstance(cause, SwappedError) else first["msg"]
        raise SettingsError(f"{name.upper()} is not usable: {why}. Mend it in the environment or in .env.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read: {error}") from None
