"""Own promises first: what a client set themselves is asked on the day that was announced, whatever else is due."""

import pytest

from tests.support.town import Person, Town


@pytest.fixture
def url(sqlite_fresh: str) -> str:
    """These say nothing of storage."""
    return sqlite_fresh


async def commits(ana: Person, line: str) -> str:
    """A promise as it is, and what is said at its end."""
    await ana.says(line)
    before = len(ana.read)
    while '"Call Petra", by' not in ana.told.text:
        assert len(ana.read) - before < 6
        await ana.says("skip")
    return ana.told.text


async def asked_by(ana: Person, day: int) -> list[str]:
    """The questions that came of the bot's own accord up to the evening of a day in November."""
    before = len(ana.read)
    await ana.town.until(ana.town.clock.now.replace(day=day, hour=20))
    return [message.text for message in ana.read[before:] if message.token]


async def test_an_item_is_asked_on_its_day_though_another_prompt_s_reminder_falls_on_it(town: Town) -> None:
    ana = await town.client()
    await town.people["dana"].says("session ana Thursday 15:00")
    await town.until(town.clock.now.replace(day=25, hour=12))
    assert "What made now the right time" in ana.asked.text
    assert "I'll ask on the day." in await commits(ana, "commit call Petra by thursday")
    asked = await asked_by(ana, 26)
    assert "call Petra" in asked[0]
    assert not any("first picture" in text for text in asked)


async def test_a_promise_of_which_nothing_more_was_answered_is_asked_on_its_day(town: Town) -> None:
    ana = await town.client()
    await ana.says("commit call Petra by thursday")
    asked = await asked_by(ana, 26)
    assert "Call Petra" in asked[-1]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("saturday", "I'll ask on Mon 30 Nov."),
        ("sunday", "I'll ask on Mon 30 Nov."),
        ("friday", "I'll ask on the day."),
    ],
)
async def test_a_date_on_a_day_off_is_answered_with_the_day_on_which_it_is_asked(
    town: Town, day: str, said: str
) -> None:
    ana = await town.client()
    assert said in await commits(ana, f"commit call Petra by {day}")


async def test_a_new_day_that_is_a_day_off_is_answered_likewise(town: Town) -> None:
    ana = await town.client()
    await commits(ana, "commit call Petra by thursday")
    await ana.says("moved 1 to saturday")
    ana.reads("I'll ask on Mon 30 Nov.")
    await ana.says("/pause until 1 December")
    await ana.says("moved 1 to sunday")
    ana.reads("I'll ask on Wed 2 Dec.")


async def test_the_day_off_is_the_client_s_own(town: Town) -> None:
    ana = await town.client(week="Monday to Thursday", weekday="Thursday")
    assert "I'll ask on Mon 30 Nov." in await commits(ana, "commit call Petra by friday")


async def test_the_smallest_rhythm_names_the_day_of_its_check_in(town: Town) -> None:
    ana = await town.client(pace="As little as possible")
    assert "I'll ask on Fri 27 Nov." in await commits(ana, "commit call Petra by wednesday")


async def test_nothing_is_announced_of_what_will_not_be_asked(town: Town) -> None:
    ana = await town.client()
    await ana.says("/stop")
    assert "I'll ask" not in await commits(ana, "commit call Petra by thursday")


async def test_an_item_and_a_preparation_of_one_hour_are_both_asked_and_each_can_be_answered(town: Town) -> None:
    ana = await town.client()
    await commits(ana, "commit call Petra by wednesday")
    await town.people["dana"].says("session ana Thursday 15:00")
    await town.until(town.clock.now.replace(day=25, hour=9))
    item = next(message for message in reversed(ana.read) if "call Petra" in message.text)
    picture = ana.asked
    assert "A first picture" in picture.text
    await ana.taps("Done", on=item)
    assert (await ana.commitments())[0].standing == "done"
    await ana.taps("A new role", on=picture)
    ana.reads("what would tell you it was worth it")


async def test_a_preparation_is_reminded_of_on_the_day_of_its_session_and_ends_with_it(town: Town) -> None:
    ana = await town.client()
    await town.people["dana"].says("session ana Thursday 15:00")
    await town.until(town.clock.now.replace(day=25, hour=20))
    assert await ana.open_prompts() == 1
    asked = await asked_by(ana, 26)
    assert "still open" in asked[0]
    assert "After your session" in asked[1]
    assert await ana.open_prompts() == 1


async def test_what_a_person_opened_closes_overnight_without_a_word(town: Town) -> None:
    ana = await town.client()
    await town.check_ins_only()
    await ana.says("/settings")
    assert await ana.open_prompts() == 1
    await asked_by(ana, 23)
    assert await ana.open_prompts() == 1
    assert await asked_by(ana, 24) == []
    assert await ana.open_prompts() == 0


async def test_friday_never_asks_again_what_its_day_has_settled(town: Town) -> None:
    ana = await town.client()
    await town.check_ins_only()
    await commits(ana, "commit call Petra by wednesday")
    await town.until(town.clock.now.replace(day=25, hour=9))
    await ana.taps("Partly")
    await ana.says("skip")
    await ana.says("skip")
    asked = await asked_by(ana, 27)
    assert "The week's check-in" in asked[0]
    assert not any("Petra" in text and "How did it go" in text for text in asked)
