"""What happens to the host: writes that fail, a full disk, clocks that jump, a backup restored, keys that are gone."""

import asyncio
import signal
from datetime import timedelta

from tests.faults.counting import Counts
from tests.faults.databases import locked, peek, poke, restore, save, size_of
from tests.faults.people import until
from tests.faults.world import World

_TWO_HOURS = timedelta(hours=2)


async def every_write_fails_once(world: World, writes: int) -> Counts:
    """For every n up to `writes`, a process whose nth write fails, in the middle of the conversations of a week."""
    for number in range(1, writes + 1):
        if world.week < 0 or world.week_done:
            world.week_begins()
        life = await world.begins(fails=number)
        await asyncio.sleep(1.2)
        world.in_flight += 1  # a send whose confirmation failed
        await life.end(signal.SIGTERM)
    await world.stops(await world.begins())
    return await world.counts()


async def the_disk_is_full(world: World) -> Counts:
    """No file can grow in the middle of a week; then there is room again."""
    world.week_begins()
    life = await world.begins(disk=size_of(world.host.url) + 60_000)
    await asyncio.sleep(4)
    await world.dies(life)
    await world.stops(await world.begins())
    return await world.counts()


async def another_program_holds_the_file(world: World) -> Counts:
    """Another program, a backup tool perhaps, locks the file for longer than anybody waits for it; three times."""
    world.week_begins()
    life = await world.begins()
    for _ in range(3):
        await life.has_served(world.random.uniform(0.5, 1.5))
        with locked(world.host.url):
            await asyncio.sleep(8)
        world.allowed += len(world.people)
    assert life.alive, f"it ended: {world.host.log[-400:]}"
    await world.stops(life)
    return await world.counts()


async def the_clock_steps_two_hours(world: World, *, back: bool) -> Counts:
    """The host's clock jumps between two processes, once the week's prompts have gone out."""
    world.week_begins()
    first = await world.begins()
    await until(lambda: any(one.checked_in for one in world.people), 30, "the prompts go out")
    await world.dies(first)
    world.skew += -_TWO_HOURS if back else _TWO_HOURS
    if back:  # what was not due any more waits, until the clock has come round to it again
        early = await world.begins()
        await early.has_served(4.0)
        await world.dies(early)
        world.skew += _TWO_HOURS
    await world.stops(await world.begins())
    world.week_begins()
    await world.stops(await world.begins())
    return await world.counts()


async def asleep_for_three_days(world: World) -> Counts:
    """The host sleeps with prompts unanswered: on waking nobody is asked twice for the same, and nothing bursts."""
    world.week_begins()
    await world.stops(await world.begins())
    world.week_begins()
    world.skew += timedelta(days=3)
    before = world.side.sent()
    life = await world.begins()
    await until(lambda: all(one.checked_in for one in world.people), 30, "everybody is asked on waking")
    assert world.side.sent() - before <= 3 * (len(world.people) + 1), "a burst"
    await world.stops(life)
    return await world.counts()


async def an_old_backup_restored(world: World) -> Counts:
    """What waited in a backup of two days ago is held, not sent, until an operator releases it."""
    world.week_begins()
    first = await world.begins(point="sending", nth=1)  # the prompts are in the outbox, and none has left
    await first.end_by_itself()
    saved = save(world.host.url)
    await world.stops(await world.begins())
    sent = world.side.sent()
    restore(world.host.url, saved)
    poke(world.host.url, "update outbox set state = 'pending', claimed = null where state = 'sending'")
    poke(world.host.url, "update lease set until = until - 172800000000 where name = 'alive'")
    world.skew += timedelta(days=2)
    again = await world.begins()
    await asyncio.sleep(4)
    held = peek(world.host.url, "select count(*) from outbox where held <> '' and state = 'pending'")
    assert held[0][0] > 0, "nothing is held"
    assert world.side.sent() == sent, "what had been sent after the backup was sent again"
    assert await again.end(signal.SIGTERM) == 0
    return Counts()


async def a_lost_key(world: World) -> Counts:
    """With another key it does not start, and says why in one line; with the old one all is there."""
    before = len(world.host.log)
    life = await world.begins(ENCRYPTION_KEYS="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    assert await life.end_by_itself() == 1
    said = world.host.log[before:].strip()
    assert "key" in said.lower()
    assert len(said.splitlines()) == 1, said
    world.week_begins()
    await world.stops(await world.begins())
    return await world.counts()
