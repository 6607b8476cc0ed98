"""`private` after the fact: all that it hides is named, and what was shared and names it is asked about."""

from collections.abc import AsyncIterator

import pytest

from tests.support.town import Person, Town, town_on


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        yield opened


async def checked_in(ana: Person, energy: str, well: str) -> None:
    """A check-in in which this is said; whatever else is asked is left out."""
    await ana.says("/checkin")
    for _ in range(12):
        if not await ana.open_prompts():
            return
        if "went well" in ana.asked.text:
            await ana.says(well)
        else:
            await ana.says(energy if "Energy" in ana.asked.text else "skip")


async def test_private_after_a_check_in_names_all_that_it_hides(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await checked_in(ana, "7", "Asked before I answered")
    await ana.says("/private")
    ana.reads("From now on this is not shown to your coach:", "7", "Asked before I answered", "Dana has not seen it.")
    await dana.says("/client ana")
    assert "Asked before" not in dana.last.text


async def test_what_was_shared_and_names_it_is_asked_about(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await checked_in(ana, "7", "Sent the offer to Northwind at last")
    await ana.says("/commit the offer to Northwind by friday")
    for _ in range(3):
        if await ana.open_prompts():
            await ana.says("skip")
    await dana.says("/client ana")
    await ana.says("/private")
    ana.reads('names it: "Sent the offer to Northwind at last". Hide that too?', "Dana may have seen it before now.")
    await dana.says("/client ana")
    dana.reads("Sent the offer to Northwind")
    await ana.taps(ana.last.choices[0].label, on=ana.last)
    ana.reads("not shown to your coach", "Sent the offer to Northwind at last")
    await dana.says("/client ana")
    assert "Northwind" not in dana.last.text
