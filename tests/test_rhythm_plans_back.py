"""The plan comes back on its day, as it was planned; how it went is asked once, later that day."""

from datetime import UTC, datetime

import pytest

from tests.support.town import Person, Town


@pytest.fixture
def url(sqlite_fresh: str) -> str:
    """These say nothing of storage."""
    return sqlite_fresh


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC)


async def planned(ana: Person, cue: str, proof: str, by: str = "thursday") -> None:
    """A promise with its moment and its proof."""
    await ana.says(f"commit ask two peers by {by}")
    for line in ("9", "Add both", cue, proof, "Yes"):
        await ana.says(line)


async def told(ana: Person, until: datetime) -> list[tuple[str, str]]:
    """What came of the bot's own accord: local hour and text."""
    found: list[tuple[str, str]] = []
    town = ana.town
    while town.clock.now < until:
        before = len(ana.read)
        await town.passes(minutes=15)
        at = f"{town.clock.now.hour + 1:02}:{town.clock.now.minute:02}"
        found += [(at, message.text) for message in ana.read[before:]]
    return found


async def test_the_plan_comes_back_and_is_asked_about_in_the_afternoon(town: Town) -> None:
    ana = await town.client()
    await planned(ana, "After the stand-up", "Kim has said yes")
    await town.until(berlin(26, 8))
    first, second = await told(ana, berlin(27, 8))
    assert first == ("09:00", "Today, after the stand-up: ask two peers. You'd know by: Kim has said yes.")
    assert second == ("16:30", "You set this for today: Ask two peers. How did it go?")
    assert [choice.label for choice in ana.last.choices][:4] == ["Done", "Partly", "Not yet", "Let it go"]


async def test_what_was_tapped_is_not_asked_again(town: Town) -> None:
    ana = await town.client()
    await planned(ana, "After the stand-up", "skip")
    await town.until(berlin(26, 10))
    ana.reads("Today, after the stand-up: ask two peers.")
    await ana.taps("Done")
    await ana.says("skip")
    assert await told(ana, berlin(27, 8)) == []


async def test_a_plan_with_an_hour_comes_back_at_it_and_is_asked_about_an_hour_later(town: Town) -> None:
    ana = await town.client()
    await planned(ana, "At 17:00 in the kitchen", "skip")
    await town.until(berlin(26, 8))
    assert await told(ana, berlin(27, 8)) == [
        ("17:00", "Today, at 17:00 in the kitchen: ask two peers."),
        ("18:00", "You set this for today: Ask two peers. How did it go?"),
    ]


async def test_nothing_is_asked_after_half_past_six(town: Town) -> None:
    ana = await town.client()
    await planned(ana, "At 18:15 before I leave", "skip")
    await town.until(berlin(26, 8))
    assert [at for at, _ in await told(ana, berlin(27, 8))] == ["18:15", "18:30"]


async def test_whoever_is_asked_in_the_afternoon_hears_of_it_the_day_before(town: Town) -> None:
    ana = await town.client(hour="16:00")
    await planned(ana, "After the stand-up", "Kim has said yes")
    await town.until(berlin(25, 8))
    first, second = await told(ana, berlin(27, 8))
    assert first == ("16:00", "Tomorrow, after the stand-up: ask two peers. You'd know by: Kim has said yes.")
    assert second == ("16:00", "You set this for today: Ask two peers. How did it go?")
    assert await ana.open_prompts() == 1


async def test_a_day_off_brings_it_back_on_the_next_working_day(town: Town) -> None:
    ana = await town.client()
    await planned(ana, "After the stand-up", "skip", by="saturday")
    await town.check_ins_only()
    await town.until(berlin(28, 8))
    assert await told(ana, berlin(30, 10)) == [("09:00", "Today, after the stand-up: ask two peers.")]


async def test_in_german(town: Town) -> None:
    anna = await town.client()
    await planned(anna, "After the stand-up", "Kim has said yes")
    await anna.says("/language Deutsch")
    await town.until(berlin(26, 10))
    anna.reads("Heute. After the stand-up: Ask two peers. Daran merken Sie es: Kim has said yes.")
