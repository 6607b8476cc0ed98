"""Pictures and documents in Telegram: uploaded with their words, changed in place, refused as the server refuses."""

import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.messages.incoming import Address
from bot.messages.outgoing import Choice, Document, File, Message
from bot.messages.sending import Fate, NotSent, Parcel, Refused, Sent, Unclear, Unreachable
from handlers.telegram.health import Health
from handlers.telegram.inbound import Me
from handlers.telegram.line import open_line
from handlers.telegram.messenger import TelegramMessenger
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person, Shown

BUTTONS = (Choice(value="a", label="Agree"), Choice(value="b", label="Change"))
HELD = Document(name="plan.txt", media="text/plain", text="words")  # what a row says that it holds


def png(wide: int = 4, tall: int = 3, *, more: int = 0) -> bytes:
    """A real PNG, white, made heavier by so many bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, tall, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * wide) * tall))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"teXt", b"x" * more) + rows + chunk(b"IEND", b"")


PICTURE = File(name="confidence.png", media="image/png", content=png(), alt="Confidence rose from 5 to 8.")
TEXT = File(name="plan.txt", media="text/plain", content="wörds".encode())


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@pytest.fixture
async def messenger(api: FakeTelegram) -> AsyncIterator[TelegramMessenger]:
    line, wires = open_line(api.token, api.url)
    messenger = TelegramMessenger(line, Health())
    messenger.me = Me(id=str(api.bot_id), username=api.username)
    yield messenger
    for wire in wires:
        await wire.shutdown()


@pytest.fixture
def ana(api: FakeTelegram) -> Person:
    return api.person("Ana", started=True)


def parcel(person: Person, message: Message, file: File | None = None, *, replaces: str = "") -> Parcel:
    address = Address(platform="telegram", bot=str(person.api.bot_id), chat=str(person.id), user=str(person.id))
    message = replace(message, file=HELD) if file or replaces else message
    return Parcel(id=1, address=address, message=message, replaces=replaces, file=file)


async def test_a_picture_arrives_as_a_photo_with_its_caption(messenger: TelegramMessenger, ana: Person) -> None:
    fate = await messenger.send(parcel(ana, Message(text="Six weeks <b>of it</b>"), PICTURE))
    assert fate == Sent(message_id=str(ana.last.id))
    assert (ana.last.upload.kind, ana.last.upload.content) == ("photo", PICTURE.content)
    assert ana.last.text == "Six weeks <b>of it</b>"


async def test_a_document_arrives_with_its_name_its_type_and_its_very_bytes(
    messenger: TelegramMessenger, ana: Person
) -> None:
    await messenger.send(parcel(ana, Message(text="Your plan"), TEXT))
    held = ana.last.upload
    assert (held.kind, held.name, held.media, held.content) == ("document", "plan.txt", "text/plain", TEXT.content)


async def test_a_file_without_words_has_no_caption(messenger: TelegramMessenger, ana: Person) -> None:
    assert isinstance(await messenger.send(parcel(ana, Message(text=""), TEXT)), Sent)
    assert ana.last.text == ""


async def test_buttons_stand_below_a_file_and_a_tap_changes_its_caption(
    messenger: TelegramMessenger, ana: Person
) -> None:
    asks = Message(text="Version 2. Do you agree?", token="abc", choices=BUTTONS)
    sent = await messenger.send(parcel(ana, asks, TEXT))
    assert isinstance(sent, Sent)
    assert ana.last.buttons == [["Agree"], ["Change"]]
    marked = Message(text="Version 2. Do you agree?\n✓ Agree")
    assert await messenger.send(parcel(ana, marked, replaces=sent.message_id)) == sent
    assert ana.last.text.endswith("✓ Agree")
    assert ana.last.buttons == []
    assert ana.last.upload.content == TEXT.content
    assert await messenger.send(parcel(ana, marked, replaces=sent.message_id)) == sent  # as it was


@pytest.mark.parametrize(("signs", "messages"), [(1_024, 1), (1_025, 2), (5_000, 3)])
async def test_words_that_are_too_many_for_a_caption_follow_the_file(
    messenger: TelegramMessenger, ana: Person, signs: int, messages: int
) -> None:
    asks = Message(text="x" * signs, token="abc", choices=BUTTONS)
    sent = await messenger.send(parcel(ana, asks, PICTURE))
    assert [bool(shown.upload) for shown in ana.shown] == [True, *[False] * (messages - 1)]
    assert "".join(shown.text for shown in ana.shown) == "x" * signs
    assert [bool(shown.buttons) for shown in ana.shown] == [*[False] * (messages - 1), True]
    assert isinstance(sent, Sent)
    assert isinstance(await messenger.send(parcel(ana, Message(text="✓ Agree"), replaces=sent.message_id)), Sent)
    assert ana.last.text == "✓ Agree"


async def test_a_caption_is_counted_in_utf_16_and_never_cut_inside_an_emoji(
    messenger: TelegramMessenger, ana: Person
) -> None:
    await messenger.send(parcel(ana, Message(text="👍🏽" * 256), PICTURE))
    assert len(ana.shown) == 1
    await messenger.send(parcel(ana, Message(text="👍🏽" * 257), PICTURE))
    assert len(ana.shown) == 3
    assert ana.last.text == "👍🏽" * 257


async def test_a_picture_too_heavy_for_a_photo_goes_as_a_document(messenger: TelegramMessenger, ana: Person) -> None:
    heavy = replace(PICTURE, content=png(more=10 * 1024 * 1024))
    assert isinstance(await messenger.send(parcel(ana, Message(text="Here"), heavy)), Sent)
    assert ana.last.upload.kind == "document"


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"GIF89a", "IMAGE_PROCESS_FAILED"), (b"", "non-empty"), (png(9_000, 1_001), "PHOTO_INVALID_DIMENSIONS")],
)
async def test_what_the_server_takes_for_no_picture_is_refused(
    messenger: TelegramMessenger, ana: Person, content: bytes, words: str
) -> None:
    fate = await messenger.send(parcel(ana, Message(text="Here"), replace(PICTURE, content=content)))
    assert isinstance(fate, Refused)
    assert words.lower() in fate.reason.lower()


@pytest.mark.parametrize(
    ("kind", "more", "fate"),
    [
        ("flood", {"seconds": 3}, NotSent),
        ("status", {"code": 500}, Unclear),
        ("cut", {}, Unclear),
        ("done-cut", {}, Unclear),
        ("page", {}, Unclear),
    ],
)
async def test_what_goes_wrong_is_told_as_with_any_message(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram, kind: str, more: dict[str, int], fate: type[Fate]
) -> None:
    api.fault("sendPhoto", kind, **more)
    found = await messenger.send(parcel(ana, Message(text="Here"), PICTURE))
    assert isinstance(found, fate)
    if isinstance(found, NotSent):
        assert found.retry_after == 3


async def test_a_closed_chat_takes_no_file(messenger: TelegramMessenger, ana: Person) -> None:
    ana.blocked = True
    assert isinstance(await messenger.send(parcel(ana, Message(text="Here"), PICTURE)), Unreachable)


async def test_only_the_beginning_is_known_where_the_words_after_a_file_fail(
    messenger: TelegramMessenger, ana: Person, api: FakeTelegram
) -> None:
    api.fault("sendMessage", "status", code=500)
    fate = await messenger.send(parcel(ana, Message(text="x" * 2_000), PICTURE))
    assert isinstance(fate, Unclear)
    shown: Shown = ana.last
    assert shown.upload
