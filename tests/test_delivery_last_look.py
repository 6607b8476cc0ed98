"""What tells a coach of a client waits out an outage: it says what is shared when it leaves, not when it was made."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, update

from bot.messages.incoming import CommandSent, Inbound
from handlers.console.keyboard import address_of
from storage.outbox import rows as outbox
from storage.tables.outbox import OutboxRow
from storage.tables.people import table_of
from tests.support.beginnings import played_once
from tests.support.town import Person, Town

CANARY = "zebrafinch"


@played_once
async def told(town: Town) -> Person:
    """Ana has promised something, and shows it."""
    ana = await town.client("ana")
    await promises(ana)
    return ana


async def promises(ana: Person) -> None:
    await ana.says(f"/commit Feed the {CANARY} by 4 December")
    await ana.says("9")
    await ana.taps("Clear enough")


async def asks(town: Town, verb: str, rest: str = "") -> None:
    """Dana asks while the line is down: the answer waits."""
    event = Inbound(key=f"asked {verb}", address=address_of("dana"), content=CommandSent(verb=verb, rest=rest))
    await town.app.conversation.receive(event, town.clock())
    await goes_down(town)


async def digest_made(town: Town) -> Person:
    """The weekly digest is made while the line is down, the day after Ana has kept a promise."""
    ana = await town.client("ana")
    town.clock.now += timedelta(days=6, hours=8)
    await promises(ana)
    await ana.says("/log 1 done")
    town.clock.now += timedelta(hours=14)
    await town.app.jobs["digests"](town.clock())
    await goes_down(town)
    return ana


async def brief_made(town: Town) -> Person:
    """So is the brief for a session, the day after Ana has promised something."""
    ana = await town.client("ana")
    await town.people["dana"].says("/session Ana Thursday 14:00")
    town.clock.now += timedelta(days=1, hours=8)
    await promises(ana)
    town.clock.now += timedelta(hours=22)
    await town.app.jobs["due"](town.clock())
    await goes_down(town)
    return ana


async def goes_down(town: Town) -> None:
    held = await town.app.database.transact(
        partial(outbox.hold, before=town.clock() + timedelta(days=1), reason="the line is down")
    )
    assert held


async def comes_back(town: Town) -> str:
    """The line is up again; what Dana then reads."""
    dana = town.people["dana"]
    since = len(dana.read)
    await town.app.database.transact(partial(outbox.release, ids=None))
    await town.app.delivery.drain()
    return "\n".join(message.text for message in dana.read[since:])


async def sees_nothing(ana: Person) -> None:
    for text in ("/settings", "What my coach sees", "Nothing"):
        await ana.says(text)


WAITING = {"digest": digest_made, "brief": brief_made}
TELLS = {"digest": "Ana 1 of 1 done", "brief": CANARY}


@pytest.mark.parametrize("kind", WAITING)
async def test_what_nothing_has_changed_for_leaves_as_it_was_made(town: Town, kind: str) -> None:
    ana = await WAITING[kind](town)
    await ana.says("/private my own thoughts")
    said = await comes_back(town)
    assert TELLS[kind] in said
    assert "waited here" not in said


@pytest.mark.parametrize("kind", WAITING)
async def test_after_nothing_it_is_composed_anew(town: Town, kind: str) -> None:
    ana = await WAITING[kind](town)
    await sees_nothing(ana)
    said = await comes_back(town)
    assert TELLS[kind] not in said
    assert "Ana" in said
    assert "waited here" not in said


@pytest.mark.parametrize("kind", WAITING)
async def test_after_undo_it_is_composed_anew(town: Town, kind: str) -> None:
    ana = await WAITING[kind](town)
    await ana.says("/undo")
    said = await comes_back(town)
    assert TELLS[kind] not in said
    assert "waited here" not in said


async def test_after_private_it_is_composed_anew(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    await town.people["dana"].says("/session Ana Thursday 14:00")
    town.clock.now += timedelta(days=1, hours=8)
    for text in ("/checkin", "skip", "skip", f"The {CANARY} sang", "7"):
        await ana.says(text)
    town.clock.now += timedelta(hours=22)
    await town.app.jobs["due"](town.clock())
    await goes_down(town)
    await ana.says("cancel")
    await ana.says("/private")
    said = await comes_back(town)
    assert CANARY not in said
    assert "Brief: Ana" in said


async def test_an_answer_that_waited_says_that_it_is_out_of_date(town: Town) -> None:
    ana = await told(town)
    await asks(town, "client", "ana")
    await sees_nothing(ana)
    said = await comes_back(town)
    assert CANARY not in said
    assert "Something about Ana waited here" in said


@pytest.mark.parametrize("verb", ["clients", "digest", "brief"])
async def test_so_does_every_answer_that_tells_of_clients(town: Town, verb: str) -> None:
    ana = await told(town)
    await asks(town, verb, "ana" if verb == "brief" else "")
    await sees_nothing(ana)
    said = await comes_back(town)
    assert CANARY not in said
    assert "Something about Ana waited here" in said


async def test_what_was_shared_and_is_kept_after_all_is_shown_no_more(town: Town) -> None:
    """The yes to a sharing question is taken back by an edit, long after the dialogue."""
    ana = await town.client("ana")
    for text in ("/angle", "other", "skip", "skip", "skip", f"The {CANARY} is me", "yes"):
        await ana.says(text)
    assert not ana.last.token
    await asks(town, "client", "ana")
    await ana.edits("no")
    said = await comes_back(town)
    assert CANARY not in said
    assert "Something about Ana waited here" in said


async def test_it_is_composed_anew_once_and_then_a_line_stands_there(town: Town) -> None:
    ana = await digest_made(town)
    await ana.says("/undo")
    await town.app.database.transact(_composed_before)
    said = await comes_back(town)
    assert "Something about Ana waited here" in said


def _composed_before(connection: Connection) -> None:
    """It was composed anew before, and the client changed what they share once more."""
    connection.execute(update(table_of(OutboxRow)).where(table_of(OutboxRow).c.about != "").values(composed=1))


async def test_what_a_client_says_of_another_ones_changes_nothing(town: Town) -> None:
    await told(town)
    ben = await town.client("ben")
    await asks(town, "client", "ana")
    await sees_nothing(ben)
    assert CANARY in await comes_back(town)


async def test_a_word_to_the_coach_that_waited_goes_out_where_it_tells_nothing_that_is_shared(town: Town) -> None:
    ana = await told(town)
    event = Inbound(key="call", address=address_of("ana"), content=CommandSent(verb="callme"))
    await town.app.conversation.receive(event, town.clock())
    await goes_down(town)
    await town.app.database.transact(partial(outbox.release, ids=None))
    await sees_nothing(ana)
    assert "Ana asks you to call" in "\n".join(message.text for message in town.people["dana"].read)
