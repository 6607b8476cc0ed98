"""Telegram as one part for the composition root: the messenger, the way in, readiness."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from math import inf
from typing import TypeVar

from starlette.routing import Route

from bot.messages.incoming import Address, Inbound
from bot.model.roles import Who
from bot.rendering.wording import Wording
from handlers.platform import Incoming, Turn, Work
from handlers.telegram.commands import Listing, Menus, Role
from handlers.telegram.health import Health, State
from handlers.telegram.inbound import Me
from handlers.telegram.intake import Clock, Intake, Receive
from handlers.telegram.line import ALLOWED_UPDATES, ServerError, open_line
from handlers.telegram.messenger import TelegramMessenger
from handlers.telegram.poller import Pace, Poller, trouble
from handlers.telegram.webhook import Take, webhook_route, webhook_url

API_URL = "https://api.telegram.org"
CONNECTIONS = 40  # that Telegram may open to the webhook at once

T = TypeVar("T")


_NO_MENUS: Menus = {Who.COACH: {}, Who.CLIENT: {}}
RoleOf = Callable[[Address], Awaitable[Role | None]]

_log = logging.getLogger(__name__)


class Telegram:
    """One bot account. Nothing is sent anywhere before `serve`; `messenger` says "not sent" until it has been reached.

    With `url` and `secret` updates come to the webhook of `routes`, else `serve` polls for them. `role_of` tells the
    roles of whoever has an address, so that Telegram can list their commands, which are in `menus`.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str = API_URL,
        url: str = "",
        secret: str = "",
        wordings: Mapping[str, Wording] | None = None,
        role_of: RoleOf | None = None,
        menus: Menus | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._line, self._wires = open_line(token, api_url, self._pace.call)
        self._health = Health()
        self._url = webhook_url(url) if url else ""
        self._secret = secret
        self._listing = Listing(self._line, wordings or {}, menus or _NO_MENUS)
        self._role_of = role_of
        self._intake: Intake | None = None
        self.messenger = TelegramMessenger(self._line, self._health)

    @property
    def state(self) -> State:
        """How the line stands; `ready` is the only good one."""
        return self._health.state

    @property
    def reason(self) -> str:
        """What is wrong, in a line for an operator; empty when nothing is."""
        return self._health.reason

    @property
    def down_for(self) -> float | None:
        """Seconds since Telegram was last ready; None while it is."""
        since = self._health.since
        return None if since is None else time.monotonic() - since

    @property
    def quiet_for(self) -> float | None:
        """Seconds since a poll was last answered; None before the first one, and with a webhook."""
        heard = self._health.heard
        return None if heard is None else asyncio.get_running_loop().time() - heard

    @property
    def username(self) -> str:
        """The bot's name without the @, for links of the form t.me/NAME?start=CODE; empty until it has been reached."""
        return self.messenger.me.username if self.messenger.me else ""

    @property
    def link(self) -> str | None:
        """The bot's name; None until it has been reached."""
        return self.username or None

    def work(self, incoming: Incoming, *, takes_in: bool) -> list[Work]:
        """What has to be done for ever; one process alone polls, and takes part in the choice of it."""
        if not takes_in:
            return [self.only_send]
        serve: Work = partial(self.serve, incoming.receive, incoming.clock, incoming.turn)
        return [serve] if incoming.turn is None else [serve, incoming.turn.run]

    def http_routes(self, _incoming: Incoming, *, takes_in: bool) -> list[Route]:
        """The webhook; where other processes take in it says that it cannot now."""
        del takes_in
        return self.routes()

    async def serve(self, receive: Receive, clock: Clock, turn: Turn | None = None) -> None:
        """Take in what people do, for ever; cancel to stop. Outages are waited out.

        Of several processes that poll, `turn` says which one does; the others stand by.
        """
        me = await self._patiently(self._meet)
        intake = Intake(self._line, me, receive, clock, self._arrived)
        try:
            if self._url:
                self._intake = intake
                await self._keep_webhook(clock)
            else:
                await self._patiently(self._drop_webhook)
                self._health.ready()
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._listing.list_for_strangers())
                    tasks.create_task(self._poll(intake, turn))
        finally:
            self._intake = None
            await intake.close()

    async def only_send(self) -> None:
        """Reach the bot, so that messages can be sent, and take nothing in; for ever."""
        await self._patiently(self._meet)
        self._health.ready()
        await asyncio.sleep(inf)

    async def _poll(self, intake: Intake, turn: Turn | None) -> None:
        """Poll, from the beginning each time that it is this process's turn."""
        if turn is None:
            await Poller(self._line, intake.take, self._health, self._pace).run()
            return
        mine = turn

        async def once() -> None:
            await Poller(self._line, intake.take, self._health, self._pace, ours=lambda: mine.chosen).run()

        await mine.hold(once)

    def routes(self) -> list[Route]:
        """What the HTTP server has to serve: the webhook, or nothing when polling."""
        return [webhook_route(self._secret, self._taker)] if self._url else []

    async def close(self) -> None:
        """Close the connections."""
        for wire in self._wires:
            await wire.shutdown()

    def _taker(self) -> Take | None:
        intake = self._intake
        return None if intake is None else intake.take

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call until it succeeds."""
        failures = 0
        while True:
            try:
                return await call()
            except Exception as error:  # whatever Telegram's answer had PTB raise
                failures += 1
                await asyncio.sleep(trouble(error, failures, self._health, self._pace))

    async def _meet(self) -> Me:
        user = await self._line.get_me()
        if not isinstance(user.id, int) or not user.is_bot:
            raise ServerError("getMe answered something that is no bot")
        self.messenger.me = Me(id=str(user.id), username=user.username or "")
        return self.messenger.me

    async def _drop_webhook(self) -> None:
        await self._line.delete_webhook(drop_pending_updates=False)

    async def _set_webhook(self) -> None:
        await self._line.set_webhook(
            self._url,
            max_connections=CONNECTIONS,
            allowed_updates=ALLOWED_UPDATES,
            drop_pending_updates=False,
            secret_token=self._secret,
        )
        self._health.ready()

    async def _keep_webhook(self, clock: Clock) -> None:
        """Set the webhook, and look every minute whether it still stands and Telegram still gets through."""
        await self._patiently(self._set_webhook)
        await self._listing.list_for_strangers()
        while True:
            await asyncio.sleep(self._pace.watch)
            info = await self._patiently(self._line.get_webhook_info)
            if info.url != self._url:
                _log.warning("telegram: the webhook was changed by somebody else; it is set again")
                await self._patiently(self._set_webhook)
            failed = info.last_error_date
            fresh = failed is not None and clock() - failed < timedelta(seconds=2 * self._pace.watch)
            if fresh and info.pending_update_count:
                self._health.turn(
                    State.OFFLINE, f"Telegram does not get through to the webhook: {info.last_error_message}"
                )
            else:
                self._health.ready()

    async def _arrived(self, event: Inbound) -> None:
        role = await self._role_of(event.address) if self._role_of else None
        if role is not None:
            await self._listing.list_for(event.address.chat, role)
