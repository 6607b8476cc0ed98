"""APScheduler's few fixed jobs: each only wakes a body that asks the tables what is due.

No job per person and nothing pickled. A job that is late still runs, once (`coalesce`, no grace time, one instance).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.delivery import Delivery
from schedules import digests, due, housekeeping, recovery
from schedules.due import Receive
from storage.database import Database

Body = Callable[[datetime], Awaitable[int]]
SECONDS = {"due": 1, "digests": 20, "recovery": 15, "housekeeping": 24 * 3600}


def bodies(database: Database, receive: Receive, delivery: Delivery) -> Mapping[str, Body]:
    """The bodies of the jobs by name, as functions of `now` alone."""
    return {
        "due": partial(due.tick, database, receive),
        "digests": partial(digests.tick, database, receive),
        "recovery": partial(recovery.tick, delivery),
        "housekeeping": partial(housekeeping.tick, database),
    }


def scheduler(jobs: Mapping[str, Body], clock: Callable[[], datetime]) -> AsyncIOScheduler:
    """A scheduler with the fixed jobs, not yet started."""
    made = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    for name, body in jobs.items():
        made.add_job(_woken, "interval", seconds=SECONDS[name], args=[body, clock], id=name)
    return made


async def _woken(body: Body, clock: Callable[[], datetime]) -> None:
    await body(clock())
