"""A coach and a client in Telegram, from the first code on: the real app, the real SDK, a server like Telegram's."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from bot.app import App, running
from bot.clock import SetClock
from bot.messages.incoming import Address
from bot.settings import Settings
from bot.simulated import stage
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
from storage.outbox import rows as outbox
from storage.people import invites, people
from storage.programme import commitments
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person
from tests.support.dates_in_process import NearDates
from tests.support.said import said
from tests.support.town import AT_ONCE, KEY, MONDAY, shipped

QUICK = Pace(poll=1, patience=0.02, first=0.02, longest=0.05)


@dataclass
class Office:
    """The app as it serves Telegram, and the clock that it lives by."""

    app: App
    telegram: Telegram
    api: FakeTelegram
    clock: SetClock

    async def coach_code(self, name: str = "Dana") -> str:
        """A code as `throughline invite coach` prints it."""
        code = invites.new_code()
        expires = self.clock() + timedelta(days=14)
        invited = partial(
            invites.add_invite, code=code, role="coach", coach=None, name=name, zone="Europe/Berlin", expires_at=expires
        )
        await self.app.database.transact(invited)
        return code

    async def until(self, at: datetime) -> None:
        """Let time pass until an instant; what falls due on the way happens."""
        while (due := await stage.next_due(self.app)) is not None and due <= at:
            self.clock.now = max(due, self.clock.now)
            await stage.tick(self.app, self.clock.now, self.app.jobs)
            await self.settled()
        self.clock.now = at

    async def settled(self) -> None:
        """Wait until everything that was said is known to have arrived."""
        async with asyncio.timeout(5):
            while True:
                if not {"pending", "sending"} & (await self.counts()).keys():
                    return
                await asyncio.sleep(0.01)

    async def counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        return await self.app.database.read(outbox.counts)


@contextlib.asynccontextmanager
async def opened(url: str, api: FakeTelegram, clock: SetClock) -> AsyncIterator[Office]:
    telegram = Telegram(api.token, api_url=api.url, pace=QUICK)
    settings = Settings(database_url=url, encryption_keys=SecretStr(KEY))
    wired = running(
        settings, {"telegram": telegram.messenger}, clock, delivering=AT_ONCE, made=shipped(), dates=NearDates()
    )
    async with wired as app:
        await app.delivery.recover(alone=True)
        tasks = [
            asyncio.create_task(telegram.serve(app.conversation.receive, clock)),
            asyncio.create_task(app.delivery.run()),
        ]
        try:
            yield Office(app=app, telegram=telegram, api=api, clock=clock)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    await telegram.close()


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@pytest.fixture
async def office(sqlite_fresh: str, api: FakeTelegram) -> AsyncIterator[Office]:
    async with opened(sqlite_fresh, api, SetClock(MONDAY)) as office:
        yield office


async def dana_joins(office: Office) -> Person:
    dana = office.api.person("Dana")
    dana.starts(await office.coach_code())
    await dana.sees("Welcome, Dana.")
    return dana


async def ana_is_invited(office: Office, dana: Person) -> tuple[Person, str]:
    dana.says("/invite Ana")
    shown = await dana.sees("/start ")
    found = re.search(r"[0-9a-f]{32}", shown.text)
    assert found is not None
    ana = office.api.person("Ana")
    ana.starts(found.group())
    await ana.sees("Hello Ana.")
    return ana, found.group()


async def ana_is_set_up(office: Office, dana: Person) -> Person:
    """Through the welcome by taps, with another rhythm than the one that is offered."""
    ana, _ = await ana_is_invited(office, dana)
    steps = [
        ("Start", "Dana sees"),
        ("All of that", "May I write on working days"),
        ("Change", "What shall I change?"),
        ("Every two weeks", "does that fit?"),
        ("Change", "What shall I change?"),
        ("08:00", "does that fit?"),
        ("Fits", "before you next meet"),
    ]
    for label, then in steps:
        asked = ana.last
        assert await ana.toast(ana.presses(label, on=asked)) == said("toast_noted")
        await ana.sees(then)
        await ana.until(lambda asked=asked: not asked.buttons)  # type: ignore[misc]
        assert f"✓ {label}" in asked.text, "the tapped message shows the choice"
    await ana.toast(ana.presses("Nothing yet"))
    await ana.until(lambda: not ana.last.buttons)
    await dana.toast(dana.presses("Yes", on=await dana.sees("is this right?")))
    await dana.sees("Ana is your client.")
    return ana


async def test_from_the_first_code_to_a_promise_kept(office: Office) -> None:
    dana = await dana_joins(office)
    ana = await ana_is_set_up(office, dana)
    ana.says("/commit")
    await ana.sees("What will you do?")
    number = ana.says("Hand over the Q2 plan by Wednesday")
    confidence = await ana.sees("How sure are you")
    assert confidence.buttons == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"]]
    await ana.toast(ana.presses("8"))
    await ana.sees("One more minute")

    stale = await ana.toast(ana.presses("3", on=confidence))
    assert stale == "Already answered; nothing changed."

    await ana.toast(ana.presses("Clear enough"))
    await ana.sees('"Hand over the Q2 plan"')
    ana.edits(number, "Hand over the Q3 plan by Wednesday")
    await ana.sees("Q3 plan")
    place = await office.app.database.read(partial(people.who, address=_address(office, ana)))
    assert place is not None
    kept = await office.app.database.read(partial(commitments.all_commitments, person=place[0].person))
    assert [c.text for c in kept] == ["Hand over the Q3 plan"]

    await office.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    await ana.sees("Today: hand over the Q3 plan.")
    await ana.toast(ana.presses("Done"))
    await ana.sees("is done.")
    await office.until(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    await dana.sees("Wins: Ana 1 of 1 done")
    await office.settled()
    assert set(await office.counts()) <= {"sent", "cancelled"}


def _address(office: Office, person: Person) -> Address:
    return Address(platform="telegram", bot=str(office.api.bot_id), chat=str(person.id), user=str(person.id))


async def test_a_code_works_once_and_a_stranger_is_told_how_to_get_one(office: Office) -> None:
    dana = await dana_joins(office)
    _, code = await ana_is_invited(office, dana)
    eve = office.api.person("Eve")
    eve.starts()
    await eve.sees("I don't know you yet")
    eve.starts(code)
    await eve.sees("used before")


async def test_a_voice_message_is_a_sign_of_life_and_no_answer(office: Office) -> None:
    ana = await ana_is_set_up(office, await dana_joins(office))
    ana.says("/commit Call Sam by Friday")
    await ana.sees("How sure are you")
    ana.sends("voice")
    await ana.sees("I can't keep that; a tap or a few words will do.")
    ana.sends("photo", caption="9")
    await ana.sees("One more minute")


async def test_a_closed_chat_holds_its_prompts_and_an_open_one_gets_them_again(office: Office) -> None:
    dana = await dana_joins(office)
    ana = await ana_is_set_up(office, dana)
    ana.blocks()
    await ana.until(lambda: not office.api.updates)
    await dana.sees("Ana has closed the chat with me.")
    read = len(ana.shown)
    await office.until(datetime(2026, 11, 27, 8, 30, tzinfo=UTC))
    dana.says("/clients")
    await dana.sees("Ana: not connected")
    assert len(ana.shown) == read
    ana.unblocks()
    await ana.until(lambda: not office.api.updates)
    dana.says("/client Ana")
    await dana.until(lambda: "not connected" not in dana.last.text)
    ana.says("/commit Call Sam by Friday")
    await ana.sees("How sure are you")


async def test_a_group_is_answered_with_one_line(office: Office) -> None:
    ana, group = office.api.person("Ana"), office.api.group()
    group.hears(ana, "Morning!")
    for _ in range(3):
        group.hears(ana, f"/help@{office.api.username}")
    await group.sees("private")
    await group.until(lambda: not office.api.updates)
    await asyncio.sleep(0.1)
    assert len(group.shown) == 1


async def test_a_question_stands_where_it_stood_after_a_restart(sqlite_fresh: str, api: FakeTelegram) -> None:
    clock = SetClock(MONDAY)
    async with opened(sqlite_fresh, api, clock) as office:
        ana = await ana_is_set_up(office, await dana_joins(office))
        ana.says("/commit Call Sam by Friday")
        asked = await ana.sees("How sure are you")
        await office.settled()
    ana.presses("9", on=asked)  # while nobody is there
    async with opened(sqlite_fresh, api, clock):
        await ana.sees("One more minute")
        await ana.until(lambda: not asked.buttons)


@pytest.mark.parametrize("kind", ["flood", "status", "done-status", "cut", "done-cut"])
async def test_whatever_happens_to_a_send_the_question_is_asked(office: Office, kind: str) -> None:
    ana = await ana_is_set_up(office, await dana_joins(office))
    office.api.fault("sendMessage", kind)
    ana.says("/commit Call Sam by Friday")

    def asked() -> list[str]:
        return [shown.text for shown in ana.shown if "How sure" in shown.text]

    for _ in range(30):
        await asyncio.sleep(0.05)
        await office.app.delivery.recover()
        office.app.delivery.wake()
        if asked() and not {"pending", "sending"} & (await office.counts()).keys():
            break
    assert 1 <= len(asked()) <= (2 if kind.startswith("done") else 1), "at most a copy of the one in flight"
    await ana.toast(ana.presses("9", on=ana.shown[-1]))
    await ana.sees("One more minute")
