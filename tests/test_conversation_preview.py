"""A coach tries out what clients are asked: as a practice client, a day at a tap, and nothing of it stays."""

from datetime import timedelta

from sqlalchemy import select

from storage.tables.people import AddressRow, PersonRow, table_of
from tests.support.town import WELCOME, Person, Town


async def as_client(town: Town) -> Person:
    """A coach who has set things up as their own practice client."""
    dana = await town.coach()
    await dana.says("/preview")
    for answer in WELCOME:
        await dana.says(answer)
    return dana


async def people_count(town: Town) -> int:
    rows = await town.app.database.read(lambda c: c.execute(select(table_of(PersonRow).c.id)).all())
    return len(rows)


async def test_the_coach_reads_the_very_welcome_that_clients_read(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/preview")
    assert "practice client" in dana.read[-2].text
    assert [choice.label for choice in dana.read[-2].choices] == ["Next day", "End it"]
    dana.reads("I'm Throughline, software Dana uses")


async def test_a_tap_lets_a_day_pass_and_what_falls_due_is_asked(town: Town) -> None:
    dana = await as_client(town)
    for _ in range(4):
        await dana.says("/preview next")
    dana.reads("The week's check-in", "What one step would you take this week?")


async def test_days_pass_by_the_button_alone_and_the_clock_of_others_stands(town: Town) -> None:
    dana = await as_client(town)
    before = town.clock.now
    await dana.says("/preview next")
    assert any("Tue 24 Nov" in message.text for message in dana.read[-3:])
    assert town.clock.now - before < timedelta(minutes=1)


async def test_dates_are_read_as_of_the_practice_clients_own_day(town: Town) -> None:
    dana = await as_client(town)
    await dana.says("/preview next")
    await dana.says("/commit Call Bob tomorrow")
    for answer in ("9", "Clear enough"):
        await dana.says(answer)
    assert any("Wed 25 Nov" in message.text for message in dana.read[-4:])


async def test_at_the_end_the_coach_is_the_coach_again_and_the_rest_is_erased(town: Town) -> None:
    dana = await as_client(town)
    assert await people_count(town) == 2
    await dana.says("/preview end")
    dana.reads("You are the coach again")
    town.clock.now += timedelta(hours=1)
    await town.app.jobs["requests"](town.clock())
    assert await people_count(town) == 1
    await dana.says("/clients")
    dana.reads("no clients")


async def test_a_practice_client_is_nobody_in_the_coachs_lists(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/preview")
    await dana.says("/preview end")
    await dana.says("/clients")
    assert "Practice" not in dana.last.text
    dana.reads("Ana")


async def test_a_preview_left_alone_ends_after_a_day(town: Town) -> None:
    dana = await as_client(town)
    town.clock.now += timedelta(hours=25)
    await town.app.jobs["previews"](town.clock())
    rows = await town.app.database.read(lambda c: c.execute(select(table_of(AddressRow).c.returns_to)).scalars().all())
    assert set(rows) == {None}
    await dana.says("/clients")
    dana.reads("no clients")


async def test_a_client_cannot_preview(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/preview")
    ana.reads("for coaches")


async def test_the_preview_asks_what_the_coach_changed_for_new_clients(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/program change")
    for answer in ("wording", "The week's check-in", "weekly-checkin/well", "What made you proud?", "new"):
        await dana.says(answer)
    await dana.says("/preview")
    for answer in WELCOME:
        await dana.says(answer)
    await dana.says("/checkin")
    await dana.says("skip")
    dana.reads("What made you proud?")
