"""Whatever a coach did, in whatever order: taken back one by one, all is shown as before, and whoever heard hears."""

import os
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.support.pages import page, pages
from tests.support.plans import plan, together
from tests.support.town import Person, Town
from tests.test_undo_histories import undoable

HISTORIES = int(os.environ.get("UNDO_HISTORIES", "3"))  # more of them make a longer run
LONGEST = 8  # changes of one history; ten are kept

Deed = Callable[[Person, random.Random], Awaitable[None]]


async def shown(ana: Person, dana: Person) -> dict[str, str]:
    """What both can look up, and where the engagement stands."""
    found = await plan(ana)
    looks = {verb: await page(dana, verb, "ana") for verb in ("session", "note", "program")}
    own = {"own session": await page(ana, "session"), "new clients": await page(dana, "program")}
    stands = {"stands": f"{found.phase} {found.ends} {found.sessions_off}"}
    return await pages(ana, dana) | looks | own | stands


# -- what a coach may do ---------------------------------------------------------------------------------------------


async def books(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/session ana {chance.choice(['Thursday 15:00', '3 December 10:00', '8 December 16:00'])}")


async def moves_or_cancels(dana: Person, chance: random.Random) -> None:
    await dana.says("/session ana")
    choices = [c for c in dana.told.choices if c.value.startswith(("/session move", "/session cancel"))]
    if not choices:
        return
    chosen = chance.choice(choices)
    await dana.taps(chosen.value, on=dana.told)
    puts = [c for c in dana.told.choices if c.value.startswith("/session put")]
    if chosen.value.startswith("/session move") and puts:
        await dana.taps(chance.choice(puts).value, on=dana.told)


async def turns_sessions_off(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/session ana {'off' if chance.random() < 0.6 else 'on'}")


async def notes(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/note ana {chance.choice(['seems tired', 'promise send the paper'])} {chance.randrange(100)}")


async def keeps_a_promise(dana: Person, chance: random.Random) -> None:
    await dana.says("/note ana")
    kept = [c for c in dana.told.choices if c.value.startswith("/note done")]
    if kept:
        await dana.taps(kept[0].value, on=dana.told)


async def proposes(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/propose ana call {chance.choice(['Petra', 'Leo'])} by Friday")


async def suggests_a_goal(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/goals ana: Speak up in meeting {chance.randrange(100)}")


async def is_away(dana: Person, chance: random.Random) -> None:
    await dana.says(chance.choice(["/away 1 December to 4 December", "/away 7 December to 9 December", "/away over"]))


async def moves_the_phase(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/phase ana to {chance.choice(['planning', 'coaching'])}")


async def ends(dana: Person, chance: random.Random) -> None:
    await dana.says(f"/close ana on {chance.choice(['18 December', '20 January'])}")
    if dana.last.token:
        await dana.says("close it")
        await dana.says("cancel")


async def asks_for_more(dana: Person, chance: random.Random) -> None:
    await dana.says(chance.choice(["/review ana", "/assessment ana"]))


DEEDS: tuple[Deed, ...] = (
    *(books, books, moves_or_cancels, moves_or_cancels, turns_sessions_off, notes, keeps_a_promise, proposes),
    *(suggests_a_goal, is_away, moves_the_phase, ends, asks_for_more),
)


@pytest.mark.patient
@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_as_many_undos_as_changes_show_everything_as_it_was(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    ana, dana = await together(town)
    await town.pictured()
    base = await undoable(dana)
    before, heard = {base: await shown(ana, dana)}, dict.fromkeys((base,), False)
    for _ in range(40):
        read = len(ana.read)
        await chance.choice(DEEDS)(dana, chance)
        town.clock.now += timedelta(minutes=chance.randrange(1, 20))
        count = await undoable(dana)
        before[count], heard[count] = await shown(ana, dana), len(ana.read) > read
        if count - base >= LONGEST:
            break
    for left in range(await undoable(dana) - 1, base - 1, -1):
        read = len(ana.read)
        await dana.says("undo")
        text = next(m.text for m in reversed(dana.read) if "aken back" in m.text or "Nothing changed" in m.text)
        assert text.startswith("Taken back"), text
        assert await undoable(dana) == left
        assert await shown(ana, dana) == before[left], text
        assert len(ana.read) > read or not heard[left + 1], f"Ana had heard of it: {text}"
