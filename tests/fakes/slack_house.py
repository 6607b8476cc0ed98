"""The real app with Slack as its platform, against the fake: by HTTP, by a socket, or installed by OAuth."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.app import App, running
from bot.clock import SetClock
from bot.delivery.attachments import FilingHere
from bot.messages.incoming import Inbound, Outcome, Receipt
from bot.settings import Settings
from handlers.slack.app import Slack
from handlers.slack.clients import SlackValues, State
from handlers.slack.install.oauth import Installation
from handlers.slack.install.stored import SlackWorkspaces
from handlers.slack.socket_mode import Pace
from storage.outbox import rows as outbox
from storage.people import invites
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_payloads import Team
from tests.support.dates_in_process import NearDates
from tests.support.town import AT_ONCE, KEY, MONDAY, shipped

QUICK = Pace(ping=0.75, opening=2.0, grace=0.5, look=0.02, waits=(0.05, 0.1), refused=0.1)
ACCEPTED = Receipt(outcome=Outcome.ACCEPTED)
Receive = Callable[[Inbound, datetime], Awaitable[Receipt]]


class Server(uvicorn.Server):
    """Uvicorn that leaves the signals to the tests."""

    def capture_signals(self) -> Any:
        return nullcontext()


@asynccontextmanager
async def served(routes: list[BaseRoute]) -> AsyncIterator[str]:
    """Routes under uvicorn, on a port of their own; gives the URL."""
    config = uvicorn.Config(
        Starlette(routes=routes), port=0, log_level="critical", lifespan="off", ws="none", access_log=False
    )
    server = Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(5):
        while not server.started:  # noqa: ASYNC110 (uvicorn sets no event)
            await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@dataclass(slots=True)
class InMemory:
    """The ports that storage implements, held in memory."""

    installations: dict[str, Installation] = field(default_factory=dict)
    states: dict[str, datetime] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    kept: SlackWorkspaces | None = None  # where there is a database

    async def save(self, installation: Installation, now: datetime) -> None:
        self.installations[installation.bot] = installation

    async def find(self, bot: str) -> Installation | None:
        return self.installations.get(bot)

    async def remove(self, bot: str, now: datetime) -> None:
        self.installations.pop(bot, None)

    async def issue(self, state: str, expires_at: datetime) -> None:
        self.states[state] = expires_at

    async def consume(self, state: str, now: datetime) -> bool:
        expires_at = self.states.pop(state, None)
        return expires_at is not None and now < expires_at

    async def opened(self, bot: str, now: datetime) -> None:
        self.told.append(("opened", bot))
        if self.kept is not None:
            await self.kept.opened(bot, now)

    async def closed(self, bot: str, reason: str, now: datetime) -> None:
        self.told.append((reason, bot))


@dataclass(slots=True)
class Ears:
    """What stands where the conversation does: notes what came, answers as it is told, can be slow or fail."""

    heard: list[Inbound] = field(default_factory=list)
    answers: dict[str, Receipt] = field(default_factory=dict)
    then: Receive | None = None
    slow: float = 0.0
    fails: int = 0

    async def receive(self, inbound: Inbound, now: datetime) -> Receipt:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.fails > 0:
            self.fails -= 1
            raise OSError("the database is away")
        self.heard.append(inbound)
        if self.then is not None:
            return await self.then(inbound, now)
        return self.answers.get(type(inbound.content).__name__, ACCEPTED)


@dataclass(slots=True)
class House:
    """Our side and theirs."""

    fake: FakeSlack
    slack: Slack
    ears: Ears
    ports: InMemory
    url: str = ""
    app: App | None = None
    clock: SetClock = field(default_factory=lambda: SetClock(MONDAY))
    task: asyncio.Task[None] | None = None

    async def until(self, holds: Callable[[], Any], within: float = 5.0) -> None:
        """Wait until something holds; fails when it does not."""
        try:
            async with asyncio.timeout(within):
                while not holds():  # noqa: ASYNC110 (whatever it is, it may be anything)
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError("it never came about") from None

    async def quiet(self) -> None:
        """Wait until every event has been taken, and everything that was said has been sent."""
        await self.fake.settled()
        async with asyncio.timeout(15):
            while self.app is not None and await self.unsent():
                self.app.delivery.wake()
                await asyncio.sleep(0.02)
        await self.fake.settled()

    async def unsent(self) -> int:
        """How many rows of the outbox are not finished."""
        if self.app is None:
            return 0
        counts = await self.app.database.read(outbox.counts)
        return sum(counts.get(state, 0) for state in ("pending", "sending", "unknown"))

    async def code(self, role: str, name: str) -> str:
        """A code that somebody can redeem."""
        assert self.app is not None
        code = invites.new_code()
        add = partial(
            invites.add_invite,
            code=code,
            role=role,
            coach=None,
            name=name,
            zone="Europe/Berlin",
            expires_at=self.clock() + timedelta(days=7),
        )
        await self.app.database.transact(add)
        return code


def values_for(way: str, fake: FakeSlack, team: Team | None) -> SlackValues:
    """What an operator sets for one of the three ways in."""
    base = SlackValues(api_url=fake.url)
    if way == "oauth":
        return replace(
            base, client_id=fake.client_id, client_secret=fake.client_secret, signing_secret=fake.signing_secret
        )
    token = team.token if team else ""
    if way == "socket":
        return replace(base, bot_token=token, app_token=fake.app_token)
    return replace(base, bot_token=token, signing_secret=fake.signing_secret)


@asynccontextmanager
async def house(
    way: str, *, database: str = "", values: SlackValues | None = None, **fake_settings: Any
) -> AsyncIterator[House]:
    """Slack and its fake, joined in one of three ways or not at all; with a database, the app behind it, else ears."""
    async with FakeSlack(**fake_settings) as fake:
        team = fake.team()
        ports, ears = InMemory(), Ears()
        if way == "oauth":
            ports.installations[team.id] = _installation(team)
        given = values or values_for(way, fake, team)
        slack = Slack(
            given, installations=ports, states=ports, workspaces=ports, pace=QUICK, refusal="One workspace, please."
        )
        made = House(fake=fake, slack=slack, ears=ears, ports=ports)
        try:
            async with _app(made, database), _joined(made, way):
                yield made
        finally:
            await slack.close()


@asynccontextmanager
async def _app(made: House, database: str) -> AsyncIterator[None]:
    if not database:
        yield
        return
    settings = Settings(database_url=database, encryption_keys=SecretStr(KEY))
    wired = running(
        settings,
        {"slack": made.slack.messenger},
        made.clock,
        delivering=AT_ONCE,
        made=shipped(),
        dates=NearDates(),
        filing=FilingHere(),
    )
    async with wired as app:
        made.app, made.ports.kept, made.slack.wake = app, SlackWorkspaces(app.database), app.delivery.wake
        made.ears.then = app.conversation.receive
        sending = asyncio.create_task(app.delivery.run())
        try:
            yield
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending


@asynccontextmanager
async def _joined(made: House, way: str) -> AsyncIterator[None]:
    if way == "none":
        yield
        return
    if way != "socket":
        async with served(list(made.slack.routes(made.ears.receive, made.clock))) as url:
            made.url = url
            made.fake.mail.target = f"{url}/slack/events"
            made.fake.redirect_url = f"{url}/slack/oauth_redirect"
            yield
        return
    made.task = asyncio.create_task(made.slack.run_socket(made.ears.receive, made.clock))
    try:
        await made.until(lambda: made.slack.state is State.READY)
        yield
    finally:
        made.task.cancel()
        with suppress(asyncio.CancelledError):
            await made.task


def _installation(team: Team) -> Installation:
    return Installation(
        bot=team.id,
        team=team.id,
        team_name=team.name,
        enterprise="",
        app="A0THREAD01",
        bot_id=team.bot_id,
        bot_user=team.bot_user,
        scopes=tuple(sorted(team.scopes)),
        installed_by="U0INSTALLER",
        token=team.token,
    )
