"""A new look of a message is cosmetic: it never holds up a question, and late it is not shown at all."""

import asyncio
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import SetClock
from bot.gcra import Rate
from bot.messages.outgoing import Message
from bot.messages.sending import NotSent
from storage.database.open import Database
from storage.outbox import looks, rate_limits
from tests.benchmarks.rush import Rush, in_slack, in_telegram, rush, spread
from tests.fakes.slack_house import house
from tests.support.outbox import NOON, OUTBOX, SendMessage
from tests.support.town import town_on
from tests.test_delivery_rate_limits import Clocked, paced, running
from tests.test_slack_end_to_end import settled_in

SLOW = Rate(every=30.0, burst=2)  # new looks in a workspace


@pytest.fixture
async def slack(database: Database) -> SendMessage:
    """A platform that counts new looks by themselves, in a workspace."""
    messenger = Clocked()
    delivery = paced(database, messenger, chat=Rate(every=0.4, replies=2), changes=SLOW)
    return SendMessage(database, messenger, delivery, SetClock(NOON))


@pytest.fixture
async def telegram(database: Database) -> SendMessage:
    """A platform to which a new look is a message like any other."""
    messenger = Clocked()
    delivery = paced(database, messenger, bot=Rate(every=0.01, burst=9, replies=9), chat=Rate(every=0.4, replies=2))
    return SendMessage(database, messenger, delivery, SetClock(NOON))


async def look(post: SendMessage, of: int, text: str, *, late: timedelta = timedelta(minutes=2)) -> int:
    """A new look for the message of a row; returns its number."""
    post.count += 1
    dedup = f"look{post.count}"
    shown = await post.database.read(lambda c: c.execute(select(OUTBOX).where(OUTBOX.c.id == of)).one())
    add = partial(
        looks.add_look, message=Message(text=text), dedup=dedup, shown=shown, person=shown.person, due_at=NOON
    )
    await post.database.transact(partial(add, expires_at=NOON + late))
    found = select(OUTBOX.c.id).where(OUTBOX.c.dedup == dedup)
    return int(await post.database.read(lambda c: c.execute(found).scalar_one()))


async def asked(post: SendMessage, *chats: str) -> dict[str, int]:
    """A question in each of these chats, sent."""
    found = {chat: await post.puts(chat, f"{chat}?") for chat in chats}
    await post.delivery.drain()
    return found


async def test_looks_that_wait_for_their_workspace_hold_no_question_up(slack: SendMessage) -> None:
    people = [f"p{number}" for number in range(8)]
    for chat, number in (await asked(slack, *people)).items():
        await look(slack, number, f"{chat} ✓")
        await slack.puts(chat, f"{chat} next?")
    began = time.monotonic()
    await running(slack.delivery, 0.5)
    texts = slack.messenger.texts()
    assert sorted(text for text in texts if "next" in text) == [f"{chat} next?" for chat in people]
    assert len([text for text in texts if "✓" in text]) == SLOW.burst, "and the looks were not let go as fast"
    assert clocked(slack).arrived[-1][0] - began < 0.4


async def test_a_look_that_is_told_to_wait_lets_all_else_go(slack: SendMessage) -> None:
    number = (await asked(slack, "ana"))["ana"]
    slack.messenger.fates["ana ✓"] = [NotSent(reason="ratelimited", retry_after=60)]
    await look(slack, number, "ana ✓")
    await slack.delivery.drain()
    await slack.puts("ana", "ana next?")
    await slack.puts("ben", "ben?")
    await slack.delivery.drain()
    assert sorted(slack.messenger.texts()) == ["ana next?", "ana?", "ben?"]
    waits = partial(rate_limits.waits, key="console|console|changes")
    assert await slack.database.read(waits) is not None, "the other looks of the workspace wait with it"


def clocked(post: SendMessage) -> Clocked:
    assert isinstance(post.messenger, Clocked)
    return post.messenger


async def test_where_a_look_counts_as_a_message_it_leaves_when_the_chat_is_at_rest(telegram: SendMessage) -> None:
    first = await telegram.puts("ana", "one?")
    second = await telegram.puts("ana", "two?")
    await telegram.delivery.drain()
    await asyncio.sleep(0.85)
    await look(telegram, first, "one ✓")
    await look(telegram, second, "two ✓")
    await telegram.puts("ana", "three?")
    began = time.monotonic()
    await running(telegram.delivery, 1.6)
    assert telegram.messenger.texts() == ["one?", "two?", "three?", "one ✓", "two ✓"]
    at = [when - began for when in clocked(telegram).when("ana")[2:]]
    assert at[0] < 0.3, "the question went at once"
    assert at[1] - at[0] > 0.3, "its chat then rests as ever"
    assert at[2] - at[1] > 0.3


async def test_a_question_right_behind_a_look_does_not_wait_for_it(telegram: SendMessage) -> None:
    number = (await asked(telegram, "ana"))["ana"]
    await asyncio.sleep(0.45)
    telegram.messenger.held["ana ✓"] = asyncio.Event()
    await look(telegram, number, "ana ✓")
    task = asyncio.ensure_future(telegram.delivery.run())
    await asyncio.sleep(0.1)
    await telegram.puts("ana", "next?")
    telegram.delivery.wake()
    await asyncio.sleep(0.3)
    assert telegram.messenger.texts() == ["ana?", "next?"], "although the look is on its way all the while"
    telegram.messenger.held["ana ✓"].set()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_look_waits_for_its_message(slack: SendMessage) -> None:
    slack.messenger.fates["ana?"] = [NotSent(reason="429", retry_after=0.3)]
    number = await slack.puts("ana", "ana?")
    change = await look(slack, number, "ana ✓")
    await slack.delivery.drain()
    assert (await slack.row(change))["state"] == "pending"
    await running(slack.delivery, 1.6)
    assert slack.messenger.texts() == ["ana?", "ana ✓"]


async def test_of_looks_that_wait_only_the_newest_is_shown_and_none_when_it_is_late(slack: SendMessage) -> None:
    numbers = await asked(slack, "ana", "ben")
    outdated = await look(slack, numbers["ana"], "ana ☑")
    await look(slack, numbers["ana"], "ana ☑☑")
    late = await look(slack, numbers["ben"], "ben ✓", late=-timedelta(seconds=1))
    await slack.delivery.drain()
    assert slack.messenger.texts() == ["ana?", "ben?", "ana ☑☑"]
    assert [(await slack.row(number))["state"] for number in (outdated, late)] == ["cancelled", "expired"]


# -- the whole app ---------------------------------------------------------------------------------------------------


async def test_of_many_copies_of_a_question_only_the_last_has_buttons(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await town.client("ana")
        await ana.says("/checkin")
        token, begun = ana.asked.token, await town.app.database.read(updates)
        for _ in range(4):
            await ana.says("/help")
        copies = [message for message in ana.read if message.token == token]
        before = await town.app.database.read(updates)
        assert (len(copies), before - begun) == (5, 4), "the copy before loses its buttons each time"
        await ana.taps(ana.asked.choices[0].label)
        assert await town.app.database.read(updates) == before + 1, "one new look for an answer, not one for each copy"


def updates(connection: Any) -> int:
    found = select(OUTBOX.c.id).where(OUTBOX.c.kind == "update")
    return len(connection.execute(found).all())


async def test_in_slack_the_new_look_after_a_press_costs_the_workspace_nothing(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        pressed = [shown for shown in client.screen if shown.ours and shown.edited]
        assert len(pressed) >= 3
        assert not any(shown.buttons for shown in pressed)
        assert home.fake.calls["chat.update"] == 1, "for the one answer that was typed"


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 404}, {"body": "<html>"}, {"reset": True}])
async def test_where_the_way_that_a_press_lent_fails_the_look_goes_as_any_other(
    fault: dict[str, Any], sqlite_fresh: str
) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        home.fake.fail("response_url", times=99, **fault)
        client = await settled_in(home)
        assert home.fake.calls["chat.update"] >= 3
        assert not any(shown.buttons for shown in client.screen if shown.ours and shown.edited)


# -- thirty people at once -------------------------------------------------------------------------------------------


async def check(on: Rush) -> None:
    """The limit is generous, since the machine may be busy; by pace alone the last of thirty waited for half a minute.

    `make bench` prints what it takes on a machine of one's own: a third of a second.
    """
    waits = await rush(on, rounds=2, pause=1.0)
    print(spread(waits))
    assert len(waits) == 60
    assert waits[-1] < 3.0, spread(waits)
    assert on.refused() == []


async def test_thirty_people_in_one_workspace_get_their_next_question_at_once(sqlite_fresh: str) -> None:
    async with in_slack(sqlite_fresh, 30) as on:
        await check(on)


async def test_thirty_people_with_one_bot_get_their_next_question_at_once(sqlite_fresh: str) -> None:
    async with in_telegram(sqlite_fresh, 30) as on:
        await check(on)


async def test_ten_commands_on_the_side_do_not_delay_the_next_question(sqlite_fresh: str) -> None:
    async with in_telegram(sqlite_fresh, 1) as on:
        await on.together(lambda one: one.says("checkin"))
        for _ in range(10):
            await on.together(lambda one: one.says("help"))
        (waited,) = await on.together(lambda one: one.answers(typed=False))
        assert waited < 2.0, "ten copies of it were changed first"
