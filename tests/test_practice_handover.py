"""Another coach takes over: only with the client's yes, and nothing of the one before goes along."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.town import Person, Town, town_on


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        ana = await opened.client("ana")
        await opened.coach("kim")
        await ana.says("/commit Hand over the Q2 plan by Friday")
        await ana.says("8")
        await ana.says("skip")
        await ana.says("/private Only mine")
        await opened.people["dana"].says("/note ana weighs a move")
        yield opened


async def asked(town: Town) -> tuple[Person, Person, Person]:
    """Dana wishes to hand Ana over, and Ana is asked a moment later."""
    ana, dana, kim = (town.people[user] for user in ("ana", "dana", "kim"))
    await dana.says("/handover ana to Kim")
    dana.reads('the whole name "Kim", I ask Ana')
    await town.passes(hours=1)
    ana.reads("Dana would like to hand your coaching over to Kim.", "commitments, ratings and shared answers")
    return ana, dana, kim


async def test_with_the_clients_yes_the_other_coach_sees_what_the_first_one_saw(town: Town) -> None:
    ana, dana, kim = await asked(town)
    await kim.says("/client ana")
    kim.reads("You have no clients here just now.")
    await ana.taps("Yes")
    ana.reads("Kim is your coach from now on.")
    assert "Ana agreed: Kim coaches them from now on" in dana.last.text
    assert "Ana comes to you from Dana" in kim.last.text
    await kim.says("/client ana")
    kim.reads("Hand over the Q2 plan")
    for look in ("/client ana", "/clients", "/digest", "/note ana", "/brief ana"):
        await dana.says(look)
        assert "Q2" not in dana.last.text
    for look in ("/note ana", "/client ana", "/brief ana", "/digest"):
        await kim.says(look)
        assert "weighs a move" not in kim.last.text
        assert "Only mine" not in kim.last.text
    await ana.says("/whatmycoachsees")
    ana.reads("This is all that Kim can look up here")
    await ana.says("/callme")
    assert kim.last.text == "Ana asks you to call."


async def test_without_it_nothing_changes(town: Town) -> None:
    ana, dana, kim = await asked(town)
    await ana.taps("No")
    ana.reads("Nothing changes")
    assert "would rather stay with you" in dana.last.text
    await kim.says("/client ana")
    kim.reads("You have no clients here just now.")
    await dana.says("/client ana")
    dana.reads("Hand over the Q2 plan")
    await dana.says("/handover ana to Kim")
    await town.passes(hours=1)
    ana.reads("Dana would like to hand your coaching over to Kim.")


async def test_silence_is_no_yes(town: Town) -> None:
    ana, _, kim = await asked(town)
    town.clock.now += timedelta(seconds=1)
    await ana.says("skip")
    ana.reads("This one needs a word from you", "Is that all right with you?")
    await kim.says("/clients")
    kim.reads("You have no clients here just now.")
    await ana.taps("Yes")
    await kim.says("/clients")
    kim.reads("Ana")


async def test_nobody_hands_over_whom_they_do_not_coach(town: Town) -> None:
    kim, ana = town.people["kim"], town.people["ana"]
    count = len(ana.read)
    await kim.says("/handover ana to Dana")
    await town.passes(hours=1)
    assert len(ana.read) == count
