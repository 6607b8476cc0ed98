"""Delivery: lanes in order, the states of a row and the moves between them, fences, leases and what cannot be known."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.clock import SetClock
from bot.delivery.deliver import MOVES, confirm
from bot.messages.sending import Fate, NotSent, Refused, Sent, Unclear, Unreachable
from storage.conversation import conversations
from storage.database.open import Database
from storage.outbox import rows as outbox
from storage.outbox import uncertain
from storage.outbox.rows import DIGEST, PROMPT, REPLY
from tests.support.outbox import ADDRESS, LANE, NOON, OUTBOX, FakeMessenger, SendMessage, delivery_to, put


@pytest.fixture
async def post(database: Database) -> AsyncIterator[SendMessage]:
    clock = SetClock(NOON)
    messenger = FakeMessenger()
    made = SendMessage(database, messenger, delivery_to(database, clock, messenger), clock)
    yield made
    await made.look()
    for states in made.seen.values():
        for was, is_now in pairwise(states):
            # A row that was looked at before and after a drain went through "sending" unseen.
            straight = is_now in MOVES[was]
            through = was == "pending" and is_now in MOVES["sending"]
            assert straight or through, f"{was} -> {is_now} is not a move"


# -- lanes -----------------------------------------------------------------------------------------------------------


async def test_a_chat_reads_its_messages_in_the_order_in_which_they_were_written(post: SendMessage) -> None:
    for number in range(5):
        await post.puts("ana", f"a{number}", urgency=DIGEST if number == 0 else REPLY)
        await post.puts("ben", f"b{number}")
    assert await post.drains() == 10
    assert post.messenger.texts("ana") == [f"a{n}" for n in range(5)]
    assert post.messenger.texts("ben") == [f"b{n}" for n in range(5)]


async def test_replies_of_one_chat_go_before_the_digests_of_others(post: SendMessage) -> None:
    await post.puts("dana", "digest", kind="digest", urgency=DIGEST)
    await post.puts("ben", "prompt", kind="prompt", urgency=PROMPT)
    await post.puts("ana", "reply")
    assert [claim.parcel.message.text for claim in await post.claims(count=2)] == ["reply", "prompt"]


async def test_one_row_of_a_chat_is_on_its_way_at_a_time(post: SendMessage) -> None:
    await post.puts("ana", "first")
    await post.puts("ana", "second")
    assert len(await post.claims()) == 1
    assert await post.claims() == []
    assert await post.drains() == 0


async def test_a_flood_wait_of_one_chat_holds_no_other(post: SendMessage) -> None:
    post.messenger.fates["a1"] = [NotSent(reason="429", retry_after=3600)]
    for text in ("a1", "a2"):
        await post.puts("ana", text)
    await post.puts("ben", "b1")
    await post.drains()
    assert post.messenger.texts() == ["b1"]
    await post.puts("ben", "b2")
    await post.drains()
    assert post.messenger.texts() == ["b1", "b2"]
    waits = await post.database.read(lambda c: c.execute(select(LANE.c.wait_until)).scalars().all())
    assert [at for at in waits if at is not None and at > datetime.now(UTC) + timedelta(minutes=59)]
    await post.changes(LANE, wait_until=None)
    await post.drains()
    assert post.messenger.texts("ana") == ["a1", "a2"]


async def test_a_slow_chat_holds_only_the_chats_that_were_claimed_with_it(post: SendMessage) -> None:
    post.messenger.held["a1"] = asyncio.Event()
    await post.puts("ana", "a1")
    first = asyncio.create_task(post.delivery.drain())
    await asyncio.sleep(0.05)
    await post.puts("ben", "b1")
    await post.delivery.drain()
    assert post.messenger.texts() == ["b1"]
    post.messenger.held["a1"].set()
    await first
    assert post.messenger.texts() == ["b1", "a1"]


async def test_what_is_not_due_waits_and_holds_what_stands_behind_it(post: SendMessage) -> None:
    await post.puts("ana", "tomorrow", due_at=NOON + timedelta(days=1))
    await post.puts("ana", "now")
    await post.drains()
    assert post.messenger.texts() == []
    post.clock.now += timedelta(days=1)
    await post.drains()
    assert post.messenger.texts() == ["tomorrow", "now"]


async def test_many_chats_are_drained_to_the_last(post: SendMessage) -> None:
    for number in range(70):
        await post.puts(f"p{number}", f"t{number}")
    assert await post.drains() == 70
    assert len(set(post.messenger.texts())) == 70


# -- fates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "state", "finished"),
    [
        (Sent(message_id="m"), "sent", True),
        (NotSent(reason="refused"), "pending", False),
        (Unclear(reason="timeout"), "unknown", False),
        (Refused(reason="too long"), "dead", True),
        (Unreachable(reason="blocked"), "blocked", True),
        (RuntimeError("a bug of the messenger"), "unknown", False),
    ],
)
async def test_each_fate_leads_to_its_state(
    post: SendMessage, fate: Fate | Exception, state: str, finished: bool
) -> None:
    post.messenger.fates["a"] = [fate]
    number = await post.puts("ana", "a")
    await post.puts("ben", "b")
    await post.drains()
    row = await post.row(number)
    assert row["state"] == state
    assert (row["finished"] is not None) is finished
    assert "b" in post.messenger.texts(), "one chat's trouble held another"


async def test_a_row_that_did_not_leave_waits_longer_each_time(post: SendMessage) -> None:
    number = await post.puts("ana", "a")
    waits = []
    for _ in range(4):
        (claim,) = await post.claims()
        await post.learns(claim, NotSent(reason="refused"))
        until = await post.database.read(lambda c: c.execute(select(LANE.c.wait_until)).scalar_one())
        waits.append(round((until - datetime.now(UTC)).total_seconds()))
        await post.changes(LANE, wait_until=None)
    assert waits == pytest.approx([1, 2, 5, 10], abs=1)
    assert (await post.row(number))["tries"] == 4


async def test_what_did_not_leave_is_not_read_twice(post: SendMessage) -> None:
    post.messenger.fates["a"] = [NotSent(reason="refused")]
    await post.puts("ana", "a")
    await post.drains()
    await post.changes(LANE, wait_until=None)
    await post.drains()
    assert post.messenger.texts() == ["a"]


async def test_a_closed_chat_is_not_written_to_until_it_opens_again(post: SendMessage) -> None:
    post.messenger.fates["a"] = [Unreachable(reason="403")]
    await post.puts("ana", "a", kind="prompt")
    later = await post.puts("ana", "later", kind="prompt")
    await post.drains()
    states = await post.database.read(lambda c: c.execute(select(ADDRESS.c.state)).scalars().all())
    assert states == ["blocked"]
    assert (await post.row(later))["state"] == "blocked"
    await post.changes(ADDRESS, state="active")
    await post.puts("ana", "again", kind="prompt")
    await post.drains()
    assert post.messenger.texts() == ["again"]


async def test_a_platform_that_is_not_served_is_said_so(database: Database) -> None:
    lonely = delivery_to(database, SetClock(NOON))
    number = await database.transact(partial(put, chat="ana", text="a", dedup="d"))
    await lonely.drain()
    row = await database.read(lambda c: c.execute(select(OUTBOX).where(OUTBOX.c.id == number)).one())
    assert (row.state, row.reason) == ("dead", "platform console is not served")


# -- the last look before a row leaves -------------------------------------------------------------------------------


async def test_what_has_passed_its_time_is_not_sent(post: SendMessage) -> None:
    number = await post.puts("ana", "old", kind="prompt", expires_at=NOON + timedelta(hours=24))
    await post.puts("ana", "new")
    post.clock.now += timedelta(hours=24)
    await post.drains()
    assert post.messenger.texts() == ["new"]
    assert (await post.row(number))["state"] == "expired"


@pytest.mark.parametrize("how", ["answered", "expired", "superseded"])
async def test_a_question_that_is_closed_meanwhile_is_not_put(post: SendMessage, how: str) -> None:
    number = await post.asks("ana", "Energy?", "t1")
    await post.database.transact(partial(conversations.close_prompt, token="t1", how=how, at=NOON))
    await post.drains()
    assert post.messenger.texts() == []
    row = await post.row(number)
    assert (row["state"], row["reason"]) == ("cancelled", f"the question is {how}")


async def test_who_pauses_or_stops_is_not_asked_what_still_waits(post: SendMessage) -> None:
    asked = await post.asks("ana", "Energy?", "t1", kind="prompt", urgency=PROMPT)
    reply = await post.puts("ana", "Paused.")
    await post.asks("ben", "Energy, Ben?", "t2", kind="prompt", urgency=PROMPT)
    await post.database.transact(partial(outbox.cancel_prompts, person="ana", reason="paused", at=NOON))
    await post.drains()
    assert sorted(post.messenger.texts()) == ["Energy, Ben?", "Paused."]
    assert (await post.row(asked))["state"] == "cancelled"
    assert (await post.row(reply))["state"] == "sent"


async def test_an_update_changes_the_message_that_was_sent(post: SendMessage) -> None:
    first = await post.puts("ana", "Energy?")
    await post.drains()
    await post.puts("ana", "Energy? 7", kind="update", updates=first)
    await post.drains()
    assert post.messenger.sent[-1].replaces == f"m{first}"


async def test_an_update_of_what_never_arrived_or_cannot_change_is_left_out(post: SendMessage) -> None:
    post.messenger.fates["Energy?"] = [Refused(reason="no")]
    first = await post.puts("ana", "Energy?")
    update_of_it = await post.puts("ana", "Energy? 7", kind="update", updates=first)
    await post.drains()
    assert (await post.row(update_of_it))["reason"] == "the message was not sent"
    post.messenger.edits = False
    second = await post.puts("ana", "Well?")
    fixed = await post.puts("ana", "Well? Yes", kind="update", updates=second)
    await post.drains()
    assert (await post.row(fixed))["reason"] == "the platform does not change messages"
    assert post.messenger.texts() == ["Well?"]


# -- fences and leases -----------------------------------------------------------------------------------------------


async def test_a_worker_that_slept_past_its_lease_cannot_confirm(post: SendMessage) -> None:
    number = await post.asks("ana", "Energy?", "t1", kind="prompt")
    (slow,) = await post.claims()
    await post.changes(LANE, lease_until=NOON - timedelta(days=4000))
    assert await post.recovers() == 1
    (quick,) = await post.claims()
    assert quick.fence > slow.fence
    await post.learns(slow, Refused(reason="from another age"))
    assert (await post.row(number))["state"] == "sending"
    await post.learns(slow, NotSent(reason="from another age", retry_after=99))
    assert (await post.row(number))["state"] == "sending"
    await post.learns(quick, Sent(message_id="m"))
    assert (await post.row(number))["state"] == "sent"
    await post.learns(slow, Unclear(reason="from another age"))
    assert (await post.row(number))["state"] == "sent"


async def test_a_stale_worker_does_not_free_the_lane_of_the_one_that_holds_it(post: SendMessage) -> None:
    await post.asks("ana", "Energy?", "t1", kind="prompt")
    await post.puts("ana", "next")
    (slow,) = await post.claims()
    await post.changes(LANE, lease_until=NOON - timedelta(days=4000))
    await post.recovers()
    (quick,) = await post.claims()
    await post.learns(slow, Sent(message_id="m"))
    assert await post.claims() == [], "two rows of one chat on their way"
    await post.learns(quick, Sent(message_id="m"))
    assert len(await post.claims()) == 1


async def test_a_lease_that_holds_is_left_alone(post: SendMessage) -> None:
    await post.puts("ana", "a")
    await post.claims()
    assert await post.recovers() == 0
    assert set((await post.states()).values()) == {"sending"}


async def test_a_question_whose_senders_keep_dying_goes_out_again_until_it_may_be_what_kills_them(
    post: SendMessage,
) -> None:
    number = await post.asks("ana", "Energy?", "t1", kind="prompt")
    await post.puts("ana", "behind it")
    for _ in range(9):
        await post.claims()
        assert await post.recovers(alone=True) == 1
        assert post.seen[number][-1] == "pending"
    await post.claims()
    await post.recovers(alone=True)
    row = await post.row(number)
    assert (row["state"], row["reason"]) == ("unknown", "unconfirmed")
    assert row["finished"] is not None
    await post.drains()
    assert post.messenger.texts() == ["behind it"]


@pytest.mark.parametrize("kind", ["digest", "notice"])
async def test_what_asks_nothing_stays_unconfirmed_and_holds_nobody(post: SendMessage, kind: str) -> None:
    number = await post.puts("dana", "Week of", kind=kind)
    await post.puts("dana", "behind it")
    await post.claims()
    await post.recovers(alone=True)
    await post.drains()
    assert (await post.row(number))["state"] == "unknown"
    assert post.messenger.texts() == ["behind it"]
    assert await post.recovers(alone=True) == 0


async def test_an_unclear_row_holds_its_lane_until_it_is_settled(post: SendMessage) -> None:
    post.messenger.fates["Energy?"] = [Unclear(reason="reset")]
    await post.asks("ana", "Energy?", "t1", kind="prompt")
    await post.puts("ana", "behind it")
    await post.drains()
    assert post.messenger.texts() == ["Energy?"]
    assert await post.delivery.recover() == 1
    await post.drains()
    assert post.messenger.texts() == ["Energy?", "Energy?", "behind it"]


async def test_a_question_answered_while_its_fate_was_open_is_not_put_again(post: SendMessage) -> None:
    post.messenger.fates["Energy?"] = [Unclear(reason="reset")]
    await post.asks("ana", "Energy?", "t1", kind="prompt")
    await post.drains()
    await post.database.transact(partial(conversations.close_prompt, token="t1", how="answered", at=NOON))
    await post.delivery.recover()
    await post.drains()
    assert post.messenger.texts() == ["Energy?"]


# -- the table of moves ----------------------------------------------------------------------------------------------


def test_every_move_leads_to_a_state_that_is_described() -> None:
    import bot.delivery.deliver

    assert {state for moves in MOVES.values() for state in moves} <= set(MOVES)
    for state in MOVES:
        assert state.upper() in str(bot.delivery.deliver.__doc__)


async def test_a_final_state_is_left_by_nothing(post: SendMessage) -> None:
    number = await post.puts("ana", "a")
    (claim,) = await post.claims()
    await post.learns(claim, Sent(message_id="m"))
    acts: tuple[Callable[[Connection], Any], ...] = (
        partial(confirm, claim=claim, fate=Refused(reason="late"), now=NOON),
        partial(confirm, claim=claim, fate=NotSent(reason="late"), now=NOON),
        partial(uncertain.resolve, claim=claim, state="pending", reason="late"),
        partial(outbox.cancel_prompts, person="ana", reason="paused", at=NOON),
        partial(uncertain.overdue, count=10, alone=True),
    )
    for act in acts:
        await post.database.transact(act)
        assert (await post.row(number))["state"] == "sent"


async def test_a_message_of_one_event_is_put_once(post: SendMessage) -> None:
    await post.database.transact(partial(put, chat="ana", text="a", dedup="event#1"))
    with pytest.raises(Exception, match="dedup"):
        await post.database.transact(partial(put, chat="ana", text="b", dedup="event#1"))
    await post.drains()
    assert post.messenger.texts() == ["a"]


async def test_two_deliveries_of_one_outbox_send_each_row_once(post: SendMessage) -> None:
    for number in range(40):
        await post.puts(f"p{number % 8}", f"t{number}")
    other = delivery_to(post.database, post.clock, post.messenger)
    while sum(await asyncio.gather(post.delivery.drain(), other.drain())):
        pass
    assert sorted(post.messenger.texts()) == sorted(f"t{n}" for n in range(40))
    for chat in range(8):
        assert post.messenger.texts(f"p{chat}") == [f"t{n}" for n in range(40) if n % 8 == chat]
