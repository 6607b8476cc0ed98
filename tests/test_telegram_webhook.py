"""The webhook: only who knows the secret gets in, stored comes before 200, and Telegram hands in again what failed."""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.messages.incoming import Inbound, Outcome, Receipt, TextSent
from handlers.telegram.health import State
from handlers.telegram.line import ALLOWED_UPDATES
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
from handlers.telegram.webhook import BODY_LIMIT, PATH, webhook_route, webhook_url
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_account import Hook
from tests.support.garbage_answers import TELEGRAM, spoil_telegram

SECRET = "a-secret_of-256-bits"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
NOW = datetime.now(UTC)
QUICK = Pace(first=0.02, longest=0.05, watch=0.1, unauthorised=0.05)
UPDATE = {"update_id": 1, "message": {"text": "hello"}}
Take = Callable[[dict[str, Any]], Awaitable[None]]


def at(take: Take | None) -> httpx.AsyncClient:
    app = Starlette(routes=[webhook_route(SECRET, lambda: take)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot.test")


class RetentionChosen(list[dict[str, Any]]):
    async def take(self, update: dict[str, Any]) -> None:
        self.append(update)


async def test_the_right_secret_opens() -> None:
    kept = RetentionChosen()
    async with at(kept.take) as client:
        answer = await client.post(PATH, json=UPDATE, headers={HEADER: SECRET})
    assert (answer.status_code, answer.content) == (200, b"")
    assert kept == [UPDATE]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: SECRET[:-1]},
        {HEADER: SECRET + "x"},
        {HEADER: SECRET.upper()},
        {HEADER: "é".encode()},
        {"Authorization": SECRET},
    ],
)
async def test_a_wrong_or_missing_secret_does_not_and_says_nothing(headers: dict[str, Any]) -> None:
    kept = RetentionChosen()
    async with at(kept.take) as client:
        for body in (json.dumps(UPDATE).encode(), b"{", b"x" * (BODY_LIMIT + 1)):
            answer = await client.post(PATH, content=body, headers=headers)
            assert (answer.status_code, answer.content) == (403, b"")
    assert kept == []


def test_there_is_no_webhook_without_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_route("", lambda: None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'"update_id"', 400),
        (b"{}", 400),
        (b'{"update_id": "1"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": 1, "x": "' + b"x" * BODY_LIMIT + b'"}', 413),
    ],
)
async def test_what_is_no_update_is_turned_away(body: bytes, status: int) -> None:
    kept = RetentionChosen()
    async with at(kept.take) as client:
        answer = await client.post(PATH, content=body, headers={HEADER: SECRET})
    assert (answer.status_code, answer.content) == (status, b"")
    assert kept == []


async def test_other_methods_are_not_served() -> None:
    async with at(RetentionChosen().take) as client:
        assert (await client.get(PATH, headers={HEADER: SECRET})).status_code == 405


async def test_what_could_not_be_stored_is_a_500_without_details(caplog: pytest.LogCaptureFixture) -> None:
    async def take(update: dict[str, Any]) -> None:
        raise OSError(f"disk full while writing {update['message']['text']}")

    async with at(take) as client:
        answer = await client.post(PATH, json=UPDATE, headers={HEADER: SECRET})
    assert (answer.status_code, answer.content) == (500, b"")
    assert "update 1 was not stored (OSError)" in caplog.text
    assert "hello" not in caplog.text


async def test_before_the_bot_is_known_telegram_is_asked_to_come_again() -> None:
    async with at(None) as client:
        assert (await client.post(PATH, json=UPDATE, headers={HEADER: SECRET})).status_code == 503


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://bot.example.org", f"https://bot.example.org{PATH}"),
        ("https://bot.example.org/", f"https://bot.example.org{PATH}"),
        (f"https://bot.example.org{PATH}", f"https://bot.example.org{PATH}"),
        ("https://example.org/coaching/hook", "https://example.org/coaching/hook"),
    ],
)
def test_a_bare_host_gets_the_path_that_is_served(given: str, expected: str) -> None:
    assert webhook_url(given) == expected


# -- with a server on both sides


class Store:
    """What stands in for the conversation."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.keys: set[str] = set()
        self.fail = 0
        self.slow: asyncio.Event | None = None

    async def receive(self, event: Inbound, now: datetime) -> Receipt:
        text = event.content.text if isinstance(event.content, TextSent) else type(event.content).__name__
        if self.slow and text == "slow":
            await self.slow.wait()
        if self.fail:
            self.fail -= 1
            raise OSError("no")
        if event.key in self.keys:
            return Receipt(outcome=Outcome.DUPLICATE)
        self.keys.add(event.key)
        self.texts.append(text)
        return Receipt(outcome=Outcome.ACCEPTED, toast="Taken")


@contextlib.asynccontextmanager
async def hooked(api: FakeTelegram, store: Store) -> AsyncIterator[Telegram]:
    """Our webhook under uvicorn, at the fake's service."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        telegram = Telegram(api.token, api_url=api.url, url=url, secret=SECRET, pace=QUICK)
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=telegram.routes()), log_level="error", lifespan="off"))
        web = asyncio.create_task(server.serve(sockets=[listening]))
        task = asyncio.create_task(telegram.serve(store.receive, lambda: datetime.now(UTC)))
        try:
            yield telegram
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            server.should_exit = True
            await web
            await telegram.close()


async def until(true: Callable[[], bool], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


async def test_the_webhook_is_set_with_all_it_needs_and_updates_arrive(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with hooked(api, store) as telegram:
        await until(lambda: telegram.state is State.READY)
        ana.says("hello")
        ana.says("again")
        await until(lambda: store.texts == ["hello", "again"])
        await until(lambda: not api.updates)
        asked = api.called("setWebhook")[0]
    assert asked["url"].endswith(PATH)
    assert asked["secret_token"] == SECRET
    assert json.loads(asked["allowed_updates"]) == list(ALLOWED_UPDATES)
    assert asked["max_connections"] == "40"
    assert asked["drop_pending_updates"] == "false"
    assert [status for _, status in api.delivered] == [200, 200]
    assert not api.called("getUpdates")


async def test_telegram_hands_in_again_what_was_not_stored_and_in_order(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    store.fail = 3
    async with hooked(api, store):
        await until(lambda: api.hook is not None)
        ana.says("one")
        ana.says("two")
        await until(lambda: not api.updates)
    assert store.texts == ["one", "two"]
    assert [status for _, status in api.delivered] == [500, 500, 500, 200, 200]


async def test_an_update_that_cannot_be_read_is_not_handed_in_for_ever(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana")
    async with hooked(api, store):
        await until(lambda: api.hook is not None)
        api.push("message", {"message_id": 1, "from": ana.user, "chat": {"id": 5}, "date": 1, "text": "odd"})
        await until(lambda: not api.updates)
    assert store.texts == []


async def test_two_requests_for_one_chat_take_turns_and_another_chat_passes(api: FakeTelegram) -> None:
    store, ana, ben = Store(), api.person("Ana"), api.person("Ben")
    store.slow = asyncio.Event()
    async with hooked(api, store):
        await until(lambda: api.hook is not None)
        assert api.hook is not None
        hook = api.hook
        updates = []
        api.hook = None  # from here on by hand, all at once
        for person, text in ((ana, "slow"), (ana, "after it"), (ben, "beside it")):
            person.says(text)
            updates.append(api.updates.pop())
        async with httpx.AsyncClient(headers={HEADER: SECRET}) as client:
            first = asyncio.create_task(client.post(hook.url, json=updates[0]))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(client.post(hook.url, json=updates[1]))
            assert (await client.post(hook.url, json=updates[2])).status_code == 200
            assert store.texts == ["beside it"]
            store.slow.set()
            assert {(await first).status_code, (await second).status_code} == {200}
        api.hook = hook
    assert store.texts == ["beside it", "slow", "after it"]


async def test_a_press_is_answered(api: FakeTelegram) -> None:
    store, ana = Store(), api.person("Ana", started=True)
    async with hooked(api, store) as telegram:
        await until(lambda: telegram.state is State.READY)
        await telegram._line.send_message(ana.id, "?", reply_markup=_button("abc:7"))
        assert await ana.toast(ana.presses("7")) == "Taken"


def _button(data: str) -> Any:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    return InlineKeyboardMarkup([[InlineKeyboardButton("7", callback_data=data)]])


async def test_a_webhook_that_somebody_else_changed_is_set_again(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    async with hooked(api, Store()) as telegram:
        await until(lambda: telegram.state is State.READY)
        ours = api.hook
        api.hook = Hook(url="http://127.0.0.1:9/else", secret="", connections=1)
        await until(lambda: len(api.called("setWebhook")) == 2)
        assert ours is not None
        assert api.hook.url == ours.url
    assert "changed by somebody else" in caplog.text


@pytest.mark.parametrize("what", TELEGRAM)
async def test_whatever_stands_where_an_answer_should_it_is_waited_out(api: FakeTelegram, what: str) -> None:
    store, ana = Store(), api.person("Ana")
    for method in ("getMe", "setWebhook", "getWebhookInfo"):
        spoil_telegram(api, method, what, 2)
    async with hooked(api, store) as telegram:
        await until(lambda: telegram.state is State.OFFLINE)
        ana.says("hello")
        await until(lambda: store.texts == ["hello"])
        await until(lambda: telegram.state is State.READY)


async def test_trouble_with_the_webhook_and_a_revoked_token_are_seen(
    api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    store, ana = Store(), api.person("Ana")
    async with hooked(api, store) as telegram:
        await until(lambda: telegram.state is State.READY)
        store.fail = 1_000_000
        ana.says("hello")
        await until(lambda: telegram.state is State.OFFLINE)
        assert "500" in telegram.reason
        store.fail = 0
        await until(lambda: telegram.state is State.READY)
        api.revoked = True
        await until(lambda: telegram.state is State.UNAUTHORISED)
        api.revoked = False
        await until(lambda: telegram.state is State.READY)
    assert store.texts == ["hello"]
    assert api.token not in caplog.text
