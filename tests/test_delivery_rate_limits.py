"""Pacing: just below what a platform allows, replies ahead of prompts, seen by every process, and never a burst."""

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.clock import SetClock
from bot.delivery.deliver import Delivery
from bot.delivery.retry_delays import Tempo
from bot.gcra import Pace, Rate, slot, taken
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, NotSent, Parcel
from bot.platforms import PACES
from storage.database.encryption import KeyRing
from storage.database.open import Database, open_database
from storage.outbox import claims, lanes, leases, rate_limits
from storage.outbox.rate_limits import budget, database_clock, save
from storage.outbox.rows import PROMPT
from tests.support.outbox import NOON, FakeMessenger, SendMessage, put

PER_SECOND = 30.0  # core.telegram.org/bots/faq
PROMPTS = 3_000
FLOOR = PROMPTS / PER_SECOND


def drained(rate: Rate, arrivals: list[tuple[float, bool]]) -> list[tuple[float, bool]]:
    """When each message leaves, and whether it is a reply, as claims go: replies first, each when its slot comes."""
    free_at: datetime | None = None
    out = []
    waiting = sorted(arrivals, key=lambda a: a[0])
    now = 0.0
    ready: list[tuple[float, bool]] = []
    while waiting or ready:
        while waiting and waiting[0][0] <= now:
            ready.append(waiting.pop(0))
        ready.sort(key=lambda a: (not a[1], a[0]))
        if not ready:
            now = waiting[0][0]
            continue
        at = NOON + timedelta(seconds=now)
        leaves = (slot(free_at, at, rate, reply=ready[0][1]) - NOON).total_seconds()
        if leaves > now:
            now = min([leaves, *(a[0] for a in waiting[:1])])
            continue
        free_at = taken(free_at, at, rate)
        out.append((now, ready.pop(0)[1]))
    return out


# -- the arithmetic --------------------------------------------------------------------------------------------------


def telegram() -> Rate:
    rate = PACES["telegram"].bot
    assert rate is not None
    return rate


@pytest.mark.patient
def test_thousands_of_prompts_drain_within_three_percent_of_the_floor() -> None:
    left = drained(telegram(), [(0.0, False)] * PROMPTS)
    assert FLOOR * 0.99 < left[-1][0] < FLOOR * 1.02


@pytest.mark.patient
def test_a_bucket_of_thirty_refilled_at_thirty_a_second_is_never_empty() -> None:
    """Thousands of prompts, and people who answer all the while."""
    replies = [(n / 7.0, True) for n in range(600)]
    level, before = 30.0, 0.0
    for at, _ in drained(telegram(), [(0.0, False)] * PROMPTS + replies):
        level, before = min(30.0, level + (at - before) * PER_SECOND) - 1, at
        assert level >= 0


@pytest.mark.patient
def test_replies_do_not_wait_behind_any_number_of_prompts() -> None:
    asked = [(n / 5.0 + 0.011, True) for n in range(400)]
    left = [at for at, reply in drained(telegram(), [(0.0, False)] * PROMPTS + asked) if reply]
    late = sorted(leaves - came for leaves, (came, _) in zip(left, asked, strict=True))
    assert late[-1] < 0.05


@given(
    gaps=st.lists(st.floats(0, 3), min_size=1, max_size=80),
    every=st.floats(0.01, 2),
    burst=st.integers(1, 5),
    more=st.integers(0, 10),
)
def test_no_window_holds_more_than_the_rate_and_the_burst(
    gaps: list[float], every: float, burst: int, more: int
) -> None:
    rate = Rate(every=every, burst=burst, replies=burst + more)
    at, arrivals = 0.0, []
    for number, gap in enumerate(gaps):
        at += gap
        arrivals.append((at, number % 3 == 0))
    left = [leaves for leaves, _ in drained(rate, arrivals)]
    for first in range(len(left)):
        for last in range(first, len(left)):
            most = (left[last] - left[first]) / every + rate.replies
            assert last - first + 1 <= most + 1e-3


def test_a_slot_that_lies_too_far_ahead_was_noted_before_the_clock_was_set_back() -> None:
    rate = telegram()
    assert slot(NOON + timedelta(hours=2), NOON, rate, reply=False) == NOON
    assert taken(NOON + timedelta(hours=2), NOON, rate) < NOON + timedelta(seconds=1)


# -- the budget in the database --------------------------------------------------------------------------------------


def spend(connection: Connection, at: datetime) -> datetime:
    held = budget(connection, "telegram|1", telegram(), at)
    leaves = held.slot(reply=False)
    held.spend(1)
    save(connection, held)
    return leaves


async def test_all_processes_spend_from_one_budget(url: str, keys: KeyRing) -> None:
    """Two open databases stand for two processes; on SQLite, for a command beside the process."""
    async with open_database(url, keys=keys) as one, open_database(url, keys=keys) as other:
        leaves = [await database.transact(partial(spend, at=NOON)) for _ in range(20) for database in (one, other)]
    gaps = [(after - before).total_seconds() for before, after in pairwise(leaves[3:])]
    assert min(gaps) > 0.033


@dataclass(slots=True)
class Clocked(FakeMessenger):
    """A platform that notes when what arrived, and to whom."""

    arrived: list[tuple[float, str]] = field(default_factory=list)
    takes: float = 0.0

    async def send(self, parcel: Parcel) -> Fate:
        await asyncio.sleep(self.takes)
        self.arrived.append((time.monotonic(), parcel.address.chat))
        return await FakeMessenger.send(self, parcel)

    def when(self, chat: str) -> list[float]:
        return [at for at, who in self.arrived if who == chat]


def paced(database: Database, messenger: FakeMessenger, **pace: Any) -> Delivery:
    blank = Message(text="")
    return Delivery(
        database,
        {messenger.platform: messenger},
        SetClock(NOON),
        lambda connection, person, now: blank,
        paces={messenger.platform: Pace(**pace)},
        tempo=Tempo(quiet=0.0),
    )


@pytest.fixture
async def post(database: Database) -> SendMessage:
    messenger = Clocked()
    delivery = paced(database, messenger, bot=Rate(every=0.05, burst=1, replies=4), chat=Rate(every=0.4, replies=2))
    return SendMessage(database, messenger, delivery, SetClock(NOON))


async def running(delivery: Delivery, seconds: float) -> None:
    task = asyncio.ensure_future(delivery.run())
    await asyncio.sleep(seconds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def clocked(post: SendMessage) -> Clocked:
    assert isinstance(post.messenger, Clocked)
    return post.messenger


@pytest.mark.long_on_postgresql
async def test_prompts_leave_at_the_pace_of_their_bot_and_lose_none_of_it(post: SendMessage) -> None:
    for number in range(30):
        await post.puts(f"p{number}", f"t{number}", kind="prompt", urgency=PROMPT)
    await running_until(post, 30)
    arrived = [at for at, _ in clocked(post).arrived]
    assert len(arrived) == 30
    assert 29 * 0.05 * 0.97 < arrived[-1] - arrived[0] < 29 * 0.05 + 0.4


@pytest.mark.long_on_postgresql
async def test_a_reply_overtakes_the_prompts_that_wait(post: SendMessage) -> None:
    for number in range(50):
        await post.puts(f"p{number}", f"t{number}", kind="prompt", urgency=PROMPT)
    task = asyncio.ensure_future(post.delivery.run())
    await asyncio.sleep(0.3)
    await post.puts("ana", "Of course.")
    post.delivery.wake()
    asked = time.monotonic()
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    (at,) = clocked(post).when("ana")
    assert at - asked < 0.25
    assert len(clocked(post).arrived) < 40, "the prompts did not wait"


@pytest.mark.long_on_postgresql
async def test_one_chat_gets_a_short_burst_of_replies_and_then_its_own_pace_and_others_do_not_wait(
    post: SendMessage,
) -> None:
    for number in range(5):
        await post.puts("ana", f"a{number}")
    await post.puts("ben", "b")
    await running_until(post, 6)
    ana = clocked(post).when("ana")
    assert len(ana) == 5
    assert ana[1] - ana[0] < 0.3, "the burst was not allowed"
    assert ana[-1] - ana[0] > 3 * 0.4 * 0.95
    assert clocked(post).when("ben")[0] < ana[2]


@pytest.mark.long_on_postgresql
async def test_a_prompt_waits_until_its_chat_has_been_quiet(post: SendMessage) -> None:
    await post.puts("ana", "reply")
    await post.puts("ana", "prompt", kind="prompt", urgency=PROMPT)
    await running_until(post, 2)
    first, second = clocked(post).when("ana")
    assert second - first > 0.35


async def test_a_wait_that_ends_between_two_looks_is_not_slept_through(post: SendMessage) -> None:
    for number in range(3):
        await post.puts("ana", f"a{number}")
    await post.delivery.drain()
    assert post.messenger.texts() == ["a0", "a1"]
    looked_at = await post.database.transact(database_clock)
    assert 0 < (await shortest_wait(post, looked_at) or 0) <= 0.4
    await asyncio.sleep(0.5)
    assert await shortest_wait(post, None) is None
    assert await shortest_wait(post, looked_at) == 0


async def shortest_wait(post: SendMessage, since: datetime | None) -> float | None:
    return await post.database.read(partial(lanes.shortest_wait, since=since))


async def test_what_has_passed_its_time_costs_no_slot(post: SendMessage) -> None:
    for number in range(70):
        await post.puts(f"p{number}", "old", kind="prompt", urgency=PROMPT, expires_at=NOON)
    await post.puts("ana", "new", kind="prompt", urgency=PROMPT)
    began = time.monotonic()
    task = asyncio.ensure_future(post.delivery.run())
    for _ in range(100):
        if not {"pending", "sending"} & set((await post.states()).values()):
            break
        await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert Counter((await post.states()).values()) == {"expired": 70, "sent": 1}
    assert [chat for _, chat in clocked(post).arrived] == ["ana"]
    assert clocked(post).arrived[0][0] - began < 2.5, "as if each had had a slot of its own"


@pytest.mark.long_on_postgresql
async def test_a_hanging_call_holds_no_other_chat(post: SendMessage) -> None:
    post.messenger.held["hangs"] = asyncio.Event()
    await post.puts("ana", "hangs")
    for number in range(10):
        await post.puts(f"p{number}", "t")
    await running_until(post, 10)
    post.messenger.held["hangs"].set()


async def running_until(post: SendMessage, count: int) -> None:
    task = asyncio.ensure_future(post.delivery.run())
    for _ in range(300):
        if len(post.messenger.sent) >= count:
            break
        await asyncio.sleep(0.02)
    for hold in post.messenger.held.values():
        hold.set()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(post.messenger.sent) >= count


# -- floods ----------------------------------------------------------------------------------------------------------


async def test_when_many_chats_are_told_to_wait_the_whole_bot_does(post: SendMessage) -> None:
    for name in ("a", "b", "c"):
        post.messenger.fates[name] = [NotSent(reason="429", retry_after=0.8)]
        await post.puts(name, name)
    await post.delivery.drain()
    await post.puts("dan", "d")
    await post.delivery.drain()
    assert post.messenger.texts() == []
    await running_until(post, 4)
    assert sorted(post.messenger.texts()) == ["a", "b", "c", "d"]


@pytest.mark.long_on_postgresql
async def test_two_chats_that_are_told_to_wait_hold_nobody_else(post: SendMessage) -> None:
    for name in ("a", "b"):
        post.messenger.fates[name] = [NotSent(reason="429", retry_after=60)]
        await post.puts(name, name)
    await post.delivery.drain()
    await post.puts("dan", "d")
    await running(post.delivery, 0.4)
    assert post.messenger.texts() == ["d"]


async def test_a_token_that_was_revoked_stops_its_bot_and_no_other(database: Database) -> None:
    revoked = FakeMessenger()
    revoked.fates["a"] = [NotSent(reason="token revoked", retry_after=60, whole=True)]
    delivery = paced(database, revoked)
    await database.transact(partial(put, chat="ana", text="a", dedup="1"))
    await delivery.drain()
    await database.transact(partial(put, chat="ben", text="b", dedup="2"))
    await delivery.drain()
    assert revoked.texts() == []
    assert await database.read(partial(rate_limits.waits, key="console|console")) is not None


# -- clocks and leases -----------------------------------------------------------------------------------------------


async def test_a_clock_set_back_two_hours_stops_no_chat_and_no_bot(post: SendMessage) -> None:
    await post.puts("ana", "first")
    await post.delivery.drain()
    later = datetime.now(UTC) + timedelta(hours=2)
    from tests.support.outbox import LANE

    await post.changes(LANE, free_at=later, reply_at=later, wait_until=later, lease_until=later, touched_at=later)
    await post.database.transact(partial(set_budget, until=later))
    await post.puts("ana", "second")
    await post.delivery.drain()
    assert post.messenger.texts() == ["first", "second"]


def set_budget(connection: Connection, until: datetime) -> None:
    held = budget(connection, "console|console", Rate(every=1), datetime.now(UTC))
    held.free_at, held.spent = until, True
    save(connection, held)


async def test_a_lease_is_had_by_one_renewed_by_it_and_taken_over_when_it_ran_out(database: Database) -> None:
    async def take(who: str, seconds: float = 0.3) -> bool:
        return await database.transact(partial(leases.take, name="poll", holder=who, span=timedelta(seconds=seconds)))

    assert await take("one")
    assert await take("one")
    assert not await take("two")
    await asyncio.sleep(0.35)
    assert await take("two")
    assert not await take("one")
    assert await database.read(partial(leases.holder, name="poll")) == "two"
    await database.transact(partial(leases.give_up, name="poll", holder="one"))
    assert not await take("one")
    await database.transact(partial(leases.give_up, name="poll", holder="two"))
    assert await take("one", seconds=7200)
    assert await take("two"), "a lease from before the clock was set back holds"


async def test_claims_of_two_processes_never_overlap_and_keep_each_lane_in_order(url: str, keys: KeyRing) -> None:
    messenger = Clocked(takes=0.002)
    async with open_database(url, keys=keys) as one, open_database(url, keys=keys) as other:
        for number in range(150):
            await one.transact(partial(put, chat=f"c{number % 30}", text=f"{number}", dedup=f"{number}"))
        await asyncio.gather(*(paced(database, messenger).drain() for database in (one, other)))
    by_chat = defaultdict(list)
    for parcel in messenger.sent:
        by_chat[parcel.address.chat].append(int(parcel.message.text))
    assert sum(map(len, by_chat.values())) == 150
    assert all(numbers == sorted(numbers) for numbers in by_chat.values())


# -- how quickly -----------------------------------------------------------------------------------------------------


async def test_claims_are_made_many_at_a_time(database: Database) -> None:
    for start in range(0, 300, 100):
        await database.transact(partial(put_many, start=start, count=100))
    began, found = time.perf_counter(), 0
    while taken_now := await database.transact(partial(claims.claim, at=NOON, lease=timedelta(seconds=60), count=64)):
        if not taken_now.claims:
            break
        found += len(taken_now.claims)
    assert found == 300
    print(f"{database.__class__.__name__}: {found / (time.perf_counter() - began):,.0f} claims/s")


def put_many(connection: Connection, start: int, count: int) -> None:
    for number in range(start, start + count):
        put(connection, chat=f"c{number}", text="t", dedup=f"d{number}", kind="prompt", urgency=PROMPT)
