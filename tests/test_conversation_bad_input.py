"""Bad input gets one clear sentence and changes nothing else. The real app, on both databases."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.messages.incoming import ButtonPressed, Event, Outcome, TimerDue
from bot.model.replies import Given
from handlers.console.keyboard import content_of
from storage.conversation import conversations
from storage.people import invites
from storage.tables.people import InboxRow, table_of
from tests.support.crashing_database import Dump, changed, dump
from tests.support.town import Person, Town, town_on


async def only_says(who: Person, *words: str, does: Any, but: tuple[str, ...] = ()) -> None:
    """What they do is answered with one message that says so, and changes nothing else in the database.

    `but` names tables that may change: a question that is put again counts the tries in the conversation's state.
    """
    before = await dump(who.town.app.database)
    read = len(who.read)
    receipt = await does
    assert receipt.outcome is not Outcome.FAILED
    assert len(who.read) == read + 1, [message.text for message in who.read[read:]]
    who.reads(*words)
    after = await dump(who.town.app.database)
    assert set(changed(before, after)) <= set(but), changed(before, after)


# -- texts -----------------------------------------------------------------------------------------------------------

UNFIT = {
    "a hundred kilobytes": ("a" * 100_000, "too long to keep; 2,000 characters are the limit. Nothing changed."),
    "a NUL": ("Call\x00Sam", "characters that cannot be stored. Please type it again; nothing changed."),
    "a lone surrogate": ("Call \ud800 Sam", "characters that cannot be stored. Please type it again; nothing changed."),
    "nothing": ("", "That message was empty; nothing changed."),
    "blanks": (" \u2003\n\t", "That message was empty; nothing changed."),
    "direction marks alone": ("\u200f\u200e", "That message was empty; nothing changed."),
}


async def test_a_text_that_cannot_be_kept_is_said_to_be_so_and_leaves_the_question_open(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    for text, words in UNFIT.values():
        await only_says(ana, words, does=ana.says(text))
    await ana.says("9")
    ana.reads("One more minute")


async def test_a_command_or_an_edit_that_cannot_be_kept_changes_nothing(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("9")
    number = ana.numbers[-1]
    for text, words in UNFIT.values():
        await only_says(ana, words, does=ana.edits(text, number=number))
        if len(text.strip()) > 2:
            await only_says(ana, words, does=ana.says(f"/commit {text}"))


async def test_marks_of_direction_do_not_hide_an_answer(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("\u200f7")
    assert ("commitment", "confidence", "7") in await ana.answers()
    await ana.says("cancel")
    await ana.says("/commit")
    await ana.says("Call \u202emaS\u202c by Friday")
    assert ("commitment", "what", "Call maS") in await ana.answers()


async def test_an_answer_that_cannot_be_read_says_why_and_the_question_again(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    for text in ("²", "7½", "🙂", "eleven"):
        await ana.says("cancel")
        await ana.says("/commit Call Sam by Friday")
        await only_says(
            ana, "A whole number from 1 to 10, please.", "How sure", does=ana.says(text), but=("conversation",)
        )


async def test_a_day_that_is_over_is_said_to_be_over(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    for text in ("yesterday", "2026-11-01"):
        await only_says(
            ana, "That day is over; name one from today on.", "By when?", does=ana.says(text), but=("conversation",)
        )


async def test_words_that_begin_like_a_control_of_ours_are_words(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("!cancel the meeting")
    assert ("commitment", "what", "!cancel the meeting") in await ana.answers()


# -- commands and buttons --------------------------------------------------------------------------------------------


async def test_an_unknown_command_is_named_and_the_question_comes_back(town: Town) -> None:
    ana = await town.client("ana")
    await only_says(ana, 'I don\'t know "frobnicate"', does=ana.says("/frobnicate the thing"))
    await ana.says("/commit Call Sam by Friday")
    await only_says(ana, 'I don\'t know "f̈oo"', "How sure", does=ana.says("/f̈oo"))
    await only_says(ana, "That one is for coaches", does=ana.says("/clients"))


async def test_a_forged_button_is_stale_and_changes_nothing(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    before = await dump(town.app.database)
    for token, value in (("", ""), ("x" * 5000, "1"), ("\0", "\0"), ("\ud800", "1"), ("%s", "'")):
        receipt = await ana.does(ButtonPressed(token=token, value=value))
        assert (receipt.outcome, receipt.toast) == (Outcome.STALE, "Already answered; nothing changed.")
    assert not changed(before, await dump(town.app.database))


async def test_a_forged_value_of_an_open_prompt_is_no_answer(town: Town) -> None:
    ana = await town.client("ana")
    for value in ("", "99", "\0", "\ud800", "²", "!cancel", "x" * 5000):
        await ana.says("cancel")
        await ana.says("/commit Call Sam by Friday")
        tapped = ana.does(ButtonPressed(token=ana.asked.token, value=value))
        await only_says(ana, "A whole number from 1 to 10, please.", does=tapped, but=("conversation",))


def test_a_number_that_is_no_button_is_a_text() -> None:
    for line in ("#²", "#" + "9" * 5000, "#0", "#"):
        assert content_of(line, None) == content_of(line, None)
        assert getattr(content_of(line, None), "text", None) == line


# -- codes -----------------------------------------------------------------------------------------------------------


async def a_code(town: Town, **days: float) -> str:
    dana = await town.people["dana"].place()
    code = invites.new_code()
    at = town.clock.now + timedelta(**days or {"days": 7})
    await town.app.database.transact(
        lambda c: invites.add_invite(
            c, code, role="client", coach=dana.person, name="Zoe", zone="Europe/Berlin", expires_at=at
        )
    )
    return code


async def test_a_code_works_once(town: Town) -> None:
    await town.coach()
    code = await a_code(town)
    zoe, thief = town.meet("zoe"), town.meet("thief")
    await zoe.says(f"/join {code}")
    zoe.reads("Hello Zoe.")
    await only_says(
        thief, "That code was used before; each works once.", does=thief.says(f"/join {code}"), but=("lane", "code_try")
    )
    used = "That code was used before; each works once."
    await only_says(zoe, used, does=zoe.says(f"/join {code}"), but=("code_try",))


async def test_a_code_that_two_redeem_at_once_goes_to_one_of_them(town: Town) -> None:
    await town.coach()
    code = await a_code(town)
    zoe, thief = town.meet("zoe"), town.meet("thief")
    await asyncio.gather(zoe.says(f"/join {code}"), thief.says(f"/join {code}"))
    told = sorted((zoe.last.text[:9], thief.last.text[:9]))
    assert told == ["Hello Zoe", "That code"]


async def test_a_code_that_is_unknown_expired_or_no_code_at_all(town: Town) -> None:
    await town.coach()
    zoe = town.meet("zoe")
    old = await a_code(town, days=-1)
    await only_says(zoe, "That code is too old.", does=zoe.says(f"/join {old}"), but=("lane", "code_try"))
    await only_says(zoe, "I don't know that code.", does=zoe.says(f"/join {'0' * 32}"), but=("code_try",))
    for text in ("/join", "/join me", "hello", "/commit Call Sam", f"/join {old}x", "/start ' or 1=1 --", "²"):
        await only_says(zoe, "I don't know you yet", does=zoe.says(text))
    await only_says(zoe, "I don't know you yet", does=zoe.does(ButtonPressed(token="x", value="1")))
    await only_says(zoe, "I don't know you yet", does=zoe.stirs())


# -- a poison event --------------------------------------------------------------------------------------------------


def poisoned(town: Town, word: str) -> None:
    """From now on a promise in which that word stands raises, as an error of our own would."""

    def a_line(value: Any, given: Any) -> Any:
        if word in value:
            raise RuntimeError(f"cannot bear {value}")
        return town.app.library.functions.validators["a_line"](value, given)

    made = town.app.library
    checks = {**made.functions.validators, "a_line": a_line}
    town.app.conversation.use(replace(made, functions=replace(made.functions, validators=checks)))


async def failed(town: Town) -> list[Any]:
    return await town.app.database.read(lambda connection: conversations.failed(connection, Event))


async def test_an_event_that_raises_is_kept_answered_kindly_and_replayed_when_it_is_mended(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    poisoned(town, "hemlock")
    before = await dump(town.app.database)
    receipt = await ana.says("Drink hemlock by Friday", key="poison")
    assert receipt.outcome is Outcome.FAILED
    ana.reads("Something went wrong on my side. What you wrote is kept and will be looked at; nothing else changed.")
    assert not changed(before, await dump(town.app.database))
    (kept,) = await failed(town)
    assert (kept.key, kept.payload.content.text) == ("poison", "Drink hemlock by Friday")
    assert kept.reason.startswith("RuntimeError at test_conversation_bad_input.py:")
    assert "hemlock" not in kept.reason

    read = len(ana.read)
    assert (await ana.says("Drink hemlock by Friday", key="poison")).outcome is Outcome.DUPLICATE
    assert len(ana.read) == read
    await ana.says("/progress")
    ana.reads("What will you do?")

    assert await town.app.conversation.retry_failed(town.clock()) == 0
    assert await town.app.conversation.retry_failed(town.clock()) == 0
    assert len(await failed(town)) == 1

    town.app.conversation.use(town.app.library)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.app.delivery.drain()
    ana.reads("How sure are you")
    assert ("commitment", "what", "Drink hemlock") in await ana.answers()
    assert await failed(town) == []
    assert (await ana.says("Drink hemlock by Friday", key="poison")).outcome is Outcome.DUPLICATE


async def test_an_edit_that_failed_once_revises_the_answer_when_it_is_replayed(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    poisoned(town, "hemlock")
    assert (await ana.edits("Drink hemlock by Thursday")).outcome is Outcome.FAILED
    assert ("commitment", "what", "Call Sam") in await ana.answers()

    town.app.conversation.use(town.app.library)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.settled()
    ana.reads("Changed to: Drink hemlock.")
    await ana.says("8")
    await ana.taps("Clear enough")
    (promise,) = await ana.commitments()
    assert (promise.text, promise.due) == ("Drink hemlock", date(2026, 11, 26))


async def test_nothing_of_a_failed_event_stays_once_it_went_through(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    poisoned(town, "hemlock")
    await ana.says("Drink hemlock", key="poison")
    town.app.conversation.use(town.app.library)
    await town.app.conversation.retry_failed(town.clock())
    inbox = table_of(InboxRow)
    wanted = select(inbox).where(inbox.c.key == "poison")
    row = await town.app.database.read(lambda c: dict(c.execute(wanted).mappings().one()))
    assert (row["state"], row["payload"], row["reason"]) == ("done", None, "")
    assert (row["message"], row["question"]) == ("poison", "what")


async def test_a_replay_that_is_cut_off_loses_nothing(url: str) -> None:
    town = town_on(url)
    async with town.open():
        ana = await town.client("ana")
        await ana.says("/commit")
        poisoned(town, "hemlock")
        await ana.says("Drink hemlock", key="poison")
        await town.app.database.transact(lambda connection: conversations.retry(connection, "poison"))
    async with town.open():
        assert await town.app.conversation.retry_failed(town.clock()) == 1
        assert ("commitment", "what", "Drink hemlock") in await ana.answers()


async def test_a_failure_of_one_does_not_hold_up_the_others(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/commit")
    await ben.says("/commit")
    poisoned(town, "hemlock")
    await asyncio.gather(ana.says("Drink hemlock"), ben.says("Drink tea by Friday"), ana.says("Drink water by Friday"))
    assert ("commitment", "what", "Drink tea") in await ben.answers()
    assert ("commitment", "what", "Drink water") in await ana.answers()


def _raises(given: Given) -> Mapping[str, object]:
    raise RuntimeError("no words")


async def test_a_timer_that_raises_rings_again_when_it_is_replayed(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    await town.passes(days=4)
    ana.reads("What one step would you take this week?")
    made = town.app.library
    town.app.conversation.use(replace(made, functions=replace(made.functions, names=_raises)))
    read = len(ana.read)
    await town.passes(days=3)
    assert {type(item.payload) for item in await failed(town)} == {TimerDue}
    assert len(ana.read) == read
    town.app.conversation.use(made)
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.passes(hours=1)
    ana.reads("Still open: what one step would you take this week?")


def test_dumps_tell_what_differs() -> None:
    """The tests above rest on this."""
    before: Dump = {"a": [(1,), (2,)], "b": [(3,)]}
    assert changed(before, before) == {}
    assert changed(before, {"a": [(1,), (4,)], "b": [(3,)]}) == {"a": [(2,), (4,)]}
