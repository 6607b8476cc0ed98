"""Kill -9 at every step of sending and storing, and at random moments, week after week."""

import asyncio
from contextlib import suppress

from tests.faults.counting import Counts
from tests.faults.process import POINTS
from tests.faults.world import World

WEEKS = 8  # in one practice; then the next, so that later phases of an engagement do not change what is asked
_LIFE = 2.2  # seconds that a process lives at most before it is killed


async def killed_again_and_again(world: World, kills: int) -> Counts:
    """Every other life ends at a step, the others at random; then one more life brings everything to its end."""
    world.week_begins()
    while world.kills < kills:
        if world.week_done and world.week < WEEKS - 1:
            world.week_begins()
        at_a_step = world.kills % 2 == 0
        point = POINTS[world.kills // 2 % len(POINTS)] if at_a_step else ""
        life = await world.begins(point=point, nth=world.random.randint(1, 12))
        with suppress(TimeoutError):
            lasts = _LIFE if at_a_step else world.random.uniform(0.3, _LIFE)
            await asyncio.wait_for(asyncio.shield(life.ended), lasts)
        await world.dies(life)
    await world.stops(await world.begins())
    return await world.counts()
