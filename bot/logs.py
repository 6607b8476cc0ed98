"""Logs for people or machines, with every secret taken out before anything is written."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal

import structlog

_TELEGRAM_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_SLACK_TOKEN = re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+")
_OAUTH = re.compile(r"\b((?:code|state)=)[^&\s\"']+")  # in addresses that a browser is sent back with
_FIELDS = ("kind", "key", "reason", "tries", "again_at")  # what our own lines may bring beside their text
_OURS = ("bot", "handlers", "schedules", "storage", "throughline")
_PLAIN = ("uvicorn.error",)  # libraries whose lines hold addresses and ports, and nobody's words
_TALKATIVE = ("httpx", "httpcore", "apscheduler", "slack_bolt", "slack_sdk", "aiohttp.access", "uvicorn.access")


def set_up_logs(*, level: str, form: Literal["console", "json"], secrets: tuple[str, ...]) -> None:
    """Send all logs to standard error in one form, without anybody's words.

    Libraries are heard from warnings on, and only by name and place: their lines and the messages of exceptions may
    quote what somebody wrote. An exception is logged as its type and the places it passed.
    """
    shared: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        with_fields,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
        Redactor(secrets),
    ]
    last = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    handler.addFilter(_worth_telling)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _worth_telling(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or _has_words_of_its_own(record.name)


def _has_words_of_its_own(name: str) -> bool:
    """Whether a logger's lines may be shown as they are: ours, and those that hold nobody's words."""
    return name.split(".", 1)[0] in _OURS or name in _PLAIN


def with_fields(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the fields that a line of ours brings with it; those of libraries stay out."""
    record: logging.LogRecord | None = entry.get("_record")
    if record is not None and _has_words_of_its_own(record.name):
        entry.update((name, record.__dict__[name]) for name in _FIELDS if name in record.__dict__)
    return entry


def without_words(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put places where a library or an exception might quote somebody."""
    record: logging.LogRecord | None = entry.get("_record")
    if record is not None and not _has_words_of_its_own(record.name):
        entry["event"] = f"{record.levelname.lower()} at {record.module}:{record.lineno}"
    raised = entry.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        entry["exception"] = place_of(error)
    entry.pop("stack_info", None)
    return entry


def place_of(error: BaseException) -> str:
    """The type of an exception and the places that it passed, the innermost last; never its message."""
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    cause = error.__cause__ or error.__context__
    after = f" after {type(cause).__name__}" if cause is not None else ""
    return f"{type(error).__name__}{after} at {' > '.join(places[-8:]) or '?'}"


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
        text = _OAUTH.sub(r"\1[secret]", text)
        return _SLACK_TOKEN.sub("[secret]", _TELEGRAM_TOKEN.sub("[secret]", text))
