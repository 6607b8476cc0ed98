"""Habits as conversations: taken as they are said, said back, counted, made smaller, at rest, over."""

from datetime import UTC, datetime

import pytest

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
        await ana.says("skip")
        await ana.says("skip")
        await ana.taps("7")
        ana.reads("Gym: 2 of 3.")
        assert "2 of 3 in the last answered week" in await page(ana, "progress")
        await counts(ana, "3", first=FRIDAY.replace(month=12, day=4))
        for told in (await page(ana, "progress"), await page(dana, "client", "ana"), await page(dana, "brief", "ana")):
            assert "Gym, Monday, Wednesday, Friday: 5 of 6 in the last 2 answered weeks" in told
        assert "habit 5 of 6" in await page(dana, "digest")


async def test_a_rule_that_some_months_have_not_is_said_back_before_it_is_taken(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        before = await page(ana, "progress")
        await ana.says("/commit rent report every 31st")
        ana.reads("day 31 does not come in every month", "Nothing is kept before your yes")
        assert await page(ana, "progress") == before
        await ana.taps("Leave it")
        ana.reads("No habit was kept")
        assert await page(ana, "progress") == before
        await ana.says("/commit rent report every 31st")
        await ana.taps("Take the last day")
        assert "Rent report, day 31 of the month: not counted yet" in await page(ana, "progress")


async def test_what_comes_every_other_week_is_said_back_and_asked_about_in_its_weeks(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await town.check_ins_only()
        await ana.says("1:1 with Sam every other wednesday")
        ana.reads("1:1 with Sam, every other week on Wednesday, first on Wed 25 Nov;")
        ana.reads("I ask on the Friday of those weeks how many.")
        await ana.taps("Right")
        await town.until(FRIDAY)
        ana.reads("1:1 with Sam: how many of 1 this week?")
        await ana.taps("1")
        await ana.says("cancel")
        asked = len(ana.read)
        await town.until(FRIDAY.replace(month=12, day=4))
        assert not any("1:1 with Sam: how many" in message.text for message in ana.read[asked:])
        await ana.says("/log 1:1 with Sam done")
        ana.reads('"1:1 with Sam" comes on Wed 9 Dec next; nothing was counted.')
        await town.until(FRIDAY.replace(month=12, day=11))
        ana.reads("1:1 with Sam: how many of 1 this week?")
        await ana.taps("0")
        for told in (await page(ana, "progress"), await page(dana, "client", "ana")):
            assert "every other week on Wednesday: 1 of 2 in the last 2 answered weeks" in told


async def test_what_comes_every_two_weeks_is_counted_over_both(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await town.check_ins_only()
        await ana.says("long run every two weeks")
        ana.reads("Long run, every other week; I ask every other Friday how many.")
        await ana.says("long run done")
        ana.reads('"Long run": 1 of 1 in these 2 weeks.')
        await town.until(FRIDAY)
        assert "how many of" not in ana.asked.text
        await town.until(FRIDAY.replace(month=12, day=4))
        ana.reads("Long run: how many of 1 in these 2 weeks, 1 so far?")


async def test_every_other_week_in_german(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await ana.says("/language deutsch")
        await ana.says("alle zwei Wochen montags Planung")
        ana.reads("Planung, alle zwei Wochen am Montag, zuerst am Mo., 23. November;")
        ana.reads("ich frage am Freitag dieser Wochen, wie oft.")
        await ana.taps("Richtig")
        await ana.says("/commit jeden zweiten Tag Yoga")
        ana.reads("jede oder jede zweite Woche")


async def test_what_cannot_be_kept_is_told_in_one_sentence_and_changes_nothing(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        before = await page(ana, "progress")
        for text, answer in (
            ("/commit yoga every other day", "That rule is none that I can keep"),
            ("/commit review the plan monthly", 'a day of the month such as "every 15th" work'),
            ("/commit mon wed fri", "What is it that comes again?"),
            ("/commit stand-up 40 times a week", "That rule is none that I can keep"),
            (f"/commit {'gym ' * 30} mon wed fri", ""),
        ):
            await ana.says(text)
            ana.reads(answer)
            if ana.last.token:
                await ana.says("cancel")
                await ana.says("undo")
        assert await page(ana, "progress") == before


async def test_a_habit_is_changed_as_it_is_said_back(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await ana.says("/commit three 1:1s a week")
        ana.reads("1:1s, 3 times a week")
        assert [choice.label for choice in ana.asked.choices] == ["Right", "Change it", "Not a habit"]
        await ana.taps("Change it")
        await ana.says("whenever I can")
        ana.reads("I couldn't read how often")
        await ana.says("twice a week")
        ana.reads("Kept as a habit: 1:1s, 2 times a week")
        await ana.says("/commit lunch outside every weekday")
        await ana.taps("Not a habit")
        told = await page(ana, "progress")
        assert "1:1s, 2 times a week" in told
        assert "Lunch outside" not in told


async def test_one_more_is_counted_at_any_time_and_a_number_says_how_many(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        await ana.says("gym done")
        ana.reads('"Gym": 1 of 3 this week')
        assert "Gym, Monday, Wednesday, Friday: not counted yet, 1 so far this week" in await page(ana, "progress")
        await town.until(FRIDAY)
        ana.reads("how many of 3 this week, 1 so far?")
        await ana.says("cancel")
        await ana.says("/log gym 3")
        ana.reads('"Gym": 3 of 3 this week')
        assert "3 of 3 in the last answered week" in await page(ana, "progress")
        await ana.says("/log gym 4")
        ana.reads("comes 3 times this week at most; nothing changed")
        assert "3 of 3 in the last answered week" in await page(ana, "progress")


async def test_it_rests_becomes_smaller_and_ends_by_its_number_and_by_buttons(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await with_gym(town)
        await ana.says("/log 1")
        ana.reads("Gym, Monday, Wednesday, Friday: not counted yet")
        await ana.taps("Let it rest", on=ana.last)
        ana.reads('"Gym" rests')
        assert "not counted yet, resting" in await page(dana, "client", "ana")
        await town.until(FRIDAY)
        assert "how many of" not in ana.asked.text
        await ana.says("cancel")
        await ana.says("/log gym on")
        ana.reads('"Gym" goes on')
        await ana.says("/log gym smaller 2")
        ana.reads('"Gym": 2 times a week')
        await ana.says("/log gym smaller")
        await ana.taps("once a week")
        ana.reads('"Gym": once a week')
        await ana.says("/log gym ends")
        ana.reads('"Gym" is over')
        assert "Gym" not in await page(ana, "progress")
        await ana.says("/log gym 1")
        ana.reads('"Gym" is over; nothing changed')


@pytest.mark.parametrize("said", ["gym only twice a week", "/log gym twice a week", "/commit gym twice a week"])
async def test_a_habit_that_goes_on_gets_the_new_rule_and_is_not_kept_twice(said: str, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        await ana.says(said)
        ana.reads('"Gym": 2 times a week, from Mon 23 Nov on.')
        told = await page(ana, "progress")
        assert told.count("Gym") == 1
        assert "Gym, 2 times a week" in told


@pytest.mark.parametrize("said", ["gym 2", "gym 2 of 3", "gym: 2/3"])
async def test_its_name_and_a_number_say_how_many_this_week(said: str, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        await ana.says(said)
        ana.reads('"Gym": 2 of 3 this week')


async def test_hardly_kept_it_may_become_smaller_in_the_check_in(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        await counts(ana, "1")
        ana.reads("as it is, or would less of it fit better?")
        await ana.taps("Make it smaller")
        await ana.says("mon thu")
        told = await page(ana, "progress")
        assert "Gym, Monday, Thursday: 1 of 3 in the last answered week" in told, "the week was told by the old rule"
        await ana.says("cancel")
        await counts(ana, "2", first=FRIDAY.replace(month=12, day=4))
        assert "Gym, Monday, Thursday: 3 of 5 in the last 2 answered weeks" in await page(ana, "progress")


async def test_a_private_habit_leaves_no_trace_for_the_coach(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await town.check_ins_only()
        before = [await page(dana, verb, "ana") for verb in ("client", "brief", "digest", "clients")]
        await ana.says("gym mon wed fri")
        await ana.says("private")
        await ana.taps("Right")
        await ana.says("/log gym 0")
        assert "Gym, Monday, Wednesday, Friday: 0 of 3 in the last answered week, not shown" in await page(
            ana, "progress"
        )
        assert [await page(dana, verb, "ana") for verb in ("client", "brief", "digest", "clients")] == before
        assert "Gym" not in await page(ana, "whatmycoachsees")


async def test_the_fourth_open_thing_asks_which_could_wait(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        for text in ("/commit call Petra by 10 December", "/commit write the memo by 11 December"):
            await ana.says(text)
            await ana.says("cancel")
        await ana.says("/commit read every weekday")
        await ana.taps("Right")
        ana.reads("That makes 4 open things", "Which one waits?")
        await ana.taps("Gym")
        told = await page(ana, "progress")
        assert "Gym, Monday, Wednesday, Friday: not counted yet, resting" in told


async def test_a_habit_that_holds_is_a_win_and_one_that_hardly_does_a_signal(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await with_gym(town)
        await counts(ana, "1", "1", "0")
        told = await page(dana, "client", "ana")
        assert '! "Gym": 2 of 9 lately' in told
        assert "habit 2 of 9" not in await page(dana, "digest")


async def test_in_german(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await ana.says("/language deutsch")
        await ana.says("Sport Mo Mi Fr")
        ana.reads("Sport, Montag, Mittwoch, Freitag; ich frage jeden Freitag, wie oft.")
        await ana.taps("Richtig")
        ana.reads("Als Gewohnheit behalten")
        await ana.says("/commit Miete jeden 31.")
        ana.reads("Den 31. gibt es nicht in jedem Monat")
        await ana.taps("Lassen")
        await ana.says("/melden sport ruht")
        ana.reads("„Sport“ ruht")


async def test_undo_takes_back_what_was_told_of_a_habit_and_then_the_habit(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await with_gym(town)
        await ana.says("gym done")
        await ana.says("/log gym rests")
        await ana.says("undo")
        ana.reads('Taken back: what you said of "Gym".')
        assert "not counted yet, 1 so far this week" in await page(ana, "progress")
        await ana.says("undo")
        ana.reads('Taken back: what you said of "Gym".')
        await ana.says("undo")
        ana.reads('Taken back: the habit "Gym".')
        assert "Gym" not in await page(ana, "progress")


async def test_it_is_asked_on_its_days_if_that_is_wanted(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, dana = await together(town)
        await town.check_ins_only()
        await ana.says("gym tue wed fri")
        await ana.taps("Ask me on the days too")
        await town.until(datetime(2026, 11, 24, 15, 31, tzinfo=UTC))
        ana.reads("Gym: done today?")
        await ana.taps("Done")
        ana.reads('"Gym": 1 of 3 this week.')
        assert "A habit's day" not in await page(dana, "program", "ana")
        await town.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
        await ana.says("gym done")
        await town.until(datetime(2026, 11, 26, 15, 31, tzinfo=UTC))
        assert not any("done today" in message.text for message in ana.read[-2:]), "what was told is not asked"
        await town.until(FRIDAY)
        ana.reads("how many of 3 this week, 2 so far?")
        await ana.taps("3")
        await ana.says("/log gym weekly")
        ana.reads("I ask once a week")
        seen = len(ana.read)
        await town.until(datetime(2026, 12, 2, 16, 0, tzinfo=UTC))
        assert not any("done today" in message.text for message in ana.read[seen:])


async def test_a_habit_is_taken_where_a_promise_was_asked_for(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await ana.says("/commit")
        ana.reads("What will you do?")
        await ana.says("gym mon wed fri")
        ana.reads("Gym, Monday, Wednesday, Friday; I ask each Friday how many.")
        await ana.taps("Right")
        ana.reads("Kept as a habit")
        assert await ana.open_prompts() == 0
        told = await page(ana, "progress")
        assert "Gym, Monday, Wednesday, Friday: not counted yet" in told
        assert "Nothing is open" in told


async def test_what_was_said_back_stands_without_a_tap_whatever_is_said_next(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana, _ = await together(town)
        await ana.says("gym mon wed fri")
        await ana.says("gym done")
        ana.reads('"Gym": 1 of 3 this week.')
        assert "Gym, Monday, Wednesday, Friday: not counted yet, 1 so far this week" in await page(ana, "progress")
