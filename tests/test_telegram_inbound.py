"""Telegram's updates become events: every kind, in the full shape that the Bot API documents."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.messages.incoming import (
    ButtonPressed,
    ChatStateChanged,
    CommandSent,
    Content,
    GroupMention,
    Inbound,
    NonTextSent,
    TextEdited,
    TextSent,
)
from handlers.telegram.inbound import Me, chat_of, inbound, query_of
from handlers.telegram.line import ALLOWED_UPDATES
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import MEDIA, Look, Person, Shown

ME = Me(id="5550001", username="throughline_test_bot")
CODE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def api() -> FakeTelegram:
    """The bot's account; nothing goes over a network here."""
    return FakeTelegram(allowed=ALLOWED_UPDATES)


@pytest.fixture
def ana(api: FakeTelegram) -> Person:
    return api.person("Ana")


def event(api: FakeTelegram) -> Inbound | None:
    return inbound(api.updates[-1], ME)


def content(api: FakeTelegram) -> Content | None:
    found = event(api)
    return found.content if found else None


def of_the_bot(person: Any, text: str = "Energy this week?", data: str = "abcdefghijklmnopqr:7") -> Shown:
    """A message of ours with one button."""
    markup = {"inline_keyboard": [[{"text": "7", "callback_data": data}]]}
    shown = Shown(id=90, chat=person, date=1_795_000_000, preview=None, looks=[Look(text, [], markup)])
    person.shown.append(shown)
    return shown


def test_an_event_says_who_where_and_which(api: FakeTelegram, ana: Person) -> None:
    number = ana.says("Call Sam by Friday")
    found = event(api)
    assert found is not None
    assert found.key == f"telegram:5550001:{api.updates[-1]['update_id']}"
    assert found.message_id == str(number)
    assert (found.address.platform, found.address.bot) == ("telegram", "5550001")
    assert (found.address.chat, found.address.user) == (str(ana.id), str(ana.id))
    assert found.name == "Ana"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call Sam", TextSent(text="Call Sam")),
        ("7", TextSent(text="7")),
        ("/log", CommandSent(verb="log")),
        ("/log 2 done", CommandSent(verb="log", rest="2 done")),
        ("/LOG@Throughline_Test_Bot  2 done ", CommandSent(verb="log", rest="2 done")),
        (f"/start {CODE}", CommandSent(verb="start", rest=CODE)),
        ("/start", CommandSent(verb="start")),
        ("/commit Call Sam\nby Friday", CommandSent(verb="commit", rest="Call Sam\nby Friday")),
        ("/usr/bin is full", TextSent(text="/usr/bin is full")),
        ("/7", TextSent(text="/7")),
        ("I did /log it", TextSent(text="I did /log it")),
        ("<b>bold</b> & @here", TextSent(text="<b>bold</b> & @here")),
    ],
)
def test_a_text_is_said_or_called(api: FakeTelegram, ana: Person, text: str, expected: Content) -> None:
    ana.says(text)
    assert content(api) == expected


def test_a_reply_hangs_on_a_message_of_ours_and_on_no_other(api: FakeTelegram, ana: Person) -> None:
    own = ana.says("before")
    shown = of_the_bot(ana)
    ana.says("7", reply_to=shown)
    assert content(api) == TextSent(text="7", hangs_on="90")
    ana.says("seven", reply_to=shown, quote="Energy")
    assert content(api) == TextSent(text="seven", hangs_on="90")
    ana.says("7", reply_to=own)
    assert content(api) == TextSent(text="7")


def test_an_edit_keeps_the_number_of_its_message(api: FakeTelegram, ana: Person) -> None:
    number = ana.says("8")
    ana.edits(number, "9")
    found = event(api)
    assert found is not None
    assert found.content == TextEdited(text="9")
    assert found.message_id == str(number)


def test_an_edit_without_a_text_is_nothing(api: FakeTelegram, ana: Person) -> None:
    ana.sends("location")
    moved = dict(api.updates[-1]["message"], edit_date=1_795_000_001)
    assert inbound({"update_id": 1, "edited_message": moved}, ME) is None


@pytest.mark.parametrize("kind", sorted(MEDIA))
def test_what_holds_no_text_is_a_sign_of_life(api: FakeTelegram, ana: Person, kind: str) -> None:
    ana.sends(kind)
    assert content(api) == NonTextSent(kind=kind)


def test_a_caption_counts_as_text(api: FakeTelegram, ana: Person) -> None:
    ana.sends("photo", caption="done!")
    assert content(api) == TextSent(text="done!")


def test_a_reaction_is_a_sign_of_life_and_taking_one_back_is_not(api: FakeTelegram, ana: Person) -> None:
    shown = of_the_bot(ana)
    ana.reacts(shown)
    assert content(api) == NonTextSent(kind="reaction")
    ana.reacts(shown, "", old="👍")
    assert content(api) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("abcdefghijklmnopqr:7", ButtonPressed(token="abcdefghijklmnopqr", value="7")),
        ("abcdefghijklmnopqr:a:b", ButtonPressed(token="abcdefghijklmnopqr", value="a:b")),
        ("abcdefghijklmnopqr:", ButtonPressed(token="abcdefghijklmnopqr", value="")),
        (":/client 2", CommandSent(verb="client", rest="2")),
        (":/digest", CommandSent(verb="digest")),
        ("nothing of ours", None),
        (":", None),
        ("", None),
    ],
)
def test_a_press_is_a_tap_or_a_command(api: FakeTelegram, ana: Person, data: str, expected: Content | None) -> None:
    query = ana.presses("7", on=of_the_bot(ana), data=data)
    if not data:
        del api.updates[-1]["callback_query"]["data"]  # a button of a game
    assert content(api) == expected
    assert query_of(api.updates[-1]) == query


def test_a_press_below_an_old_message_that_is_no_longer_shown_counts(api: FakeTelegram, ana: Person) -> None:
    ana.presses("7", on=of_the_bot(ana))
    query = api.updates[-1]["callback_query"]
    query["message"] = {"chat": ana.chat, "message_id": 90, "date": 0}  # core.telegram.org/bots/api#inaccessiblemessage
    assert content(api) == ButtonPressed(token="abcdefghijklmnopqr", value="7")


def test_a_press_in_a_group_or_below_an_inline_message_is_no_answer(api: FakeTelegram, ana: Person) -> None:
    ana.presses("7", on=of_the_bot(ana))
    query = api.updates[-1]["callback_query"]
    query["message"]["chat"] = api.group().chat
    assert content(api) is None
    del query["message"]
    query["inline_message_id"] = "CAAAAKs"
    assert content(api) is None


def test_blocking_and_unblocking_close_and_open_the_chat(api: FakeTelegram, ana: Person) -> None:
    ana.blocks()
    assert content(api) == ChatStateChanged(open=False)
    ana.unblocks()
    assert content(api) == ChatStateChanged(open=True)


def test_being_added_to_a_group_is_not_being_spoken_to(api: FakeTelegram, ana: Person) -> None:
    ana.unblocks()
    api.updates[-1]["my_chat_member"]["chat"] = api.group().chat
    assert content(api) is None


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Good morning all", False),
        ("@throughline_test_bot what is this?", True),
        ("@Throughline_Test_Bot", True),
        ("@throughline_test_bot_too", False),
        ("/help", True),
        ("/help@throughline_test_bot", True),
        ("/help@another_bot", False),
    ],
)
def test_a_group_is_overheard_only_when_it_speaks_to_us(api: FakeTelegram, ana: Person, text: str, heard: bool) -> None:
    group = api.group()
    group.hears(ana, text)
    found = event(api)
    assert (found is not None) is heard
    if found is not None:
        assert found.content == GroupMention()
        assert found.address.chat == str(group.id)
        group.hears(ana, text)
        again = event(api)
        assert again is not None
        assert again.key == found.key, "a group is answered once, ever"
        assert text not in repr(found), "nothing of a group is kept"


def test_a_reply_to_us_in_a_group_speaks_to_us(api: FakeTelegram, ana: Person) -> None:
    group = api.group()
    group.hears(ana, "Is it?", reply_to=of_the_bot(group))
    assert content(api) == GroupMention()


def test_bots_channels_and_service_messages_are_none_of_our_business(api: FakeTelegram, ana: Person) -> None:
    ana.says("hello")
    message = api.updates[-1]["message"]
    bot = dict(message, **{"from": api.bot | {"id": 77}})
    post = {k: v for k, v in message.items() if k != "from"} | {
        "chat": {"id": -100, "title": "News", "type": "channel"}
    }
    pinned = {k: v for k, v in message.items() if k not in ("text", "entities")} | {"pinned_message": message}
    nobody = dict(post, chat=api.group().chat, text="@throughline_test_bot")
    for kind, payload in (
        ("message", bot),
        ("edited_message", dict(bot, edit_date=1)),
        ("channel_post", post),
        ("edited_channel_post", post),
        ("message", pinned),
        ("message", nobody),
        ("chat_join_request", {"chat": ana.chat, "from": ana.user}),
    ):
        assert inbound({"update_id": 5, kind: payload}, ME) is None, kind


def test_an_update_of_a_chat_names_the_chat_whatever_its_shape(api: FakeTelegram, ana: Person) -> None:
    ana.says("hello")
    ana.presses("7", on=of_the_bot(ana))
    ana.reacts(ana.last)
    ana.blocks()
    assert {chat_of(update) for update in api.updates} == {ana.id}
    odd: list[dict[str, Any]] = [{}, {"message": []}, {"message": {"chat": 7}}, {"message": {"chat": {"id": "x"}}}]
    assert [chat_of(update) for update in odd] == [0, 0, 0, 0]


def test_only_what_is_translated_is_asked_for(api: FakeTelegram, ana: Person) -> None:
    group, shown = api.group(), of_the_bot(ana)
    for act in (
        lambda: ana.edits(ana.says("x"), "y"),
        lambda: ana.presses("7", on=shown),
        lambda: ana.reacts(shown),
        ana.blocks,
        lambda: group.hears(ana, "/help"),
    ):
        act()
    used = {kind for update in api.updates for kind in update if kind != "update_id" and inbound(update, ME)}
    assert used == set(ALLOWED_UPDATES)


@pytest.mark.parametrize("broken", [{"message": {"from": {"id": 1}}}, {"callback_query": {}}, {"message": None}])
def test_a_malformed_update_raises_what_the_intake_expects(broken: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, AttributeError)):
        inbound({"update_id": 1, **broken}, ME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@throughline_test_bot /log 2 done", CommandSent(verb="log", rest="2 done")),
        ("@Throughline_Test_Bot, help", TextSent(text="help")),
        ("@throughline_test_bot", TextSent(text="@throughline_test_bot")),
        ("@throughline_test_botany help", TextSent(text="@throughline_test_botany help")),
        ("tell @throughline_test_bot", TextSent(text="tell @throughline_test_bot")),
    ],
)
def test_our_own_name_in_front_says_to_whom_and_nothing_else(
    api: FakeTelegram, ana: Person, text: str, expected: Content
) -> None:
    ana.says(text)
    assert content(api) == expected


def test_an_event_says_when_it_was_written_or_changed(api: FakeTelegram, ana: Person) -> None:
    number = ana.says("8")
    ana.edits(number, "9")
    sent, edited = (inbound(update, ME) for update in api.updates)
    message, changed = api.updates[0]["message"], api.updates[1]["edited_message"]
    assert (sent.written, edited.written) == (  # type: ignore[union-attr]
        datetime.fromtimestamp(message["date"], UTC),
        datetime.fromtimestamp(changed["edit_date"], UTC),
    )
    for odd in ("soon", -1, 10**18, None):
        found = inbound({"update_id": 1, "message": message | {"date": odd}}, ME)
        assert found is not None
        assert found.written is None
