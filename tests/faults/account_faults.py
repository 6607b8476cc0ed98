"""What happens to our accounts there: tokens change or are refused, the app goes, another polls, a group grows up."""

import asyncio
import signal

import aiohttp

from tests.faults.counting import Counts
from tests.faults.people import until
from tests.faults.world import World

_REFUSED = 75.0  # seconds: what a refused token held up is tried again after a minute


async def the_token_is_changed(world: World) -> Counts:
    """The token is changed in the middle of a week: nothing arrives until the operator sets the new one."""
    world.week_begins()
    life = await world.begins()
    await until(lambda: any(one.checked_in for one in world.people), 30, "it has begun")
    world.side.changes_token()
    world.allowed += len(world.people)
    await asyncio.sleep(3)
    assert life.alive, f"it ended: {world.host.log[-400:]}"
    assert await life.end(signal.SIGTERM) == 0
    world.host.environment |= world.side.environment(world.host.port)
    await world.stops(await world.begins(), _REFUSED + 90)
    return await world.counts()


async def the_token_is_refused_for_a_while(world: World) -> Counts:
    """The platform refuses the token without ever having said so, and takes it again: nobody has to do anything."""
    world.week_begins()
    life = await world.begins()
    await until(lambda: any(one.checked_in for one in world.people), 30, "it has begun")
    world.side.refuses(True)
    await asyncio.sleep(5)
    assert life.alive, f"it ended: {world.host.log[-400:]}"
    world.side.refuses(False)
    await world.stops(life, _REFUSED + 90)
    return await world.counts()


async def removed_and_installed_again(world: World) -> Counts:
    """A workspace removes the app before the prompts fall due, and installs it again a week later."""
    life = await world.begins()
    await life.has_served(1)
    await world.side.removes_the_app()
    await until(world.side.idle, 30, "the event is taken")
    assert life.alive
    world.week_begins_for_nobody()
    await asyncio.sleep(3)
    assert await life.end(signal.SIGTERM) == 0
    world.side.installs_the_app()
    world.host.environment |= world.side.environment(world.host.port)
    world.week_begins()
    await world.stops(await world.begins(), _REFUSED + 90)
    return await world.counts()


async def somebody_else_polls(world: World) -> Counts:
    """Another program polls with our token for ten seconds: it is told in the log, and all goes on when it ends."""
    world.week_begins()
    life = await world.begins()
    await life.has_served(0.5)
    url = f"{world.side.fake.url}/bot{world.side.fake.token}/getUpdates"
    end = asyncio.get_running_loop().time() + 10
    async with aiohttp.ClientSession() as session:
        while asyncio.get_running_loop().time() < end:
            async with session.post(url, json={"timeout": 1}) as answer:
                await answer.read()
    await world.stops(life)
    warned = [line for line in world.host.log.splitlines() if "another" in line.lower() and "poll" in line.lower()]
    assert 1 <= len(warned) <= 3, f"{len(warned)} lines of it in the log"
    return await world.counts()


async def the_group_grows_up(world: World) -> Counts:
    """A group that the bot is in becomes a supergroup in the middle of a week: one line in each, and no harm."""
    world.week_begins()
    life = await world.begins()
    await life.has_served(0.5)
    ana, us = world.people[0].who.person, f"/help@{world.side.fake.username}"
    group, hasty = (world.side.fake.group(title, "group") for title in ("Team", "Board"))
    group.hears(ana, us)
    await until(lambda: len(group.shown) == 1, 30, "the group is told to write in private")
    grown = group.grows_up(ana)
    group.hears(ana, us)  # was on its way
    grown.hears(ana, us)
    hasty.hears(ana, us)
    hasty.grows_up(ana)  # before it was answered
    await until(lambda: len(grown.shown) == 1, 30, "so is the supergroup")
    await world.stops(life)
    assert [len(one.shown) for one in (group, grown, hasty)] == [1, 1, 0]
    return await world.counts()


async def the_socket_goes_silent(world: World) -> Counts:
    """The socket stays open, and nothing comes through it any more: it is found out and replaced."""
    world.week_begins()
    life = await world.begins()
    await until(lambda: any(one.checked_in for one in world.people), 30, "it has begun")
    world.side.fake.mail.mute()
    await until(lambda: any(not line.mute for line in world.side.fake.mail.lines), 90, "another socket is opened")
    await world.stops(life)
    return await world.counts()
