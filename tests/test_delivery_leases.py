"""A sender that was killed holds its chats for seconds; one that only takes its time holds them for as long as that."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.delivery.retry_delays import Tempo
from bot.messages.sending import Parcel, Sent
from schedules.scheduler import SECONDS
from storage.database.open import Database
from storage.outbox import claims
from tests.support.outbox import LANE, SendMessage
from tests.test_delivery_recovery import Asked, in_doubt, post_with

LEASE = 0.6  # seconds


@pytest.fixture
async def slow(database: Database) -> SendMessage:
    """A sender, and a platform that takes its time over "Energy?"."""
    made = post_with(database, Asked(), lease=LEASE)
    made.messenger.held["Energy?"] = asyncio.Event()
    return made


async def sending(post: SendMessage) -> "asyncio.Task[int]":
    """A send that is under way, and stays so for longer than its lease."""
    task = asyncio.create_task(post.delivery.drain())
    await asyncio.sleep(2.5 * LEASE)
    return task


def test_a_killed_sender_is_taken_over_from_within_fifteen_seconds_and_its_looks_lie_ten_apart() -> None:
    tempo = Tempo()
    assert tempo.lease + SECONDS["recovery"] + 1 <= 15
    assert tempo.apart == 10


async def test_a_send_that_takes_longer_than_its_lease_is_nobody_elses(slow: SendMessage) -> None:
    number = await slow.puts("ana", "Energy?")
    task = await sending(slow)
    other = post_with(slow.database, Asked(), lease=LEASE)
    await other.recovers()
    assert (await slow.row(number))["state"] == "sending"
    slow.messenger.held["Energy?"].set()
    await task
    assert (await slow.row(number))["state"] == "sent"


async def test_the_lease_of_a_killed_sender_runs_out_since_nobody_renews_it(slow: SendMessage) -> None:
    lost = await slow.puts("ben", "Well?")
    await slow.claims()
    await slow.changes(LANE, lease_until=datetime.now(UTC) + timedelta(seconds=LEASE))
    await slow.recovers()
    assert (await slow.row(lost))["state"] == "sending", "not yet"
    await asyncio.sleep(LEASE + 0.1)
    await slow.recovers()
    assert (await slow.row(lost))["state"] != "sending"


async def test_who_stood_still_renews_before_it_takes_itself_for_dead(slow: SendMessage) -> None:
    number = await slow.puts("ana", "Energy?")
    task = await sending(slow)
    await slow.changes(LANE, lease_until=datetime.now(UTC) - timedelta(seconds=1))
    await slow.recovers()
    assert (await slow.row(number))["state"] == "sending"
    slow.messenger.held["Energy?"].set()
    await task
    assert slow.messenger.texts() == ["Energy?"]


@dataclass(slots=True)
class Slow(Asked):
    """A platform that does not say what it holds until it is let."""

    lets: asyncio.Event = field(default_factory=asyncio.Event)

    async def find(self, parcel: Parcel, since: datetime) -> Sent | None:
        await self.lets.wait()
        return await Asked.find(self, parcel, since)


async def test_a_platform_that_is_slow_to_say_keeps_nobody_from_being_taken_over_from(database: Database) -> None:
    messenger = Slow()
    post = post_with(database, messenger, lease=LEASE)
    await in_doubt(post, "Energy?")
    looking = asyncio.create_task(post.recovers())
    await asyncio.sleep(0.1)
    lost = await post.puts("ben", "Well?")
    await post.claims()
    await post.changes(LANE, lease_until=datetime.now(UTC) - timedelta(seconds=1))
    await post.delivery.recover()
    assert (await post.row(lost))["state"] == "unknown"
    messenger.lets.set()
    await looking


async def test_a_lease_that_somebody_else_has_taken_over_is_not_renewed(slow: SendMessage) -> None:
    await slow.puts("ben", "Well?")
    (claim,) = await slow.claims()
    before = datetime.now(UTC) - timedelta(seconds=1)
    await slow.changes(LANE, fence=claim.fence + 1, lease_until=before)
    renew = partial(claims.renew, held={claim.lane: claim.fence}, lease=timedelta(seconds=60))
    await slow.database.transact(renew)
    found = await slow.database.read(lambda c: c.execute(select(LANE.c.lease_until)).scalar_one())
    assert found < datetime.now(UTC)
