"""Whatever a gateway answers in a platform's place, on every method: that platform's outage, and nothing else ends."""

import asyncio
import time

import pytest

from tests.support.garbage_answers import ANY, spoil, spoil_telegram
from tests.support.run_process import becomes
from tests.test_cli_run import sees
from tests.test_running_watch import Both, both

OFTEN = ("text at 200", "not UTF-8", "found elsewhere", "less than was announced")  # the others now and then
EACH = [pytest.param(what, marks=() if what in OFTEN else pytest.mark.long) for what in ANY]
OTHER = {"slack": "telegram", "telegram": "slack"}


async def hears_of(bot: Both, platform: str, name: str) -> None:
    """Somebody writes who is not known: what comes of it has to be sent."""
    if platform == "slack":
        await bot.fake.person(name).types("hello")
        await bot.fake.settled()  # it is taken in all the same
    else:
        bot.api.person(name).says("hello")


async def answers_on(bot: Both, platform: str, name: str) -> None:
    """A platform takes in and sends, as ever."""
    if platform == "telegram":
        await bot.answers_on_telegram(name)
        return
    stranger = bot.fake.person(name)
    await stranger.types("hello")
    await sees(stranger, "code")


async def is_down(bot: Both, platform: str) -> None:
    """`/readyz` names the platform, why and since when, and has the other one ready."""
    async with asyncio.timeout(30):
        found = await becomes(bot.port, 503)
        while found[platform] in ("ready", "starting") or found[OTHER[platform]] != "ready":
            await asyncio.sleep(0.05)
            found = await becomes(bot.port, 503)
    assert (set(found["reasons"]), set(found["since"])) == ({platform}, {platform})


@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize("what", EACH)
async def test_from_the_start_to_the_stop(sqlite_fresh: str, platform: str, what: str) -> None:
    async with both(sqlite_fresh, spoilt=what, of=platform) as bot:
        await is_down(bot, platform)
        await answers_on(bot, OTHER[platform], "Ben")
        await hears_of(bot, platform, "Eve")  # and what is under way is being sent when it has to stop
        began = time.monotonic()
    assert time.monotonic() - began < 10, "it stops all the same"


@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize(
    "kinds", [pytest.param(OFTEN[:2], id="some"), pytest.param(tuple(ANY), id="all", marks=pytest.mark.long)]
)
async def test_in_the_middle(sqlite_fresh: str, platform: str, kinds: tuple[str, ...]) -> None:
    async with both(sqlite_fresh) as bot:
        await bot.says(200, platform, "ready")
        for number, what in enumerate(kinds):
            spoil(bot.fake, "*", what) if platform == "slack" else spoil_telegram(bot.api, "*", what)
            await hears_of(bot, platform, f"Eve {number}")
            await is_down(bot, platform)
            await answers_on(bot, OTHER[platform], f"Ben {number}")
            bot.fake.mend()
            bot.api.mend()
            await answers_on(bot, platform, f"Zoe {number}")
            await bot.says(200, platform, "ready")


@pytest.mark.long  # until a call is given up
@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_bytes_that_drip_are_an_outage_too(sqlite_fresh: str, platform: str) -> None:
    async with both(sqlite_fresh, spoilt="drips", of=platform) as bot:
        await is_down(bot, platform)
        await answers_on(bot, OTHER[platform], "Ben")
