"""Settings: read once from the environment or `.env`, by the composition root, into one frozen object."""

from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one line that names it and how to mend it."""


class Settings(BaseSettings):
    """Everything an operator can set; the names in capitals are those of the environment."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", frozen=True, extra="ignore")

    database_url: str = "sqlite:///throughline.db"
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

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator(
        "encryption_keys",
        "telegram_bot_token",
        "telegram_webhook_url",
        "telegram_webhook_secret",
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        "public_url",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return value or None

    @property
    def keys_text(self) -> str | None:
        """The encryption keys as they were set, or None."""
        return revealed(self.encryption_keys) or None

    @property
    def slack_way(self) -> Literal["", "socket", "http", "oauth"]:
        """How Slack comes in: not at all, by a socket, by HTTP for one workspace, or for many."""
        if self.slack_client_id:
            return "oauth"
        if self.slack_bot_token:
            return "socket" if self.slack_app_token else "http"
        return ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for keeping them out of logs."""
        values = (getattr(self, name) for name in type(self).model_fields)
        found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return tuple(part for text in found for part in text.replace(",", " ").split() if len(part) > 5)


def revealed(secret: SecretStr | None) -> str:
    """The text of a secret; empty when it is not set."""
    return secret.get_secret_value() if secret else ""


def read_settings() -> Settings:
    """Read the settings; raises SettingsError for the first one that is wrong, without showing a secret's value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "?"
        raise SettingsError(f"{name} is not usable: {first['msg']}. Mend it in the environment or in .env.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read: {error}") from None


def check_platforms(settings: Settings) -> None:
    """Raise SettingsError unless at least one platform is set, and each of them completely."""
    for needed, missing, because in _rules(settings):
        if needed and missing:
            raise SettingsError(f"{missing[0]} is not set: {because}.")
    if not settings.telegram_bot_token and not settings.slack_way:
        raise SettingsError(
            "No platform is set: set TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN or "
            "SLACK_SIGNING_SECRET, or try `throughline chat`, which needs none."
        )
    over_http = settings.telegram_webhook_url or settings.slack_way in ("http", "oauth")
    if over_http and not settings.http_port:
        raise SettingsError("HTTP_PORT is 0, but a platform comes in over HTTP: set a port.")


def _rules(settings: Settings) -> list[tuple[object, list[str], str]]:
    """What needs what: if the first is set and the second holds a name, the third says why it is missed."""
    unset = {name for name in type(settings).model_fields if getattr(settings, name) is None}

    def missing(*names: str) -> list[str]:
        return [name.upper() for name in names if name in unset]

    slack_in = missing("slack_app_token") if missing("slack_signing_secret") else []
    webhook = settings.telegram_webhook_url
    return [
        (webhook, missing("telegram_bot_token"), "TELEGRAM_WEBHOOK_URL needs the bot's token from BotFather"),
        (webhook, missing("telegram_webhook_secret"), "a webhook needs a secret of your own, 1 to 256 letters"),
        (settings.slack_client_id, missing("slack_client_secret"), "SLACK_CLIENT_ID needs the secret beside it"),
        (settings.slack_client_id, missing("slack_signing_secret"), "Slack over HTTP needs the app's signing secret"),
        (
            settings.slack_bot_token and not settings.slack_client_id,
            slack_in,
            "SLACK_BOT_TOKEN needs an app-level token for Socket Mode, or SLACK_SIGNING_SECRET for HTTP",
        ),
        (settings.slack_app_token, missing("slack_bot_token"), "SLACK_APP_TOKEN needs the bot's token beside it"),
    ]
