"""Slack over HTTP: Starlette routes that hand requests to Bolt, and answer what it answers."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from handlers.slack.install.oauth import INSTALL, REDIRECT

EVENTS = "/slack/events"
_log = logging.getLogger(__name__)
LARGEST = 1_000_000  # bytes of one request; Slack's own are far smaller


def routes_of(app: AsyncApp, flow: AsyncOAuthFlow | None) -> list[Route]:
    """Where Slack posts events, commands and interactions; and where the app is installed, if many workspaces may."""

    async def events(request: Request) -> Response:
        return await _events(request, app)

    routes = [Route(EVENTS, events, methods=["POST"])]
    if flow is not None:
        routes.append(Route(INSTALL, _page(flow.handle_installation), methods=["GET"]))
        routes.append(Route(REDIRECT, _page(flow.handle_callback), methods=["GET"]))
    return routes


def _page(answer: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        try:
            return to_starlette_response(await answer(to_async_bolt_request(request, b"")))
        except Exception as error:  # whatever Slack's answer had the SDK raise; its text may quote a token
            _log.warning("an installation in Slack did not go through: %s", type(error).__name__)
            return Response(status_code=HTTPStatus.BAD_GATEWAY)

    return page


async def _events(request: Request, app: AsyncApp) -> Response:
    if not _signed(request):
        return Response(status_code=401)
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return Response(status_code=413)
    try:
        asked = to_async_bolt_request(request, body)
    except Exception:  # neither UTF-8 nor JSON that can be read, or of a shape that Bolt trips over
        return Response(status_code=400)
    parsed: Any = asked.body
    if not isinstance(parsed, dict):
        return Response(status_code=400)
    try:
        return to_starlette_response(await app.async_dispatch(asked))
    except Exception as error:  # Bolt looks for a listener by fields that are of other kinds here
        _log.warning("a request was signed, but is none of Slack's: %s", type(error).__name__)
        return Response(status_code=400)


def _signed(request: Request) -> bool:
    """Whether there is anything to check: the SDK's verifier raises on what is no number, or not ASCII."""
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    return stamp.isascii() and stamp.isdigit() and len(stamp) < 20 and signature.isascii() and bool(signature)


async def _body(request: Request) -> bytes | None:
    """The whole body, or None where it is larger than anything of Slack's."""
    whole = bytearray()
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > LARGEST:
            return None
    return bytes(whole)
