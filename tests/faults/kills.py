"""Kill -9 at every step of sending and storing, and at random moments, week after week."""

import asyncio

from tests.faults.counting import Counts
from tests.faults.process import POINTS
from tests.faults.world import World

WEEKS = 8  # in one practice; then the next, so that later phases of an engagement do not change what is asked
_LIFE = 2.2  # seconds that a process lives at most before it is killed
_LONG_LIFE = 7.0  # of several processes one is chosen for the jobs, and another only when its lease has run out


async def killed_again_and_again(world: World, kills: int) -> Counts:
    """Every other life ends at a step, the others at random; then one more life brings everything to its end."""
    world.week_begins()
    while world.kills < kills:
        if world.week_done and world.week < WEEKS - 1:
            world.week_begins()
        number, at_a_step = divmod(world.kills, 2)
        point = POINTS[number % len(POINTS)] if at_a_step else ""
        life = await world.begins(point=point, nth=world.random.randint(1, 12))
        longest = _LONG_LIFE if world.shares and number % 3 == 0 else _LIFE
        if number % 5 == 4 and not at_a_step:
            await asyncio.sleep(world.random.uniform(0.0, 0.5))  # while it starts
        else:
            await life.has_served(longest if at_a_step else world.random.uniform(0.0, longest))
        await world.dies(life)
    await world.stops(await world.begins())
    return await world.counts()
