"""A coach's code for a new chat of a client: whose chat it becomes, who hears of it, and what it never shows."""

import json
import re
from functools import partial

import pytest

from bot.messages.incoming import ChatStateChanged, HomeOpened
from storage import audit
from tests.support.beginnings import played_once
from tests.support.town import Person, Town

CANARY = "zebrafinch"


def code_in(person: Person) -> str:
    found = re.search(r"[0-9a-f]{32}", person.last.text)
    assert found is not None, person.last.text
    return found.group()


@played_once
async def lost(town: Town) -> Person:
    """Ana has kept things to herself, and her chat is closed to the bot."""
    ana = await town.client("ana")
    await ana.says(f"/private the {CANARY} note")
    await ana.says("/commit")
    await ana.says("private")
    await ana.says(f"Feed the {CANARY} by 8 December")
    await ana.says("9")
    await ana.taps("Clear enough")
    await ana.does(ChatStateChanged(open=False))
    return ana


async def joined(town: Town, user: str = "new") -> Person:
    """Somebody uses the code that Dana gets."""
    dana, new = town.people["dana"], town.meet(user)
    await dana.says("/reconnect Ana")
    await new.says(f"/join {code_in(dana)}")
    return new


async def bound(town: Town, user: str = "new") -> Person:
    """The new chat has said yes, and the day is over."""
    new = await joined(town, user)
    await new.says("yes")
    await town.passes(hours=25)
    return new


def shown(person: Person) -> str:
    return "\n".join(repr(message) for message in person.read)


async def state_of(person: Person) -> str:
    return (await person.place()).state


# -- whether there is a code --------------------------------------------------------------------------------------


async def test_there_is_no_code_while_the_chat_is_in_use(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/reconnect Ana")
    dana.reads("can still be written to")
    assert not re.search(r"[0-9a-f]{32}", dana.last.text)


async def test_there_is_one_once_nothing_came_for_a_fortnight(town: Town) -> None:
    await town.client("ana")
    dana = town.people["dana"]
    await town.passes(days=13)
    await dana.says("/reconnect Ana")
    dana.reads("can still be written to")
    await town.passes(days=2)
    await dana.says("/reconnect Ana")
    code_in(dana)


async def test_whether_there_is_one_says_nothing_of_what_is_private(town: Town) -> None:
    ana = await town.client("ana")
    await town.passes(days=15)
    await ana.says("/private I am still here")
    await town.people["dana"].says("/reconnect Ana")
    code_in(town.people["dana"])


# -- whose chat it becomes ----------------------------------------------------------------------------------------


async def test_a_silent_chat_is_told_and_a_day_later_the_new_one_has_its_place(town: Town) -> None:
    ana = await town.client("ana")
    await town.passes(days=15)
    new = await joined(town)
    new.reads("Is this chat yours, Ana")
    before = len(ana.read)
    await new.says("yes")
    new.reads("The old chats of yours are told")
    assert len(ana.read) == before + 1
    ana.reads("A code for a new chat of yours was used", "If you still use this chat")
    assert [choice.label for choice in ana.last.choices] == ["That was not me"]
    assert await state_of(new) == "waiting"
    await town.passes(hours=23)
    assert await state_of(new) == "waiting"
    await town.passes(hours=2)
    new.reads("I write here now")
    assert (await state_of(new), await state_of(ana)) == ("active", "moved")


async def test_a_word_in_the_old_chat_keeps_it_and_the_new_one_is_closed(town: Town) -> None:
    ana = await town.client("ana")
    await town.passes(days=15)
    new = await joined(town)
    await new.says("yes")
    await ana.says("/progress")
    await town.passes(hours=25)
    new.reads("This chat is closed again")
    assert (await state_of(new), await state_of(ana)) == ("closed", "active")
    await new.says("/progress")
    new.reads("I don't know you yet")


async def test_that_was_not_me_closes_the_new_chat_at_once_and_the_coach_hears_so(town: Town) -> None:
    ana = await town.client("ana")
    await town.passes(days=15)
    new = await joined(town)
    await new.says("yes")
    await ana.taps("That was not me", on=ana.last)
    ana.reads("That chat is closed")
    assert await state_of(new) == "closed"
    town.people["dana"].reads("says that it was not them")
    await town.passes(hours=25)
    assert (await state_of(new), await state_of(ana)) == ("closed", "active")


async def test_a_closed_chat_that_opens_again_in_time_hears_of_it_and_stays(town: Town) -> None:
    ana = await lost(town)
    new = await joined(town)
    await new.says("yes")
    await town.passes(hours=3)
    await ana.does(ChatStateChanged(open=True))
    ana.reads("A code for a new chat of yours was used")
    await town.passes(hours=25)
    assert (await state_of(new), await state_of(ana)) == ("closed", "active")


async def test_all_of_it_stands_in_the_access_log(town: Town) -> None:
    await lost(town)
    new = await bound(town)
    await new.says("/accesslog")
    for line in ("a code for a new chat", "that used that code said yes", "took the place of your old one"):
        new.reads(f"Dana, {line}" if line.startswith("a ") else line)
    place = await new.place()
    noted = await town.app.database.read(partial(audit.entries, subject=place.person))
    assert [e.kind for e in noted if e.verb == audit.RECONNECTED] == [
        "reconnect_code",
        "reconnect_yes",
        "reconnect_bound",
    ]


# -- a chat that waits gives its answer, and nothing else ----------------------------------------------------------


@pytest.mark.parametrize("answered", [False, True])
async def test_a_chat_that_waits_can_answer_that_and_nothing_else(town: Town, answered: bool) -> None:
    await lost(town)
    ana, new = town.people["ana"], await joined(town)
    if answered:
        await new.says("yes")
    code = await town.code("client", (await town.people["dana"].place()).person, "Cy", "Europe/Berlin")
    tries = ("/progress", "progress", "/undo", "/export", "/delete", "/settings", "/stop", "/link", "/goals", "9")
    for text in (
        *tries,
        "commit Steal it by Friday",
        "/private mine",
        f"/join {code}",
        f"join {code}",
        "/start",
        "skip",
    ):
        await new.says(text)
        new.reads("Is this chat yours" if not answered else "I take nothing here but")
    await new.stirs()
    await new.does(HomeOpened())
    assert not any(message.page for message in new.read)
    assert CANARY not in shown(new)
    assert [c.text for c in await ana.commitments()] == [f"Feed the {CANARY}"]
    assert await state_of(new) == ("waiting" if answered else "pending")


async def test_what_is_written_in_the_old_chat_answers_nothing_of_the_new_one(town: Town) -> None:
    ana = await town.client("ana")
    await town.passes(days=15)
    new = await joined(town)
    await ana.says("yes")
    await ana.says("/progress")
    assert await state_of(new) == "pending"


async def test_a_no_closes_it_and_whoever_said_so_can_join_as_themselves(town: Town) -> None:
    await lost(town)
    new = await joined(town)
    await new.taps("That was not me", on=new.last)
    new.reads("This chat is closed again")
    await new.says(f"join {await town.code('client', (await town.people['dana'].place()).person, 'Cy', 'UTC')}")
    new.reads("Cy")
    ana = town.people["ana"]
    assert (await new.place()).person != (await ana.place()).person


# -- what was private stays out of it ------------------------------------------------------------------------------

EVERYTHING = (
    *("/progress", "/undo", "/undo show", "/goals", "/pictures", "/settings", "cancel", "/whatmycoachsees", "/log"),
    *("cancel", "/log 1 done", "/checkin", "skip", "skip", "skip", "skip", "skip", "/private", "/log Feed"),
    *(f"I fed the {'z'}", "/help", "/delete", "cancel", "/closing", "/phase", "/agreement", "/review", "cancel"),
)


async def test_nothing_that_was_private_before_leaves_by_any_way(town: Town) -> None:
    await lost(town)
    new = await bound(town)
    for text in EVERYTHING:
        await new.says(text)
    await new.does(HomeOpened())
    await new.says("/export")
    await town.passes(days=14)  # the day on which the private promise is due, and two check-ins
    assert CANARY not in shown(new)
    files = [message.file for message in new.read if message.file is not None]
    assert files
    assert CANARY not in json.dumps([getattr(file, "text", "") for file in files])


async def test_a_question_under_way_in_the_old_chat_is_not_asked_in_the_new_one(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    await ana.says("/commit")
    await ana.says("private")
    await ana.says(f"Feed the {CANARY} by tomorrow")
    await ana.says("9")
    await ana.taps("Clear enough")
    await town.passes(hours=26)
    ana.reads(CANARY)
    assert ana.last.token
    await ana.does(ChatStateChanged(open=False))
    new = await bound(town)
    assert await ana.open_prompts() == 0
    for text in ("/help", "hello", "back", "done", "7"):
        await new.says(text)
    await town.passes(days=3)
    assert CANARY not in shown(new)


async def test_a_further_chat_that_is_linked_from_it_shows_no_more(town: Town) -> None:
    await lost(town)
    new = await bound(town)
    await new.says("/link")
    third = town.meet("third")
    await third.says(f"/join {code_in(new)}")
    for text in EVERYTHING:
        await third.says(text)
    assert CANARY not in shown(third)


async def test_what_is_private_from_then_on_is_shown(town: Town) -> None:
    await lost(town)
    new = await bound(town)
    await town.passes(days=1)
    for text in ("/commit", "private", "Learn the oboe by 12 December", "9"):
        await new.says(text)
    await new.taps("Clear enough")
    await new.says("/progress")
    new.reads("Learn the oboe")


# -- from the old chat ---------------------------------------------------------------------------------------------


async def test_a_yes_from_the_old_chat_opens_the_private_part_again(town: Town) -> None:
    ana = await lost(town)
    new = await bound(town)
    await new.says("/progress")
    assert CANARY not in new.last.text
    for text in ("/progress", "/undo", "hello"):
        await ana.says(text)
        ana.reads("I write in another chat")
        assert CANARY not in ana.last.text
    await ana.says("yes")
    ana.reads("yours in both chats")
    for person in (new, ana):
        await person.says("/progress")
        person.reads(CANARY)


async def test_a_no_from_the_old_chat_takes_everything_back(town: Town) -> None:
    ana = await lost(town)
    new = await bound(town)
    await ana.says("hello")
    await ana.taps("That was not me", on=ana.last)
    ana.reads("I write here again")
    await ana.says("/progress")
    ana.reads(CANARY)
    await new.says("/progress")
    new.reads("I don't know you yet")


async def test_a_chat_that_a_code_had_bound_opens_no_more_than_it_was_shown(town: Town) -> None:
    """The first new chat is lost, too; its yes cannot open what it never showed itself."""
    await lost(town)
    first = await bound(town, "first")
    await first.does(ChatStateChanged(open=False))
    second = await bound(town, "second")
    await first.says("hello")
    await first.says("yes")
    for person in (first, second):
        await person.says("/progress")
        assert CANARY not in person.last.text
