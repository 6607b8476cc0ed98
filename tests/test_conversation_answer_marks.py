"""The mark below a question that was answered shows the answer as it reads now."""

from typing import Any

from tests.support.town import town_on


async def test_an_edited_answer_changes_the_mark_of_its_question_and_of_no_other(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await town.client("ana")
        await ana.says("/commit Call Sam by Friday")
        await ana.says("7")
        number = ana.numbers[-1]
        await ana.edits("8", number=number)
        during = seat.screen(ana)
        await ana.says("Clear enough")
        await ana.edits("9", number=number)
        after = seat.screen(ana)
    if seat.name == "console":  # a terminal does not change what it has shown
        assert "Changed to: 9" in after
        return
    assert ("✓ 8" in during, "✓ 7" in during) == (True, False)
    assert ("✓ 9" in after, "✓ 8" in after) == (True, False)
    assert "✓ Clear enough" in after
    assert after.count("How sure are you") == 1
