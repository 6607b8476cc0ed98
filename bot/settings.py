"""Settings: read once from the environment or `.env`, by the composition root, into one frozen object."""

from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
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

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_unset(cls, value: Any, info: ValidationInfo) -> Any:
        """Of what need not be set at all, an empty text is no setting."""
        optional = info.field_name is not None and cls.model_fields[info.field_name].default is None
        return (value or None) if optional else value

    @property
    def keys_text(self) -> str | None:
        """The encryption keys as they were set, or None."""
        return revealed(self.encryption_keys) or None

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
