"""The line to the Bot API: python-telegram-bot's `Bot` with our own timeouts, failures told apart, nothing leaked."""

import asyncio
import json
import logging
import re
import ssl
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError, TimedOut
from telegram.request import HTTPXRequest

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")
CONNECT, WRITE, READ, POOL = 4.0, 4.0, 8.0, 2.0  # seconds; together below the deadline of one delivery
SENDS_AT_ONCE = 64  # more than delivery claims at a time, so that nobody waits for a connection
WHOLE = CONNECT + WRITE + READ + POOL  # seconds for a call: dripping bytes would outlast a read timeout
_API_ANSWERS = frozenset({400, 401, 403, 404, 409})
_TOKEN = re.compile(r"(?<!\d)\d{3,}:[\w-]{8,}")  # "bot" stands right before it in a URL
_FLOODED = 5.0  # seconds to wait when a 429 does not say how long

Json = dict[str, Any]


class FloodError(TelegramError):
    """Too many requests: nothing was done; wait `seconds` before the next one."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests; wait {seconds:g} s")
        self.seconds = seconds


class ServerError(TelegramError):
    """The server failed, or something that is not the Bot API answered: what became of the request is not known."""


class DeclinedError(TelegramError):
    """The request was turned away for its own sake: it will be turned away again."""


class Wire(HTTPXRequest):
    """PTB's transport; tells apart what PTB lumps together as `NetworkError`: 429 without a wait, 5xx, other 4xx.

    A whole request may take `whole` seconds; None where whoever asks looks after that.
    """

    def __init__(self, *, whole: float | None = WHOLE, **more: Any) -> None:
        super().__init__(**more)
        self._whole = whole

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """The object that was answered; raises `ServerError` for what is none, or holds nothing that PTB looks for."""
        found = _answer(payload)
        if "result" not in found and found.get("ok") is not False:
            raise ServerError("the answer is not the Bot API's")
        if not isinstance(found.get("parameters", {}), dict):
            raise ServerError("the answer is not the Bot API's")
        return found

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Send one request; raises `FloodError`, `ServerError` and `DeclinedError` besides what PTB raises."""
        try:
            async with asyncio.timeout(self._whole):
                code, payload = await super().do_request(*args, **kwargs)
        except TimeoutError:
            raise TimedOut from None
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_seconds(payload))
        if code >= HTTPStatus.INTERNAL_SERVER_ERROR or not _from_the_api(code, payload):
            raise ServerError(f"HTTP {code} from the server")
        if code >= HTTPStatus.BAD_REQUEST and code not in _API_ANSWERS:
            raise DeclinedError(f"HTTP {code}: {_description(payload)}")
        return code, payload


class Line(Bot):
    """PTB's `Bot`; fetches updates as they are on the wire, and never shows its token."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Without the token, which PTB's own shows."""
        return "Line[]"

    async def updates(self, *, offset: int | None, wait: int, grace: float) -> list[Json]:
        """The updates from `offset` on, after up to `wait` seconds in which there may be one; confirms all below it.

        The answer may be `grace` seconds late. It is not decoded: PTB's decoding takes longer than everything
        else that happens to an update, fails a whole batch for one that it cannot read, and then logs what was written.
        """
        asked = {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": ALLOWED_UPDATES}
        found = await self._post("getUpdates", asked, read_timeout=wait + grace)
        if not isinstance(found, list):
            raise ServerError("getUpdates answered something that is not a list")
        return [update for update in found if isinstance(update, dict)]


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates to trust; reading them takes 20 ms."""
    return httpx.create_ssl_context()


def open_line(token: str, api_url: str, whole: float = WHOLE) -> tuple[Line, tuple[Wire, Wire]]:
    """A line and its two wires, to be shut down with it: one for the long poll, one for everything else."""
    hush()
    context = {"verify": _trusted()}
    poll, calls = (
        Wire(
            connection_pool_size=size,
            connect_timeout=CONNECT,
            read_timeout=READ,
            write_timeout=WRITE,
            media_write_timeout=WRITE,
            pool_timeout=POOL,
            httpx_kwargs=context,
            whole=limit,
        )
        for size, limit in ((2, None), (SENDS_AT_ONCE, whole))
    )
    base = api_url.rstrip("/")
    line = Line(token, f"{base}/bot", f"{base}/file/bot", request=calls, get_updates_request=poll)
    return line, (poll, calls)


def hush() -> None:
    """Keep the libraries from logging the token (httpx, in its URLs) and what people wrote (PTB, in its payloads)."""
    for name, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)


def redacted(error: BaseException) -> str:
    """What went wrong, in one line for logs and reasons, without anything that looks like a token.

    Of what is no error of the Bot API only the kind is told: its text may quote what was answered.
    """
    if not isinstance(error, TelegramError):
        return type(error).__name__
    return _TOKEN.sub("<token>", " ".join(f"{type(error).__name__}: {error}".split()))[:300]


def _from_the_api(code: int, payload: bytes) -> bool:
    if code < HTTPStatus.MULTIPLE_CHOICES:
        return payload.lstrip()[:1] == b"{"
    return "ok" in _answer(payload)


def _answer(payload: bytes) -> Json:
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _description(payload: bytes) -> str:
    return str(_answer(payload).get("description", ""))


def _seconds(payload: bytes) -> float:
    parameters = _answer(payload).get("parameters")
    wanted = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(wanted) if isinstance(wanted, int | float) and wanted > 0 else _FLOODED
