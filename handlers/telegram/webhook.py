"""The webhook: who knows the secret may hand in one update at a time, and is told 200 when it is stored."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.telegram.line import Json

PATH = "/telegram/webhook"
BODY_LIMIT = 1_000_000  # bytes; an update is a few thousand
_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # core.telegram.org/bots/api#setwebhook

Take = Callable[[Json], Awaitable[None]]

_log = logging.getLogger(__name__)


def webhook_url(url: str) -> str:
    """The address to give to Telegram: a bare host gets the path that `run` serves."""
    return url.rstrip("/") + PATH if urlsplit(url).path in ("", "/") else url


def webhook_route(secret: str, taker: Callable[[], Take | None]) -> Route:
    """The route; `taker` gives what takes an update, or None while nothing can be taken yet.

    Raises ValueError without a secret: then anybody could speak for everybody.
    """
    if not secret:
        raise ValueError("a webhook needs a secret")

    async def endpoint(request: Request) -> Response:
        if not _knows(request, secret):
            return _status(HTTPStatus.FORBIDDEN)
        take = taker()
        if take is None:
            return _status(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _status(HTTPStatus.BAD_REQUEST)
        if body is None:
            return _status(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        update = _update(body)
        return _status(HTTPStatus.BAD_REQUEST) if update is None else await _taken(take, update)

    return Route(PATH, endpoint, methods=["POST"])


async def _taken(take: Take, update: Json) -> Response:
    """Take it; Telegram hands in again what is not answered with 200."""
    try:
        await take(update)
    except Exception as error:  # whatever the database raises; its text may quote what somebody wrote
        _log.warning("telegram: update %s was not stored (%s)", update["update_id"], type(error).__name__)
        return _status(HTTPStatus.INTERNAL_SERVER_ERROR)
    return _status(HTTPStatus.OK)


def _knows(request: Request, secret: str) -> bool:
    given = request.headers.get(_HEADER, "")
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is too large; not a byte more than the limit is kept."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return bytes(body)


def _update(body: bytes) -> Json | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = found.get("update_id") if isinstance(found, dict) else None
    return found if isinstance(number, int) else None


def _status(status: HTTPStatus) -> Response:
    return Response(status_code=status)
