"""What was taken back is marked on its message no more, on every platform that can change what it has shown."""

from datetime import UTC, datetime
from typing import Any

from tests.support.plans import goal, together
from tests.support.seats import ConsoleSeat
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 1, tzinfo=UTC)  # the week's check-in has come
BACK = "↩ taken back"


async def promised(town: Town, words: str = "call Petra by Friday") -> Person:
    ana = await town.client("ana")
    await town.check_ins_only()
    await ana.says(f"/commit {words}")
    await ana.says("9")
    await ana.says("Clear enough")
    return ana


def marked(seat: Any, ana: Person, question: str) -> str:
    """What stands below a question in the chat now."""
    screen = seat.screen(ana)
    return str(screen[screen.index(question) :].partition("\n\n")[0])


async def test_what_was_tapped_in_a_check_in_stands_as_taken_back(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await promised(town)
        await town.until(FRIDAY)
        await ana.taps("Done")
        await ana.says("cancel")
        before = seat.screen(ana)
        await ana.says("undo")
        after = seat.screen(ana)
    if isinstance(seat, ConsoleSeat):  # a terminal does not change what it has shown: the words say it
        assert 'Taken back: "Call Petra" is done.' in after
        return
    assert ("✓ Done" in before, BACK in before) == (True, False)
    assert ("✓ Done" in after, BACK in after) == (False, True)
    assert "✓ 9" in after


async def test_an_answer_reads_as_before_once_its_edit_was_taken_back(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await promised(town)
        number = ana.numbers[-2]
        await ana.edits("7", number=number)
        before = seat.screen(ana)
        await ana.says("undo")
        after = seat.screen(ana)
    if isinstance(seat, ConsoleSeat):
        assert 'It reads "9" again.' in after
        return
    assert ("✓ 7" in before, "✓ 9" in before) == (True, False)
    assert ("✓ 7" in after, "✓ 9" in after, BACK in after) == (False, True, False)


async def test_a_question_that_was_answered_late_can_be_answered_again(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await promised(town)
        await town.until(FRIDAY)
        asked = ana.asked
        await town.passes(days=4)
        await ana.taps("Done", on=asked)
        await ana.says("undo")
        ana.reads('Taken back: "Call Petra" is done.')
        undone = seat.screen(ana)
        await ana.taps("Partly", on=asked)
        ana.reads("Noted for Fri 27 Nov: Partly.")
        (kept,) = await ana.commitments()
        assert kept.report == "partly"
        if not isinstance(seat, ConsoleSeat):
            assert "✓ Done" not in undone
            assert "✓ Partly" in seat.screen(ana)


async def test_a_step_back_leaves_no_mark_of_the_answer_and_no_second_question(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await town.client("ana")
        await ana.says("/commit call Petra by Thursday")
        await ana.says("9")
        await ana.says("back")
        back = seat.screen(ana)
        await ana.says("8")
        again = seat.screen(ana)
    if isinstance(seat, ConsoleSeat):
        return
    assert ("✓ 9" in back, BACK in back) == (False, True)
    assert "Clear enough" not in back
    assert ("✓ 9" in again, "✓ 8" in again, BACK in again) == (False, True, True)


async def test_of_a_list_only_the_line_that_was_taken_back_is_marked(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana, _ = await together(town)
        await goal(ana)
        await ana.says("/goals ladder")
        await ana.says("cancel")
        await ana.says("/goals steps")
        await ana.says("skip")
        await ana.says("Agree the hand-over by 18 December")
        await ana.says("Hand over the budget by 15 January")
        before = seat.screen(ana)
        await ana.says("back")
        after = seat.screen(ana)
    if isinstance(seat, ConsoleSeat):
        return
    assert ("✓ Hand over the budget" in before, BACK in before) == (True, False)
    assert ("✓ Hand over the budget" in after, "✓ Agree the hand-over" in after, BACK in after) == (False, True, True)


async def test_answers_that_waited_for_a_yes_do_not_stand_once_it_was_stopped(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana, _ = await together(town)
        await goal(ana)
        await ana.says("/goals ladder")
        await ana.says("Two of three decisions are made without me")
        await ana.says("cancel")
        ana.reads("Nothing of it counts before your yes")
        after = seat.screen(ana)
    if isinstance(seat, ConsoleSeat):
        return
    assert ("✓ Two of three decisions" in after, BACK in after) == (False, True)
