"""After the end a client who agreed to be asked can still promise something, for themselves."""

from datetime import UTC, date, datetime

import pytest

from tests.support.ending_engagements import ahead
from tests.support.pages import page
from tests.support.town import Person, Town
from tests.test_follow_up import ended

NINE = datetime(2026, 12, 23, 8, 0, tzinfo=UTC)
WEDNESDAY = date(2026, 12, 23)


async def promised(town: Town, said: str = "/commit call the board by Wednesday") -> tuple[Person, Person]:
    ana, dana = await ended(town)
    await ana.says(said)
    return ana, dana


@pytest.mark.parametrize("said", ["/commit call the board by Wednesday", "I'll call the board by Wednesday"])
async def test_a_promise_after_the_end_is_the_clients_own_and_asked_about_on_its_day(said: str, town: Town) -> None:
    ana, dana = await promised(town, said)
    read = len(dana.read)
    ana.reads('"Call the board", by Wed 23 Dec.', "Kept, just for you. Shall Dana hear of it?")
    await ana.taps("Just for me")
    ana.reads("I'll ask on the day.")
    assert [(c.text, c.due, c.audience) for c in await ana.commitments()][-1] == (
        "Call the board",
        WEDNESDAY,
        "private",
    )
    await town.until(NINE)
    ana.reads("You set this for today: Call the board. How did it go?")
    await ana.taps("Done")
    ana.reads('"Call the board" is done. It is not shown to your coach.')
    assert len(dana.read) == read
    assert "Call the board" not in await page(dana, "client", "ana")


async def test_a_day_off_names_the_day_on_which_it_is_asked(town: Town) -> None:
    ana, _ = await promised(town, "/commit call the board by 2 January")
    await ana.taps("Just for me")
    ana.reads("I'll ask on Mon, 4 Jan 2027.")
    assert ("due-today", "2027-01-04") in await ahead(ana)


async def test_of_several_each_day_is_said_that_is_not_its_own(town: Town) -> None:
    ana, _ = await promised(town, "/commit call the board by Wednesday and write the memo by 24 December")
    await ana.taps("Just for me")
    ana.reads("I'll ask on each of these days.")
    await ana.says("/commit call Tom by 2 January and call Kim by 29 December")
    await ana.taps("Just for me")
    ana.reads('I\'ll ask about "Call Tom" on Mon, 4 Jan 2027.', 'I\'ll ask about "Call Kim" on Tue 29 Dec.')


async def test_the_coach_hears_of_it_only_where_the_client_says_so(town: Town) -> None:
    ana, dana = await promised(town)
    await ana.taps("Tell my coach")
    dana.reads("whose coaching with you has ended", '"Call the board", by Wed 23 Dec.')


async def test_it_is_asked_about_though_the_last_question_was_left(town: Town) -> None:
    ana, dana = await promised(town)
    assert ("due-today", "2026-12-23") in await ahead(ana)
    await town.until(NINE)
    assert any("You set this for today: Call the board." in message.text for message in ana.read)
    assert not any("Call the board" in message.text for message in dana.read[-2:])


async def test_a_new_day_is_asked_about_on_its_day_and_what_is_settled_is_not(town: Town) -> None:
    ana, _ = await promised(town)
    await ana.taps("Just for me")
    number = (await ana.commitments())[-1].number
    await ana.says(f"log {number} moved to 29 December")
    assert [day for name, day in await ahead(ana) if name == "due-today"] == ["2026-12-29"]
    await ana.says(f"log {number} done")
    read = len(ana.read)
    await town.until(datetime(2026, 12, 29, 12, 0, tzinfo=UTC))
    assert not any("You set this" in message.text for message in ana.read[read:])


async def test_whoever_did_not_agree_to_be_asked_promises_nothing_here(town: Town) -> None:
    ana, _ = await ended(town, checkins="No")
    await ana.says("/commit call the board by Wednesday")
    ana.reads("Your coaching has ended, and nothing is owed.")
    assert "Call the board" not in [c.text for c in await ana.commitments()]
