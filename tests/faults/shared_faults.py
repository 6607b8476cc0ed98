"""What happens where several processes share a database: one stands still, one is killed, the server goes away."""

import asyncio
import signal
from contextlib import closing

import psycopg

from storage.database.urls import parse_url
from tests.faults.counting import Counts
from tests.faults.lives import Life
from tests.faults.people import until
from tests.faults.world import World
from tests.support.run_process import free_port

_LEASE = 8.0  # seconds, as `lives.QUICK` has it


async def stands_still_past_its_lease(world: World) -> Counts:
    """One of two processes is stopped with rows on their way, and goes on when the other has taken them over."""
    world.week_begins()
    stopped = await world.begins(point="sending", nth=10_000)
    await until(lambda: any(one.checked_in for one in world.people), 30, "it has begun")
    stopped.gets(signal.SIGSTOP)
    world.allowed += len(world.people) + 1
    other = await world.begins(**_elsewhere())
    await asyncio.sleep(_LEASE + 1)
    stopped.gets(signal.SIGCONT)
    await world.stops(other)
    assert await stopped.end(signal.SIGTERM) == 0
    return await world.counts()


def _elsewhere() -> dict[str, str]:
    """What a second process on the same machine needs of its own."""
    return {"HTTP_PORT": str(free_port())}


async def kills_while_others_go_on(world: World, kills: int) -> Counts:
    """Two processes; one of them is killed again and again and replaced, the other next time.

    The one that is left in the end is where the platforms call: the number of kills is odd.
    """
    world.week_begins()
    lives: list[Life] = [await world.begins(), await world.begins(**_elsewhere())]
    for number in range(kills):
        if world.week_done:
            world.week_begins()
        await asyncio.sleep(world.random.uniform(0.3, 2.5))
        await world.dies(lives.pop(0))
        world.allowed += len(world.people)
        lives.append(await world.begins(**({} if number % 2 == 0 else _elsewhere())))
    await world.dies(lives.pop(0))  # it may still live in the week before
    world.allowed += len(world.people)
    await world.stops(lives[0])
    return await world.counts()


async def the_server_restarts(world: World, times: int = 3) -> Counts:
    """Under load every connection to the database is cut and no new one let in for seconds, as in a restart."""
    world.week_begins()
    life = await world.begins()
    name = parse_url(world.host.url).database
    assert name is not None
    for _ in range(times):
        await life.has_served(world.random.uniform(0.5, 1.5))
        await asyncio.to_thread(_let_in, world, name, False)
        await asyncio.sleep(2.0)
        await asyncio.to_thread(_let_in, world, name, True)
        world.allowed += len(world.people)
    assert life.alive, f"it ended: {world.host.log[-400:]}"
    await world.stops(life)
    return await world.counts()


def _let_in(world: World, name: str, allowed: bool) -> None:
    server = world.host.url.replace(f"/{name}?", "/postgres?")
    with closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}".encode())
        if not allowed:
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
