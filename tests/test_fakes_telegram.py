"""The fake Bot API is as strict as the real one: each rule is tried by hand, over HTTP, without our code."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_rules import Bucket, Json

ONE_BUTTON = {"inline_keyboard": [[{"text": "7", "callback_data": "t:7"}]]}


@dataclass
class Caller:
    """A bot that speaks plain HTTP."""

    api: FakeTelegram
    session: aiohttp.ClientSession

    async def ask(self, method: str, **given: Any) -> tuple[int, Json]:
        """Call a method as PTB does, with a form; returns the code and the whole answer."""
        form = {k: v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
        async with self.session.post(f"{self.api.url}/bot{self.api.token}/{method}", data=form) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **given: Any) -> Any:
        code, answer = await self.ask(method, **given)
        assert (code, answer["ok"]) == (200, True), answer
        return answer["result"]

    async def no(self, method: str, **given: Any) -> str:
        code, answer = await self.ask(method, **given)
        assert answer["ok"] is False
        assert answer["error_code"] == code
        return f"{code} {answer['description']}"


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@pytest.fixture
async def bot(api: FakeTelegram) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        yield Caller(api, session)


@pytest.fixture
def ana(api: FakeTelegram) -> Person:
    return api.person("Ana", started=True)


async def test_who_may_call_what(api: FakeTelegram, bot: Caller) -> None:
    me = await bot.ok("getMe")
    assert me["is_bot"] is True
    assert me["username"] == api.username
    assert await bot.ok("GETME") == me, "method names are case-insensitive"
    assert await bot.no("getYou") == "404 Not Found: method not found"
    async with bot.session.get(f"{api.url}/bot1:x/getMe") as answer:
        assert answer.status == 401
    api.revoked = True
    assert await bot.no("getMe") == "401 Unauthorized"


async def test_parameters_come_in_every_documented_way(api: FakeTelegram, bot: Caller, ana: Person) -> None:
    url = f"{api.url}/bot{api.token}/sendMessage"
    given: dict[str, str | int] = {"chat_id": ana.id, "text": "hi"}
    async with bot.session.get(url, params=given) as answer:
        assert answer.status == 200
    async with bot.session.post(url, json=given) as answer:
        assert answer.status == 200
    form = aiohttp.FormData({k: str(v) for k, v in given.items()}, default_to_multipart=True)
    async with bot.session.post(url, data=form) as answer:
        assert answer.status == 200
    assert [shown.text for shown in ana.shown] == ["hi"] * 3


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"chat_id": 5}, "chat not found"),
        ({"chat_id": "x"}, "parameter chat_id must be an integer"),
        ({"text": None}, "message text is empty"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"parse_mode": "BB"}, "unsupported parse_mode"),
        ({"reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"reply_markup": "[]"}, "object expected as reply markup"),
        ({"reply_markup": {"inline_keyboard": [{}]}}, "can't parse inline keyboard"),
        ({"disable_notification": "maybe"}, "parameter disable_notification must be a Boolean"),
        ({"link_preview_options": "true"}, "object expected as link preview options"),
    ],
)
async def test_a_message_that_is_wrong_is_turned_down(bot: Caller, ana: Person, given: Json, expected: str) -> None:
    whole = {"chat_id": ana.id, "text": "x"} | given
    found = await bot.no("sendMessage", **{name: value for name, value in whole.items() if value is not None})
    assert found.startswith(f"400 Bad Request: {expected}")


@pytest.mark.parametrize("text", [" \u200b\n", "x" * 4097, "😀" * 2049])
async def test_the_length_of_a_text_is_counted_in_utf16(bot: Caller, ana: Person, text: str) -> None:
    expected = "message is too long" if text.strip("\u200b \n") else "message text is empty"
    assert expected in await bot.no("sendMessage", chat_id=ana.id, text=text)
    await bot.ok("sendMessage", chat_id=ana.id, text="😀" * 2048)
    await bot.ok("sendMessage", chat_id=ana.id, text="  " + "x" * 4096 + "\n")
    assert ana.last.text == "x" * 4096, "edges are trimmed"


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ({"text": "7", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "7", "callback_data": "ü" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "7", "callback_data": ""}, "Text buttons are unallowed"),
        ({"text": "7", "callback_data": 7}, "BUTTON_DATA_INVALID"),
        ({"text": "7"}, "Text buttons are unallowed"),
        ({"callback_data": "x"}, 'Can\'t find field "text"'),
        ({"text": " ", "callback_data": "x"}, "BUTTON_INVALID"),
        ({"text": "7", "callback_data": "x", "url": "https://a.b"}, "BUTTON_INVALID"),
    ],
)
async def test_a_button_that_is_wrong_is_turned_down(bot: Caller, ana: Person, button: Json, expected: str) -> None:
    markup = {"inline_keyboard": [[button]]}
    assert expected in await bot.no("sendMessage", chat_id=ana.id, text="x", reply_markup=markup)


async def test_a_keyboard_has_a_size(bot: Caller, ana: Person) -> None:
    def rows(number: int, width: int) -> Json:
        return {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 64}] * width for _ in range(number)]}

    await bot.ok("sendMessage", chat_id=ana.id, text="x", reply_markup=rows(12, 8))
    assert "row" in await bot.no("sendMessage", chat_id=ana.id, text="x", reply_markup=rows(1, 9))
    assert "too long" in await bot.no("sendMessage", chat_id=ana.id, text="x", reply_markup=rows(101, 1))


@pytest.mark.parametrize(
    ("mode", "text", "expected"),
    [
        ("HTML", "a <b>c", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "ü <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("HTML", "a </b>", "Unexpected end tag at byte offset 2"),
        ("HTML", "<i><b>x</i></b>", 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'),
        ("HTML", "1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("HTML", "x <b", "Unclosed start tag at byte offset 2"),
        ("HTML", "<b>x</b", "Unclosed end tag at byte offset 4"),
        ("MarkdownV2", "1.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("MarkdownV2", "🏟 🏟_abacaba", "Can't find end of Italic entity at byte offset 9"),
    ],
)
async def test_marks_that_do_not_match_are_an_error_with_an_offset(
    bot: Caller, ana: Person, mode: str, text: str, expected: str
) -> None:
    found = await bot.no("sendMessage", chat_id=ana.id, text=text, parse_mode=mode)
    assert found == f"400 Bad Request: can't parse entities: {expected}"


async def test_marks_that_match_are_taken_out(bot: Caller, ana: Person) -> None:
    await bot.ok("sendMessage", chat_id=ana.id, text="<b>a</b> &lt;c&gt; &amp;", parse_mode="HTML")
    assert ana.last.text == "a <c> &"
    await bot.ok("sendMessage", chat_id=ana.id, text="*a* 1\\.", parse_mode="MarkdownV2")
    assert ana.last.text == "a 1."


async def test_a_message_is_answered_in_full_shape(api: FakeTelegram, bot: Caller, ana: Person) -> None:
    sent = await bot.ok("sendMessage", chat_id=ana.id, text="see /help at https://a.b", reply_markup=ONE_BUTTON)
    assert sent["from"] == api.bot
    assert sent["chat"] == ana.chat
    assert sent["reply_markup"] == ONE_BUTTON
    assert [(e["type"], e["offset"], e["length"]) for e in sent["entities"]] == [
        ("bot_command", 4, 5),
        ("url", 13, 11),
    ]
    assert {"message_id", "date", "text"} <= sent.keys()


async def test_an_edit_changes_text_and_keyboard_and_must_change_something(bot: Caller, ana: Person) -> None:
    sent = await bot.ok("sendMessage", chat_id=ana.id, text="?", reply_markup=ONE_BUTTON)
    named = {"chat_id": ana.id, "message_id": sent["message_id"]}
    same = await bot.no("editMessageText", **named, text=" ? ", reply_markup=ONE_BUTTON)
    assert same.startswith("400 Bad Request: message is not modified: ")
    edited = await bot.ok("editMessageText", **named, text="?")
    assert "reply_markup" not in edited
    assert "edit_date" in edited
    await bot.ok("editMessageReplyMarkup", **named, reply_markup=ONE_BUTTON)
    assert ana.last.buttons == [["7"]]
    assert (await bot.no("editMessageText", **named, text="x" * 4097)).endswith("MESSAGE_TOO_LONG")
    theirs = {"chat_id": ana.id, "message_id": ana.says("mine")}
    assert (await bot.no("editMessageText", **theirs, text="x")).endswith("message can't be edited")
    assert (await bot.no("editMessageText", chat_id=ana.id, message_id=1, text="x")).endswith(
        "message to edit not found"
    )
    assert "message identifier is not specified" in await bot.no("editMessageText", chat_id=ana.id, text="x")


async def test_a_closed_chat_is_forbidden(api: FakeTelegram, bot: Caller, ana: Person) -> None:
    ana.blocks()
    assert await bot.no("sendMessage", chat_id=ana.id, text="x") == "403 Forbidden: bot was blocked by the user"
    ana.unblocks()
    ana.deactivated = True
    assert await bot.no("sendMessage", chat_id=ana.id, text="x") == "403 Forbidden: user is deactivated"
    ben = api.person("Ben")
    assert "can't initiate conversation" in await bot.no("sendMessage", chat_id=ben.id, text="x")
    group = api.group()
    group.migrated_to = -42
    code, answer = await bot.ask("sendMessage", chat_id=group.id, text="x")
    assert (code, answer["parameters"]) == (400, {"migrate_to_chat_id": -42})


# -- updates


async def test_updates_stay_until_a_higher_offset_confirms_them(bot: Caller, ana: Person) -> None:
    for text in ("one", "two", "three"):
        ana.says(text)
    first = await bot.ok("getUpdates", limit=2)
    assert [u["message"]["text"] for u in first] == ["one", "two"]
    assert await bot.ok("getUpdates", limit=2) == first
    rest = await bot.ok("getUpdates", offset=first[-1]["update_id"] + 1)
    assert [u["message"]["text"] for u in rest] == ["three"]
    ana.says("four")
    assert [u["message"]["text"] for u in await bot.ok("getUpdates", offset=-1)] == ["four"]
    assert len(await bot.ok("getUpdates")) == 1, "those before a negative offset are forgotten"
    assert "limit" in await bot.no("getUpdates", limit=101)


async def test_only_the_kinds_asked_for_come_and_reactions_must_be_asked_for(bot: Caller, ana: Person) -> None:
    await bot.ok("sendMessage", chat_id=ana.id, text="?")
    ana.reacts(ana.last)
    ana.says("hi")
    assert [set(u) - {"update_id"} for u in await bot.ok("getUpdates")] == [{"message"}]
    await bot.ok("getUpdates", allowed_updates=["message_reaction"], offset=-1)
    ana.reacts(ana.last)
    ana.says("hi")
    found = await bot.ok("getUpdates")
    assert [set(u) - {"update_id"} for u in found][1:] == [{"message_reaction"}]


async def test_a_long_poll_waits_for_an_update_or_its_end(bot: Caller, ana: Person) -> None:
    poll = asyncio.create_task(bot.ok("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    assert not poll.done()
    ana.says("now")
    assert len(await asyncio.wait_for(poll, 1)) == 1
    began = time.monotonic()
    assert await bot.ok("getUpdates", offset=2_000_000_000, timeout=1) == []
    assert time.monotonic() - began > 0.9


async def test_a_second_poll_ends_the_first_and_so_does_a_webhook(api: FakeTelegram, bot: Caller) -> None:
    first = asyncio.create_task(bot.no("getUpdates", timeout=5))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.no("getUpdates", timeout=5))
    assert (await asyncio.wait_for(first, 1)).startswith("409 Conflict: terminated by other getUpdates request")
    await bot.ok("setWebhook", url="http://127.0.0.1:9/")
    assert (await asyncio.wait_for(second, 1)).startswith("409 Conflict: terminated by setWebhook request")
    assert (await bot.no("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook is active")
    await bot.ok("deleteWebhook")
    await bot.ok("getUpdates")


async def test_a_webhook_gets_each_update_until_it_says_200(api: FakeTelegram, bot: Caller, ana: Person) -> None:
    got: list[tuple[str, str]] = []

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        got.append((update["message"]["text"], request.headers["X-Telegram-Bot-Api-Secret-Token"]))
        return web.Response(status=500 if len(got) < 3 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    assert "unallowed characters" in await bot.no("setWebhook", url=url, secret_token="no spaces")
    assert "HTTPS URL" in await bot.no("setWebhook", url="ftp://x")
    await bot.ok("setWebhook", url=url, secret_token="s3cret", max_connections=4, allowed_updates=["message"])
    ana.says("one")
    ana.says("two")
    await ana.until(lambda: not api.updates)
    assert got == [("one", "s3cret")] * 3 + [("two", "s3cret")]
    info = await bot.ok("getWebhookInfo")
    assert (info["url"], info["max_connections"], info["pending_update_count"]) == (url, 4, 0)
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    await runner.cleanup()


async def test_a_press_can_be_answered_once_and_for_a_while(api: FakeTelegram, bot: Caller, ana: Person) -> None:
    await bot.ok("sendMessage", chat_id=ana.id, text="?", reply_markup=ONE_BUTTON)
    query = ana.presses("7")
    update = (await bot.ok("getUpdates"))[0]["callback_query"]
    assert (update["id"], update["data"], update["message"]["reply_markup"]) == (query, "t:7", ONE_BUTTON)
    await bot.ok("answerCallbackQuery", callback_query_id=query, text="Taken")
    assert await ana.toast(query) == "Taken"
    too_old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.no("answerCallbackQuery", callback_query_id=query) == too_old
    assert await bot.no("answerCallbackQuery", callback_query_id="1") == too_old
    api.query_life = 0
    assert await bot.no("answerCallbackQuery", callback_query_id=ana.presses("7")) == too_old
    assert "MESSAGE_TOO_LONG" in await bot.no("answerCallbackQuery", callback_query_id="1", text="x" * 201)


async def test_commands_are_kept_by_scope_and_language(bot: Caller, ana: Person) -> None:
    listed = [{"command": "log", "description": "say how it went"}]
    scope = {"type": "chat", "chat_id": ana.id}
    await bot.ok("setMyCommands", commands=listed, scope=scope, language_code="de")
    assert await bot.ok("getMyCommands", scope=scope, language_code="de") == listed
    assert await bot.ok("getMyCommands", scope=scope) == []
    for wrong, why in (
        ([{"command": "Log", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "x" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "log", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "log", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (listed * 101, "BOT_COMMANDS_TOO_MUCH"),
    ):
        assert why in await bot.no("setMyCommands", commands=wrong)
    assert "chat not found" in await bot.no("setMyCommands", commands=listed, scope={"type": "chat", "chat_id": 5})
    assert "Unsupported type" in await bot.no("setMyCommands", commands=listed, scope={"type": "home"})
    await bot.ok("sendChatAction", chat_id=ana.id, action="typing")
    assert "wrong parameter action" in await bot.no("sendChatAction", chat_id=ana.id, action="sleeping")


# -- pacing and faults


async def test_too_much_at_once_is_a_429_that_says_how_long() -> None:
    async with FakeTelegram(burst=3) as api, aiohttp.ClientSession() as session:
        bot, ana, group = Caller(api, session), api.person("Ana", started=True), api.group()
        codes = [(await bot.ask("sendMessage", chat_id=ana.id, text="x"))[0] for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        _, answer = await bot.ask("sendMessage", chat_id=ana.id, text="x")
        assert answer["parameters"] == {"retry_after": 1}
        assert answer["description"] == "Too Many Requests: retry after 1"
        codes = [(await bot.ask("sendMessage", chat_id=group.id, text="x"))[0] for _ in range(21)]
        assert codes == [200] * 20 + [429]


def test_a_bucket_fills_again_at_its_rate() -> None:
    bucket = Bucket(2, 0.5)
    assert [bucket.take(now) for now in (0, 0, 0, 1.9, 2.0, 2.0)] == [0, 0, 2, 1, 0, 2]


async def test_faults_strike_as_often_as_told_before_or_after_the_deed(bot: Caller, ana: Person) -> None:
    api = bot.api
    api.fault("sendMessage", "status", code=500)
    api.fault("sendMessage", "done-status", code=500)
    api.fault("sendMessage", "done-cut")
    assert (await bot.no("sendMessage", chat_id=ana.id, text="a")).startswith("500")
    assert ana.shown == []
    assert (await bot.no("sendMessage", chat_id=ana.id, text="b")).startswith("500")
    with pytest.raises(aiohttp.ClientError):
        await bot.ok("sendMessage", chat_id=ana.id, text="c")
    assert [shown.text for shown in ana.shown] == ["b", "c"]
    api.fault("sendMessage", "flood", seconds=9)
    assert (await bot.no("sendMessage", chat_id=ana.id, text="d")).endswith("retry after 9")
    await api.unplug()
    with pytest.raises(aiohttp.ClientConnectorError):
        await bot.ok("getMe")
    await api.plug()
    await bot.ok("getMe")
    assert [call["text"] for call in api.called("sendMessage")] == ["a", "b", "c", "d"]
