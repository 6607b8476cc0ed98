"""`make bench`: figures side by side in one run, as ratios; nothing is asserted on absolute time."""

import asyncio
import gc
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.app import App, running
from bot.clock import SetClock
from bot.messages.sending import Parcel
from bot.model.people.preferences import Preferences
from bot.settings import Settings
from bot.simulated import stage
from handlers.console.keyboard import address_of
from handlers.console.messenger import ConsoleMessenger
from schedules import due
from storage.database.encryption import KeyRing, seal
from storage.database.migrate import upgrade
from storage.database.open import Database, open_database
from storage.people import addresses
from storage.serialise import dump
from storage.tables.people import PersonRow, table_of
from tests.benchmarks.drain import drains
from tests.benchmarks.rush import rushes
from tests.support.town import KEY

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIZES = (1_000, 100_000)


async def main() -> None:
    """Run every benchmark and print its lines."""
    with tempfile.TemporaryDirectory() as folder:
        await ticks(Path(folder))
        await replies(Path(folder))
        await drains(Path(folder), NOW)
        await rushes(Path(folder))


# -- a tick that finds nothing ---------------------------------------------------------------------------------------


async def ticks(folder: Path) -> None:
    """The cost of asking "what is due?" when nothing is, among few and among many clients."""
    print("a tick that finds nothing due")
    found = {}
    for size in SIZES:
        url = f"sqlite:///{folder / f'{size}.db'}"
        keys = KeyRing.from_text(KEY)
        upgrade(url)
        async with open_database(url, keys=keys) as database:
            for start in range(0, size, 10_000):
                await database.transact(partial(_fill, start=start, count=min(10_000, size - start)))
            before = _memory()
            found[size] = await _median(partial(_tick, database), 300)
            grown = _memory() - before
        print(f"  {size:>8,} clients: {found[size] * 1e3:6.3f} ms a tick, {grown / 1024:5.1f} MB grown over 300 ticks")
    print(f"  ratio: {found[SIZES[1]] / found[SIZES[0]]:.2f} for {SIZES[1] // SIZES[0]} times the clients")


def _fill(connection: Connection, *, start: int, count: int) -> None:
    wishes, name = dump(Preferences, Preferences()), seal(connection, "Sample")
    rows = [
        {
            "id": f"p{n}",
            "name": name,
            "home": "Europe/Berlin",
            "language": "en",
            "locale": "en-GB",
            "coach": False,
            "wishes": wishes,
            "began": NOW,
            "next_at": NOW + timedelta(hours=1, seconds=n % 86_400),
        }
        for n in range(start, start + count)
    ]
    connection.execute(insert(table_of(PersonRow)), rows)


async def _tick(database: Database) -> None:
    await due.tick(database, _never, NOW)


async def _never(event: object, now: datetime) -> object:
    raise AssertionError("nothing was due")


# -- replies ---------------------------------------------------------------------------------------------------------


async def replies(folder: Path, people_at_once: int = 64, rounds: int = 20) -> None:
    """Typed answers and taps from the event to the committed answer and outbox row, durable, on SQLite."""
    print(f"replies on SQLite at FULL, {people_at_once} people at once")
    settings = Settings(database_url=f"sqlite:///{folder / 'replies.db'}", encryption_keys=KEY)
    async with running(settings, {"console": ConsoleMessenger(_ignore)}, SetClock(NOW)) as app:
        await stage.join(app, "dana", role="coach", coach=None, name="Dana", zone="UTC", now=NOW)
        dana = await app.database.read(partial(addresses.place_at, address=address_of("dana")))
        assert dana is not None
        users = [f"client{n}" for n in range(people_at_once)]
        for user in users:
            await stage.join(app, user, role="client", coach=dana.person, name=user, zone="UTC", now=NOW)
            for said in ("Start", "All of that", "Change"):
                await stage.say(app, user, said, NOW)
        took = await _timed(partial(_round, app, users, rounds))
        print(f"  {people_at_once * rounds / took:8,.0f} a second together")
        took = await _timed(partial(_round, app, users[:1], 200))
        print(f"  {200 / took:8,.0f} a second one after the other")


def _ignore(parcel: Parcel) -> None:
    return None


async def _round(app: App, users: list[str], rounds: int) -> None:
    """Everyone says what to change and goes back, again and again: two events of the ordinary kind a round."""

    async def talk(user: str) -> None:
        for _ in range(rounds // 2):
            await stage.say(app, user, "Berlin", NOW)
            await stage.say(app, user, "back", NOW)

    await asyncio.gather(*(talk(user) for user in users))


# -- helpers ---------------------------------------------------------------------------------------------------------


async def _median(work: Callable[[], Awaitable[None]], times: int) -> float:
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    gc.collect()
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    asyncio.run(main())
