"""What falls due and raises: said in the log, tried again after growing waits, then kept; nobody else waits for it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.coaching.rhythm.slots import WEEKLY
from bot.conversation import failed_events
from bot.messages.incoming import DigestDue, ErrandDue, Event, Outcome, PromptDue, TimerDue
from bot.simulated import stage
from storage.conversation import conversations
from storage.people import people
from storage.programme import agenda
from storage.tables.people import OccurrenceRow, PersonRow, table_of
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
_person = table_of(PersonRow)
_occurrence = table_of(OccurrenceRow)


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as made:
        yield made


def break_what_is_opened(town: Town, begins: str) -> None:
    """From now on no run whose id begins so can be opened."""
    made = town.app.library
    names: Callable[..., Any] = made.functions.names

    def broken(given: Any) -> Any:
        if given.run.startswith(begins):
            raise RuntimeError("no names of zebrafinches")
        return names(given)

    town.app.conversation.use(replace(made, functions=replace(made.functions, names=broken)))


async def wished(town: Town, who: Person, wishes: str) -> str:
    """Put something in the place of what somebody wishes; returns what stood there."""
    person = (await who.place()).person

    def change(connection: Connection) -> str:
        before = connection.execute(_person.select().where(_person.c.id == person)).one()
        connection.execute(update(_person).where(_person.c.id == person).values(wishes=wishes))
        return str(before.wishes)

    return await town.app.database.transact(change)


async def failed(town: Town) -> list[conversations.Failed]:
    return await town.app.database.read(lambda connection: conversations.failed(connection, Event))


async def known(town: Town, who: Person) -> people.Known:
    place = await who.place()
    found = await town.app.database.read(partial(people.person, wanted=place.person))
    assert found is not None
    return found


def test_the_waits_grow_and_end() -> None:
    assert list(failed_events.WAITS) == sorted(set(failed_events.WAITS))
    assert sum(failed_events.WAITS, timedelta(0)) < timedelta(hours=24)  # the life of a prompt


async def test_a_prompt_that_raises_is_tried_again_after_growing_waits_and_goes_through(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    made = town.app.library
    break_what_is_opened(town, "occurrence:")
    town.clock.now = FRIDAY
    for wait in failed_events.WAITS[:3]:
        await stage.tick(town.app, town.clock.now, town.app.jobs)
        await stage.tick(town.app, town.clock.now, town.app.jobs)
        (kept,) = await failed(town)
        assert type(kept.payload) is PromptDue
        assert kept.again
        assert (await known(town, ana)).next_at == town.clock.now + wait
        town.clock.now += wait
    lines = [record for record in caplog.records if record.name == "bot.conversation.failed_events"]
    assert [(line.__dict__["kind"], line.__dict__["tries"]) for line in lines] == [("prompt", n) for n in (1, 2, 3)]
    assert lines[0].__dict__["reason"].startswith("RuntimeError at test_conversation_failed_events.py:")
    assert "zebrafinch" not in str([line.__dict__ for line in lines])

    town.app.conversation.use(made)
    await stage.tick(town.app, town.clock.now, town.app.jobs)
    ana.reads("What one step would you take this week?")
    assert await failed(town) == []


async def test_a_prompt_that_raises_at_every_try_is_dropped_for_that_reason_and_the_next_one_comes(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    made = town.app.library
    break_what_is_opened(town, "occurrence:")
    await town.until(FRIDAY + timedelta(days=3))
    (kept,) = await failed(town)
    assert not kept.again
    assert kept.reason.endswith(f"tried {len(failed_events.WAITS) + 1} times")
    assert (await known(town, ana)).next_at == FRIDAY + timedelta(days=7)
    person = (await ana.place()).person
    told = select(_occurrence.c.reason).where(_occurrence.c.person == person, _occurrence.c.state == "dropped")
    reasons = await town.app.database.read(lambda connection: list(connection.execute(told).scalars()))
    assert any(reason.startswith("failed: RuntimeError at ") for reason in reasons), reasons

    town.app.conversation.use(made)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    assert await failed(town) == []
    await town.until(FRIDAY + timedelta(days=7, minutes=1))
    ana.reads("What one step would you take this week?")


async def test_an_errand_that_was_given_up_comes_when_it_is_replayed(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    person, made = (await ana.place()).person, town.app.library
    break_what_is_opened(town, "errand:")
    when = town.clock.now + timedelta(hours=1)
    put = partial(agenda.schedule, person=person, engagement="", dialogue=WEEKLY, day=when.date(), due_at=when)
    await town.app.database.transact(put)
    await town.passes(days=2)
    (kept,) = await failed(town)
    assert (type(kept.payload), kept.again) == (ErrandDue, False)
    town.app.conversation.use(made)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.settled()
    ana.reads("What one step would you take this week?")


async def test_a_digest_of_a_coach_who_cannot_be_read_comes_when_that_was_mended(town: Town) -> None:
    dana = await town.coach()
    await town.client("ana")
    before = await wished(town, dana, '{"pace": "zebrafinch"}')
    read = len(dana.read)
    await town.until(datetime(2026, 12, 3, 12, 0, tzinfo=UTC))
    (kept,) = await failed(town)
    assert (type(kept.payload), kept.again) == (DigestDue, False)
    assert len(dana.read) == read
    await wished(town, dana, before)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.settled()
    assert any("Week of" in message.text for message in dana.read[read:])
    assert (await known(town, dana)).digest_at is not None


async def test_whoever_cannot_be_read_holds_up_nobody_else(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben", weekday="Tuesday")
    for user in ("ana", "ben"):
        await town.check_ins_only(user)
    await town.passes(days=1, hours=1)
    ben.reads("What one step would you take this week?")
    before = await wished(town, ben, '{"pace": "zebrafinch"}')
    await town.until(FRIDAY + timedelta(minutes=1))
    ana.reads("What one step would you take this week?")
    assert {type(item.payload) for item in await failed(town)} == {TimerDue}
    assert (await ben.says("7", key="unread")).outcome is Outcome.FAILED
    ben.reads("Something went wrong on my side.")
    await wished(town, ben, before)
    assert await town.app.conversation.retry_failed(town.clock()) == 3  # two timers and what was said
    assert await failed(town) == []
