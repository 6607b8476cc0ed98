"""A Bot API server for tests: real HTTP, full-shape payloads, the public server's rules; and people who use it.

Here are requests, faults and webhook delivery; `telegram_account` holds the methods, `telegram_rules` what they accept,
`telegram_people` the people.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.odd_answers import OddAnswer, give
from tests.fakes.telegram_account import Account
from tests.fakes.telegram_rules import Json, RefusalError, parameters_of


@dataclass(slots=True)
class Call:
    """One request that arrived: its method, its parameters, when, and with what code it was answered."""

    method: str
    given: Json
    at: float
    code: int = 0


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next requests of a method.

    Kinds: `status` (answers it, does nothing), `flood` (429), `page` (an HTML page), `body` (that text as JSON), `odd`
    (as `odd_answers` says), `cut` (connection reset, nothing done), `hang` (no answer, nothing done); each also as
    `done-...`: the request is carried out first.
    """

    method: str
    kind: str
    times: int
    code: int = 500
    seconds: int = 1
    after: int = 0
    body: str = ""
    odd: OddAnswer | None = None


@dataclass(slots=True)
class FakeTelegram(Account):
    """One bot account at one server; use it as an async context manager."""

    webhook_retry: float = 0.05
    calls: list[Call] = field(default_factory=list)
    delivered: list[tuple[int, int]] = field(default_factory=list)
    revoked: bool = False
    secret: str = "AAFakeTokenOfATestBot-canary_0123456789"
    port: int = 0
    _faults: deque[Fault] = field(default_factory=deque)
    _runner: web.AppRunner | None = None
    _hooks: asyncio.Task[None] | None = None

    @property
    def token(self) -> str:
        return f"{self.bot_id}:{self.secret}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.plug()
        self._hooks = asyncio.create_task(self._deliver())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._hooks:
            self._hooks.cancel()
        await self.unplug()

    async def plug(self) -> None:
        """Listen, on the same port as before."""
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def unplug(self) -> None:
        """The network is gone: connections end, new ones are refused."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def fault(
        self,
        method: str,
        kind: str,
        times: int = 1,
        *,
        code: int = 500,
        seconds: int = 1,
        after: int = 0,
        body: str = "",
        odd: OddAnswer | None = None,
    ) -> None:
        """The next requests of a method (`*` is any) go wrong, or those that follow the next `after` ones."""
        made = Fault(method=method, kind=kind, times=times, code=code, seconds=seconds, after=after, body=body, odd=odd)
        self._faults.append(made)

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()

    def called(self, method: str) -> list[Json]:
        """The parameters of every request of a method, in their order."""
        return [call.given for call in self.calls if call.method == method]

    # -- requests ----------------------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        call = Call(method=name, given=await parameters_of(request), at=time.monotonic())
        self.calls.append(call)
        fault = self._fault_for(name)
        if fault and not fault.kind.startswith("done-"):
            return await self._fail(request, fault, call)
        try:
            answer: web.StreamResponse = web.json_response({"ok": True, "result": await self._carry_out(request, call)})
        except RefusalError as refusal:
            answer = refusal.answer()
        if fault:
            return await self._fail(request, fault, call)
        call.code = answer.status
        return answer

    async def _carry_out(self, request: web.Request, call: Call) -> Any:
        if self.revoked or request.match_info["token"] != self.token:
            raise RefusalError(401, "Unauthorized")
        method = self._methods().get(call.method.lower())  # "method names are case-insensitive"
        if method is None:
            raise RefusalError(404, "Not Found: method not found")
        found = method(call.given)
        return await found if asyncio.iscoroutine(found) else found

    def _fault_for(self, method: str) -> Fault | None:
        fault = next((f for f in self._faults if f.method in ("*", method)), None)
        if fault and fault.after:
            fault.after -= 1
            return None
        if fault:
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
        return fault

    async def _fail(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
        call.code = -1
        match fault.kind.removeprefix("done-"):
            case "status":
                return RefusalError(fault.code, "Internal Server Error" if fault.code >= 500 else "made up").answer()
            case "flood":
                return RefusalError(
                    429, f"Too Many Requests: retry after {fault.seconds}", retry_after=fault.seconds
                ).answer()
            case "page":
                return web.Response(status=fault.code, text="<html>Not the Bot API</html>", content_type="text/html")
            case "body":
                return web.Response(status=fault.code, text=fault.body, content_type="application/json")
            case "odd" if fault.odd is not None:
                return await give(fault.odd, request)
            case "hang":
                await asyncio.sleep(60)
            case _:
                pass
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    # -- the webhook -------------------------------------------------------------------------------------------------

    async def _deliver(self) -> None:
        """Hand in updates, those of a chat one after the other; again what was not answered with 2xx."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
            while True:
                first = self._next_for_the_webhook()
                done = await asyncio.gather(*(self._hand_in(session, update) for update in first))
                if not any(done):
                    self._pushed.clear()
                    wait = self.webhook_retry if first else 60
                    try:
                        async with asyncio.timeout(wait):
                            await self._pushed.wait()
                    except TimeoutError:
                        continue

    def _next_for_the_webhook(self) -> list[Json]:
        """The first of each chat; in an unruly world all there are, with copies, in any order."""
        if self.hook is None:
            return []
        if self.unruly:
            return self._in_some_order(list(self.updates))
        first: dict[int, Json] = {}
        for update in self.updates:
            first.setdefault(_chat_of(update), update)
        return list(first.values())

    async def _hand_in(self, session: aiohttp.ClientSession, update: Json) -> bool:
        hook = self.hook
        if hook is None:
            return False
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=update, headers=headers) as response:
                status, words = response.status, f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError):
            status, words = 0, "Connection refused"
        self.delivered.append((update["update_id"], status))
        if 200 <= status < 300:
            if update in self.updates:
                self.updates.remove(update)
                self.confirmed.append(update)
            return True
        hook.error, hook.error_at = words, int(time.time())
        return False


def _chat_of(update: Json) -> int:
    held = next(value for value in update.values() if isinstance(value, dict))
    chat = held.get("chat") or held.get("message", {}).get("chat") or held["from"]
    return int(chat["id"])
