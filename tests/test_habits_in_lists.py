"""A habit among several promises is taken as a habit, wherever several are taken."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from tests.support.pages import page
from tests.support.plans import goal, plan, together
from tests.support.town import Person, Town, town_on
from tests.test_commitments_said import after_a_session, promises

GYM = "Gym, Monday, Wednesday, Friday: not counted yet"
PETRA = [("Call Petra", date(2026, 11, 26))]
BOTH = "call Petra by thursday and gym mon wed fri"


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as town:
        yield town


async def stands(ana: Person) -> None:
    """One commitment with its day, and one habit."""
    assert await promises(ana) == PETRA
    assert GYM in await page(ana, "progress")


async def test_one_line_each_after_a_session(town: Town) -> None:
    ana, dana = await after_a_session(town)
    await ana.says("call Petra by thursday")
    await ana.says("gym mon wed fri")
    ana.reads("Anything else?")
    await ana.taps("That's all")
    await stands(ana)
    ana.reads('How sure are you about "Call Petra"')
    await ana.says("8")
    assert "Gym" not in ana.asked.text, "what is counted is not rated"
    while await ana.open_prompts():
        await ana.says("skip")
    ana.reads("Gym, Monday, Wednesday, Friday")
    assert GYM in await page(dana, "client", "ana")


async def test_several_lines_in_one_message_after_a_session(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("gym mon wed fri\ncall Petra by thursday")
    await stands(ana)
    ana.reads('"Call Petra"')


async def test_a_private_list_keeps_its_habit_private(town: Town) -> None:
    ana, dana = await after_a_session(town)
    await ana.says("private")
    await ana.says("gym mon wed fri")
    assert "Gym" in await page(ana, "progress")
    assert "Gym" not in await page(dana, "client", "ana")


@pytest.mark.parametrize("said", [BOTH, "gym mon wed fri and call Petra by thursday"])
@pytest.mark.parametrize("asked", [True, False], ids=["asked", "at once"])
async def test_in_one_line_with_commit(said: str, asked: bool, town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit" if asked else f"/commit {said}")
    if asked:
        await ana.says(said)
    await stands(ana)
    ana.reads('"Gym, Monday, Wednesday, Friday".', "Of what comes again I ask each Friday how many.")
    assert await ana.open_prompts() == 0
    await ana.says("undo")
    ana.reads('"Call Petra"', 'the habit "Gym"')
    assert "Gym" not in await page(ana, "progress")


async def test_in_one_line_out_of_the_blue(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says(f"I'll {BOTH}")
    await stands(ana)


async def test_two_habits_in_one_line_are_two(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("gym every monday and yoga every thursday evening")
    ana.reads('"Gym, Monday".', '"Yoga evening, Thursday".')
    told = await page(ana, "progress")
    assert "Gym, Monday" in told
    assert "Yoga evening, Thursday" in told


async def test_a_habit_and_a_day_behind_a_comma_are_two(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit 1:1 with Sam on Fridays, send the minutes by monday")
    assert await promises(ana) == [("Send the minutes", date(2026, 11, 30))]
    assert "1:1 with Sam, Friday" in await page(ana, "progress")


async def test_in_the_welcome(town: Town) -> None:
    ana = await town.invited("ana")
    for answer in ("Start", "All of that", "Fits", BOTH):
        await ana.says(answer)
    await stands(ana)


async def test_beside_a_number(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit call Petra by thursday")
    ana.reads("How sure")
    await ana.says("gym 3 times a week")
    ana.reads('"Gym, 3 times a week".', "Shall I keep that as well?")
    await ana.taps("Keep it too")
    assert "Gym, 3 times a week: not counted yet" in await page(ana, "progress")
    ana.reads("How sure")
    await ana.says("8")
    assert [c.confidence for c in await ana.commitments()] == [8]


async def test_a_step_of_a_goal_that_comes_again_is_a_habit_of_that_goal(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana)
    await ana.says("/goals steps")
    await ana.taps("A stretch, and within reach")
    await ana.says("Agree the hand-over by Friday\n1:1 with Sam every other Friday")
    ana.reads("What could get in the way?")
    assert "1:1 with Sam, every other week on Friday" in await page(ana, "progress")
    found = (await plan(ana)).goals[0]
    assert [step.text for step in found.milestones] == ["Agree the hand-over"]
    for _ in range(3):
        await ana.says("skip")
    ana.reads("1:1 with Sam, every other week on Friday, first on Fri 27 Nov")


async def test_as_a_proposal(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/propose ana gym mon wed fri")
    ana.reads('Dana proposes: "Gym mon wed fri"')
    assert "Gym" not in await page(ana, "progress")
    await ana.taps("I'll do it", on=ana.last)
    ana.reads("Gym, Monday, Wednesday, Friday; I ask each Friday how many.")
    assert GYM in await page(ana, "progress")
    assert await promises(ana) == []


async def test_a_rule_that_is_to_be_said_back_first_is_not_taken_in_passing(town: Town) -> None:
    ana, _ = await after_a_session(town)
    before = await page(ana, "progress")
    await ana.says("call Petra by thursday\nrent report every 31st")
    ana.reads("day 31 does not come in every month", "on the last day of the month")
    assert await page(ana, "progress") == before


async def test_in_german(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/language deutsch")
    await ana.says("/commit")
    await ana.says("Petra bis Donnerstag anrufen und jeden Montag Sport machen")
    assert await promises(ana) == [("Petra bis Donnerstag anrufen", date(2026, 11, 26))]
    assert "Sport machen, Montag: noch nicht gezählt" in await page(ana, "progress")
