"""Long polling: nothing is confirmed before it is stored, whatever breaks; order within a chat, no waiting across."""

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from bot.messages.incoming import Inbound, Outcome, Receipt, TextSent
from handlers.telegram.health import State
from handlers.telegram.line import ALLOWED_UPDATES
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_account import Hook
from tests.fakes.telegram_people import Look, Person, Shown
from tests.support.garbage_answers import TELEGRAM, spoil_telegram

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUICK = Pace(poll=1, patience=0.02, first=0.02, longest=0.05, conflict=0.05, unauthorised=0.05, watch=0.1, poison=3)
ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, toast="Taken")


@dataclass
class Store:
    """What stands in for the conversation: keeps each key once, slowly or not at all where told so."""

    kept: list[Inbound] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    broken: bool = False
    poison: str = ""

    async def receive(self, event: Inbound, now: datetime) -> Receipt:
        text = event.content.text if isinstance(event.content, TextSent) else type(event.content).__name__
        self.tried.append(text)
        if text in self.slow:
            await self.slow[text].wait()
        if self.broken or text == self.poison:
            raise OSError(f"the disk is full; {text!r} was not written")
        if event.key in {known.key for known in self.kept}:
            return Receipt(outcome=Outcome.DUPLICATE)
        self.kept.append(event)
        return ACCEPTED

    @property
    def texts(self) -> list[str]:
        return [e.content.text if isinstance(e.content, TextSent) else type(e.content).__name__ for e in self.kept]


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@contextlib.asynccontextmanager
async def serving(api: FakeTelegram, store: Store, pace: Pace = QUICK) -> AsyncIterator[Telegram]:
    telegram = Telegram(api.token, api_url=api.url, pace=pace)
    task = asyncio.create_task(telegram.serve(store.receive, lambda: NOW))
    try:
        yield telegram
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await telegram.close()


async def until(true: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until a function says yes."""
    async with asyncio.timeout(within):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


async def test_what_is_said_is_received_and_then_confirmed(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with serving(api, store) as telegram:
        ana.says("one")
        await until(lambda: store.texts == ["one"])
        await until(lambda: not api.updates)
        assert telegram.state is State.READY
        assert telegram.username == api.username
    asked = api.called("getUpdates")[0]
    assert asked["allowed_updates"] == str(list(ALLOWED_UPDATES)).replace("'", '"')
    assert api.calls[1].method == "deleteWebhook"


async def test_one_persons_updates_keep_their_order_and_hold_nobody_else(api: FakeTelegram) -> None:
    store = Store(slow={"slow": asyncio.Event()})
    ana, ben, cleo = (api.person(name) for name in ("Ana", "Ben", "Cleo"))
    async with serving(api, store):
        ana.says("slow")
        ana.says("after it")
        ben.says("in the same batch")
        await until(lambda: store.texts == ["in the same batch"])
        cleo.says("in a later batch")
        await until(lambda: "in a later batch" in store.texts)
        ana.says("last")
        await asyncio.sleep(0.1)
        assert store.tried.count("slow") == 1, "it is not handed on twice while it is under way"
        assert api.updates[0]["message"]["text"] == "slow", "nothing from it on is confirmed"
        store.slow["slow"].set()
        await until(lambda: not api.updates)
    assert [text for text in store.texts if not text.startswith("in ")] == ["slow", "after it", "last"]
    assert len(store.kept) == 5
    assert len(store.tried) == 5


async def test_a_hundred_people_at_once_arrive_once_each(api: FakeTelegram) -> None:
    store = Store()
    people = [api.person(f"P{n}") for n in range(130)]
    for number in range(3):
        for person in people:
            person.says(f"{person.first_name} {number}")
    async with serving(api, store):
        await until(lambda: not api.updates)
    assert len(store.kept) == len(store.tried) == 390
    for person in people:
        own = [text for text in store.texts if text.startswith(f"{person.first_name} ")]
        assert own == [f"{person.first_name} {number}" for number in range(3)]


async def test_a_crash_before_the_confirmation_loses_and_doubles_nothing(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    ana.says("one")
    telegram = Telegram(api.token, api_url=api.url, pace=QUICK)
    task = asyncio.create_task(telegram.serve(store.receive, lambda: NOW))
    api.fault("getUpdates", "hang", after=1)  # the process dies before its second poll is heard
    await until(lambda: store.texts == ["one"])
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await telegram.close()
    assert len(api.updates) == 1
    api.mend()
    async with serving(api, store):
        await until(lambda: not api.updates)
    assert store.tried == ["one", "one"]
    assert store.texts == ["one"]


CHILD = """
import asyncio, sqlite3, sys
from datetime import UTC, datetime
from bot.messages.incoming import Outcome, Receipt
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
token, url, file = sys.argv[1:]
kept = sqlite3.connect(file, isolation_level=None)

async def receive(event, now):
    await asyncio.sleep(0.002)
    kept.execute("insert or ignore into kept values (?, ?)", (event.key, event.content.text))
    return Receipt(outcome=Outcome.ACCEPTED)

async def main():
    telegram = Telegram(token, api_url=url, pace=Pace(poll=2, patience=0.01))
    await telegram.serve(receive, lambda: datetime.now(UTC))

asyncio.run(main())
"""


async def test_kill_9_again_and_again_loses_and_doubles_nothing(api: FakeTelegram, tmp_path: Path) -> None:
    file = tmp_path / "kept.db"
    with contextlib.closing(sqlite3.connect(file)) as kept:
        kept.execute("pragma journal_mode=wal")
        kept.execute("create table kept (key text primary key, text text)")
        people = [api.person(f"P{n}") for n in range(7)]
        said = 0
        for life in range(3):
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-c", CHILD, api.token, api.url, str(file), cwd=Path(__file__).parent.parent
            )
            before = kept.execute("select count(*) from kept").fetchone()[0]
            for _ in range(60):
                people[said % 7].says(str(said))
                said += 1
            enough = 60 if life == 2 else 15
            await until(partial(_holds, kept, before + enough), 10)
            if life == 2:
                await until(lambda: not api.updates)
            os.kill(child.pid, signal.SIGKILL)
            await child.wait()
        texts = [int(text) for (text,) in kept.execute("select text from kept order by rowid")]
    assert sorted(texts) == list(range(said))
    for person in range(7):
        own = [text for text in texts if text % 7 == person]
        assert own == sorted(own), "each person's in order, over all lives"


def _holds(kept: sqlite3.Connection, number: int) -> bool:
    return bool(kept.execute("select count(*) from kept").fetchone()[0] >= number)


async def test_while_nothing_can_be_stored_nothing_is_confirmed(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    store, ana, ben = Store(broken=True), api.person("Ana"), api.person("Ben")
    async with serving(api, store) as telegram:
        ana.says("a secret of Ana's")
        ben.says("two")
        await until(lambda: len(store.tried) > 8)
        assert telegram.state is State.HELD_UP
        assert len(api.updates) == 2
        store.broken = False
        await until(lambda: not api.updates)
        await until(lambda: telegram.state is State.READY)
    assert sorted(store.texts) == ["a secret of Ana's", "two"]
    said = [record.message for record in caplog.records if "held up" in record.message]
    assert len(said) == 1
    assert "secret" not in caplog.text


async def test_a_poison_update_is_given_up_when_others_go_through(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    store, ana, ben = Store(poison="poison"), api.person("Ana"), api.person("Ben")
    async with serving(api, store):
        ana.says("poison")
        ana.says("behind it")
        await until(lambda: store.tried.count("poison") >= 5)
        assert store.texts == [], "it may still be the database that is at fault"
        ben.says("fine")
        await until(lambda: not api.updates)
    assert sorted(store.texts) == ["behind it", "fine"]
    assert "is given up" in caplog.text
    assert "poison" not in caplog.text


async def test_an_update_that_cannot_be_read_is_passed_over(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    store, ana = Store(), api.person("Ana")
    api.push("message", {"message_id": 1, "from": ana.user, "date": 1, "text": "a chatless canary"})
    api.push("callback_query", {"id": "1"})
    ana.says("fine")
    async with serving(api, store):
        await until(lambda: not api.updates)
    assert store.texts == ["fine"]
    assert caplog.text.count("cannot be read") == 2
    assert "canary" not in caplog.text


# -- trouble on the line


@pytest.mark.parametrize("kind", ["status", "cut", "page", "flood"])
async def test_a_line_that_breaks_is_taken_up_again(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.INFO)
    store, ana = Store(), api.person("Ana")
    api.fault("getUpdates", kind, 1 if kind == "flood" else 4)
    async with serving(api, store) as telegram:
        ana.says("one")
        await until(lambda: not api.updates)
        assert telegram.state is State.READY
    assert store.texts == ["one"]
    lines = [record.message for record in caplog.records if record.message.startswith("telegram is")]
    assert len(lines) == (1 if kind == "flood" else 3), lines  # ready, and once each: broken, ready again
    assert api.token not in caplog.text


@pytest.mark.parametrize("what", TELEGRAM)
async def test_whatever_stands_where_an_answer_should_it_is_waited_out(api: FakeTelegram, what: str) -> None:
    store, ana = Store(), api.person("Ana")
    for method in ("getMe", "deleteWebhook", "setMyCommands", "getUpdates"):
        spoil_telegram(api, method, what, 2)
    async with serving(api, store) as telegram:
        ana.says("one")
        await until(lambda: telegram.state is State.OFFLINE)
        assert telegram.reason
        assert telegram.down_for is not None
        await until(lambda: store.texts == ["one"])
        await until(lambda: telegram.state is State.READY)
        assert telegram.down_for is None
        assert telegram.messenger.me is not None
        assert telegram.messenger.me.id == str(api.bot_id)


async def test_an_outage_is_waited_out_from_the_start_and_in_the_middle(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    await api.unplug()
    async with serving(api, store) as telegram:
        await until(lambda: telegram.state is State.OFFLINE)
        await api.plug()
        await until(lambda: telegram.state is State.READY)
        await api.unplug()
        ana.says("meanwhile")
        await until(lambda: telegram.state is State.OFFLINE)
        assert "Error" in telegram.reason
        await api.plug()
        await until(lambda: store.texts == ["meanwhile"])


async def test_two_pollers_are_told_apart_from_an_outage(api: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    pace = replace(QUICK, conflict=0.3)  # long enough for both to have had their turn
    async with serving(api, Store(), pace) as first:
        await until(lambda: first.state is State.READY)
        async with serving(api, Store(), pace) as second:
            await until(lambda: State.CONFLICT in (first.state, second.state))
            ana = api.person("Ana")
            for _ in range(10):  # so that polls succeed between the conflicts
                ana.says("hello")
                await asyncio.sleep(0.05)
            assert 1 <= caplog.text.count("only one may receive") <= 2, "a line for each, though they take turns"
        await until(lambda: first.state is State.READY)


async def test_a_webhook_is_removed_before_polling_and_one_set_later_is_a_conflict(api: FakeTelegram) -> None:
    api.hook = Hook(url="http://127.0.0.1:9/x", secret="", connections=40)
    store, ana = Store(), api.person("Ana")
    ana.says("waiting")
    async with serving(api, store) as telegram:
        await until(lambda: store.texts == ["waiting"])
        assert api.called("deleteWebhook")[0]["drop_pending_updates"] == "false"
        api.hook = Hook(url="http://127.0.0.1:9/x", secret="", connections=40)
        await until(lambda: telegram.state is State.CONFLICT)
        assert len(api.called("deleteWebhook")) == 1, "whoever set it may need it"
        api.hook = None
        await until(lambda: telegram.state is State.READY)


async def test_a_revoked_token_is_a_state_of_its_own_with_one_line(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    async with serving(api, store) as telegram:
        await until(lambda: telegram.state is State.READY)
        api.revoked = True
        api.person("Ana").says("meanwhile")
        await until(lambda: telegram.state is State.UNAUTHORISED)
        await asyncio.sleep(0.2)
        assert caplog.text.count("unauthorised") == 1
        api.revoked = False
        await until(lambda: store.texts == ["meanwhile"])
    assert api.token not in caplog.text


async def test_a_poll_that_never_ends_is_given_up(api: FakeTelegram) -> None:
    store = Store()
    api.fault("getUpdates", "hang")
    async with serving(api, store, Pace(poll=0, grace=0.2, first=0.5, patience=0.01)) as telegram:
        await until(lambda: telegram.state is State.OFFLINE)
        api.person("Ana").says("at last")
        await until(lambda: store.texts == ["at last"])


async def test_after_a_long_silence_a_new_count_of_updates_is_followed(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with serving(api, store, Pace(poll=0, patience=0.01, forgetting=0.0)):
        ana.says("before")
        await until(lambda: not api.updates)
        await asyncio.sleep(0.1)
        api.next_update = 17  # "chosen randomly instead of sequentially": core.telegram.org/bots/api#update
        ana.says("after")
        await until(lambda: store.texts == ["before", "after"])
        await until(lambda: not api.updates)


# -- taps


async def test_every_press_is_answered_from_its_receipt(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    ana.says("hello")
    async with serving(api, store):
        await until(lambda: store.texts == ["hello"])
        assert await ana.toast(_press(ana, "abc:7")) == "Taken"
        assert await ana.toast(_press(ana, ":/help")) == "Taken"
        assert await ana.toast(_press(ana, "none of ours")) == ""
    assert store.texts[1:] == ["ButtonPressed", "CommandSent"]


async def test_a_press_that_is_too_old_to_answer_is_no_error(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store, ana = Store(), api.person("Ana")
    api.query_life = -1
    async with serving(api, store) as telegram:
        _press(ana, "abc:7")
        await until(lambda: bool(api.called("answerCallbackQuery")))
        await until(lambda: not api.updates)
        assert telegram.state is State.READY
    assert store.texts == ["ButtonPressed"]
    assert "too old" not in caplog.text


async def test_a_long_toast_is_cut_to_what_telegram_takes(api: FakeTelegram) -> None:
    ana = api.person("Ana")

    async def receive(event: Inbound, now: datetime) -> Receipt:
        return Receipt(outcome=Outcome.STALE, toast="Already answered. " * 20)

    telegram = Telegram(api.token, api_url=api.url, pace=QUICK)
    task = asyncio.create_task(telegram.serve(receive, lambda: NOW))
    toast = await ana.toast(_press(ana, "abc:7"))
    assert 100 < len(toast) <= 200
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await telegram.close()


def _press(ana: Person, data: str) -> str:
    look = Look("?", [], {"inline_keyboard": [[{"text": "7", "callback_data": data}]]})
    return ana.presses("7", on=Shown(id=1, chat=ana, date=1, preview=None, looks=[look]))


# -- once for all


async def test_a_group_and_an_album_are_heard_once(api: FakeTelegram) -> None:
    store, ana, group = Store(), api.person("Ana"), api.group()
    async with serving(api, store):
        for _ in range(3):
            group.hears(ana, "/help")
            ana.sends("photo", album="13579")
        ana.sends("photo", caption="done", album="13579")
        await until(lambda: not api.updates)
    assert sorted(store.texts) == ["GroupMention", "NonTextSent", "done"]


async def test_the_other_pictures_of_an_album_are_quiet_also_behind_a_caption(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with serving(api, store):
        ana.sends("photo", caption="done", album="24680")
        ana.sends("photo", album="24680")
        ana.sends("photo", album="24680")
        ana.says("after")
        await until(lambda: not api.updates)
    assert [type(event.content).__name__ for event in store.kept] == ["TextSent", "TextSent"]


async def test_an_edit_that_changes_no_word_is_quiet(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with serving(api, store):
        number, command = ana.says("8"), ana.says("/log ran")
        await until(lambda: not api.updates)
        ana.edits(number, "8")  # as when a preview of a link is added
        ana.edits(command, "/log ran")
        ana.edits(number, "9")
        ana.edits(number, "9")
        ana.says("after")
        await until(lambda: not api.updates)
    assert [getattr(event.content, "text", "") for event in store.kept] == ["8", "", "9", "after"]
