"""Rows that cannot be read are set aside and shown to the operator, and everything else goes on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection, select, update

from bot.cli.doctor import Finding, examine
from bot.delivery.deliver import Delivery, Page
from bot.delivery.retry_delays import Tempo
from bot.messages.outgoing import Message
from bot.model.occurrences import Occurrence
from bot.model.people.preferences import Preferences
from schedules import due
from storage.database.encryption import KeyRing, seal
from storage.errors import KeyLost, Unreadable
from storage.outbox import rows as outbox
from storage.people import people
from storage.serialise import load
from storage.tables.outbox import OutboxRow
from storage.tables.people import PersonRow, table_of
from tests.support.seats import Recorded
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
_person, _outbox = table_of(PersonRow), table_of(OutboxRow)
STRANGE_KEY = Fernet(Fernet.generate_key())


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as made:
        yield made


async def spoil(town: Town, who: Person, **values: Any) -> None:
    """Change columns of somebody's row as no code of ours would."""
    spoilt = update(_person).where(_person.c.id == (await who.place()).person).values(**values)
    await town.app.database.transact(lambda connection: connection.execute(spoilt).rowcount)


async def rows(town: Town, *columns: str) -> list[tuple[Any, ...]]:
    wanted = select(*(_outbox.c[name] for name in columns)).order_by(_outbox.c.id)
    return await town.app.database.read(lambda connection: [tuple(row) for row in connection.execute(wanted)])


async def put(town: Town, who: Person, text: str, *, kind: str = "prompt", body: bytes | None = None) -> None:
    """A message that waits for somebody, with a body of its own if need be."""
    place = await who.place()

    def unit(connection: Connection) -> None:
        outbox.add(
            connection,
            Message(text=text),
            dedup=text,
            lane=place.lane,
            address=place.id,
            person=place.person,
            kind=kind,
            urgency=outbox.PROMPT,
            due_at=town.clock(),
        )
        if body is not None:
            connection.execute(update(_outbox).where(_outbox.c.dedup == text).values(body=body))

    await town.app.database.transact(unit)


def nothing(connection: Connection, person: str, now: datetime) -> Message:
    return Message(text="")


async def served(town: Town, page: Page = nothing) -> None:
    """Let delivery run as it does in a process, until nothing more waits."""
    seat = Recorded(town.messenger, town.show)
    delivery = Delivery(town.app.database, {"console": seat}, town.clock, page, tempo=Tempo(idle=0.05))
    running = asyncio.ensure_future(delivery.run())
    try:
        async with asyncio.timeout(10):
            while await town.app.database.read(outbox.next_due) is not None:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        assert not running.done(), running.exception()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def looked(town: Town) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(town.settings, town.clock)}


async def test_what_waits_for_somebody_unreadable_is_held_and_everybody_else_is_written_to(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await put(town, ben, "To Ben, who cannot be read")
    await put(town, ana, "To Ana, who can")
    known = await town.app.database.read(partial(people.person, wanted=(await ben.place()).person))
    assert known is not None
    await spoil(town, ben, wishes='{"pace": "zebrafinch"}')
    await served(town)
    ana.reads("To Ana, who can")
    assert (await rows(town, "state", "held"))[-2:] == [
        ("pending", "whom it is for cannot be read"),
        ("sent", ""),
    ]
    assert "a message is held" in caplog.text
    assert "zebrafinch" not in caplog.text
    found = await looked(town)
    assert not found["people"].well
    assert (await ben.place()).person in found["people"].text
    assert not found["outbox"].well

    place = await ben.place()
    await town.app.database.transact(partial(people.set_wishes, wanted=place.person, wishes=known.wishes))
    assert await town.app.database.transact(partial(outbox.release, ids=None)) == 1
    await served(town)
    ben.reads("To Ben, who cannot be read")
    assert (await looked(town))["people"].well


@pytest.mark.parametrize("kind", ["prompt", "notice"])
async def test_a_message_that_does_not_open_is_held_and_its_lane_goes_on(town: Town, kind: str) -> None:
    ana = await town.client("ana")
    await put(town, ana, "sealed with a key that nobody has", kind=kind, body=STRANGE_KEY.encrypt(b"{}"))
    sealed = await town.app.database.read(lambda connection: seal(connection, '{"zebrafinch": 1}'))
    await put(town, ana, "not what a message is", kind=kind, body=sealed)
    await put(town, ana, "The one behind them", kind=kind)
    await served(town)
    ana.reads("The one behind them")
    assert (await rows(town, "state", "held"))[-3:] == [("pending", "it cannot be read")] * 2 + [("sent", "")]


async def test_a_message_in_doubt_that_does_not_open_is_left_be_at_the_start(town: Town) -> None:
    ana = await town.client("ana")
    await put(town, ana, "in doubt", body=STRANGE_KEY.encrypt(b"{}"))
    await put(town, ana, "behind it")
    doubtful = update(_outbox).where(_outbox.c.dedup == "in doubt").values(state="sending")
    await town.app.database.transact(lambda connection: connection.execute(doubtful).rowcount)
    await town.app.delivery.begin(alone=True)
    assert (await rows(town, "state", "reason"))[-2] == ("unknown", "in doubt, and it cannot be read")
    await served(town)
    ana.reads("behind it")


async def test_a_page_that_cannot_be_drawn_is_given_up_and_the_rest_goes_out(town: Town) -> None:
    def page(connection: Connection, person: str, now: datetime) -> Message:
        raise RuntimeError("zebrafinch")

    ana = await town.client("ana")
    await put(town, ana, "its page", kind="page")
    await put(town, ana, "The next")
    town.messenger.pages = True
    await served(town, page)
    (state, reason), _ = (await rows(town, "state", "reason"))[-2:]
    assert state == "dead"
    assert reason.startswith("it cannot be drawn: RuntimeError at ")
    assert "zebrafinch" not in reason
    ana.reads("The next")


async def test_prompts_are_spread_out_beside_one_that_cannot_be_read(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await spoil(town, ben, wishes="{}}")
    town.clock.now = FRIDAY
    await due.tick(town.app.database, town.app.conversation.receive, FRIDAY, spread=timedelta(minutes=10))
    known = await town.app.database.read(partial(people.person, wanted=(await ana.place()).person))
    assert known is not None
    assert known.next_at is not None
    assert FRIDAY < known.next_at <= FRIDAY + timedelta(minutes=10)


async def test_a_coach_sees_their_other_clients_beside_one_who_cannot_be_read(town: Town) -> None:
    dana = await town.coach()
    await town.client("ana")
    ben = await town.client("ben")
    await spoil(town, ben, wishes="[]")
    await dana.says("/clients")
    dana.reads("Ana")


def test_the_error_of_a_value_quotes_nothing_of_it(keys: KeyRing) -> None:
    for kind, text in (
        (Preferences, '{"pace": "zebrafinch"}'),
        (Occurrence, "zebrafinch"),
        (Message, '["zebrafinch"]'),
    ):
        with pytest.raises(Unreadable) as raised:
            load(kind, text)
        assert "zebrafinch" not in str(raised.value)
        assert raised.value.__cause__ is None

    with pytest.raises(KeyLost):
        keys.unseal(STRANGE_KEY.encrypt(b"{}"))
