"""Habits as conversations: taken as they are said, said back, counted, made smaller, at rest, over."""

from datetime import UTC, datetime

from tests.support.pages import page
from tests.support.plans import together
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 1, tzinfo=UTC)
WEEK = 7 * 24 * 3600


async def with_gym(town: Town, text: str = "gym mon wed fri") -> tuple[Person, Person]:
    """Ana, who goes to the gym on three days from now on, and nothing else is asked of her."""
    ana, dana = await together(town)
    await town.check_ins_only()
    await ana.says(text)
    await ana.taps("Right")
    return ana, dana


async def counts(ana: Person, *numbers: str, first: datetime = FRIDAY) -> None:
    """Friday for Friday, a tap on how many it were; the rest of each check-in is left."""
    for week, number in enumerate(numbers):
        await ana.town.until(datetime.fromtimestamp(first.timestamp() + week * WEEK, UTC))
        assert "how many of" in ana.asked.text
        await ana.taps(number)


async def test_plain_words_are_taken_as_a_habit_and_said_back(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await ana.says("gym mon wed fri")
        ana.reads("Gym, Monday, Wednesday, Friday; I ask each Friday how many.")
        assert [choice.label for choice in ana.asked.choices] == [
            *("Right", "Ask me on the days too", "Change it", "Not a habit")
        ]
        assert "Gym, Monday, Wednesday, Friday: not counted yet" in await page(ana, "progress"), (
            "it stands without a tap"
        )
        assert "Gym, Monday, Wednesday, Friday" in await page(dana, "client", "ana")


async def test_it_is_asked_once_a_week_with_a_count_and_shown_with_what_it_is_a_part_of(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await with_gym(town)
        await town.until(FRIDAY)
        ana.reads("Gym: how many of 3 this week?")
        assert [choice.label for choice in ana.asked.choices] == ["0", "1", "2", "3"]
        await ana.taps("2")
        assert "2 of 3 in the last answered week" in await page(ana, "progress")
        await counts(ana, "3", first=FRIDAY.replace(month=12, day=4))
        for told in (await page(ana, "progress"), await page(dana, "client", "ana"), await page(dana, "brief", "ana")):
            assert "Gym, Monday, Wednesday, Friday: 5 of 6 in the last 2 answered weeks" in told
        assert "habit 5 of 6" in await page(dana, "digest")
