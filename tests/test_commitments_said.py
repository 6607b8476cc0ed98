"""A promise is taken wherever it is said: a line at a time, several in one, in part, made smaller, or not at all."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from tests.support.pages import page
from tests.support.plans import together
from tests.support.town import Person, Town, town_on

FRIDAY = date(2026, 11, 27)
WEDNESDAY_NINE = datetime(2026, 11, 25, 8, 1, tzinfo=UTC)
NIL = ["nothing", "no", "-", "none", "n/a", "No.", "nope"]
NIL_IN_GERMAN = ["nichts", "nein", "keine", "-"]


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as town:
        yield town


async def after_a_session(town: Town) -> tuple[Person, Person]:
    """Ana at "What will you do, and by when?" after a session."""
    ana, dana = await together(town)
    await dana.says("/session ana tomorrow 9:00")
    await town.until(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    while "What will you do" not in ana.asked.text:
        await ana.says("skip")
    return ana, dana


async def promises(person: Person) -> list[tuple[str, date | None]]:
    return [(c.text, c.due) for c in await person.commitments()]


# -- a line at a time ------------------------------------------------------------------------------------------------


async def test_each_line_is_asked_on_until_that_is_all(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("Call the board tomorrow")
    ana.reads("Anything else?")
    assert [choice.label for choice in ana.asked.choices] == ["That's all"]
    await ana.says("Write the memo by Friday")
    ana.reads("Anything else?")
    await ana.taps("That's all")
    assert "Anything else?" not in ana.asked.text
    assert await promises(ana) == [("Call the board", date(2026, 11, 25)), ("Write the memo", FRIDAY)]


async def test_what_was_listed_so_far_counts_at_once(town: Town) -> None:
    ana, dana = await after_a_session(town)
    await ana.says("Call the board by Thursday")
    assert "Call the board, due Thu 26 Nov" in await page(ana, "progress")
    assert "Call the board" in await page(dana, "client", "ana")


@pytest.mark.parametrize("end", ["that's all", "no", "nothing", "skip", "done", "-"])
async def test_a_list_ends_by_words_too(end: str, town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("Call the board by Friday")
    await ana.says(end)
    assert "Anything else?" not in ana.asked.text
    assert await promises(ana) == [("Call the board", FRIDAY)]


async def test_several_lines_in_one_message_are_the_list(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("Call the board by Friday\nWrite the memo by Friday")
    assert "Anything else?" not in ana.asked.text
    assert await promises(ana) == [("Call the board", FRIDAY), ("Write the memo", FRIDAY)]


async def test_a_list_ends_at_its_limit_and_a_line_too_many_is_refused(town: Town) -> None:
    ana, _ = await after_a_session(town)
    for number in range(1, 6):
        await ana.says(f"Write page {number} by Friday")
        ana.reads("Anything else?")
    await ana.says("Write page 6\nWrite page 7\nWrite page 8")
    ana.reads("At most 7")
    assert len(await ana.commitments()) == 5
    await ana.says("Write page 6")
    await ana.says("Write page 7")
    assert "Anything else?" not in ana.asked.text
    assert len(await ana.commitments()) == 7


async def test_back_takes_the_last_line_off_and_an_edit_changes_only_its_own(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("Call the board by Friday")
    await ana.says("Write the memo by Friday")
    await ana.says("back")
    ana.reads("Anything else?")
    assert await promises(ana) == [("Call the board", FRIDAY)]
    await ana.says("Thank the team by Friday")
    await ana.edits("Thank Kim by Friday")
    assert await promises(ana) == [("Call the board", FRIDAY), ("Thank Kim", FRIDAY)]


async def listed(ana: Person) -> dict[str, str]:
    """Three lines, one message each; the numbers of their messages."""
    said = {}
    for line in ("Call the board by Thursday", "Write the memo by Friday", "Thank the team by Friday"):
        await ana.says(line)
        said[line] = ana.numbers[-1]
    return said


@pytest.mark.parametrize("over", [False, True], ids=["under way", "over"])
async def test_an_edit_of_any_message_of_a_list_changes_that_line_and_undo_brings_it_back(
    over: bool, town: Town
) -> None:
    ana, dana = await after_a_session(town)
    said = await listed(ana)
    if over:
        await ana.taps("That's all")
        while await ana.open_prompts():
            await ana.says("skip")
    before = await promises(ana)
    await ana.edits("Call Petra by Wednesday", number=said["Call the board by Thursday"])
    ana.reads("Call Petra", "Thank the team")
    changed = [("Call Petra", date(2026, 11, 25)), *before[1:]]
    assert await promises(ana) == changed
    await ana.edits("Send the memo by Friday", number=said["Write the memo by Friday"])
    assert await promises(ana) == [changed[0], ("Send the memo", FRIDAY), before[2]]
    assert "Call Petra" in await page(dana, "client", "ana")
    await ana.says("undo")
    assert await promises(ana) == changed
    await ana.says("undo")
    assert await promises(ana) == before


async def test_an_edited_line_may_become_two_or_none_and_the_next_is_still_its_own(town: Town) -> None:
    ana, _ = await after_a_session(town)
    said = await listed(ana)
    await ana.edits("Call Petra by Friday\nCall Tom by Friday", number=said["Call the board by Thursday"])
    await ana.edits("nothing", number=said["Write the memo by Friday"])
    await ana.edits("Thank Kim by Friday", number=said["Thank the team by Friday"])
    assert [text for text, _ in await promises(ana)] == ["Call Petra", "Call Tom", "Thank Kim"]
    await ana.says("back")
    assert [text for text, _ in await promises(ana)] == ["Call Petra", "Call Tom"]
    await ana.edits("Call Tim by Friday", number=said["Thank the team by Friday"])
    ana.reads("I")
    assert [text for text, _ in await promises(ana)] == ["Call Petra", "Call Tom"]


async def test_an_edit_of_lines_that_came_in_one_message_keeps_their_days(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("Call the board by Thursday\nWrite the memo by Friday")
    await ana.edits("Call Petra by Wednesday\nWrite the memo by Friday\ngym mon wed fri")
    assert await promises(ana) == [("Call Petra", date(2026, 11, 25)), ("Write the memo", FRIDAY)]
    assert "Gym, Monday, Wednesday, Friday" in await page(ana, "progress")


async def test_one_private_line_keeps_the_whole_list_private(town: Town) -> None:
    ana, dana = await after_a_session(town)
    await ana.says("private")
    await ana.says("Look for another job by Friday")
    await ana.says("Call the board by Friday")
    assert [c.audience for c in await ana.commitments()] == ["private", "private"]
    assert "another job" not in await page(dana, "client", "ana")


# -- nothing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [*NIL, "skip"])
async def test_nothing_to_do_ends_it_and_nothing_is_noted(said: str, town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit")
    await ana.says(said)
    ana.reads("All right.")
    assert await ana.open_prompts() == 0
    assert await promises(ana) == []


@pytest.mark.parametrize("said", NIL_IN_GERMAN)
async def test_nothing_in_german_is_nothing(said: str, town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/language deutsch")
    await ana.says("/commit")
    await ana.says(said)
    assert await promises(ana) == []
    assert await ana.open_prompts() == 0


@pytest.mark.parametrize("said", ["nothing", "no", "-"])
async def test_nothing_in_a_check_in_is_no_obstacle_and_no_win(said: str, town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/checkin")
    while ana.asked.token and await ana.open_prompts():
        await ana.says("6" if ana.asked.choices else said)
    shown = await page(dana, "client", "ana")
    assert "Went well" not in shown
    assert "In the way" not in shown
    assert await page(dana, "brief", "ana") is not None


async def test_a_list_of_nothing_promises_nothing(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says("nothing")
    assert "Anything else?" not in ana.asked.text
    assert await promises(ana) == []


async def test_no_day_is_no_day(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit Read more")
    await ana.says("none")
    assert await promises(ana) == [("Read more", None)]
    ana.reads("How sure are you")


# -- smaller ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "text", "due"),
    [
        ("only the outline by Wednesday", "Write the memo (only the outline)", date(2026, 11, 25)),
        ("only the outline", "Write the memo (only the outline)", FRIDAY),
        ("next Tuesday", "Write the memo", date(2026, 12, 1)),
    ],
)
async def test_a_smaller_version_keeps_its_day_and_asks_no_number_again(
    said: str, text: str, due: date, town: Town
) -> None:
    ana, _ = await together(town)
    await ana.says("/commit write the memo by Friday")
    await ana.says("4")
    await ana.says(said)
    assert "How sure" not in ana.asked.text
    (made,) = await ana.commitments()
    assert (made.text, made.due, made.confidence) == (text, due, None if "(" in text else 4)


# -- in part ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["log 1 partly", "memo partly", "half of the memo is written"])
async def test_in_part_asks_what_is_left_and_goes_on_with_it(said: str, town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    await ana.says(said)
    ana.reads("What is left, and by when?")
    await ana.says("the summary by Friday")
    ana.reads('It goes on as "Write the memo (the summary)", by Fri 27 Nov.')
    assert await promises(ana) == [("Write the memo (the summary)", FRIDAY)]
    assert "the summary" in await page(dana, "client", "ana")


async def test_in_part_by_a_tap_asks_the_same(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    await town.check_ins_only()
    await town.until(WEDNESDAY_NINE)
    await ana.taps("Partly")
    ana.reads("What is left, and by when?")
    await ana.says("the summary")
    ana.reads("By when, then?")
    await ana.says("Friday")
    assert await promises(ana) == [("Write the memo (the summary)", FRIDAY)]


async def test_what_is_left_in_private_stays_so(town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    await ana.says("log 1 partly")
    await ana.says("private")
    await ana.says("the talk about leaving by Friday")
    assert await promises(ana) == [("Write the memo", FRIDAY)]
    assert "about leaving" not in await page(dana, "client", "ana")


# -- a slip ----------------------------------------------------------------------------------------------------------


async def test_the_third_miss_is_told_by_its_new_day_as_the_first_one(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    for day in ("Thursday", "Friday", "next Wednesday"):
        read = len(ana.read)
        await ana.says("log 1 not yet")
        ana.reads("hasn't happened yet. That happens.")
        await ana.taps("A new day")
        await ana.says(day)
        await ana.says("skip")
        assert not any("Noted" in message.text for message in ana.read[read:])
    ana.reads('"Write the memo" moved to Wed 2 Dec. Dana sees the new date, nothing more.')


async def test_nobody_sees_how_a_private_one_stands(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit")
    await ana.says("private")
    await ana.says("look for another job by Wednesday")
    await ana.says("cancel")
    for said in ("log 1 moved to Friday", "log 1 done"):
        await ana.says(said)
        ana.reads("It is not shown to your coach.")
        assert "Dana sees" not in ana.last.text


async def test_nobody_sees_anything_before_the_coach_has_said_who_joined(town: Town) -> None:
    ana = await town.client("ana", confirmed="no")
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    await ana.says("log 1 moved to Friday")
    assert "Dana sees" not in ana.last.text


async def test_what_got_in_the_way_is_shared_only_on_a_word(town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/commit write the memo by Wednesday")
    await ana.says("cancel")
    await ana.says("log 1 not yet")
    await ana.taps("A new day")
    await ana.says("Friday")
    ana.reads("What got in the way, as you see it? Just for you.")
    await ana.says("I was afraid of the numbers")
    assert "afraid" not in await page(dana, "client", "ana")
    ana.reads("Share it with Dana?")
    await ana.taps("Yes")
    assert "afraid" in await page(dana, "client", "ana")


# -- several in one line ---------------------------------------------------------------------------------------------

TWO = "I'll call the board tomorrow and write the memo by friday"
BOTH = [("Call the board", date(2026, 11, 24)), ("Write the memo", FRIDAY)]


@pytest.mark.parametrize("said", [TWO, f"/commit {TWO}", "commit call the board tomorrow; write the memo by friday"])
async def test_two_in_a_line_are_two_and_both_are_said_back(said: str, town: Town) -> None:
    ana, _ = await together(town)
    await ana.says(said)
    assert await promises(ana) == BOTH
    ana.reads('"Call the board", by Tue 24 Nov.', '"Write the memo", by Fri 27 Nov.', "I'll ask on each of these days.")
    assert await ana.open_prompts() == 0


async def test_two_where_one_is_asked_for_are_two(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit")
    await ana.says(TWO)
    assert await promises(ana) == BOTH
    assert await ana.open_prompts() == 0


async def test_two_in_the_welcome_are_two(town: Town) -> None:
    ana = await town.invited("ana")
    for answer in ("Start", "All of that", "Fits", TWO):
        await ana.says(answer)
    assert await promises(ana) == BOTH
    ana.reads('"Call the board", by Tue 24 Nov.', '"Write the memo", by Fri 27 Nov.')
    ana.reads("I'll ask on each of these days.")


async def test_two_in_the_welcome_name_the_day_that_is_another_than_their_own(town: Town) -> None:
    ana = await town.invited("ana")
    said = "I'll call the board tomorrow and write the memo by Saturday"
    for answer in ("Start", "All of that", "Fits", said):
        await ana.says(answer)
    ana.reads('I\'ll ask about "Call the board" on Tue 24 Nov.', 'I\'ll ask about "Write the memo" on Mon 30 Nov.')


async def test_two_in_a_line_of_a_list_are_two(town: Town) -> None:
    ana, _ = await after_a_session(town)
    await ana.says(TWO)
    ana.reads("Anything else?")
    assert await promises(ana) == [("Call the board", date(2026, 11, 25)), ("Write the memo", FRIDAY)]


async def test_a_day_that_is_missing_is_the_only_thing_asked_of_each(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit call the board and write the memo by friday")
    ana.reads('By when: "Call the board"?')
    await ana.says("tomorrow")
    assert await promises(ana) == BOTH
    assert await ana.open_prompts() == 0


async def test_two_in_german_are_two(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/language deutsch")
    await ana.says("Ich werde morgen den Vorstand anrufen und bis Freitag das Memo schreiben")
    assert [due for _, due in await promises(ana)] == [date(2026, 11, 24), FRIDAY]


@pytest.mark.parametrize(
    "said",
    [
        "write the memo and the summary by Friday",
        "review and sign the contract by Friday",
        "write the outline and send it to Kim by Friday",
        "call Petra and Sam by Friday",
    ],
)
async def test_in_doubt_it_is_one(said: str, town: Town) -> None:
    ana, _ = await together(town)
    await ana.says(f"/commit {said}")
    ana.reads("How sure are you")
    assert [due for _, due in await promises(ana)] == [FRIDAY]


# -- beside a number -------------------------------------------------------------------------------------------------


async def at_a_number(town: Town) -> Person:
    ana, _ = await together(town)
    await ana.says("/commit call the board tomorrow")
    ana.reads("How sure are you")
    return ana


@pytest.mark.parametrize(
    "said", ["also write the memo by friday", "write the memo, by friday", "I'll write the memo by friday"]
)
async def test_a_sentence_where_a_number_is_asked_for_is_offered_and_the_number_asked_again(
    said: str, town: Town
) -> None:
    ana = await at_a_number(town)
    await ana.says(said)
    ana.reads('"Write the memo", by Fri 27 Nov.', "Shall I keep that as well?")
    assert len(await ana.commitments()) == 1, "nothing is kept before the tap"
    await ana.taps("Keep it too")
    assert await promises(ana) == BOTH
    ana.reads("I'll ask on the day.", "Back to: Your commitment.", "How sure are you")
    await ana.says("8")
    assert [c.confidence for c in await ana.commitments()] == [8, None]


async def test_what_was_offered_beside_a_number_can_be_left(town: Town) -> None:
    ana = await at_a_number(town)
    await ana.says("also write the memo by friday")
    await ana.taps("Leave it out")
    ana.reads("How sure are you")
    assert await promises(ana) == BOTH[:1]


async def test_beside_a_number_a_day_that_is_missing_is_asked_for(town: Town) -> None:
    ana = await at_a_number(town)
    await ana.says("and write the memo")
    await ana.taps("Keep it too")
    ana.reads("By when?")
    await ana.says("Friday")
    assert await promises(ana) == BOTH


@pytest.mark.parametrize("said", ["hm, hard to say", "pretty sure", "11", "dunno"])
async def test_what_is_neither_a_number_nor_a_deed_is_asked_for_again(said: str, town: Town) -> None:
    ana = await at_a_number(town)
    await ana.says(said)
    ana.reads("A whole number from 1 to 10, please.")


async def test_the_number_in_a_check_in_takes_one_more_too(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit call the board tomorrow")
    await ana.says("cancel")
    await ana.says("/checkin")
    while ana.asked.kind != "scale":
        await ana.says("skip")
    await ana.says("also write the memo by friday")
    await ana.taps("Keep it too")
    assert await promises(ana) == BOTH


# -- a plan that is said back ----------------------------------------------------------------------------------------


async def test_a_plan_stands_without_a_tap_and_what_is_said_next_is_heard(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit call the board tomorrow")
    await ana.says("8")
    await ana.taps("Add both")
    await ana.says("After the stand-up")
    await ana.says("They have said yes")
    ana.reads('Your plan: "After the stand-up I\'ll call the board." By Tue 24 Nov. Right?')
    await ana.says("I'll write the memo by Friday")
    ana.reads("How sure are you")
    assert await promises(ana) == BOTH
    await ana.says("cancel")
    assert await ana.open_prompts() == 0


async def test_a_plan_is_changed_by_its_button(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/commit call the board tomorrow")
    await ana.says("8")
    await ana.taps("Add both")
    await ana.says("After the stand-up")
    await ana.says("They have said yes")
    await ana.taps("Change it")
    ana.reads("What will you do?")
    await ana.says("Call the chair by Friday")
    ana.reads("call the chair", "By Fri 27 Nov. Right?")
    assert await promises(ana) == [("Call the chair", FRIDAY)]
