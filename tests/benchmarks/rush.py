"""Many people answer at the same moment: how long each waits for the next question, with the platforms' real limits.

The whole app, its real paces, and the fake servers, which count as the platforms do: `chat.update` 50 a minute in a
workspace, `chat.postMessage` one a second in a channel, Telegram one a second in a chat and 30 for the bot. Everybody
checks in: an answer is tapped where there is a button for it, and typed where there is none.
"""

import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from pydantic import SecretStr
from sqlalchemy import Connection

from bot.app import Delivering, running
from bot.clock import SetClock
from bot.messages.incoming import Address
from bot.model.people.preferences import Preferences
from bot.settings import Settings
from handlers.slack.app import Slack
from handlers.telegram.service import Telegram
from storage.conversation import conversations
from storage.database.open import Database
from storage.people import addresses, engagements, people
from storage.people.people import Known
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_house import InMemory, served, values_for
from tests.fakes.slack_people import Person as SlackPerson
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person as TelegramPerson
from tests.support.dates_in_process import NearDates
from tests.support.town import KEY, MONDAY, shipped

BURST = 5.0  # messages that a chat takes at once after a rest


class One(Protocol):
    """Somebody in the rush."""

    def asked(self) -> int:
        """How many messages of ours there are."""
        ...

    async def answers(self, *, typed: bool) -> None:
        """Give any answer to what is asked last."""
        ...

    async def says(self, text: str) -> None:
        """Type something."""
        ...

    def buttons(self) -> int:
        """On how many messages there are any."""
        ...


@dataclass(slots=True)
class InSlack:
    """Somebody in the workspace."""

    who: SlackPerson

    def asked(self) -> int:
        """How many messages of ours there are."""
        return len(self.who.read)

    def buttons(self) -> int:
        """On how many messages there are any."""
        return sum(bool(shown.buttons) for shown in self.who.screen)

    async def answers(self, *, typed: bool) -> None:
        """Tap the third button, or type."""
        buttons = self.who.last.buttons
        if buttons and not typed:
            await self.who.presses(buttons[min(2, len(buttons) - 1)], on=self.who.last)
        else:
            await self.who.types(buttons[min(2, len(buttons) - 1)] if buttons else "The same as ever")

    async def says(self, text: str) -> None:
        """Type something."""
        await self.who.types(text)


@dataclass(slots=True)
class InTelegram:
    """Somebody with an account."""

    who: TelegramPerson

    def asked(self) -> int:
        """How many messages of ours there are."""
        return len(self.who.shown)

    def buttons(self) -> int:
        """On how many messages there are any."""
        return sum(bool(shown.buttons) for shown in self.who.shown)

    async def answers(self, *, typed: bool) -> None:
        """Tap the third button, or type."""
        labels = [label for row in self.who.last.buttons for label in row]
        said = labels[min(2, len(labels) - 1)] if labels else "The same as ever"
        if labels and not typed:
            self.who.presses(said, on=self.who.last)
        else:
            self.who.says(said)

    async def says(self, text: str) -> None:
        """Type something."""
        self.who.says(text)


@dataclass(slots=True)
class Rush:
    """The people, and what was refused at their platform so far."""

    people: list[Any]
    refused: Callable[[], list[str]]
    database: Database

    async def together(self, does: Callable[[Any], Awaitable[None]], within: float = 60.0) -> list[float]:
        """Everybody does the same at once; the seconds until each of them reads something new."""
        return sorted(await asyncio.gather(*(self._one(one, does, within) for one in self.people)))

    async def _one(self, one: Any, does: Callable[[Any], Awaitable[None]], within: float) -> float:
        before, began = one.asked(), time.monotonic()
        await does(one)
        async with asyncio.timeout(within):
            while one.asked() <= before:  # noqa: ASYNC110 (the screen sets no event that both fakes have)
                await asyncio.sleep(0.01)
        return time.monotonic() - began


async def rush(on: Rush, *, rounds: int = 2, pause: float = 2.0) -> list[float]:
    """Everybody checks in, and answers `rounds` questions at the same moments; how long each waited for the next."""
    await on.together(lambda one: one.says("checkin"))
    waits: list[float] = []
    for number in range(rounds):
        await asyncio.sleep(pause)
        waits += await on.together(partial(_answers, typed=number % 2 == 1))
    return sorted(waits)


async def _answers(one: One, *, typed: bool) -> None:
    await one.answers(typed=typed)


def spread(waits: list[float]) -> str:
    """In a line."""
    return f"median {statistics.median(waits):.2f} s, worst {waits[-1]:.2f} s"


def _known(connection: Connection, where: list[Address], now: datetime) -> None:
    """Clients of one coach, who have been asked everything that comes before a check-in."""
    coach = Known(
        id="dana", name="Dana", home="UTC", language="en", locale="en-GB", coach=True, began=now, wishes=Preferences()
    )
    people.add_person(connection, coach)
    for number, address in enumerate(where):
        known = Known(
            id=f"rush{number}", name="Sample", home="UTC", language="en", locale="en-GB", coach=False, began=now,
            wishes=Preferences(since=now.date()),
        )  # fmt: skip
        people.add_person(connection, known)
        conversations.begin_conversation(connection, known.id)
        addresses.add_place(connection, known.id, address)
        engagements.add_engagement(connection, coach="dana", client=known.id, at=now)


@asynccontextmanager
async def in_slack(url: str, count: int) -> AsyncIterator[Rush]:
    """So many people in one workspace."""
    async with FakeSlack() as fake:
        team, clock = fake.team(), SetClock(MONDAY)
        ports = InMemory()
        slack = Slack(values_for("http", fake, team), installations=ports, states=ports, workspaces=ports)
        who = [fake.person(f"P{number}") for number in range(count)]
        where = [Address(platform="slack", bot=team.id, chat=one.user.im, user=one.user.id) for one in who]
        settings = Settings(database_url=url, encryption_keys=SecretStr(KEY))
        wired = running(
            settings, {"slack": slack.messenger}, clock, delivering=Delivering(), made=shipped(), dates=NearDates()
        )
        async with wired as app, served(list(slack.routes(app.conversation.receive, clock))) as at:
            fake.mail.target = f"{at}/slack/events"
            await app.database.transact(partial(_known, where=where, now=MONDAY))
            async with _sending(app.delivery.run()):
                refused = lambda: [f"{method}: {why}" for method, why, _ in fake.refused]  # noqa: E731
                yield Rush([InSlack(one) for one in who], refused, app.database)
        await slack.close()


@asynccontextmanager
async def in_telegram(url: str, count: int) -> AsyncIterator[Rush]:
    """So many people with one bot."""
    async with FakeTelegram(burst=BURST) as fake:
        clock = SetClock(MONDAY)
        telegram = Telegram(fake.token, api_url=fake.url)
        who = [fake.person(f"P{number}", started=True) for number in range(count)]
        where = [Address(platform="telegram", bot=str(fake.bot_id), chat=str(one.id), user=str(one.id)) for one in who]
        settings = Settings(database_url=url, encryption_keys=SecretStr(KEY))
        wired = running(
            settings,
            {"telegram": telegram.messenger},
            clock,
            delivering=Delivering(),
            made=shipped(),
            dates=NearDates(),
        )
        async with wired as app:
            await app.database.transact(partial(_known, where=where, now=MONDAY))
            async with _sending(app.delivery.run()), _sending(telegram.serve(app.conversation.receive, clock)):
                refused = lambda: [f"{call.method}: {call.code}" for call in fake.calls if call.code == 429]  # noqa: E731
                yield Rush([InTelegram(one) for one in who], refused, app.database)
        await telegram.close()


@asynccontextmanager
async def _sending(work: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def rushes(folder: Any, count: int = 30) -> None:
    """Print how long people wait when all of them answer at once."""
    print(f"{count} people answer at once, and wait for their next question")
    for name, there in (("Slack", in_slack), ("Telegram", in_telegram)):
        async with there(f"sqlite:///{folder / f'rush-{name}.db'}", count) as on:
            waits = await rush(on, rounds=4)
            print(f"  {name:<9} {spread(waits)}; {len(on.refused())} calls refused")
