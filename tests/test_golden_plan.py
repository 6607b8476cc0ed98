"""Golden transcripts of the first meeting and of the plan, as client and coach see them in Telegram."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.plans import LADDER, agreement, together
from tests.support.town import Town, town_on
from tests.test_golden import compare


@pytest.mark.parametrize("seat", ["telegram"], indirect=True)  # one platform a story
async def test_what_both_see_of_relationship_and_planning(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        await first_meeting(town)
        await a_goal_with_its_ladder(town)
        await what_the_sponsor_reads(town)
        for user in ("ana", "dana"):
            compare(f"plan-{seat.name}-{user}", seat.screen(town.people[user]))


async def first_meeting(town: Town) -> None:
    """First picture, the agreement in two versions, and the sponsor's wish."""
    ana, dana = await together(town)
    await dana.says("session ana Wednesday 15:00")
    await town.until(datetime(2026, 11, 24, 8, 1, tzinfo=UTC))
    await ana.taps("A new role")
    await ana.says("A team that runs without me")
    await ana.taps("A mix of both")
    await ana.says("I need a day to think")
    await dana.says("session ana cancel")
    await agreement(dana, sponsor="Attendance and approved goals")
    await ana.taps("Read it", on=ana.last)
    await ana.taps("Something should change")
    await ana.says("Every three weeks, please")
    await dana.says("/agreement ana")
    await dana.says("change 3")
    await dana.taps("Every three weeks")
    await dana.taps("I agree")
    await ana.says("/agreement")
    await ana.taps("I agree")
    await dana.says("/sponsor ana")
    await dana.taps("They are ready for a wider role")
    await dana.says("Her calm")
    await dana.says("skip")


async def a_goal_with_its_ladder(town: Town) -> None:
    """A goal, its ladder by the coach, the first steps, and where it all stands."""
    ana, dana = town.people["ana"], town.people["dana"]
    await ana.says("goals")
    await ana.taps("A new goal", on=ana.last)
    await ana.says("Hand over the <Q2> plan & *all* of it by end of March")
    await ana.says("My deputy")
    await ana.says("Decisions that I did not make")
    await ana.says("I want my evenings back")
    await ana.taps("3")
    await ana.taps("8")
    await ana.taps("Yes, that is it")
    await dana.says("/ladder ana")
    await dana.taps("Decisions that I did not make")
    for sentence in LADDER[1:]:
        await dana.says(sentence)
    await dana.taps("Yes")
    await ana.says("/goals confirm")
    await ana.taps("I agree")
    await ana.taps("-1")
    await ana.says("/goals steps")
    await ana.taps("A stretch, and within reach")
    await ana.says("Agree the hand-over by Friday\nWrite the brief")
    await ana.says("next Tuesday")
    await ana.says("My diary fills up")
    await ana.says("I move the meeting, not the step")
    await ana.says("An hour on Mondays")
    await ana.says("Leo")
    await ana.says("/goals")
    await dana.says("/goals ana")
    await dana.says("/phase ana")


async def what_the_sponsor_reads(town: Town) -> None:
    """Word by word."""
    ana = town.people["ana"]
    await ana.says("/sponsor")
    await ana.taps(ana.asked.choices[0].value)
    await ana.taps("That's all")
    await ana.says("Ana hands over more of the Q2 work")
    await ana.taps("My coach does")
