"""Settings say what was changed, as it now stands, and that nothing was where nothing was."""

import pytest

from tests.support.town import town_on

CHANGES = [
    (("How often", "As little as possible"), "once a week at most, Friday at 09:00"),
    (("City", "Lisbon"), "You are in Lisbon"),
    (("Working week", "Sunday to Thursday"), "You work: Sunday to Thursday."),
    (("A day off", "30 december"), "A day off: Wed 30 Dec."),
    (("Day and hour", "Monday", "skip"), "Monday at 09:00"),
    (("What my coach sees", "Only what got done"), "What Dana sees from now on: Only what got done."),
    (("My name", "Lexi"), "I call you Lexi."),
    (("Nothing",), "Nothing changed."),
    (("skip",), "Nothing changed."),
    (("City", "skip"), "Nothing changed."),
]


@pytest.mark.parametrize(("answers", "said"), CHANGES)
async def test_it_says_what_was_changed(answers: tuple[str, ...], said: str, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana = await town.client("ana")
        await ana.says("/settings")
        for answer in answers:
            await ana.says(answer)
        ana.reads(said)
