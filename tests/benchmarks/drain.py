"""How long the event loop is held up, and a reply kept waiting, while a large outbox drains.

The rows of everybody's prompts wait; a messenger that answers at once takes them as fast as delivery hands them over;
meanwhile people type answers, each through the whole conversation, and the reply is timed until it has been sent. A
task that sleeps for a millisecond at a time tells how late the loop wakes it.
"""

import asyncio
import resource
import statistics
import time
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.app import App, Delivering, running
from bot.clock import SetClock
from bot.messages.incoming import Address
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Parcel, Sent
from bot.model.people.preferences import Preferences
from bot.settings import Settings
from bot.simulated import stage
from handlers.console.keyboard import address_of
from storage.database.encryption import seal
from storage.outbox.rows import PROMPT
from storage.people import addresses
from storage.serialise import dump, sealed
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import AddressRow, PersonRow, table_of
from tests.support.town import KEY

ROWS = 100_000
SLICE = 5_000
TALKERS = 8
SECONDS = 20.0  # of the drain are watched


class Quick:
    """A messenger whose platform answers at once; notes when each row went."""

    platform, forms, pages, edits = "console", False, False, True

    def __init__(self) -> None:
        self.sent = 0
        self.replied: dict[str, asyncio.Future[float]] = {}  # by whoever waits for one

    async def send(self, parcel: Parcel) -> Fate:
        """Take it."""
        await asyncio.sleep(0.002)
        self.sent += 1
        waits = self.replied.pop(parcel.address.user, None)
        if waits is not None:
            waits.set_result(time.perf_counter())
        return Sent(message_id=str(parcel.id))


async def drains(folder: Path, now: datetime, rows: int = ROWS, seconds: float = SECONDS) -> None:
    """Print the loop's lag and the latency of replies, at rest and while the outbox drains."""
    print(f"{rows:,} rows in the outbox, drained by a messenger that answers at once, on SQLite at FULL")
    settings = Settings(database_url=f"sqlite:///{folder / 'drain.db'}", encryption_keys=KEY)
    quick = Quick()
    wired = running(settings, {"console": quick}, SetClock(now), delivering=Delivering(paces={}))
    async with wired as app:
        users = await _people(app, now)
        delivering = asyncio.ensure_future(app.delivery.run())
        await _watched("at rest", app, quick, users, now, seconds / 4)
        for start in range(0, rows, SLICE):
            await app.database.transact(partial(_fill, start=start, count=min(SLICE, rows - start), now=now))
        app.delivery.wake()
        await _watched("draining", app, quick, users, now, seconds)
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)


async def _people(app: App, now: datetime) -> list[str]:
    await stage.join(app, "dana", role="coach", coach=None, name="Dana", zone="UTC", now=now)
    dana = await app.database.read(partial(addresses.place_at, address=address_of("dana")))
    assert dana is not None
    users = [f"talker{n}" for n in range(TALKERS)]
    for user in users:
        await stage.join(app, user, role="client", coach=dana.person, name=user, zone="UTC", now=now)
        for said in ("Start", "All of that", "Change"):
            await stage.say(app, user, said, now)
    return users


async def _watched(what: str, app: App, quick: Quick, users: list[str], now: datetime, seconds: float) -> None:
    """Watch the loop and the talk for some seconds, and print a line of each."""
    lags: list[float] = []
    stored: list[float] = []
    read: list[float] = []
    until = time.perf_counter() + seconds
    before, began, busy = quick.sent, time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    await asyncio.gather(_lag(lags, until), *(_talk(app, quick, user, now, until, stored, read) for user in users))
    took = time.perf_counter() - began
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu = (spent.ru_utime + spent.ru_stime - busy.ru_utime - busy.ru_stime) / took
    print(f"  {what:<9} {(quick.sent - before) / took:7,.0f} sent a second, {cpu:4.0%} of one core")
    for name, found in (("loop late by", lags), ("answer stored in", stored), ("reply sent in", read)):
        print(f"    {name:<16} {_spread(found)}")


async def _lag(lags: list[float], until: float) -> None:
    while (began := time.perf_counter()) < until:
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - began - 0.001)


async def _talk(
    app: App, quick: Quick, user: str, now: datetime, until: float, stored: list[float], read: list[float]
) -> None:
    """One answer after the other, with a breath between."""
    said = "Berlin"
    while (began := time.perf_counter()) < until:
        reply = quick.replied[user] = asyncio.get_running_loop().create_future()
        await stage.say(app, user, said, now)
        stored.append(time.perf_counter() - began)
        read.append(await asyncio.wait_for(reply, 30) - began)
        said = "back" if said == "Berlin" else "Berlin"
        await asyncio.sleep(0.1)


def _spread(spans: list[float]) -> str:
    found = sorted(spans)
    marks = (statistics.median(found), found[int(len(found) * 0.99)], found[-1])
    return "median {:6.1f} ms, p99 {:6.1f} ms, worst {:6.1f} ms".format(*(mark * 1e3 for mark in marks))


def _fill(connection: Connection, *, start: int, count: int, now: datetime) -> None:
    """Clients with a chat and a prompt each."""
    wishes, name = dump(Preferences, Preferences(since=now.date())), seal(connection, "Sample")
    body = sealed(connection, Message, Message(text="Energy this week?"))
    numbers = range(start, start + count)
    where = [Address(platform="console", bot="console", chat=f"c{n}", user=f"c{n}") for n in numbers]
    person = {"name": name, "home": "Europe/Berlin", "language": "en", "locale": "en-GB", "coach": False}
    connection.execute(
        insert(table_of(PersonRow)), [person | {"id": f"c{n}", "wishes": wishes, "began": now} for n in numbers]
    )
    first = 1_000_000
    connection.execute(
        insert(table_of(LaneRow)), [{"id": first + n, "key": a.lane} for n, a in zip(numbers, where, strict=True)]
    )
    connection.execute(
        insert(table_of(AddressRow)),
        [
            {"id": f"a{n}", "person": f"c{n}", "lane": first + n, "platform": "console", "bot": "console"}
            | {"chat": f"c{n}", "user": f"c{n}"}
            for n in numbers
        ],
    )
    row = {"kind": "prompt", "urgency": PROMPT, "due_at": now - timedelta(seconds=1), "body": body, "reason": ""}
    connection.execute(
        insert(table_of(OutboxRow)),
        [
            row | {"dedup": f"d{n}", "lane": first + n, "address": f"a{n}", "person": f"c{n}", "bot": "console|console"}
            for n in numbers
        ],
    )
