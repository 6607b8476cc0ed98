"""Slack as one part: a messenger, and the ways in that the settings open."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from logging import getLogger

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from starlette.routing import Route

from handlers.platform import Incoming, Work
from handlers.slack.clients import Clients, SlackValues, State
from handlers.slack.directory import Directory
from handlers.slack.home import Homes
from handlers.slack.inbound import Closing
from handlers.slack.install.manifest import scopes
from handlers.slack.install.oauth import INSTALL, Installations, States, Workspaces, flow_of
from handlers.slack.intake import Intake, Receive, bolt_app
from handlers.slack.limits import ResponseUrls
from handlers.slack.outbound import SlackMessenger, fate_of, note
from handlers.slack.routes import routes_of
from handlers.slack.socket_mode import Pace, SocketMode

_log = getLogger(__name__)
_LOOK_AGAIN = 20.0  # seconds
_TRIES = (1.0, 2.0, 5.0, 10.0, _LOOK_AGAIN)  # seconds between tries while Slack does not answer
Clock = Callable[[], datetime]


def _nobody() -> None:
    """Nobody sends yet."""


class Slack:
    """The platform; with `installations` and `states`, for every workspace that installs the app.

    `refusal` is what those read who install it for a whole organisation.
    """

    def __init__(
        self,
        values: SlackValues,
        *,
        installations: Installations | None = None,
        states: States | None = None,
        workspaces: Workspaces | None = None,
        pace: Pace | None = None,
        refusal: str = "",
    ) -> None:
        if values.many and (installations is None or states is None):
            raise ValueError("many workspaces need a place for installations and for states")
        self._values = values
        self._installations = installations if values.many else None
        self._states = states
        self._workspaces = workspaces
        self._refusal = refusal
        self.wake: Callable[[], None] = _nobody
        self._pace = pace or Pace()
        self._clients = Clients(values, self._installations, self._pace.call)
        self._directory = Directory(self._clients)
        self._intakes: list[Intake] = []
        self._socket: SocketMode | None = None
        self._only_sends = False
        self._may_be_removed = not values.many  # perhaps while nobody ran
        self._lent = ResponseUrls()
        self._homes = Homes()
        self.messenger = SlackMessenger(self._clients, self._directory, self._lent, self._homes)

    @property
    def state(self) -> State:
        """How Slack is reached just now."""
        if self._clients.revoked:
            return State.REVOKED
        if self._values.by_socket and not self._only_sends:
            state = self._socket.state if self._socket else State.STARTING
            return state if state is not State.READY else self._calls
        return self._calls

    @property
    def _calls(self) -> State:
        return State.DISCONNECTED if self._clients.unanswered else State.READY

    @property
    def reason(self) -> str:
        """What is wrong, in a line for an operator; empty when nothing is."""
        if self._clients.revoked:
            return "Slack refuses SLACK_BOT_TOKEN: install the app again and set the new one"
        if self._clients.unanswered:
            return f"Slack does not answer our calls: {self._clients.unanswered}"
        return self._socket.reason if self._socket else ""

    @property
    def down_for(self) -> float | None:
        """Seconds since Slack was last ready; None while it is."""
        socket = self._socket.since if self._socket else None
        since = [at for at in (self._clients.since, socket) if at is not None]
        return time.monotonic() - min(since) if since else None

    @property
    def quiet_for(self) -> float | None:
        """Seconds since the socket's last ping was answered; None where there is no socket."""
        return self._socket.quiet_for if self._socket else None

    @property
    def link(self) -> str:
        """The page that installs the app, where any workspace may; else empty."""
        return (
            f"{self._values.public_url.rstrip('/')}{INSTALL}" if self._values.many and self._values.public_url else ""
        )

    def work(self, incoming: Incoming, *, takes_in: bool) -> list[Work]:
        """What has to be done for ever; Slack spreads its events over all sockets by itself."""
        self.wake = incoming.wake
        if not takes_in:
            self.only_send()
            return []
        opened: Work = partial(self.keep_open, incoming.clock)
        if not self._values.by_socket:
            return [opened]
        return [opened, partial(self.run_socket, incoming.receive, incoming.clock)]

    def http_routes(self, incoming: Incoming, *, takes_in: bool) -> list[Route]:
        """The routes of the HTTP ways in, where this process takes in."""
        self.wake = incoming.wake
        return self.routes(incoming.receive, incoming.clock) if takes_in else []

    def only_send(self) -> None:
        """Another process takes in what people do."""
        self._only_sends = True

    def routes(self, receive: Receive, clock: Clock) -> list[Route]:
        """The routes of the HTTP ways in; none where Slack is reached by a socket alone."""
        if not self._values.by_http:
            return []
        flow = self._flow(clock)
        return routes_of(self._app(receive, clock, flow), flow)

    async def run_socket(self, receive: Receive, clock: Clock) -> None:
        """Serve by Socket Mode until cancelled."""
        if self._socket is None:
            app = self._app(receive, clock, None)
            self._socket = SocketMode(app, self._clients.bare(), self._values.app_token, self._pace)
        await self._socket.run()

    async def keep_open(self, clock: Clock) -> None:
        """With one token: once Slack takes it, open the workspace, from which the app may have been removed; for ever.

        An installation for many workspaces tells by itself when one installs the app again.
        """
        failures = 0
        while True:
            workspace = await self._own_workspace() if self._may_be_removed and self._workspaces is not None else None
            if workspace and self._workspaces is not None:
                await self._opened(workspace, clock())
                self._may_be_removed = False
            failures = failures + 1 if workspace == "" else 0
            await asyncio.sleep(_TRIES[min(failures, len(_TRIES)) - 1])

    async def _own_workspace(self) -> str:
        """The workspace of the one token; empty where Slack does not say, and the state says why."""
        try:
            found = await self._clients.own_workspace()
        except Exception as error:  # whatever Slack's answer had the SDK raise
            note(self._clients, "", fate_of(error))
            return ""
        self._clients.token_taken()
        return found

    async def check(self, bot: str = "") -> str:
        """What Slack has against the bot token, or that of a workspace: the name of its error, or nothing.

        Raises what the SDK raises where Slack does not answer.
        """
        return await self._clients.trouble(bot)

    async def close(self) -> None:
        """Let last words out, and close what was opened."""
        for intake in self._intakes:
            await intake.close()
        await self._directory.close()
        await self._clients.close()

    def _app(self, receive: Receive, clock: Clock, flow: AsyncOAuthFlow | None) -> AsyncApp:
        async def closed(closing: Closing) -> None:
            await self._closed(closing, clock())

        intake = Intake(self._clients, self._directory, receive, clock, closed, self._lent, self._homes)
        self._intakes.append(intake)
        return bolt_app(self._values, self._clients, intake, flow)

    def _flow(self, clock: Clock) -> AsyncOAuthFlow | None:
        if self._installations is None or self._states is None:
            return None

        async def opened(bot: str) -> None:
            await self._opened(bot, clock())

        return flow_of(
            client=self._clients.bare(),
            client_id=self._values.client_id,
            client_secret=self._values.client_secret,
            scopes=scopes(),
            public_url=self._values.public_url,
            installations=self._installations,
            states=self._states,
            clock=clock,
            opened=opened,
            new_state=lambda: secrets.token_urlsafe(32),
            refusal=self._refusal,
        )

    async def _opened(self, bot: str, now: datetime) -> None:
        if self._workspaces is not None:
            await self._workspaces.opened(bot, now)
            self.wake()

    async def _closed(self, closing: Closing, now: datetime) -> None:
        """A workspace is gone: its token is forgotten, and whoever looks after its people is told.

        Such an event may be late, and the app installed again meanwhile: a token that works is kept.
        """
        if not await self._clients.trouble(closing.bot):
            _log.info("%s of workspace %s is out of date: its token works", closing.reason, closing.bot)
            return
        if self._installations is not None:
            await self._installations.remove(closing.bot, now)
        self._may_be_removed = self._installations is None
        self._clients.token_refused(closing.bot)
        if self._workspaces is not None:
            await self._workspaces.closed(closing.bot, closing.reason, now)
