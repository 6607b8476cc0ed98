"""What becomes of a message to Telegram: the real SDK against a server that is as strict, and as unreliable."""

import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.messages.incoming import Address
from bot.messages.outgoing import Choice, Message
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from handlers.telegram.health import Health, State
from handlers.telegram.inbound import Me
from handlers.telegram.line import DeclinedError, FloodError, Line, ServerError, open_line, redacted
from handlers.telegram.messenger import TelegramMessenger, fate_of
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person
from tests.support.garbage_answers import TELEGRAM, spoil_telegram

TOKEN = "abcdefghijklmnopqr"
ASKS = Message(text="How sure?", token=TOKEN, choices=(Choice(value="7", label="7"), Choice(value="8", label="8")))


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def messenger(api: FakeTelegram, health: Health) -> AsyncIterator[TelegramMessenger]:
    line, wires = open_line(api.token, api.url)
    messenger = TelegramMessenger(line, health)
    messenger.me = Me(id=str(api.bot_id), username=api.username)
    yield messenger
    for wire in wires:
        await wire.shutdown()


@pytest.fixture
def ana(api: FakeTelegram) -> Person:
    return api.person("Ana", started=True)


def parcel(person: Person, message: Message, *, replaces: str = "") -> Parcel:
    address = Address(platform="telegram", bot=str(person.api.bot_id), chat=str(person.id), user=str(person.id))
    return Parcel(id=1, address=address, message=message, replaces=replaces)


async def test_a_message_arrives_with_its_buttons(messenger: TelegramMessenger, ana: Person, api: FakeTelegram) -> None:
    fate = await messenger.send(parcel(ana, ASKS))
    assert fate == Sent(message_id=str(ana.last.id))
    assert ana.last.text == "How sure?"
    assert ana.last.buttons == [["7"], ["8"]]
    assert ana.last.data("7") == f"{TOKEN}:7"
    assert ana.last.preview == {"is_disabled": True}
    assert "parse_mode" not in api.called("sendMessage")[0]


async def test_what_people_wrote_is_shown_as_they_wrote_it(messenger: TelegramMessenger, ana: Person) -> None:
    text = "<b>*_bold_*</b> &amp; [x](http://a.b) \\. @here"
    await messenger.send(parcel(ana, Message(text=text)))
    assert ana.last.text == text


async def test_an_update_changes_the_message_and_takes_its_buttons(messenger: TelegramMessenger, ana: Person) -> None:
    sent = await messenger.send(parcel(ana, ASKS))
    assert isinstance(sent, Sent)
    done = parcel(ana, Message(text="How sure?\n✓ 7"), replaces=sent.message_id)
    assert await messenger.send(done) == sent
    assert ana.last.text == "How sure?\n✓ 7"
    assert ana.last.buttons == []
    assert await messenger.send(done) == sent, "not modified is as good as changed"
    assert len(ana.shown) == 1


async def test_an_update_of_a_message_that_is_gone_is_refused(messenger: TelegramMessenger, ana: Person) -> None:
    await messenger.send(parcel(ana, ASKS))
    ana.last.deleted = True
    for number in (str(ana.last.id), "424242", str(ana.says("theirs"))):
        assert isinstance(await messenger.send(parcel(ana, Message(text="x"), replaces=number)), Refused)


async def test_a_long_text_comes_in_parts_with_the_buttons_on_the_last(
    messenger: TelegramMessenger, ana: Person
) -> None:
    long = replace(ASKS, text="word " * 1500 + "👩‍👩‍👧‍👦" * 350)
    fate = await messenger.send(parcel(ana, long))
    assert fate == Sent(message_id=str(ana.last.id))
    assert len(ana.shown) == 3
    assert [bool(shown.buttons) for shown in ana.shown] == [False, False, True]
    assert "".join("".join(s.text for s in ana.shown).split()) == "".join(long.text.split())
    again = parcel(ana, replace(long, choices=()), replaces=fate.message_id)
    assert await messenger.send(again) == fate
    assert [bool(shown.buttons) for shown in ana.shown] == [False] * 3


@pytest.mark.parametrize("kind", ["flood", "status", "cut"])
async def test_a_failure_after_the_first_part_is_unclear(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram, kind: str
) -> None:
    api.fault("sendMessage", kind, after=1)
    assert isinstance(await messenger.send(parcel(ana, Message(text="x" * 5000))), Unclear)
    assert len(ana.shown) == 1


@pytest.mark.parametrize(
    ("kind", "code", "expected", "arrived"),
    [
        ("flood", 429, NotSent, False),
        ("status", 429, NotSent, False),
        ("status", 500, Unclear, False),
        ("status", 502, Unclear, False),
        ("done-status", 500, Unclear, True),
        ("page", 502, Unclear, False),
        ("page", 403, Unclear, False),
        ("page", 404, Unclear, False),
        ("page", 200, Unclear, False),
        ("status", 400, Refused, False),
        ("status", 413, Refused, False),
        ("cut", 0, Unclear, False),
        ("done-cut", 0, Unclear, True),
    ],
)
async def test_every_answer_is_classified(
    messenger: TelegramMessenger,
    ana: Person,
    api: FakeTelegram,
    kind: str,
    code: int,
    expected: type[Fate],
    arrived: bool,
) -> None:
    api.fault("sendMessage", kind, code=code, seconds=7)
    fate = await messenger.send(parcel(ana, ASKS))
    assert isinstance(fate, expected), fate
    assert bool(ana.shown) is arrived
    assert len(api.called("sendMessage")) == 1, "nothing is sent again by itself"
    if isinstance(fate, NotSent):
        assert fate.retry_after == (7 if kind == "flood" else 5)
    assert isinstance(await messenger.send(parcel(ana, ASKS)), Sent)


@pytest.mark.parametrize("what", [what for what in TELEGRAM if what != "a refusal with a list"])
@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_what_is_no_answer_of_telegrams_refuses_nothing(
    messenger: TelegramMessenger, health: Health, ana: Person, api: FakeTelegram, method: str, what: str
) -> None:
    first = await messenger.send(parcel(ana, ASKS))
    assert isinstance(first, Sent)
    spoil_telegram(api, method, what, 1)
    again = parcel(ana, ASKS, replaces=first.message_id if method == "editMessageText" else "")
    assert isinstance(await messenger.send(again), Unclear)
    assert health.state is State.OFFLINE
    assert isinstance(await messenger.send(again), Sent)
    assert str(health.state) == "ready"


async def test_nobody_listening_and_no_such_host_are_not_sent(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram
) -> None:
    await api.unplug()
    assert isinstance(await messenger.send(parcel(ana, ASKS)), NotSent)
    await api.plug()
    assert isinstance(await messenger.send(parcel(ana, ASKS)), Sent)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (httpx.ConnectError("refused"), NotSent),
        (httpx.ConnectTimeout("slow"), NotSent),
        (httpx.PoolTimeout("full"), NotSent),
        (httpx.ProxyError("503"), NotSent),
        (httpx.ReadTimeout("silent"), Unclear),
        (httpx.WriteTimeout("stuck"), Unclear),
        (httpx.ReadError("reset"), Unclear),
        (httpx.WriteError("reset"), Unclear),
        (httpx.RemoteProtocolError("disconnected"), Unclear),
        (UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogate"), Refused),
        (None, Unclear),
    ],
)
def test_what_httpx_raised_tells_whether_it_left(cause: Exception | None, expected: type[Fate]) -> None:
    kinds: list[type[NetworkError]] = [NetworkError]
    if isinstance(cause, httpx.TimeoutException):
        kinds.append(TimedOut)
    for kind in kinds:
        error = kind("made up")
        error.__cause__ = cause
        assert isinstance(fate_of(error), expected)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FloodError(3.5), NotSent(reason="FloodError: Too many requests; wait 3.5 s", retry_after=3.5)),
        (InvalidToken("Unauthorized"), NotSent(reason="token revoked", retry_after=60.0, whole=True)),
        (Forbidden("Forbidden: bot was blocked by the user"), Unreachable),
        (Forbidden("Forbidden: user is deactivated"), Unreachable),
        (BadRequest("Bad Request: chat not found"), Unreachable),
        (BadRequest("Bad Request: message is too long"), Refused),
        (BadRequest("Bad Request: message can't be edited"), Refused),
        (ChatMigrated(-100123), Refused),
        (DeclinedError("HTTP 413"), Refused),
        (ServerError("HTTP 500"), Unclear),
        (TelegramError("Invalid server response"), Unclear),
    ],
)
def test_every_error_of_the_sdk_has_a_fate(error: TelegramError, expected: Fate | type[Fate]) -> None:
    fate = fate_of(error)
    assert fate == expected if not isinstance(expected, type) else isinstance(fate, expected)


async def test_a_closed_chat_is_unreachable(messenger: TelegramMessenger, ana: Person) -> None:
    ana.blocked = True
    assert isinstance(await messenger.send(parcel(ana, ASKS)), Unreachable)
    ana.blocked, ana.deactivated = False, True
    assert isinstance(await messenger.send(parcel(ana, ASKS)), Unreachable)
    stranger = ana.api.person("Ben")
    assert isinstance(await messenger.send(parcel(stranger, ASKS)), Unreachable)
    stranger.id = 12345
    assert isinstance(await messenger.send(parcel(stranger, ASKS)), Unreachable)


async def test_a_group_that_moved_is_refused(messenger: TelegramMessenger, ana: Person) -> None:
    group = ana.api.group()
    group.migrated_to = -100
    address = replace(parcel(ana, ASKS).address, chat=str(group.id))
    fate = await messenger.send(replace(parcel(ana, ASKS), address=address))
    assert isinstance(fate, Refused)


async def test_pacing_of_the_platform_is_honoured(ana: Person) -> None:
    async with FakeTelegram(burst=2) as api:
        line, wires = open_line(api.token, api.url)
        messenger = TelegramMessenger(line, Health())
        messenger.me = Me(id=str(api.bot_id))
        ben = api.person("Ben", started=True)
        fates = [await messenger.send(parcel(ben, Message(text=str(n)))) for n in range(3)]
        assert [type(fate) for fate in fates] == [Sent, Sent, NotSent]
        assert isinstance(fates[2], NotSent)
        assert fates[2].retry_after == 1
        for wire in wires:
            await wire.shutdown()


async def test_a_revoked_token_is_known_from_the_first_answer(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram, health: Health
) -> None:
    api.revoked = True
    assert await messenger.send(parcel(ana, ASKS)) == NotSent(reason="token revoked", retry_after=60.0, whole=True)
    assert health.state is State.UNAUTHORISED


async def test_nothing_is_sent_for_another_bot_or_before_the_bot_is_known(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram
) -> None:
    other = replace(parcel(ana, ASKS), address=replace(parcel(ana, ASKS).address, bot="42"))
    assert isinstance(await messenger.send(other), Unreachable)
    assert isinstance(await messenger.send(parcel(ana, ASKS, replaces="console-7")), Refused)
    messenger.me = None
    assert isinstance(await messenger.send(parcel(ana, ASKS)), NotSent)
    assert api.calls == []


async def test_text_that_cannot_be_encoded_is_mended(messenger: TelegramMessenger, ana: Person) -> None:
    assert isinstance(await messenger.send(parcel(ana, Message(text="a\0b\ud83d"))), Sent)
    assert ana.last.text == "ab�"
    assert isinstance(await messenger.send(parcel(ana, Message(text=" "))), Refused)


async def test_the_token_and_what_was_written_are_nowhere_in_logs_and_reasons(
    ana: Person, api: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "httpx", "httpcore", "telegram"):
        caplog.set_level(logging.DEBUG, logger=name)
    line, wires = open_line(api.token, api.url)
    messenger = TelegramMessenger(line, Health())
    messenger.me = Me(id=str(api.bot_id))
    said = [await messenger.send(parcel(ana, Message(text="a canary of Ana's")))]
    for kind, code in (("status", 500), ("page", 200), ("cut", 0), ("status", 400)):
        api.fault("sendMessage", kind, code=code)
        said.append(await messenger.send(parcel(ana, ASKS)))
    api.revoked = True
    said.append(await messenger.send(parcel(ana, ASKS)))
    await api.unplug()
    said.append(await messenger.send(parcel(ana, ASKS)))
    for wire in wires:
        await wire.shutdown()
    shown = caplog.text + repr(said) + repr(line)
    assert "canary" not in shown, "the token holds the word too"
    assert api.token not in shown
    assert "canary" not in redacted(ValueError(f"POST {api.url}/bot{api.token}/sendMessage"))


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        line, wires = open_line("1:x", f"http://127.0.0.1:{listening.getsockname()[1]}")
        with pytest.raises(TimedOut) as caught:
            await Line.send_message(line, 1, "x", read_timeout=0.05)
        assert isinstance(fate_of(caught.value), Unclear)
        for wire in wires:
            await wire.shutdown()
