"""The weekly check-in asks for a next step where nothing is open, else how sure of the shakiest; five questions in all.

It comes on Fridays at nine in Berlin; energy is asked every second week.
"""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from bot.model.commitments.values import Standing
from bot.model.people.answers import Audience
from storage.programme import commitments
from tests.support.plans import goal, plan, together
from tests.support.town import Person, Town

FRIDAY = datetime(2026, 11, 27, 8, tzinfo=UTC)  # of a week in which energy is asked
NEXT_FRIDAY = datetime(2026, 12, 4, 8, tzinfo=UTC)  # and one without it


async def questions(person: Person) -> list[str]:
    """What the check-in has asked, in order."""
    return [question for dialogue, question, _ in await person.answers() if dialogue == "weekly-checkin"]


async def promises(person: Person, *lines: str) -> None:
    """Promise these, with a day each and nothing more to say."""
    for line in lines:
        await person.says(f"commit {line}")
        while await person.open_prompts():
            await person.says("skip")


async def skips_the_rest(person: Person) -> None:
    """Skip whatever the check-in still asks."""
    while await person.open_prompts():
        await person.says("skip")


# -- what is asked, and how much of it ---------------------------------------------------------------------------------


async def test_nothing_open_asks_for_a_step_and_then_of_the_week(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(NEXT_FRIDAY)
    ana.reads("What one step would you take this week?")
    await skips_the_rest(ana)
    assert await questions(ana) == ["step.what", "well", "way"]


async def test_one_due_and_one_more_open_asks_of_both_and_of_the_week(town: Town) -> None:
    ana = await town.client("ana")
    await promises(ana, "Call Sam by Friday 4 December", "Write the memo by Friday 11 December")
    await town.until(NEXT_FRIDAY)
    ana.reads("Call Sam", "How did it go?")
    await ana.taps("Done")
    ana.reads('How sure are you about "Write the memo"')
    await ana.taps("8")
    await skips_the_rest(ana)
    asked = await questions(ana)
    assert [key.partition("[")[0] for key in asked] == ["items", "confidence", "well", "way"]


async def test_three_due_and_two_more_open_leave_room_for_the_shakiest_alone(town: Town) -> None:
    ana = await town.client("ana")
    due = [f"{what} by Friday 4 December" for what in ("Call Sam", "Call Kim", "Call Ben")]
    await promises(ana, *due, "Write the memo by 11 December", "Plan the offsite by 11 December")
    await town.until(NEXT_FRIDAY)
    for _ in due:
        await ana.taps("Done")
    ana.reads("Which is the shakiest?")
    assert [choice.label for choice in ana.asked.choices] == ["Write the memo", "Plan the offsite"]
    await ana.taps("Plan the offsite")
    ana.reads('How sure are you about "Plan the offsite"')
    await ana.taps("8")
    assert not await ana.open_prompts()
    asked = await questions(ana)
    assert [key.partition("[")[0] for key in asked] == ["items", "items", "items", "shakiest", "confidence"]


async def test_the_coachs_question_is_one_of_the_five_and_energy_gives_way(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await promises(ana, "Call Sam by Friday", "Write the memo by 11 December")
    for said in ("/program change", "question", "What did the board say?", "In words", "Only Ana"):
        await dana.says(said)
    await town.until(FRIDAY)
    await ana.taps("Done")
    await skips_the_rest(ana)
    asked = await questions(ana)
    assert [key.partition("[")[0] for key in asked] == ["items", "confidence", "well", "way", "own_1"]


async def test_energy_is_asked_every_second_week(town: Town) -> None:
    ana = await town.client("ana", what="Hand over the Q2 plan by 20 December")
    await town.until(FRIDAY)
    await skips_the_rest(ana)
    assert await questions(ana) == ["confidence", "well", "way", "energy"]
    await town.until(NEXT_FRIDAY)
    await skips_the_rest(ana)
    assert (await questions(ana))[4:] == ["confidence", "well", "way"]


# -- the step ----------------------------------------------------------------------------------------------------------


async def test_the_step_is_a_promise_like_any_other(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("ask Kim for her view by Wednesday")
    ana.reads('"Ask Kim for her view", by Wed 2 Dec.', "One thing that went well?")
    (made,) = await ana.commitments()
    assert (made.text, made.due) == ("Ask Kim for her view", date(2026, 12, 2))
    await ana.says("progress")
    ana.reads("Ask Kim for her view", "One thing that went well?")
    await town.until(datetime(2026, 12, 2, 16, tzinfo=UTC))
    ana.reads("Ask Kim for her view", "How did it go?")


async def test_a_step_without_a_day_is_asked_for_one(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("ask Kim for her view")
    ana.reads("By when?")
    assert [c.due for c in await ana.commitments()] == [None]
    await ana.says("on Saturday")
    ana.reads('"Ask Kim for her view", by Sat 28 Nov.', "One thing that went well?")
    assert any("I'll ask" in message.text and "Mon 30 Nov" in message.text for message in ana.read[-2:])
    await town.until(datetime(2026, 11, 30, 9, tzinfo=UTC))
    ana.reads("ask Kim for her view")


async def test_several_steps_in_a_line_are_several(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("I'll call the board on Monday and write the memo by Thursday")
    ana.reads("One thing that went well?")
    assert [(c.text, c.due) for c in await ana.commitments()] == [
        ("Call the board", date(2026, 11, 30)),
        ("Write the memo", date(2026, 12, 3)),
    ]


@pytest.mark.parametrize("said", ["nothing", "-", "skip", "not this week", "n/a"])
async def test_no_step_is_noted_of_nothing(town: Town, said: str) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says(said)
    ana.reads("One thing that went well?")
    assert await ana.commitments() == ()


async def test_a_habit_said_for_a_step_is_a_habit_and_the_check_in_goes_on(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("gym Mon Wed Fri")
    ana.reads("Gym")
    await ana.taps("Right")
    ana.reads("Kept as a habit", "One thing that went well?")
    assert await ana.commitments() == ()


async def test_a_habit_that_goes_is_open_enough(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("commit gym Mon Wed Fri")
    await ana.taps("Right")
    await town.until(NEXT_FRIDAY)
    ana.reads("how many of")
    await ana.taps("3")
    ana.reads("One thing that went well?")


async def test_a_private_step_stays_with_the_client(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("private: ask Kim for her view by Wednesday")
    assert [(c.text, c.audience) for c in await ana.commitments()] == [("Ask Kim for her view", Audience.PRIVATE)]
    dana = town.people["dana"]
    await dana.says("client ana")
    assert "Kim" not in dana.last.text


async def test_undo_takes_the_step_back(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("ask Kim for her view by Wednesday")
    await skips_the_rest(ana)
    await ana.says("undo")
    ana.reads("Taken back")
    assert await ana.commitments() == ()


async def test_what_is_all_done_leaves_room_for_the_next_step(town: Town) -> None:
    ana = await town.client("ana", what="Call Sam by Friday 4 December")
    await town.until(NEXT_FRIDAY)
    await ana.taps("Done")
    ana.reads("What one step would you take this week?")


async def test_goals_are_named_in_turn_and_the_step_is_towards_the_one_that_was(town: Town) -> None:
    ana, _ = await together(town)
    await town.check_ins_only()
    goals = ("Delegate more", "Listen first")
    for each in goals:
        await goal(ana, each)
    named = []
    for friday in (FRIDAY, NEXT_FRIDAY):
        await town.until(friday)
        named += [each for each in goals if f'What one step would move "{each}" this week?' in ana.asked.text]
        await ana.says("ask Kim for her view by Monday")
        await skips_the_rest(ana)
        await ana.says("/log 1 done")
        await skips_the_rest(ana)
        await town.check_ins_only()
    assert sorted(named) == sorted(goals)
    known = {each.id: each.text for each in (await plan(ana)).goals}
    assert [known[made.goal] for made in await ana.commitments()] == named


async def test_the_daily_check_in_asks_for_a_step_too(town: Town) -> None:
    ana = await town.client("ana", pace="Daily for two weeks")
    await town.until(datetime(2026, 11, 24, 9, tzinfo=UTC))
    ana.reads("What one step would you take this week?")
    await ana.says("call Sam by Friday")
    assert not await ana.open_prompts()
    assert [c.text for c in await ana.commitments()] == ["Call Sam"]


# -- the shakiest ------------------------------------------------------------------------------------------------------


async def test_the_number_is_of_the_one_that_was_chosen(town: Town) -> None:
    ana = await town.client("ana")
    await promises(ana, "Write the memo by 11 December", "Plan the offsite by 18 December")
    await town.until(FRIDAY)
    await ana.taps("Plan the offsite")
    await ana.taps("9")
    await ana.says("/log 1 done")
    await skips_the_rest(ana)
    await ana.says("progress")
    ana.reads("Confidence, Plan the offsite: 9")


async def test_no_shakiest_no_number(town: Town) -> None:
    ana = await town.client("ana")
    await promises(ana, "Write the memo by 11 December", "Plan the offsite by 18 December")
    await town.until(FRIDAY)
    ana.reads("Which is the shakiest?")
    await ana.says("skip")
    ana.reads("One thing that went well?")


async def test_a_low_number_asks_once_what_would_make_it_surer(town: Town) -> None:
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.until(FRIDAY)
    await ana.taps("5")
    ana.reads("What would you change to make that an 8")
    await ana.says("only the outline by Wednesday")
    (made,) = await ana.commitments()
    assert (made.text, made.due) == ("Write the memo (only the outline)", date(2026, 12, 2))
    await skips_the_rest(ana)
    ana.reads('It goes on as "Write the memo (only the outline)", by Wed 2 Dec.')
    assert made.standing is Standing.OPEN


async def test_it_is_not_asked_again_of_the_same_one(town: Town) -> None:
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.until(FRIDAY)
    await ana.taps("5")
    await skips_the_rest(ana)
    await town.until(NEXT_FRIDAY)
    await ana.taps("4")
    ana.reads("One thing that went well?")


async def test_another_day_alone_moves_it(town: Town) -> None:
    ana = await town.client("ana", what="Write the memo by 4 December")
    await town.until(FRIDAY)
    await ana.taps("5")
    await ana.says("11 December")
    (made,) = await ana.commitments()
    assert (made.text, made.due, made.moved) == ("Write the memo", date(2026, 12, 11), 1)


@pytest.mark.parametrize("words", ["only if I dare", "only if I dare, by Thursday"])
async def test_what_is_smaller_in_private_is_not_read_by_the_coach(town: Town, words: str) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await ana.says("/commit write the memo by 18 December")
    await ana.taps("5")
    await ana.says(f"private: {words}")
    await dana.says("client ana")
    assert "dare" not in dana.last.text
    await ana.says("progress")
    ana.reads("Write the memo (only if I dare)")


async def test_a_private_smaller_step_of_what_the_coach_sees_leaves_its_words(town: Town) -> None:
    ana = await town.client("ana", what="Write the memo by 18 December")
    dana = town.people["dana"]
    await town.until(FRIDAY)
    await ana.taps("5")
    await ana.says("private: only if I dare")
    await dana.says("client ana")
    dana.reads("Write the memo")
    assert "dare" not in dana.last.text


async def test_only_the_first_check_in_says_what_it_is(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    ana.reads("The week's check-in: two minutes.", "What one step")
    await skips_the_rest(ana)
    await town.until(NEXT_FRIDAY)
    ana.reads("What one step")
    assert "two minutes" not in ana.last.text


async def test_what_was_answered_stays_whatever_is_promised_in_between(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY)
    await ana.says("ask Kim for her view")
    await ana.says("skip")
    await ana.says("/commit write the memo by 18 December")
    while "went well" not in ana.asked.text:
        await ana.says("skip")
    await skips_the_rest(ana)
    assert [c.text for c in await ana.commitments()] == ["Ask Kim for her view", "Write the memo"]


async def test_a_number_stays_though_its_promise_is_done_in_between(town: Town) -> None:
    ana = await town.client("ana")
    await promises(ana, "Write the memo by 11 December", "Plan the offsite by 18 December")
    await town.until(FRIDAY)
    await ana.taps("Plan the offsite")
    await ana.taps("9")
    for number in (1, 2):
        await ana.says(f"/log {number} done")
    ana.reads("One thing that went well?")
    await skips_the_rest(ana)
    assert ("weekly-checkin", "confidence", "9") in await ana.answers()
    person = (await ana.place()).person
    given = await town.app.database.read(partial(commitments.ratings, person=person, since=date(2026, 11, 1)))
    about = {c.id: c.text for c in await ana.commitments()}
    assert [(r.value, about[r.about]) for r in given if r.kind == "confidence"] == [(9, "Plan the offsite")]
