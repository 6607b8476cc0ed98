"""A fake Slack over real HTTP and WebSocket: the Web API, OAuth, Socket Mode and event delivery.

As strict as the real one where its documentation says how strict that is; each rule names its page. `speed` shortens
what takes minutes there (retries, rate limits), and leaves alone what takes seconds (acks, triggers).
"""

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.fakes import slack_payloads as payloads
from tests.fakes.odd_answers import OddAnswer, give
from tests.fakes.slack_delivery import Delivery, Mail
from tests.fakes.slack_files import Upload, take_upload
from tests.fakes.slack_methods import METHODS, arguments, relook
from tests.fakes.slack_payloads import Json, Team, User, new_id
from tests.fakes.slack_people import Person
from tests.fakes.slack_rules import RefusalError, check_message

ALL_SCOPES = "app_mentions:read chat:write commands files:write im:history im:write reactions:read users:read"


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method, before or after they had their effect.

    With a `body`, that is what they are answered, as text of the `kind` named; with `odd`, like that.
    """

    method: str
    times: int
    status: int = 0
    error: str = ""
    retry_after: int = 0
    hang: float = 0.0
    reset: bool = False
    after: bool = False
    body: str | None = None
    kind: str = "text/html"
    odd: OddAnswer | None = None


@dataclass(slots=True)
class Trigger:
    """Lent for three seconds, for one use."""

    user: User
    born: float
    used: bool = False


@dataclass(slots=True)
class Response:
    """An address for answers, lent for thirty minutes, for five uses."""

    user: User
    message: str
    born: float
    uses: int = 0


@dataclass(slots=True)
class Bucket:
    """So many calls at once, refilled by the second."""

    most: float
    rate: float
    held: float
    at: float

    def take(self, now: float) -> float:
        """0.0, or the seconds until there is room."""
        self.held = min(self.most, self.held + (now - self.at) * self.rate)
        self.at = now
        if self.held >= 1:
            self.held -= 1
            return 0.0
        return (1 - self.held) / self.rate


@dataclass(slots=True)
class FakeSlack:
    """The server; `async with` runs it on a port of its own."""

    speed: float = 1.0
    limits: bool = True
    ack_within: float = 3.0
    burst: int = 5
    client_id: str = "111.222"
    client_secret: str = "client-secret"
    signing_secret: str = "signing-secret"
    app_token: str = "xapp-1-A0THREAD01-1-abc"
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    views: dict[str, Json] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    whispers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: Counter[str] = field(default_factory=Counter)
    given: list[tuple[str, Json]] = field(default_factory=list)
    refused: list[tuple[str, str, list[str]]] = field(default_factory=list)
    outbox: Counter[Any] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    codes: dict[str, tuple[Team, User, str, str]] = field(default_factory=dict)
    redirect_url: str = ""
    organisation: str = ""  # that installs the app as a whole
    port: int = 0
    mail: Mail = field(init=False)
    _people: dict[str, Person] = field(default_factory=dict)
    _buckets: dict[Any, Bucket] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.mail = Mail(self)

    # -- running -----------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> "FakeSlack":
        app = web.Application(client_max_size=60_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/upload/v1/{ticket}", self._upload)
        app.router.add_get("/link/", self.mail.socket)
        app.router.add_post("/respond/{ticket}", self._respond)
        app.router.add_get("/oauth/v2/authorize", self._authorize)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # aiohttp tells it nowhere else
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.mail.close()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    def now(self) -> float:
        return time.time()

    def ts(self) -> str:
        """A timestamp, unique and growing: docs.slack.dev/messaging/retrieving-messages."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    # -- the world ---------------------------------------------------------------------------------------------------

    def team(self, name: str = "Acme", *, scopes: str = ALL_SCOPES, installed: bool = True) -> Team:
        """A new workspace, in which the app is installed."""
        made = Team(
            id=new_id("T"),
            name=name,
            token=f"xoxb-{new_id('K')}",
            bot_user=new_id("U"),
            bot_id=new_id("B"),
            scopes=set(scopes.split()),
            installed=installed,
        )
        self.teams[made.id] = made
        return made

    def person(self, name: str, team: Team | None = None, tz: str = "Europe/Berlin") -> Person:
        """Somebody in a workspace, met for the first time or again."""
        team = team or next(iter(self.teams.values()))
        key = f"{team.id}:{name}"
        if key not in self._people:
            user = User(id=new_id("U"), team=team, name=name, tz=tz, im=new_id("D"))
            self.users[user.id] = user
            self.channels[user.im] = []
            self._people[key] = Person(self, user)
        return self._people[key]

    def trigger(self, user: User) -> str:
        name = f"{new_id('')}.{new_id('')}.{new_id('')}"
        self.triggers[name] = Trigger(user=user, born=self.now())
        return name

    def response_url(self, user: User, message: str = "") -> str:
        """For five answers to a press of a message's button, or to a command."""
        ticket = new_id("R")
        self.responses[ticket] = Response(user=user, message=message, born=self.now())
        return f"http://127.0.0.1:{self.port}/respond/{ticket}"

    @property
    def doubled(self) -> dict[Any, int]:
        """Outbox ids that were posted more than once."""
        return {key: times for key, times in self.outbox.items() if times > 1}

    # -- the control surface -----------------------------------------------------------------------------------------

    def fail(self, method: str, *, times: int = 1, **what: Any) -> None:
        """Let the next calls of a method go wrong."""
        self.faults.append(Fault(method=method, times=times, **what))

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.faults.clear()

    async def revoke(self, team: Team) -> None:
        """docs.slack.dev/reference/events/tokens_revoked."""
        team.revoked = True
        body = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot_user]}, "event_ts": self.ts()}
        await self.mail.event(team, body)

    async def uninstall(self, team: Team) -> None:
        """docs.slack.dev/reference/events/app_uninstalled."""
        team.installed, team.revoked = False, True
        await self.mail.event(team, {"type": "app_uninstalled", "event_ts": self.ts()})

    async def deactivate(self, person: Person) -> Delivery:
        person.user.deleted = True
        return await self.mail.event(person.user.team, payloads.user_change(person.user, ts=self.ts()))

    async def settled(self) -> None:
        """Until every event has been delivered, or given up."""
        await self.mail.settled()

    # -- the Web API -------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        fault = self._fault(method)
        if fault is not None and not fault.after:
            return await self._go_wrong(fault, request)
        answer, headers, status = await self._answer(method, request)
        if fault is not None:
            return await self._go_wrong(fault, request)
        return web.json_response(answer, headers=headers, status=status)

    def _fault(self, method: str) -> Fault | None:
        fault = next((f for f in self.faults if f.method in (method, "*")), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        return fault

    async def _go_wrong(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(fault.hang)
        if fault.odd is not None:
            return await give(fault.odd, request)
        if fault.reset and request.transport is not None:
            request.transport.abort()
        if fault.retry_after:  # docs.slack.dev/apis/web-api/rate-limits
            headers = {"Retry-After": str(fault.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, headers=headers, status=429)
        if fault.error:
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status or 200)
        if fault.body is not None:
            return web.Response(status=fault.status or 200, text=fault.body, content_type=fault.kind)
        return web.Response(status=fault.status or 500, text="<html>upstream</html>", content_type="text/html")

    async def _answer(self, method: str, request: web.Request) -> tuple[Json, dict[str, str], int]:
        args = await arguments(request, method)
        self.given.append((method, args))
        spec = METHODS.get(method)
        try:
            if spec is None:
                raise RefusalError("unknown_method")
            team = self._team_of(request, args, method)
            if spec.scope and team is not None and spec.scope not in team.scopes:
                self.refused.append((method, "missing_scope", [spec.scope]))
                needs = {"needed": spec.scope, "provided": ",".join(sorted(team.scopes))}
                return {"ok": False, "error": "missing_scope", **needs}, {}, 200
            wait = self._over(method, spec.per_minute, team, args)
            if wait:
                self.refused.append((method, "ratelimited", []))
                return {"ok": False, "error": "ratelimited"}, {"Retry-After": str(ceil(wait))}, 429
            answer = await spec.run(self, team, args)
        except RefusalError as refusal:
            self.refused.append((method, refusal.error, refusal.messages))
            told: Json = {"ok": False, "error": refusal.error}
            if refusal.messages:
                told["errors"] = refusal.messages
                told["response_metadata"] = {"messages": refusal.messages}
            return told, {}, 200
        scopes = {"x-oauth-scopes": ",".join(sorted(team.scopes))} if team else {}
        return {"ok": True, **answer}, scopes, 200

    def _team_of(self, request: web.Request, args: Json, method: str) -> Team | None:
        """docs.slack.dev/reference/methods#errors: not_authed, invalid_auth, token_revoked, account_inactive."""
        if method == "oauth.v2.access":
            return None
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
        if not token:
            raise RefusalError("not_authed")
        if method == "apps.connections.open":
            if token == self.app_token:
                return None
            raise RefusalError("invalid_auth" if not token.startswith("xoxb") else "not_allowed_token_type")
        team = next((t for t in self.teams.values() if t.token == token), None)
        if team is None:
            raise RefusalError("invalid_auth")
        if not team.installed:
            raise RefusalError("account_inactive")
        if team.revoked:
            raise RefusalError("token_revoked")
        return team

    def _over(self, method: str, per_minute: int, team: Team | None, args: Json) -> float:
        """docs.slack.dev/apis/web-api/rate-limits: tiers by minute, and one message a second in each channel."""
        if not self.limits:
            return 0.0
        key: tuple[str, str, str] = (method, team.id if team else "", "")
        waits = [self._bucket(key, per_minute, per_minute / 60)] if per_minute else []
        if method == "chat.postMessage":
            waits.append(self._bucket((*key[:2], str(args.get("channel"))), self.burst, 1.0))
        return max((bucket.take(self.now()) for bucket in waits), default=0.0)

    def _bucket(self, key: tuple[str, str, str], most: float, rate: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(most=most, rate=rate * self.speed, held=most, at=self.now())
        return self._buckets[key]

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        """docs.slack.dev/interactivity/handling-user-interaction#message_responses."""
        self.calls["response_url"] += 1
        fault = self._fault("response_url")
        if fault is not None:
            return await self._go_wrong(fault, request)
        body, lent = await request.json(), self.responses.get(request.match_info["ticket"])
        if lent is None or lent.uses >= 5 or self.now() - lent.born > 1800:
            return web.Response(status=404, text="used_url")
        lent.uses += 1
        if body.get("replace_original") is not True:
            self.whispers[lent.user.id].append(body["text"])
            return web.Response(text="ok")
        try:
            check_message(body.get("blocks"), body.get("text"))
        except RefusalError as refusal:
            self.refused.append(("response_url", refusal.error, refusal.messages))
            return web.Response(status=400, text=refusal.error)
        found = next(m for m in self.channels[lent.user.im] if m["ts"] == lent.message)
        await relook(self, lent.user.team, lent.user.im, found, body)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """docs.slack.dev/messaging/working-with-files#uploading_files: bytes or a form, to the URL given."""
        self.calls["upload"] += 1
        fault = self._fault("upload")
        if fault is not None:
            return await self._go_wrong(fault, request)
        return await take_upload(self, request)

    # -- OAuth -------------------------------------------------------------------------------------------------------

    async def _authorize(self, request: web.Request) -> web.Response:
        return web.Response(text="Allow?", content_type="text/html")

    def allow(self, person: Person, *, scope: str, state: str, redirect_uri: str = "") -> str:
        """They allow the app: where their browser is sent. docs.slack.dev/authentication/installing-with-oauth."""
        code = new_id("C")
        self.codes[code] = (person.user.team, person.user, scope, redirect_uri)
        return f"{redirect_uri or self.redirect_url}?{urlencode({'code': code, 'state': state})}"
