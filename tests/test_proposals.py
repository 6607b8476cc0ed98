"""A coach proposes a commitment; nothing is one before the client's yes."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from tests.support.pages import page
from tests.support.plans import together
from tests.support.town import Person, Town, town_on

FRIDAY = date(2026, 11, 27)


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as town:
        yield town


async def proposed(town: Town, words: str = "call the board by Friday") -> tuple[Person, Person]:
    ana, dana = await together(town)
    await dana.says(f"/propose ana {words}")
    return ana, dana


async def promises(person: Person) -> list[tuple[str, date | None]]:
    return [(c.text, c.due) for c in await person.commitments()]


async def test_a_proposal_is_no_commitment_before_it_is_taken(town: Town) -> None:
    ana, dana = await proposed(town)
    dana.reads("Proposed to Ana", '"Call the board", by Fri 27 Nov')
    ana.reads('Dana proposes: "Call the board", by Fri 27 Nov.', "only if you take it")
    assert [choice.label for choice in ana.last.choices] == ["I'll do it", "Change it", "Not this one"]
    assert await promises(ana) == []
    assert "Call the board" not in await page(ana, "progress")


async def test_a_proposal_that_is_taken_goes_on_as_any_commitment(town: Town) -> None:
    ana, dana = await proposed(town)
    await ana.taps("I'll do it", on=ana.last)
    ana.reads("How sure are you that you'll do it")
    assert await promises(ana) == [("Call the board", FRIDAY)]
    dana.reads('Ana takes your proposal: "Call the board", by Fri 27 Nov.')
    assert "Call the board, due Fri 27 Nov" in await page(dana, "client", "ana")


async def test_a_proposal_is_changed_into_the_clients_own_words(town: Town) -> None:
    ana, dana = await proposed(town)
    await ana.taps("Change it", on=ana.last)
    ana.reads("what would you do instead?", "What will you do?")
    await ana.says("write to the chair by Thursday")
    assert await promises(ana) == [("Write to the chair", date(2026, 11, 26))]
    dana.reads("Ana changes your proposal")


async def test_a_proposal_that_is_left_is_on_no_list_and_the_coach_hears_it(town: Town) -> None:
    ana, dana = await proposed(town)
    asked = ana.last
    await ana.taps("Not this one", on=asked)
    ana.reads("it is not on your list. Dana hears that.")
    dana.reads("Ana leaves your proposal be")
    await ana.taps("I'll do it", on=asked)
    ana.reads("You have answered that one already; nothing changed.")
    assert await promises(ana) == []


async def test_a_proposal_without_a_day_asks_for_one_when_it_is_taken(town: Town) -> None:
    ana, _ = await proposed(town, "call the board")
    await ana.taps("I'll do it", on=ana.last)
    ana.reads("By when?")
    await ana.says("Friday")
    assert await promises(ana) == [("Call the board", FRIDAY)]


async def test_two_in_a_line_are_two_proposals(town: Town) -> None:
    ana, dana = await proposed(town, "call the board tomorrow and write the memo by Friday")
    dana.reads('"Call the board", by Tue 24 Nov', '"Write the memo", by Fri 27 Nov')
    assert sum("Dana proposes" in message.text for message in ana.read) == 2


@pytest.mark.parametrize("visible", ["Nothing", "Decide later"])
async def test_where_the_coach_sees_nothing_they_do_not_hear_the_answer(visible: str, town: Town) -> None:
    ana = await town.client("ana", sees=visible)
    dana = town.people["dana"]
    await dana.says("/propose ana call the board by Friday")
    heard = len(dana.read)
    await ana.taps("Not this one", on=ana.last)
    ana.reads("All right, it is not on your list.")
    assert len(dana.read) == heard


async def test_a_proposal_to_nobody_is_said_to_be_so_and_changes_nothing(town: Town) -> None:
    ana, dana = await together(town)
    read = len(ana.read)
    await dana.says("/propose zacharias call the board by Friday")
    dana.reads("None of your clients is called")
    await dana.says("/propose ana")
    dana.reads("What do you propose to Ana?")
    await dana.says("/propose ana nothing")
    dana.reads("What do you propose to Ana?")
    await ana.says("stop")
    await dana.says("/propose ana call the board by Friday")
    dana.reads("Ana has asked me to write nothing for now, so nothing was proposed.")
    assert not any("proposes" in message.text for message in ana.read[read:])


async def test_whoever_is_not_confirmed_is_asked_about_first(town: Town) -> None:
    ana = await town.client("ana", confirmed="no")
    dana = town.people["dana"]
    read = len(ana.read)
    await dana.says("/propose ana call the board by Friday")
    assert "proposed" not in dana.last.text.lower()
    assert len(ana.read) == read


async def test_after_the_end_nothing_is_proposed(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/close ana on today")
    await dana.taps("Close it")
    await town.passes(days=2)
    read = len(ana.read)
    await dana.says("/propose ana call the board by Friday")
    dana.reads("is not running just now; nothing changed.")
    assert not any("proposes" in message.text for message in ana.read[read:])


async def test_an_old_proposal_has_had_its_time(town: Town) -> None:
    ana, _ = await proposed(town)
    asked = ana.last
    town.clock.now += timedelta(days=30)
    await ana.taps("I'll do it", on=asked)
    ana.reads("That proposal has had its time; nothing changed.")
    assert await promises(ana) == []
