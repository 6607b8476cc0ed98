"""Prompts of many clients due at the same minute, against the fake Bot API with its own pacing: none is refused."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import Connection

from bot.delivery.deliver import Delivery
from bot.messages.incoming import Address
from bot.messages.outgoing import Message
from bot.model.people.preferences import Preferences
from bot.platforms import PACES
from handlers.telegram.service import Telegram
from storage.database.encryption import KeyRing
from storage.database.open import Database, open_database
from storage.outbox import rows as outbox
from storage.outbox.rows import PROMPT, REPLY
from storage.people import addresses, people
from storage.people.people import Known
from tests.fakes.telegram import FakeTelegram

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
STRICT = 1.0  # no burst at all is forgiven in a chat


@dataclass(slots=True)
class Fanout:
    """A bot with many clients, all of them with an account."""

    api: FakeTelegram
    telegram: Telegram
    database: Database
    chats: list[int]

    def delivery(self, database: Database | None = None) -> Delivery:
        blank = Message(text="")
        return Delivery(
            database or self.database,
            {"telegram": self.telegram.messenger},
            lambda: NOW,
            lambda connection, person, now: blank,
            paces=PACES,
        )

    async def due(self) -> None:
        """A prompt for everyone."""
        for start in range(0, len(self.chats), 200):
            slice_ = self.chats[start : start + 200]
            await self.database.transact(partial(fill, bot=str(self.api.bot_id), chats=slice_))

    async def drained(self, *deliveries: Delivery, within: float) -> float:
        """Deliver until everyone has read something; returns the seconds from the first message to the last."""
        tasks = [asyncio.ensure_future(delivery.run()) for delivery in deliveries]
        try:
            async with asyncio.timeout(within):  # a hanging test says nothing
                while sum(bool(self.api.chats[chat].shown) for chat in self.chats) < len(self.chats):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        at = self.sent_at()
        return at[-1] - at[0]

    def sent_at(self) -> list[float]:
        return [call.at for call in self.api.calls if call.method == "sendMessage"]

    def codes(self) -> Counter[int]:
        return Counter(call.code for call in self.api.calls if call.method == "sendMessage")


def fill(connection: Connection, bot: str, chats: list[int]) -> None:
    for chat in chats:
        address = Address(platform="telegram", bot=bot, chat=str(chat), user=str(chat))
        known = Known(
            id=str(chat), name="Sample", home="UTC", language="en", locale="en-GB", coach=False, began=NOW,
            wishes=Preferences(),
        )  # fmt: skip
        people.add_person(connection, known)
        place = addresses.add_place(connection, known.id, address)
        say(connection, place, "Energy this week?", kind="prompt", urgency=PROMPT, dedup=f"prompt:{chat}")


def say(connection: Connection, place: addresses.Place, text: str, *, kind: str, urgency: int, dedup: str) -> None:
    outbox.add(
        connection,
        Message(text=text),
        dedup=dedup,
        lane=place.lane,
        address=place.id,
        person=place.person,
        kind=kind,
        urgency=urgency,
        due_at=NOW,
    )


@asynccontextmanager
async def fanout(url: str, keys: KeyRing, clients: int, burst: float = STRICT) -> AsyncIterator[Fanout]:
    async with FakeTelegram(burst=burst) as api, open_database(url, keys=keys) as database:
        telegram = Telegram(api.token, api_url=api.url)
        meeting = asyncio.ensure_future(telegram.only_send())
        try:
            while telegram.state.value != "ready":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            made = Fanout(api, telegram, database, [api.person(f"P{n}", started=True).id for n in range(clients)])
            await made.due()
            yield made
        finally:
            meeting.cancel()
            await asyncio.gather(meeting, return_exceptions=True)
            await telegram.close()


def check(found: Fanout, took: float, slack: float = 3.0) -> None:
    clients = len(found.chats)
    floor = (clients - 1) / 30.0
    busiest = max(
        len([b for b in found.sent_at() if a <= b < a + 1]) for a in found.sent_at()[:: max(1, clients // 300)]
    )
    print(f"{clients:,} prompts in {took:.1f} s; the floor is {floor:.1f} s; {busiest} in the busiest second")
    assert found.codes() == {200: clients}
    assert took < floor * 1.03 + slack
    assert all(len(found.api.chats[chat].shown) == 1 for chat in found.chats)


async def test_prompts_drain_at_the_platforms_own_limit_and_none_is_refused(sqlite_fresh: str, keys: KeyRing) -> None:
    async with fanout(sqlite_fresh, keys, 75) as found:
        check(found, await found.drained(found.delivery(), within=60))


async def test_two_processes_share_one_pace(postgresql_fresh: str, keys: KeyRing) -> None:
    async with fanout(postgresql_fresh, keys, 75) as found, open_database(postgresql_fresh, keys=keys) as other:
        check(found, await found.drained(found.delivery(), found.delivery(other), within=60))


async def test_people_are_answered_at_once_while_prompts_go_out(sqlite_fresh: str, keys: KeyRing) -> None:
    async with fanout(sqlite_fresh, keys, 120, burst=3) as found:
        delivery, asked, late = found.delivery(), {}, {}
        talking = found.chats[-10:]

        async def talk() -> None:
            await asyncio.sleep(0.5)
            for number in range(10):
                chat = talking[number]
                asked[chat] = time.monotonic()
                await found.database.transact(partial(answer, chat=chat, bot=str(found.api.bot_id)))
                delivery.wake()
                await asyncio.sleep(0.15)

        talk_on = asyncio.ensure_future(talk())
        await found.drained(delivery, within=60)
        await talk_on
        for call in found.api.calls:
            chat = int(call.given.get("chat_id", 0))
            if call.given.get("text") == "Of course.":
                late[chat] = call.at - asked[chat]
    assert len(late) == 10, "their own prompts went first, and hurried"
    assert sorted(late.values())[8] < 1.5, sorted(late.values())  # the prompts take another two seconds
    assert found.codes()[429] == 0


def answer(connection: Connection, chat: int, bot: str) -> None:
    """A reply to somebody whose own prompt has not left yet."""
    address = Address(platform="telegram", bot=bot, chat=str(chat), user=str(chat))
    place = addresses.place_at(connection, address)
    assert place is not None
    say(connection, place, "Of course.", kind="reply", urgency=REPLY, dedup=f"reply:{chat}")


@pytest.mark.long
async def test_ten_thousand_prompts_drain_within_three_percent_of_the_floor(url: str, keys: KeyRing) -> None:
    async with fanout(url, keys, 10_000) as found:
        took = await found.drained(found.delivery(), within=500)
        check(found, took, slack=0.0)
        assert all(after > before for before, after in pairwise(found.sent_at()))
