"""How the fake Slack hands things over: signed HTTP posts or envelopes on a socket, with deadlines and retries."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fakes.slack_payloads import APP_ID, Json, Team, event, new_id

if TYPE_CHECKING:
    from tests.fakes.slack import FakeSlack

# docs.slack.dev/apis/events-api#retries: nearly at once, after a minute, after five minutes; then given up.
RETRIES = (0.0, 60.0, 300.0)


class NoAnswerError(Exception):
    """What a person sees as "the app did not respond": docs.slack.dev/interactivity/implementing-slash-commands."""


@dataclass(slots=True)
class Delivery:
    """One event on its way: what each attempt came to, in seconds and by reason."""

    body: Json
    attempts: list[tuple[float, str]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False


@dataclass(slots=True)
class Line:
    """One socket of the app's."""

    ws: web.WebSocketResponse
    mute: bool = False
    wedged: bool = False


@dataclass(slots=True)
class Mail:
    """Delivers by HTTP where a URL is set, else by whatever sockets are open."""

    slack: "FakeSlack"
    target: str = ""
    lines: list[Line] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    slowest: float = 0.0
    quiet: bool = False
    unruly: Random | None = None
    answered: list[Json] = field(default_factory=list)
    connected: int = 0
    _tickets: set[str] = field(default_factory=set)
    _acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None

    # -- events ------------------------------------------------------------------------------------------------------

    async def event(self, team: Team, body: Json) -> Delivery:
        """Send an event on its way."""
        at = self.slack.now()
        return self.send(event(team, body, event_id=new_id("Ev"), at=at))

    def send(self, body: Json) -> Delivery:
        """Send a whole body on its way: again, if it went before."""
        delivery = Delivery(body=body)
        if self.quiet:
            delivery.done.set()
            return delivery
        self._off(delivery)
        if self.unruly:
            self._off(Delivery(body=body))
        return delivery

    def _off(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        task = asyncio.create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        while waiting := [d for d in self.deliveries if not d.done.is_set()]:
            await asyncio.gather(*(delivery.done.wait() for delivery in waiting))

    async def _deliver(self, delivery: Delivery) -> None:
        reason = ""
        if self.unruly:
            await asyncio.sleep(self.unruly.uniform(0, 0.5))
        for number, wait in enumerate((0.0, *RETRIES)):
            await asyncio.sleep(wait / self.slack.speed)
            began = self.slack.now()
            try:
                reason = await self._attempt(delivery.body, number, reason)
            except (aiohttp.ClientError, OSError):
                reason = "connection_failed"
            took = self.slack.now() - began
            self.slowest = max(self.slowest, took)
            delivery.attempts.append((took, reason or "ok"))
            if reason in ("", "no_retry"):
                break
        else:
            delivery.lost = True
        delivery.done.set()

    async def _attempt(self, body: Json, number: int, reason: str) -> str:
        """One attempt: nothing when it was acknowledged, else why it was not."""
        if not self.target:
            return await self._by_socket(body, number, reason)
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
        raw = json.dumps(body)
        try:
            status, _, answered = await self.post(raw, "application/json", headers)
        except TimeoutError:
            return "http_timeout"
        if 200 <= status < 300:
            return ""
        return "no_retry" if answered.get("X-Slack-No-Retry") == "1" else "http_error"

    # -- by HTTP -----------------------------------------------------------------------------------------------------

    def signed(self, raw: str, stamp: int | None = None) -> dict[str, str]:
        """docs.slack.dev/authentication/verifying-requests-from-slack."""
        at = str(stamp if stamp is not None else int(self.slack.now()))
        secret = self.slack.signing_secret.encode()
        digest = hmac.new(secret, f"v0:{at}:{raw}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}

    async def post(
        self, raw: str, content_type: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        """One signed post to the app: status, body and headers; raises TimeoutError after the deadline."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        given = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        given |= self.signed(raw) | dict(headers or {})
        async with asyncio.timeout(self.slack.ack_within):
            async with self._session.post(self.target, data=raw.encode(), headers=given) as answer:
                return answer.status, await answer.text(), dict(answer.headers)

    # -- by socket ---------------------------------------------------------------------------------------------------

    def ticket(self, base: str) -> str:
        """A URL that works once."""
        made = new_id("L")
        self._tickets.add(made)
        return f"{base}?ticket={made}&app_id={APP_ID}"

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """docs.slack.dev/apis/events-api/using-socket-mode."""
        if request.query.get("ticket") not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(request.query["ticket"])
        ws = web.WebSocketResponse(autoping=False, timeout=0.2)
        await ws.prepare(request)
        line = Line(ws=ws)
        self.lines.append(line)
        self.connected += 1
        await ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self.lines),
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP_ID},
            }
        )
        try:
            async for message in ws:
                if line.mute:
                    continue
                if line.wedged and b"sdk" in message.data:
                    continue
                if message.type is aiohttp.WSMsgType.PING:
                    await ws.pong(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    self._acked(json.loads(message.data))
        finally:
            if line in self.lines:
                self.lines.remove(line)
        return ws

    def _acked(self, answer: Json) -> None:
        waiting = self._acks.pop(answer["envelope_id"], None)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload") or {})

    async def envelope(self, kind: str, payload: Json, *, answers: bool, **more: Any) -> Json:
        """Send one envelope, and wait for its ack; raises TimeoutError, or ConnectionError where no socket is open."""
        line = next(reversed(self.lines), None)
        if line is None:
            raise ConnectionResetError("no socket is open")
        number = new_id("e")
        self._acks[number] = asyncio.get_running_loop().create_future()
        body = {"envelope_id": number, "type": kind, "payload": payload, "accepts_response_payload": answers, **more}
        if not (line.mute or line.wedged):
            await line.ws.send_json(body)
        try:
            async with asyncio.timeout(self.slack.ack_within):
                return await self._acks[number]
        finally:
            self._acks.pop(number, None)

    async def _by_socket(self, body: Json, number: int, reason: str) -> str:
        try:
            await self.envelope("events_api", body, answers=False, retry_attempt=number, retry_reason=reason)
        except TimeoutError:
            return "timeout"
        return ""

    async def disconnect(self, reason: str) -> None:
        """docs.slack.dev/apis/events-api/using-socket-mode#disconnect: warning, refresh_requested, link_disabled."""
        for line in list(self.lines):
            await line.ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})

    async def cut(self) -> None:
        """Every socket breaks at once, without a word."""
        for line in list(self.lines):
            self.lines.remove(line)
            transport = line.ws._req.transport if line.ws._req is not None else None
            if transport is not None:
                transport.abort()

    def mute(self) -> None:
        """Every socket stays open, and nothing comes through it any more."""
        for line in self.lines:
            line.mute = True

    def wedge(self) -> None:
        """Every socket answers the pings of its transport, and nothing else."""
        for line in self.lines:
            line.wedged = True

    # -- commands and interactions: never sent twice -----------------------------------------------------------------

    async def ask(self, kind: str, payload: Any) -> Json:
        """Hand over a command or an interaction; what the app answers. Raises NoAnswerError."""
        if self.unruly:
            first, _ = await asyncio.gather(self._ask(kind, payload), self._ask(kind, payload))
            return first
        return await self._ask(kind, payload)

    async def _ask(self, kind: str, payload: Any) -> Json:
        answer = await self._handed(kind, payload)
        self.answered.append(payload)
        return answer

    async def _handed(self, kind: str, payload: Any) -> Json:
        began = self.slack.now()
        try:
            if not self.target:
                return await self.envelope(kind, payload, answers=True)
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            status, text, _ = await self.post(urlencode(form), "application/x-www-form-urlencoded")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NoAnswerError("operation_timeout") from error
        finally:
            self.slowest = max(self.slowest, self.slack.now() - began)
        if status != 200:
            raise NoAnswerError(f"failed with status {status}")
        return _answer(text)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for line in list(self.lines):
            await line.ws.close()
        if self._session is not None:
            await self._session.close()


def _answer(text: str) -> Json:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else {}
