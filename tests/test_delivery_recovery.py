"""What becomes of messages of which nobody knows whether they arrived, and of what waited too long."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.clock import SetClock
from bot.delivery.deliver import Delivery
from bot.delivery.retry_delays import Tempo
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Parcel, Refused, Sent, Unclear, Unreachable
from bot.model.occurrences import Occurrence
from bot.model.people.preferences import Pause, Preferences
from storage.conversation import conversations, timers
from storage.database.open import Database
from storage.outbox import rows as outbox
from storage.outbox.rows import DIGEST, PROMPT
from storage.people import people
from storage.programme import occurrences
from storage.tables.delivery import LeaseRow
from storage.tables.people import OccurrenceRow, table_of
from tests.support.outbox import ADDRESS, LANE, NOON, OUTBOX, FakeMessenger, SendMessage

KINDS = [
    "reply",
    "prompt",
    *(pytest.param(kind, marks=pytest.mark.long_on_postgresql) for kind in ("digest", "notice")),
]
OCCURRENCE, LEASE = table_of(OccurrenceRow), table_of(LeaseRow)


@dataclass(slots=True)
class Asked(FakeMessenger):
    """A platform that can be asked whether a message arrived; `lost` ones never did."""

    platform: str = "console"
    finds_every: float = 0.0
    lost: set[str] = field(default_factory=set)
    unreadable: bool = False
    looks: list[int] = field(default_factory=list)

    async def find(self, parcel: Parcel, since: datetime) -> Sent | None:
        self.looks.append(parcel.id)
        if self.unreadable:
            raise ConnectionError
        there = [p for p in self.sent if p.id == parcel.id and p.message.text not in self.lost]
        return Sent(message_id=f"found{parcel.id}") if there else None


def post_with(database: Database, messenger: FakeMessenger, **tempo: float) -> SendMessage:
    blank, clock = Message(text=""), SetClock(NOON)
    delivery = Delivery(
        database,
        {messenger.platform: messenger},
        clock,
        lambda connection, person, now: blank,
        tempo=Tempo(**{"quiet": 0.0, "apart": 0.5, "unresolved": 0.5} | tempo),
    )
    return SendMessage(database, messenger, delivery, clock)


@pytest.fixture
async def slack(database: Database) -> SendMessage:
    """A platform that can be asked."""
    return post_with(database, Asked())


@pytest.fixture
async def telegram(database: Database) -> SendMessage:
    """A platform that cannot be asked."""
    return post_with(database, FakeMessenger())


def asked_of(post: SendMessage) -> Asked:
    assert isinstance(post.messenger, Asked)
    return post.messenger


async def in_doubt(post: SendMessage, text: str, *, lost: bool = False, **more: Any) -> int:
    post.messenger.fates[text] = [Unclear(reason="reset")]
    if lost:
        asked_of(post).lost.add(text)
    number = (
        await post.asks("ana", text, "t1", **more)
        if more.get("kind") == "prompt"
        else await post.puts("ana", text, **more)
    )
    await post.drains()
    assert (await post.row(number))["state"] == "unknown"
    return number


# -- a platform that can be asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reply", "prompt", "digest", "notice"])
async def test_what_is_found_there_is_sent_and_goes_only_once(slack: SendMessage, kind: str) -> None:
    number = await in_doubt(slack, "Energy?", kind=kind)
    assert await slack.recovers() == 1
    row = await slack.row(number)
    assert (row["state"], row["message_id"]) == ("sent", f"found{number}")
    await slack.drains()
    assert slack.messenger.texts() == ["Energy?"]


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_absent_twice_goes_again_and_not_before(slack: SendMessage, kind: str) -> None:
    number = await in_doubt(slack, "Energy?", lost=True, kind=kind)
    await slack.puts("ana", "behind it")
    assert await slack.recovers() == 0
    assert await slack.recovers() == 0, "the two looks lie apart"
    assert len(asked_of(slack).looks) == 1
    await slack.drains()
    assert "behind it" not in slack.messenger.texts()
    await asyncio.sleep(0.55)
    assert await slack.recovers() == 1
    await slack.drains()
    assert (await slack.row(number))["state"] == "sent"
    assert slack.messenger.texts() == ["Energy?", "Energy?", "behind it"]


async def test_a_message_that_shows_up_at_the_second_look_goes_only_once(slack: SendMessage) -> None:
    number = await in_doubt(slack, "Energy?", lost=True, kind="prompt")
    await slack.recovers()
    asked_of(slack).lost.clear()
    await asyncio.sleep(0.55)
    await slack.recovers()
    await slack.drains()
    assert (await slack.row(number))["state"] == "sent"
    assert slack.messenger.texts() == ["Energy?"]


async def test_a_history_that_cannot_be_read_proves_nothing(slack: SendMessage) -> None:
    asked_of(slack).unreadable = True
    number = await in_doubt(slack, "Energy?", kind="prompt")
    for _ in range(3):
        await slack.recovers()
        await asyncio.sleep(0.55)
    assert (await slack.row(number))["state"] == "unknown"
    asked_of(slack).unreadable = False
    await slack.recovers()
    assert (await slack.row(number))["state"] == "sent"


async def test_a_reply_that_cannot_be_looked_for_in_time_goes_again_and_is_counted(database: Database) -> None:
    slack = post_with(database, Asked(finds_every=60.0))
    await in_doubt(slack, "first", lost=True)
    await slack.recovers()
    assert asked_of(slack).looks == [1]
    await slack.recovers()
    assert asked_of(slack).looks == [1], "one look a minute"
    await asyncio.sleep(0.55)
    assert await slack.recovers() == 1
    await slack.drains()
    assert slack.messenger.texts() == ["first", "first"]
    assert slack.delivery.tally["console", "sent again unresolved"] == 1


async def test_a_prompt_in_doubt_holds_a_reply_up_no_longer_than_a_reply_in_doubt(database: Database) -> None:
    slack = post_with(database, Asked(finds_every=60.0))
    number = await in_doubt(slack, "Energy?", lost=True, kind="prompt")
    await slack.recovers()
    await asyncio.sleep(0.55)
    assert await slack.recovers() == 0, "nobody waits"
    assert (await slack.row(number))["state"] == "unknown"
    await slack.puts("ana", "Of course.")
    assert await slack.recovers() == 1
    await slack.drains()
    assert slack.messenger.texts() == ["Energy?", "Energy?", "Of course."]


# -- a platform that cannot be asked ---------------------------------------------------------------------------------


async def test_an_answer_proves_that_a_question_in_doubt_arrived(telegram: SendMessage) -> None:
    number = await in_doubt(telegram, "Energy?", kind="prompt")
    await telegram.database.transact(partial(outbox.prove, token="t1", at=NOON))
    row = await telegram.row(number)
    assert (row["state"], row["reason"]) == ("sent", "answered")
    await telegram.recovers()
    await telegram.drains()
    assert telegram.messenger.texts() == ["Energy?"]


async def test_an_answer_to_the_first_copy_keeps_the_second_from_going(telegram: SendMessage) -> None:
    number = await in_doubt(telegram, "Energy?", kind="prompt")
    assert await telegram.recovers() == 1
    await telegram.database.transact(partial(conversations.close_prompt, token="t1", how="answered", at=NOON))
    await telegram.database.transact(partial(outbox.prove, token="t1", at=NOON))
    await telegram.drains()
    assert (await telegram.row(number))["state"] == "sent"
    assert telegram.messenger.texts() == ["Energy?"]


async def test_a_question_waits_for_a_sign_that_the_line_is_up_again(database: Database) -> None:
    post = post_with(database, FakeMessenger(), quiet=60.0)
    await in_doubt(post, "Energy?", kind="prompt")
    assert await post.recovers() == 0
    await post.puts("ben", "anything")
    await post.drains()
    assert await post.recovers() == 1
    await post.drains()
    assert post.messenger.texts() == ["Energy?", "anything", "Energy?"]


async def test_the_second_time_in_doubt_is_the_last(telegram: SendMessage) -> None:
    telegram.messenger.fates["Energy?"] = [Unclear(reason="reset")] * 2
    number = await telegram.asks("ana", "Energy?", "t1", kind="prompt", urgency=PROMPT)
    for _ in range(3):
        await telegram.drains()
        await telegram.recovers()
    row = await telegram.row(number)
    assert (row["state"], row["reason"]) == ("unknown", "unconfirmed")
    assert row["finished"] is not None
    assert telegram.messenger.texts() == ["Energy?", "Energy?"]


async def test_a_new_look_in_doubt_is_given_once_more(telegram: SendMessage) -> None:
    first = await telegram.puts("ana", "Energy?")
    await telegram.drains()
    telegram.messenger.fates["Energy? 7"] = [Unclear(reason="reset")]
    change = await telegram.puts("ana", "Energy? 7", kind="update", updates=first)
    await telegram.drains()
    await telegram.recovers()
    await telegram.drains()
    assert (await telegram.row(change))["state"] == "sent"


async def test_a_worker_that_comes_back_may_say_that_its_message_is_there(telegram: SendMessage) -> None:
    number = await telegram.puts("ana", "Week of", kind="digest", urgency=DIGEST)
    (slow,) = await telegram.claims()
    await telegram.changes(LANE, lease_until=NOON - timedelta(days=4000))
    await telegram.recovers()
    assert (await telegram.row(number))["reason"] == "unconfirmed"
    for late in (Refused(reason="late"), Unreachable(reason="late")):
        await telegram.learns(slow, late)
        assert (await telegram.row(number))["state"] == "unknown"
    await telegram.learns(slow, Sent(message_id="m9"))
    row = await telegram.row(number)
    assert (row["state"], row["message_id"]) == ("sent", "m9")


async def test_two_processes_recover_each_row_once(url: str, database: Database) -> None:
    one = post_with(database, Asked())
    other = post_with(database, one.messenger)
    for number in range(20):
        one.messenger.fates[f"t{number}"] = [Unclear(reason="reset")]
        await one.puts(f"c{number}", f"t{number}")
    await one.drains()
    settled = await asyncio.gather(one.delivery.recover(), other.delivery.recover())
    assert sum(settled) == 20
    assert len(asked_of(one).looks) == 20


# -- the last look: why a prompt was not sent ------------------------------------------------------------------------


async def occurrence_of(post: SendMessage, text: str, **more: Any) -> tuple[int, str]:
    """A prompt of the rhythm on its way."""
    wanted = f"o-{text}"
    number = await post.asks("ana", text, "t1", kind="prompt", urgency=PROMPT, occurrence=wanted, **more)
    slot = Occurrence(dialogue="weekly-checkin", local_date=date(2026, 11, 23), slot="weekly", due_at=NOON)
    note = partial(
        occurrences.add, occurrence_id=wanted, person="ana", occurrence=slot, state="sent", opened_on=slot.local_date
    )
    await post.database.transact(note)
    await wish(post, since=date(2026, 11, 1))
    return number, wanted


async def wish(post: SendMessage, **changes: Any) -> None:
    wishes = Preferences(**{"since": date(2026, 11, 1), **changes})
    await post.database.transact(partial(people.set_wishes, wanted="ana", wishes=wishes))


async def why(post: SendMessage, number: int, wanted: str) -> tuple[str, str, str]:
    await post.drains()
    assert post.messenger.texts() == []
    row = await post.row(number)
    note = await post.database.read(
        lambda c: c.execute(select(OCCURRENCE.c.state, OCCURRENCE.c.reason).where(OCCURRENCE.c.id == wanted)).one()
    )
    assert note.state == "unsent"
    assert note.reason == f"{row['state']}: {row['reason']}"
    ringing = await post.database.read(lambda c: [(t.token, t.kind) for t in timers.ringing(c, post.clock(), 9)])
    assert ringing == [("t1", "expire")], "a question that nobody has seen is closed by the next tick"
    return row["state"], row["reason"], note.reason


async def test_a_prompt_past_its_time_is_expired_in_both_places(telegram: SendMessage) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?", expires_at=NOON + timedelta(hours=24))
    telegram.clock.now += timedelta(days=3)
    assert (await why(telegram, number, wanted))[:2] == ("expired", "its time had passed")


async def test_who_stopped_is_not_asked(telegram: SendMessage) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?")
    await wish(telegram, stopped=True)
    assert (await why(telegram, number, wanted))[:2] == ("cancelled", "stopped")


async def test_who_has_not_agreed_is_not_asked(telegram: SendMessage) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?")
    await telegram.database.transact(partial(people.set_wishes, wanted="ana", wishes=Preferences()))
    assert (await why(telegram, number, wanted))[:2] == ("cancelled", "no consent")


async def test_who_rests_today_is_not_asked(telegram: SendMessage) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?")
    rest = Pause(first=NOON.date(), last=NOON.date())
    await telegram.database.transact(partial(people.add_pause, wanted="ana", pause=rest, today=NOON.date()))
    assert (await why(telegram, number, wanted))[:2] == ("cancelled", "paused")


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("blocked", "the chat is closed to us"),
        ("closed", "the chat was let go"),
        ("pending", "the chat is not confirmed"),
    ],
)
async def test_a_chat_that_is_not_theirs_any_more_is_not_written_to(
    telegram: SendMessage, state: str, reason: str
) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?")
    await telegram.changes(ADDRESS, state=state)
    assert (await why(telegram, number, wanted))[:2] == ("blocked", reason)


async def test_pausing_cancels_what_waits_and_says_so(telegram: SendMessage) -> None:
    number, wanted = await occurrence_of(telegram, "Energy?")
    await telegram.database.transact(partial(outbox.cancel_prompts, person="ana", reason="paused", at=NOON))
    assert (await why(telegram, number, wanted))[:2] == ("cancelled", "paused")


@pytest.mark.parametrize(
    ("fate", "state"), [(Refused(reason="too long"), "dead"), (Unreachable(reason="403"), "blocked")]
)
async def test_what_the_platform_does_not_take_is_noted_too(telegram: SendMessage, fate: Fate, state: str) -> None:
    telegram.messenger.fates["Energy?"] = [fate]
    number, wanted = await occurrence_of(telegram, "Energy?")
    assert (await why(telegram, number, wanted))[0] == state


async def test_a_reminder_that_is_not_sent_leaves_the_question_open(telegram: SendMessage) -> None:
    await telegram.asks("ana", "Energy?", "t1", kind="prompt", urgency=PROMPT)
    await telegram.drains()
    await telegram.puts("ana", "Still there?", token="t1", kind="prompt", urgency=PROMPT, expires_at=NOON)
    await telegram.drains()
    assert await telegram.database.read(lambda c: timers.ringing(c, NOON, 9)) == []


async def test_the_erased_are_not_written_to(telegram: SendMessage) -> None:
    number = await telegram.puts("ana", "Energy?", kind="prompt", urgency=PROMPT)
    await telegram.database.transact(
        lambda c: c.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(person="gone")).rowcount
    )
    await telegram.drains()
    assert (await telegram.row(number))["reason"] == "erased"


# -- a backup restored, a host that slept ----------------------------------------------------------------------------


def last_alive(connection: Connection, at: datetime) -> None:
    connection.execute(update(LEASE).where(LEASE.c.name == "alive").values(until=at))


async def test_after_an_old_backup_what_waited_is_held_until_it_is_released(telegram: SendMessage) -> None:
    await telegram.delivery.begin(alone=True)
    old = await telegram.puts("ana", "old reply", due_at=NOON - timedelta(days=2))
    stale = await telegram.puts(
        "ben", "old prompt", kind="prompt", due_at=NOON - timedelta(days=2), expires_at=NOON - timedelta(days=1)
    )
    await telegram.database.transact(partial(last_alive, at=datetime.now(UTC) - timedelta(days=1)))
    assert await telegram.delivery.begin(alone=True) == 2
    await telegram.puts("ana", "new reply")
    await telegram.drains()
    assert telegram.messenger.texts() == ["new reply"], "what is held holds nobody"
    found = await telegram.database.read(outbox.held)
    assert [(row.id, row.kind) for row in found] == [(old, "reply"), (stale, "prompt")]
    assert "backup" in found[0].held
    assert await telegram.database.transact(partial(outbox.release, ids=[old])) == 1
    await telegram.drains()
    assert telegram.messenger.texts() == ["new reply", "old reply"]
    assert await telegram.database.transact(partial(outbox.release, ids=None)) == 1
    await telegram.drains()
    assert (await telegram.row(stale))["state"] == "expired"
    assert telegram.messenger.texts() == ["new reply", "old reply"]


async def test_after_a_short_stop_nothing_is_held(telegram: SendMessage) -> None:
    await telegram.delivery.begin(alone=True)
    await telegram.puts("ana", "reply", due_at=NOON - timedelta(days=2))
    await telegram.database.transact(partial(last_alive, at=datetime.now(UTC) - timedelta(minutes=50)))
    assert await telegram.delivery.begin(alone=True) == 0
    await telegram.drains()
    assert telegram.messenger.texts() == ["reply"]


async def test_a_clock_set_back_holds_nothing(telegram: SendMessage) -> None:
    await telegram.delivery.begin(alone=True)
    await telegram.puts("ana", "reply")
    await telegram.database.transact(partial(last_alive, at=datetime.now(UTC) + timedelta(hours=2)))
    assert await telegram.delivery.begin(alone=True) == 0
