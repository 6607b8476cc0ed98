"""Logs for people or machines, with every secret taken out before anything is written."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

_TELEGRAM_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_SLACK_TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")
_TALKATIVE = ("httpx", "httpcore", "apscheduler", "slack_bolt", "slack_sdk", "aiohttp.access", "uvicorn.access")


def set_up_logs(*, level: str, form: Literal["console", "json"], secrets: tuple[str, ...]) -> None:
    """Send all logs to standard error in one form; libraries that log addresses are heard from warnings on."""
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        Redactor(secrets),
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class Redactor:
    """Takes secrets, and whatever looks like a token, out of every string of an entry."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = sorted(secrets, key=len, reverse=True)

    def __call__(self, _logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Return the entry without them."""
        for key, value in entry.items():
            if isinstance(value, str):
                entry[key] = self.clean(value)
            elif key == "event" and not isinstance(value, int | float | bool | None):
                entry[key] = self.clean(str(value))
        return entry

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _SLACK_TOKEN.sub("[secret]", _TELEGRAM_TOKEN.sub("[secret]", text))
