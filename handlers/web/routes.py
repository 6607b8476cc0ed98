"""One-time links: `GET` shows a page and changes nothing, `POST` sends it in; the same answer to every stranger."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.messages.incoming import Address, Event, FormSubmitted, Inbound, Outcome, Receipt
from bot.messages.outgoing import Message
from handlers.web.pages import page

PREFIX = "/g"
_MOST = 16_384  # bytes of a submission; three answers of a thousand characters fit
_FIELDS = 16  # more than any form has
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
}

Look = Callable[[str], Awaitable[Message | None]]
Receive = Callable[[Event, datetime], Awaitable[Receipt]]


def routes(look: Look, receive: Receive, clock: Callable[[], datetime], *, title: str, unknown: Message) -> list[Route]:
    """The routes for guests: `look` gives what a code shows, `unknown` is shown for every other."""

    async def show(request: Request) -> HTMLResponse:
        return _answer(await look(request.path_params["code"]))

    async def send(request: Request) -> HTMLResponse:
        code = request.path_params["code"]
        try:
            body = await _body(request)
            values = None if body is None else _values(body)
        except (ClientDisconnect, ValueError):  # gone before the end, or more fields than a form has
            return _answer(None, status=400)
        if values is None:
            return _answer(None, status=413)
        receipt = await receive(_inbound(code, values), clock())
        message = await look(code) if receipt.outcome is not Outcome.FAILED else None
        if receipt.errors and message is not None:
            return HTMLResponse(
                page(title, message, values=values, errors=receipt.errors), status_code=422, headers=_HEADERS
            )
        return _answer(message)

    def _answer(message: Message | None, status: int = 404) -> HTMLResponse:
        if message is None:
            return HTMLResponse(page(title, unknown), status_code=status, headers=_HEADERS)
        return HTMLResponse(page(title, message), headers=_HEADERS)

    path = f"{PREFIX}/{{code}}"
    return [Route(path, show, methods=["GET"]), Route(path, send, methods=["POST"])]


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is larger than any honest one."""
    found = b""
    async for chunk in request.stream():
        found += chunk
        if len(found) > _MOST:
            return None
    return found


def _values(body: bytes) -> dict[str, str]:
    """The fields; raises ValueError when there are more than any form has."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_FIELDS))


def _inbound(code: str, values: dict[str, str]) -> Inbound:
    """A submission; the same one sent twice is one event."""
    guest = hashlib.sha256(code.encode()).hexdigest()
    content = hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]
    return Inbound(
        key=f"web:{guest}:{content}",
        address=Address(platform="web", bot="", chat=guest, user=guest),
        content=FormSubmitted(token=code, values=values),
    )
