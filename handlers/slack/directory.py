"""What Slack is asked about people, once: the direct message that leads to them, name, zone and language."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from slack_sdk.errors import SlackApiError

from bot.messages.incoming import Address, Inbound
from handlers.slack.clients import Clients, answered, told
from handlers.slack.inbound import PLATFORM
from handlers.slack.text import cut

V = TypeVar("V")

PATIENCE = 0.8  # seconds that an event waits for what is nice to know
KEPT = 10_000
_REST = timedelta(minutes=1)
_NAME = 80
_NAMED = 3  # people of one text who are looked up
_PEOPLE = ("U", "W")  # what the ids of people begin with


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """How someone is called, and the zone and the language ("de-DE") that Slack has for them."""

    name: str = ""
    zone: str = ""
    language: str = ""


class _Kept(Generic[V]):
    """The values used last, up to a number."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        if key in self._held:
            self._held.move_to_end(key)
        return self._held.get(key)

    def put(self, key: Hashable, value: V) -> None:
        self._held[key] = value
        self._held.move_to_end(key)
        if len(self._held) > KEPT:
            self._held.popitem(last=False)

    def drop(self, key: Hashable) -> None:
        self._held.pop(key, None)


class Directory:
    """Looks people up in their workspace."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._channels: _Kept[str] = _Kept()
        self._profiles: _Kept[Profile] = _Kept()
        self._asking: dict[Hashable, asyncio.Task[None]] = {}
        self._resting: dict[str, datetime] = {}

    async def fill(self, inbound: Inbound, now: datetime) -> Inbound:
        """The event with its chat, and with name, zone and language where Slack tells them soon enough.

        A chat that cannot be found out is the person's own id, which Slack takes in place of it.
        """
        address, key = inbound.address, (inbound.address.bot, inbound.address.user)
        if address.chat.startswith("D"):
            self._channels.put(key, address.chat)
        await self._soon(address, now)
        profile = self._profiles.get(key) or Profile()
        chat = address.chat or self._channels.get(key) or address.user
        return replace(
            inbound,
            address=replace(address, chat=chat),
            name=profile.name or cut(inbound.name, _NAME),
            zone=profile.zone,
            language=profile.language,
        )

    async def names(self, bot: str, people: Sequence[str], now: datetime) -> dict[str, str]:
        """What these people are called, as far as Slack tells soon enough."""
        for user in people[:_NAMED]:
            await self._soon(Address(platform=PLATFORM, bot=bot, chat=user, user=user), now)
        found = {user: self._profiles.get((bot, user)) for user in people}
        return {user: profile.name for user, profile in found.items() if profile is not None}

    async def channel(self, address: Address) -> str:
        """The channel of an address; opens the direct message where only the person is known.

        Raises what the SDK raises.
        """
        if address.chat and not address.chat.startswith(_PEOPLE):
            return address.chat
        key = (address.bot, address.user)
        known = self._channels.get(key)
        return known if known else await self._open(address)

    def forget(self, bot: str, user: str) -> None:
        """What was known of somebody's profile is stale."""
        self._profiles.drop((bot, user))

    async def close(self) -> None:
        """Stop asking."""
        for task in list(self._asking.values()):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def _soon(self, address: Address, now: datetime) -> None:
        """Ask for what is missing, and wait for it a little; the asking goes on by itself."""
        key = (address.bot, address.user)
        wanted: list[tuple[str, Callable[[Address], Awaitable[object]]]] = []
        if self._profiles.get(key) is None:
            wanted.append(("profile", self._look))
        if not address.chat and self._channels.get(key) is None:
            wanted.append(("channel", self._open))
        rests = self._resting.get(address.bot)
        if not wanted or (rests is not None and now < rests):
            return
        tasks = [self._task((*key, name), ask, address, now) for name, ask in wanted]
        _, pending = await asyncio.wait(tasks, timeout=PATIENCE)
        if pending:  # nobody's next event should wait for an API that does not answer
            self._resting[address.bot] = now + _REST

    def _task(
        self, key: Hashable, ask: Callable[[Address], Awaitable[object]], address: Address, now: datetime
    ) -> asyncio.Task[None]:
        task = self._asking.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(ask, address, now))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return task

    async def _ask(self, ask: Callable[[Address], Awaitable[object]], address: Address, now: datetime) -> None:
        try:
            async with asyncio.timeout(PATIENCE * 4):
                await ask(address)
        except SlackApiError as error:
            key = (address.bot, address.user)
            said = answered(error)
            if said.status != 200 or not said.name:
                self._resting[address.bot] = now + _REST
            elif self._profiles.get(key) is None:
                self._profiles.put(key, Profile())  # Slack will not say: it is not asked again
        except Exception:  # whatever came of asking, nobody's event waits for it
            self._resting[address.bot] = now + _REST
        else:
            self._resting.pop(address.bot, None)

    async def _look(self, address: Address) -> None:
        client = await self._clients.of(address.bot)
        if client is None:
            return
        answer = await client.users_info(user=address.user, include_locale=True)
        told(answer, "user", "id")
        user = answer["user"]
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
        found = Profile(
            name=cut(str(name or ""), _NAME).strip(),
            zone=str(user.get("tz") or ""),
            language=str(user.get("locale") or ""),
        )
        self._profiles.put((address.bot, address.user), found)

    async def _open(self, address: Address) -> str:
        client = await self._clients.of(address.bot)
        if client is None:
            return address.user
        answer = await client.conversations_open(users=address.user)
        channel = told(answer, "channel", "id")
        self._channels.put((address.bot, address.user), channel)
        return channel
