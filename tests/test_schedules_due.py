"""What falls due: spread over minutes where an operator wants it, and after an outage only what still makes sense."""

from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from schedules import due
from storage.people import people
from tests.support.town import Town

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
SPREAD = timedelta(minutes=10)


@given(st.text(min_size=1), st.timedeltas(timedelta(minutes=1), timedelta(minutes=30)))
def test_a_client_has_one_part_of_a_spread_and_keeps_it(person: str, spread: timedelta) -> None:
    part = due.part_of(person, spread)
    assert timedelta(0) < part <= spread
    assert part == due.part_of(person, spread)


def test_many_clients_are_spread_evenly() -> None:
    parts = [due.part_of(f"person-{n}", SPREAD) for n in range(10_000)]
    for minute in range(10):
        count = sum(timedelta(minutes=minute) <= part < timedelta(minutes=minute + 1) for part in parts)
        assert 850 < count < 1150


async def test_a_spread_puts_a_prompt_off_once_by_the_clients_own_part(town: Town) -> None:
    ana = await town.client("ana")
    place = await ana.place()
    part = due.part_of(place.person, SPREAD)
    receive, database = town.app.conversation.receive, town.app.database
    read = len(ana.read)
    town.clock.now = FRIDAY
    for _ in range(3):
        await due.tick(database, receive, town.clock.now, spread=SPREAD)
        await town.settled()
    assert len(ana.read) == read
    known = await database.read(partial(people.person, wanted=place.person))
    assert known is not None
    assert known.next_at == FRIDAY + part
    town.clock.now = FRIDAY + part
    await due.tick(database, receive, town.clock.now, spread=SPREAD)
    await town.settled()
    assert "What one step would you take this week?" in ana.last.text


async def test_a_host_that_slept_three_days_reminds_of_nothing_that_is_over(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(FRIDAY + timedelta(minutes=1))
    assert "What one step would you take this week?" in ana.last.text
    read = len(ana.read)
    await town.sleeps(days=6)
    await town.settled()
    said = [message.text for message in ana.read[read:] if message.token]
    assert len(said) <= 1, said
    assert not any("What one step would you take this week?" in text for text in said[1:])
    assert await ana.open_prompts() <= 1


async def test_a_digest_that_is_days_late_is_left_out_and_the_next_one_comes(town: Town) -> None:
    dana = await town.coach()
    await town.client("ana")
    await town.until(datetime(2026, 11, 29, 12, 0, tzinfo=UTC))
    read = len(dana.read)
    await town.sleeps(days=4)  # past Monday and Tuesday
    assert not any("Week of" in message.text for message in dana.read[read:])
    await town.until(datetime(2026, 12, 7, 12, 0, tzinfo=UTC))
    assert sum("Week of Mon 7 Dec" in message.text for message in dana.read[read:]) == 1
