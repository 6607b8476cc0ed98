"""APScheduler's few fixed jobs: each only wakes a body that asks the tables what is due.

No job per person and nothing pickled. A job that is late still runs, once (`coalesce`, no grace time, one instance).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery.deliver import Delivery
from bot.engine.library import Library
from schedules import deletion, digests, due, housekeeping, previews, recovery, requests
from schedules.due import Receive
from storage.database.open import Database

Body = Callable[[datetime], Awaitable[int]]
SECONDS = {
    "due": 1,
    "digests": 20,
    "recovery": 4,
    "requests": 2,
    "previews": 3600,
    "housekeeping": 24 * 3600,
    "retention": 3600,
}
EVERYWHERE = frozenset({"recovery"})
AT_ONCE = 2  # of recovery: one that waits for a platform keeps no sender from being taken over from


def bodies(
    database: Database, receive: Receive, delivery: Delivery, library: Library, *, spread: timedelta = timedelta(0)
) -> Mapping[str, Body]:
    """The bodies of the jobs by name, as functions of `now` alone; prompts are spread out over `spread`."""
    return {
        "due": partial(due.tick, database, receive, spread=spread),
        "digests": partial(digests.tick, database, receive),
        "recovery": partial(recovery.tick, delivery),
        "requests": partial(requests.tick, database, library, delivery.wake),
        "previews": partial(previews.tick, database),
        "housekeeping": partial(housekeeping.tick, database),
        "retention": partial(deletion.tick, database, library),
    }


def scheduler(
    jobs: Mapping[str, Body], clock: Callable[[], datetime], ours: Callable[[], bool] = lambda: True
) -> AsyncIOScheduler:
    """A scheduler with the fixed jobs, not yet started.

    Of several processes each has one; `ours` says whether this one runs the jobs just now. They are safe all the same
    when two do. Recovery runs in every process.
    """
    made = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    for name, body in jobs.items():
        turn = _always if name in EVERYWHERE else ours
        more = {"max_instances": AT_ONCE} if name == "recovery" else {}
        made.add_job(_woken, "interval", seconds=SECONDS[name], args=[body, clock, turn], id=name, **more)
    return made


def _always() -> bool:
    return True


async def _woken(body: Body, clock: Callable[[], datetime], ours: Callable[[], bool]) -> None:
    if ours():
        await body(clock())
