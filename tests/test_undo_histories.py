"""Whatever a client did, in whatever order: taken back one by one, everything is shown as it was before."""

import json
import os
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.coaching.own_data.export import ALLOWED, as_json
from storage import export
from storage.tables.ledger import LedgerRow
from storage.tables.people import table_of
from tests.support.plans import goal
from tests.support.town import Person, Town

HISTORIES = int(os.environ.get("UNDO_HISTORIES", "3"))  # more of them make a longer run
LONGEST = 9  # changes of one history; ten are kept
# How the system runs: since when a day stands, and that something was asked. What was left out is no change either.
NOT_SHOWN = {"dated_at", "occurrence"}

Shown = tuple[str, str, Any]
Deed = Callable[[Person, random.Random], Awaitable[None]]


def entries(connection: Connection, person: str) -> list[str]:
    ledger = table_of(LedgerRow)
    mine = select(ledger.c.run).where(ledger.c.person == person, ledger.c.undone.is_(False))
    return list(connection.execute(mine.order_by(ledger.c.at, ledger.c.id)).scalars())


async def undoable(ana: Person) -> int:
    place = await ana.place()
    return len(await ana.town.app.database.read(partial(entries, person=place.person)))


async def shown(ana: Person) -> Shown:
    """What the client reads of themselves, what the coach reads of them, and what an export holds."""
    town, place = ana.town, await ana.place()
    dana = town.people["dana"]
    await ana.says("/progress")
    await dana.says("/client Ana")
    own = partial(
        export.everything_of, person=place.person, day=town.clock().date(), wanted=[n for n in ALLOWED if n != "access"]
    )
    taken_out = json.loads(as_json(await town.app.database.read(own)))
    return ana.told.text, dana.told.text, without(taken_out)


def without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without(each) for key, each in value.items() if key not in NOT_SHOWN}
    if not isinstance(value, list):
        return value
    return [without(each) for each in value if not (isinstance(each, dict) and each.get("skipped"))]


# -- what a client may do ------------------------------------------------------------------------------------------


async def answers(ana: Person, chance: random.Random, *, most: int = 12) -> None:
    """Answer what is asked, by any of the buttons or by leaving it out, until nothing is asked."""
    for _ in range(most):
        if not await ana.open_prompts():
            return
        labels = [choice.label for choice in ana.asked.choices]
        await (ana.taps(chance.choice(labels)) if labels and chance.random() < 0.7 else ana.says("skip"))
    await ana.says("cancel")


async def promises(ana: Person, chance: random.Random) -> None:
    await ana.says(f"/commit {chance.choice(['Call Petra', 'Write the memo', 'Ask Leo'])} by Friday")
    await answers(ana, chance)


async def takes_up_a_habit(ana: Person, chance: random.Random) -> None:
    await ana.says(chance.choice(["gym mon wed fri", "read every weekday"]))
    await answers(ana, chance)


async def reports(ana: Person, chance: random.Random) -> None:
    numbers = [c.number for c in await ana.commitments()]
    if numbers:
        report = chance.choice(["done", "not yet", "partly", "drop", "moved to next Friday"])
        await ana.says(f"/log {chance.choice(numbers)} {report}")
        await answers(ana, chance)


async def checks_in(ana: Person, chance: random.Random) -> None:
    await ana.says("/checkin")
    await answers(ana, chance)


async def stops_halfway(ana: Person, chance: random.Random) -> None:
    await ana.says("/checkin")
    await answers(ana, chance, most=chance.randrange(1, 3))


async def notes(ana: Person, chance: random.Random) -> None:
    await ana.says(f"private thought {chance.randrange(100)}")


async def hides(ana: Person, chance: random.Random) -> None:
    await ana.says("/private")


async def edits(ana: Person, chance: random.Random) -> None:
    await ana.says("/commit")
    await ana.says("Draft the plan by Thursday")
    number = ana.numbers[-1]
    await answers(ana, chance)
    await ana.edits(chance.choice(["Draft the plan by Wednesday", "Draft both plans"]), number=number)


async def rests(ana: Person, chance: random.Random) -> None:
    await ana.says(chance.choice(["pause until next Monday", "stop", "resume", "travel Tokyo until Friday"]))
    await answers(ana, chance)


async def sets(ana: Person, chance: random.Random) -> None:
    await ana.says("/settings")
    changed = chance.choice([("My name", "Annie"), ("Working week", "Monday to Thursday"), ("Monday focus", "Yes")])
    for label in changed:
        await ana.says(label)
    await answers(ana, chance)


async def says_something_between(ana: Person, chance: random.Random) -> None:
    """A report or a note beside an open question, and the question goes on."""
    await ana.says("/checkin")
    await ana.says(chance.choice(["/log 1 done", "/private between two questions", "/pause until next Monday"]))
    await answers(ana, chance)


async def wants_a_call(ana: Person, chance: random.Random) -> None:
    await ana.says("callme")


async def plans(ana: Person, chance: random.Random) -> None:
    await goal(ana, chance.choice(["Hand over the plan", "Speak up in the board"]))
    await answers(ana, chance)


DEEDS: tuple[Deed, ...] = (
    *(promises, promises, reports, reports, checks_in, stops_halfway, notes, hides, edits, rests, sets),
    *(wants_a_call, plans, says_something_between, takes_up_a_habit),
)


@pytest.mark.patient
@pytest.mark.parametrize("seed", range(HISTORIES))
async def test_as_many_undos_as_changes_show_everything_as_it_was(town: Town, seed: int) -> None:
    chance = random.Random(seed)
    ana = await town.client("ana")
    base = await undoable(ana)
    before: dict[int, Shown] = {base: await shown(ana)}
    while await undoable(ana) - base < LONGEST - 2:
        await chance.choice(DEEDS)(ana, chance)
        assert not await ana.open_prompts()
        town.clock.now += timedelta(minutes=chance.randrange(1, 20))
        before[await undoable(ana)] = await shown(ana)
    for left in range(await undoable(ana) - 1, base - 1, -1):
        await ana.says("undo")
        ana_read = ana.told.text
        if "Shall it be shown?" in ana_read:
            await ana.taps("Show it again", on=ana.told)
        assert ana.told.text.startswith("Taken back"), ana.told.text
        assert await undoable(ana) == left
        if left in before:
            assert await shown(ana) == before[left], ana_read
