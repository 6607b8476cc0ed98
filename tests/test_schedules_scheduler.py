"""APScheduler's fixed jobs: few, forgiving of lateness, and only wake-ups for bodies that ask the tables."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import SetClock
from schedules import due, housekeeping
from schedules.scheduler import SECONDS, scheduler
from tests.support.town import Town


async def test_the_jobs_are_fixed_and_a_late_one_still_runs_once() -> None:
    async def body(_now: datetime) -> int:
        return 0

    made = scheduler(dict.fromkeys(SECONDS, body), SetClock(datetime(2026, 11, 23, tzinfo=UTC)))
    made.start(paused=True)
    try:
        jobs = made.get_jobs()
        assert {job.id for job in jobs} == set(SECONDS)
        for job in jobs:
            at_once = 2 if job.id == "recovery" else 1
            assert (job.coalesce, job.misfire_grace_time, job.max_instances) == (True, None, at_once)
    finally:
        made.shutdown(wait=False)


async def test_a_job_wakes_its_body_with_the_clock_that_it_was_given() -> None:
    woken: list[datetime] = []
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    async def body(at: datetime) -> int:
        woken.append(at)
        return 0

    made = scheduler({"due": body}, SetClock(now))
    made.start()
    try:
        made.modify_job("due", next_run_time=datetime.now(UTC))
        async with asyncio.timeout(10):
            while not woken:  # noqa: ASYNC110  # APScheduler tells nobody when a job has run
                await asyncio.sleep(0.01)
    finally:
        made.shutdown(wait=False)
    assert woken[0] == now


async def test_a_second_tick_at_the_same_moment_sends_nothing_twice(town: Town) -> None:
    ana = await town.client("ana")
    town.clock.now = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    ticks = [due.tick(town.app.database, town.app.conversation.receive, town.clock.now) for _ in range(3)]
    await asyncio.gather(*ticks)
    await town.settled()
    assert sum("What one step would you take this week?" in message.text for message in ana.read) == 1


async def test_versions_that_nobody_needs_are_deleted_and_others_kept(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    later = town.clock.now + timedelta(days=60)
    gone = await housekeeping.tick(town.app.database, later)
    assert gone == 3  # the welcome, the first promise and the coach's first questions, long over; the commitment is not
    await ana.taps("8")
    ana.reads("One more minute")
