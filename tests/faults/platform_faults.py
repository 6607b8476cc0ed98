"""What platforms do to us: answers that get lost, floods, late acks, closed chats, an outage of more than a day."""

import asyncio
import signal
from datetime import timedelta

from tests.faults.counting import Counts
from tests.faults.people import until
from tests.faults.world import World
from tests.support.garbage_answers import ANY

_STEPS_BACK = 400.0  # seconds: after four tries in vain a row waits for two minutes
_TIMES = 3  # how often in a week a send goes wrong


async def sends_go_wrong(world: World, how: str) -> Counts:
    """In the middle of a week's prompts some sends go wrong; see `Side.sends_go_wrong`."""
    world.week_begins()
    world.side.sends_go_wrong(how, _TIMES)
    world.allowed += 0 if how == "floods" else _TIMES
    await world.stops(await world.begins())
    return await world.counts()


async def success_with_the_response_lost(world: World) -> Counts:
    """The platform takes a message, and the connection breaks before it says so."""
    return await sends_go_wrong(world, "lost answers")


async def five_hundred_after_storing(world: World) -> Counts:
    """The platform takes a message, and answers 500."""
    return await sends_go_wrong(world, "500 after storing")


async def floods(world: World) -> Counts:
    """429 in the middle of the week's prompts."""
    return await sends_go_wrong(world, "floods")


async def acks_too_late(world: World) -> Counts:
    """The process stands still for longer than a platform waits for an ack, so that all comes again."""
    world.week_begins()
    life = await world.begins()
    for _ in range(3):
        await asyncio.sleep(world.random.uniform(0.8, 1.4))
        life.gets(signal.SIGSTOP)
        await asyncio.sleep(1.4)  # the fake waits one second where Slack waits three
        world.allowed += len(world.people)  # what was on its way may have been given up meanwhile
        life.gets(signal.SIGCONT)
    await world.stops(life)
    return await world.counts()


async def blocked_then_unblocked(world: World) -> Counts:
    """A client closes the chat before a prompt falls due, and opens it a week later: held, then asked again."""
    ana = world.people[0]
    await world.side.closes(ana.who)
    await world.passes_without(ana)
    await world.side.opens(ana.who)
    await ana.who.says("hello")
    world.week_begins()
    await world.stops(await world.begins())
    return await world.counts()


async def five_hundreds_for_a_while(world: World, seconds: float) -> Counts:
    """Every call of ours fails, from before the week's prompts fall due."""
    world.week_begins()
    world.side.five_hundreds(True)
    life = await world.begins()
    await asyncio.sleep(seconds)
    world.side.five_hundreds(False)
    await world.stops(life, _STEPS_BACK)
    return await world.counts()


async def a_gateway_answers(world: World, seconds: float) -> Counts:
    """Whatever a gateway answers in the platform's place, for some seconds each, while the week's prompts fall due."""
    world.week_begins()
    life = await world.begins()
    kinds = list(ANY)
    world.random.shuffle(kinds)
    for what in kinds:
        world.side.answers_so(what)
        await asyncio.sleep(seconds)
    world.side.five_hundreds(False)
    await world.stops(life, _STEPS_BACK)  # an exit, or one that is not clean, breaks this
    return await world.counts()


async def out_for_more_than_a_day(world: World) -> Counts:
    """Nothing runs from before the prompts fall due until 25 hours later: one prompt each on Monday, and no burst."""
    world.week_begins()
    world.skew += timedelta(days=3, hours=1)  # Friday at nine to Monday at ten: nothing goes out at weekends
    before = world.side.sent()
    life = await world.begins()
    await until(lambda: all(one.checked_in for one in world.people), 30, "everybody is asked once it is back")
    assert world.side.sent() - before <= 3 * (len(world.people) + 1), "a burst"
    await world.stops(life)
    return await world.counts()
