"""Socket Mode: one link after another to Slack, each the SDK's client, watched from here.

The SDK keeps one client for ever and mends its socket inside; there a socket has stayed "connected" without a word
coming through (github.com/slackapi/python-slack-sdk/issues/1446), and an old ticket is tried again without end. So a
client lives as long as its socket, and this module does the rest: it asks for a fresh ticket, watches the age of the
last answer to a ping, opens the next link before it leaves one that Slack is about to close, and waits longer after
each failure. What was sent through a link that broke was not acknowledged, and Slack sends it again.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from logging import CRITICAL, Logger, getLogger
from time import time as sdk_time
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.clients import State, answered, told

_log = getLogger(__name__)
_TOKEN = frozenset(
    ["invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"]
)
_DISABLED = "link_disabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Seconds: between pings, until an opening is given up, for acks to go out at the end, and between tries.

    `call` is for one whole call of the Web API.
    """

    call: float = 15.0
    ping: float = 10.0
    opening: float = 10.0
    grace: float = 4.0
    look: float = 0.5
    waits: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 30.0)
    refused: float = 60.0


class _Link(SocketModeClient):
    """One socket; where the SDK would mend it, it says that it is over."""

    def __init__(self, app_token: str, web_client: AsyncWebClient, ping: float) -> None:
        self.over = asyncio.Event()
        self.greeted = asyncio.Event()
        self.reason = ""
        self.busy: set[asyncio.Task[Any]] = set()
        super().__init__(
            app_token=app_token,
            logger=_silent(),
            web_client=web_client,
            auto_reconnect_enabled=False,
            ping_interval=ping,
        )
        self.message_listeners.append(self._heard)

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """The SDK asks for another socket: after a `disconnect`, or when this one is closed."""
        self.over.set()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Note why Slack is about to leave, before the SDK acts on it."""
        if message.get("type") == "disconnect":
            self.reason = str(message.get("reason", ""))
        await super().run_message_listeners(message, raw_message)

    async def _heard(self, client: AsyncBaseSocketModeClient, message: dict[str, Any], raw: str | None) -> None:
        if message.get("type") == "hello":
            self.greeted.set()

    async def open(self) -> None:
        """Take a fresh ticket and connect, until Slack has greeted; raises what the SDK raises."""
        connect: Callable[[], Awaitable[None]] = super().connect
        # Not by the SDK's `issue_new_wss_url`, which sleeps in there for as long as a 429 says.
        self.wss_uri = told(await self.web_client.apps_connections_open(app_token=self.app_token), "url")
        await connect()
        await self.greeted.wait()

    async def leave(self, grace: float) -> None:
        """Close, politely if the other side still answers."""
        close: Callable[[], Awaitable[None]] = super().close
        with suppress(Exception):
            async with asyncio.timeout(grace):
                await close()
        await self.aiohttp_client_session.close()

    async def dead(self) -> bool:
        """Whether the socket is closed, or nothing has answered its pings for too long."""
        session = self.current_session
        return session is None or session.closed or bool(await self.is_ping_pong_failing())


def _silent() -> Logger:
    """The SDK logs each failure with its traceback; one clear line of ours is enough."""
    logger = getLogger("slack_throughline.socket")
    logger.setLevel(CRITICAL + 1)
    return logger


class SocketMode:
    """Keeps a socket to Slack open until it is cancelled."""

    def __init__(self, app: AsyncApp, web_client: AsyncWebClient, app_token: str, pace: Pace) -> None:
        self._app = app
        self._web_client = web_client
        self._app_token = app_token
        self._pace = pace
        self._leaving: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._asked = 0.0  # seconds that Slack asked us to wait for
        self.since: float | None = time.monotonic()  # when it was last ready, while it is not
        self.state = State.STARTING
        self.reason = ""
        self._link: _Link | None = None

    @property
    def quiet_for(self) -> float | None:
        """Seconds since Slack last answered a ping; None while there is no socket, or no answer yet."""
        ponged = self._link.last_ping_pong_time if self._link else None
        return None if ponged is None else max(0.0, sdk_time() - ponged)

    async def run(self) -> None:
        """Serve until cancelled; then let what is under way be acknowledged, and close."""
        link: _Link | None = None
        try:
            while True:
                link = await self._opened()
                if link is None:
                    await asyncio.sleep(self._wait())
                    continue
                self._now(State.READY, "connected")
                self._failures, self._link = 0, link
                await self._watch(link)
                self._leave(link)
                link = self._link = None
        finally:
            self.state = State.STOPPED
            if link is not None:
                self._leave(link)
            if self._leaving:
                await asyncio.wait(self._leaving)

    # -- one link ----------------------------------------------------------------------------------------------------

    async def _opened(self) -> _Link | None:
        """A link that Slack has greeted; None where that failed, and the state says why."""
        link = _Link(self._app_token, self._web_client, self._pace.ping)
        link.socket_mode_request_listeners.append(self._take)
        try:
            async with asyncio.timeout(self._pace.opening):
                await link.open()
        except SlackApiError as error:
            await link.leave(self._pace.grace)
            self._refused(error)
        except Exception as error:  # whatever Slack's answer had the SDK raise
            await link.leave(self._pace.grace)
            self._now(State.DISCONNECTED, type(error).__name__)
        except BaseException:
            await link.leave(self._pace.grace)
            raise
        else:
            return link
        self._failures += 1
        return None

    async def _watch(self, link: _Link) -> None:
        """Until the link is over, or has gone quiet."""
        while not await link.dead():
            with suppress(TimeoutError):
                await asyncio.wait_for(link.over.wait(), self._pace.look)
                break
        if link.reason == _DISABLED:
            self._failures += 1
            self._now(State.DISABLED, "Socket Mode is switched off in the app's settings")
            await asyncio.sleep(self._wait())
        elif not link.reason:
            self._now(State.DISCONNECTED, "the socket broke")

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Hand one envelope to Bolt, and acknowledge it when it has been received; else Slack sends it again."""
        task = asyncio.current_task()
        if isinstance(client, _Link) and task is not None:
            client.busy.add(task)
            task.add_done_callback(client.busy.discard)
        answer = await run_async_bolt_app(self._app, request)
        with suppress(Exception):
            await send_async_response(client, request, answer, sdk_time())

    def _leave(self, link: _Link) -> None:
        task = asyncio.create_task(self._left(link))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _left(self, link: _Link) -> None:
        """Close a link when what is under way on it has been acknowledged, or after the grace."""
        if link.busy and not await link.dead():
            await asyncio.wait(link.busy, timeout=self._pace.grace)
        await link.leave(self._pace.grace)

    # -- how it stands -----------------------------------------------------------------------------------------------

    def _refused(self, error: SlackApiError) -> None:
        said = answered(error)
        if said.name in _TOKEN:
            self._now(State.REVOKED, f"Slack refuses SLACK_APP_TOKEN ({said.name}): make a new one for the app")
        else:
            self._asked = said.retry_after(0.0) if said.status == 429 else 0.0
            self._now(State.DISCONNECTED, f"no socket: {said.why}")

    def _wait(self) -> float:
        """Seconds until the next try; spread, so that not everyone comes at once."""
        if self.state in (State.REVOKED, State.DISABLED):
            return self._pace.refused
        waits, asked = self._pace.waits, min(self._asked, self._pace.refused)
        self._asked = 0.0
        wait = max(waits[min(self._failures, len(waits)) - 1], asked)
        return wait * random.uniform(1.0 if asked else 0.8, 1.2)  # noqa: S311 (not a secret)

    def _now(self, state: State, why: str) -> None:
        """One line whenever the state changes."""
        if state is not self.state:
            say: Callable[..., None] = _log.info if state is State.READY else _log.warning
            say("Slack socket %s: %s", state, why)
        self.state, self.reason = state, "" if state is State.READY else why
        self.since = None if state is State.READY else self.since or time.monotonic()
