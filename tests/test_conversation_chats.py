"""One person in several chats; chats that close; groups; pages and forms; on a messenger that can do all of that."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.messages.incoming import (
    ButtonPressed,
    ChatStateChanged,
    CommandSent,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    Inbound,
)
from handlers.console.keyboard import address_of
from storage.people import people
from tests.support.town import Person, Town


def code_in(person: Person) -> str:
    found = re.search(r"[0-9a-f]{32}", person.last.text)
    assert found is not None, person.last.text
    return found.group()


async def test_a_dialogue_begun_in_one_chat_is_finished_in_another(town: Town) -> None:
    ana, phone = await town.client("ana"), town.meet("ana-phone")
    await ana.says("/link")
    await phone.says(f"/join {code_in(ana)}")
    phone.reads("This chat is yours too now, Ana.")
    await ana.says("/commit Call Sam by Friday")
    await phone.says("8")
    phone.reads("One more minute")
    await phone.taps("Clear enough")
    assert [c.text for c in await ana.commitments()] == ["Call Sam"]


async def test_prompts_go_to_the_preferred_chat_and_a_tap_there_retires_the_other(town: Town) -> None:
    ana, phone = await town.client("ana", what="Write the memo by 18 December"), town.meet("ana-phone")
    await ana.says("/link")
    await phone.says(f"/join {code_in(ana)}")
    await phone.says("/link here")
    read = len(ana.read)
    await town.until(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    phone.reads('How sure are you about "Write the memo"')
    assert len(ana.read) == read
    sure = phone.asked
    await ana.says("7", hangs_on=None)
    ana.reads("One thing that went well?")
    await phone.taps("9", on=sure)
    assert phone.receipt.toast == "Already answered; nothing changed."


async def test_a_link_code_never_merges_two_people(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/link")
    code = code_in(ana)
    await ben.says(f"/join {code}")
    ben.reads("for a chat that I don't know yet")
    assert (await ben.place()).person != (await ana.place()).person


async def test_a_code_tried_in_the_wrong_chat_stays_good_for_the_right_one(town: Town) -> None:
    ana, dana, phone = await town.client("ana"), town.people["dana"], town.meet("ana-phone")
    await ana.says("/link")
    code = code_in(ana)
    for person in (ana, dana):
        await person.says(f"/join {code}")
        person.reads("Use it in the other chat")
    await phone.says(f"/join {code}")
    assert (await phone.place()).person == (await ana.place()).person
    await dana.says("/invite Bo")
    code = code_in(dana)
    await dana.says(f"/join {code}")
    dana.reads("your own invitation")
    bo = town.meet("bo")
    await bo.says(f"/join {code}")
    bo.reads("Hello Bo")


async def test_a_closed_chat_holds_prompts_and_the_coach_sees_not_connected(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await town.check_ins_only()
    await ana.does(ChatStateChanged(open=False))
    read = len(ana.read)
    await town.until(datetime(2026, 12, 7, 8, 1, tzinfo=UTC))
    assert len(ana.read) == read
    await dana.says("/clients")
    dana.reads("Ana: not connected")
    known = await town.app.database.read(partial(people.person, wanted=(await ana.place()).person))
    assert known is not None
    assert known.wishes.unanswered == 0
    await ana.does(ChatStateChanged(open=True))
    await town.until(datetime(2026, 12, 11, 8, 1, tzinfo=UTC))
    ana.reads("What one step would you take this week?")


async def test_a_group_gets_one_polite_line_a_day_and_nothing_is_kept(town: Town) -> None:
    await town.client("ana")
    group = town.meet("group")
    for _ in range(3):
        await group.does(GroupMention())
    assert len(group.read) == 1
    group.reads("I only talk in private chats")


async def test_the_page_shows_where_a_client_stands_and_is_drawn_anew_when_that_changes(town: Town) -> None:
    town.messenger.pages = True
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("9")
    await ana.taps("Clear enough")
    await ana.does(HomeOpened())
    page = ana.last.page
    assert [section.heading for section in page] == ["Open commitments", "What comes next", "Who sees what"]
    assert page[0].lines == ("1. Call Sam, due Fri 27 Nov",)
    assert {choice.value for section in page for choice in section.choices} >= {"/commit", "/checkin", "/pause"}
    await ana.says("log 1 done")
    assert ana.last.page[0].lines == ("Nothing is open just now.",)


async def test_a_button_without_a_token_is_a_command(town: Town) -> None:
    ana = await town.client("ana")
    await ana.does(ButtonPressed(token="", value="/progress"))
    ana.reads("Nothing is open just now.")


@pytest.fixture
def formal(town: Town) -> Town:
    town.messenger.forms = True
    return town


async def opens_form(person: Person) -> None:
    address = address_of(person.user)
    event = Inbound(key="f1", address=address, content=CommandSent(verb="commit"), trigger="lent for three seconds")
    await person.town.app.conversation.receive(event, person.town.clock())
    await person.town.app.delivery.drain()


async def test_a_form_takes_all_answers_at_once(formal: Town) -> None:
    ana = await formal.client("ana")
    await opens_form(ana)
    form = ana.last.form
    assert form is not None
    assert [field.name for field in form.fields] == ["what", "due", "confidence", "cue", "proof"]
    receipt = await ana.does(
        FormSubmitted(
            token=ana.last.token, values={"what": "Call Sam", "due": "by Friday", "confidence": "8", "cue": ""}
        )
    )
    assert receipt.errors == {}
    ana.reads('"Call Sam", by Fri 27 Nov.')
    (promise,) = await ana.commitments()
    assert (promise.text, promise.confidence, promise.cue) == ("Call Sam", 8, "")


async def test_a_form_with_a_wrong_field_changes_nothing_and_says_which(formal: Town) -> None:
    ana = await formal.client("ana")
    await opens_form(ana)
    token = ana.last.token
    values = {"what": "", "due": "when the cows come home", "confidence": "eleventy"}
    receipt = await ana.does(FormSubmitted(token=token, values=values))
    assert receipt.errors.keys() == {"what", "due", "confidence"}
    assert await ana.commitments() == ()
    receipt = await ana.does(FormSubmitted(token=token, values={"what": "Call Sam", "due": "", "confidence": "4"}))
    assert receipt.errors == {}
    ana.reads("What would you change to make that an 8")


async def test_a_form_that_cannot_be_opened_in_time_becomes_its_first_question(formal: Town) -> None:
    ana = await formal.client("ana")
    formal.messenger.refuse_forms = True
    await opens_form(ana)
    ana.reads("What will you do?")
    assert ana.last.form is None
    await ana.says("Call Sam by Friday")
    ana.reads("How sure are you")
