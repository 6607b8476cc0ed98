"""Somebody writes of danger: answered at once, everything stops, nothing is kept, nobody is told without a yes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.messages.incoming import FormSubmitted, Outcome
from storage.columns import Sealed
from storage.conversation import conversations, timers
from storage.database.encryption import unseal
from storage.people import people
from storage.tables.schema import metadata
from tests.support.town import Person, Town, town_on

WORDS = "I want to kill myself, quenchless"
CANARY = "quenchless"


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        yield opened


def everything(connection: Connection) -> str:
    """Every cell of every table, decrypted."""
    found = []
    for table in metadata().sorted_tables:
        sealed = {column.name for column in table.columns if isinstance(column.type, Sealed)}
        for row in connection.execute(select(table)).mappings():
            for name, value in row.items():
                found.append(unseal(connection, value) if name in sealed and value is not None else str(value))
    return "\n".join(found)


async def kept(town: Town) -> str:
    found: str = await town.app.database.read(everything)
    return found


async def nothing_remains(town: Town, *, coach: str = "dana") -> None:
    """The words are in no table, and nobody was sent them."""
    held = await kept(town)
    assert CANARY not in held
    assert "kill myself" not in held
    for person in town.people.values():
        assert not any(CANARY in message.text for message in person.read)


async def wishes(town: Town, person: Person) -> Any:
    place = await person.place()
    known = await town.app.database.read(partial(people.person, wanted=place.person))
    assert known is not None
    return known


async def test_the_note_comes_at_once_with_help_and_two_buttons(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says(WORDS)
    ana.reads("I'm sorry it's this hard.", "software", "local emergency number", "ask Dana to call you?")
    assert [choice.label for choice in ana.last.choices] == ["Yes, ask them", "Not now"]
    assert not any("asks you to call" in message.text for message in town.people["dana"].read)
    await ana.taps("Yes, ask them", on=ana.last)
    ana.reads("I've asked Dana to call you.")
    assert town.people["dana"].last.text == "Ana asks you to call."
    await nothing_remains(town)


async def test_the_coachs_helpline_is_named(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/settings")
    await dana.taps("Helpline")
    await dana.says("Suicide & Crisis Lifeline, 988")
    dana.reads("call your local emergency number now. You can talk to someone at Suicide & Crisis Lifeline, 988.")
    await dana.taps("Yes")
    dana.reads("Changed.")
    ana = await town.client("ana")
    await ana.says(WORDS)
    ana.reads("You can talk to someone at Suicide & Crisis Lifeline, 988.")


async def test_words_that_nobody_can_call_or_write_to_are_no_helpline(town: Town) -> None:
    dana = await town.coach(setup=True)
    for _ in range(4):
        await dana.says("skip")
    for words in ("lol what", "the nice lady, 24/7"):
        await dana.says(words)
        dana.reads("That is nothing to call or write to.")
    await dana.says("Samaritans 116 123")
    dana.reads("You can talk to someone at Samaritans 116 123.", "Is the helpline right?")
    await dana.taps("Yes")
    assert await _named(town) == "You can talk to someone at Samaritans 116 123."


async def test_a_helpline_that_is_not_right_leaves_what_was_named_before(town: Town) -> None:
    dana = await town.coach()
    for number, yes in (("Samaritans 116 123", "Yes"), ("988", "No")):
        await dana.says("/settings")
        await dana.taps("Helpline")
        await dana.says(number)
        await dana.taps(yes)
    dana.reads("Nothing changed.")
    assert await _named(town) == "You can talk to someone at Samaritans 116 123."


@pytest.mark.parametrize("answer", ["skip", "cancel"])
async def test_without_a_yes_no_helpline_counts(town: Town, answer: str) -> None:
    dana = await town.coach()
    await dana.says("/settings")
    await dana.taps("Helpline")
    await dana.says("988")
    await dana.says(answer)
    assert not await _named(town)


async def test_no_edit_names_a_helpline_that_was_not_seen(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/settings")
    await dana.taps("Helpline")
    await dana.says("988")
    await dana.edits("989")
    dana.reads("nothing here changes by an edit")
    await dana.taps("Yes")
    await dana.edits("989")
    assert await _named(town) == "You can talk to someone at 988."


async def _named(town: Town) -> str:
    """Where a client in danger is told to find somebody, besides the emergency number."""
    ana = await town.client("ana")
    await ana.says(WORDS)
    note = next(line for line in ana.read[-1].text.splitlines() if "emergency number" in line)
    return note.partition("emergency number now.")[2].strip()


async def _in_a_form(ana: Person) -> None:
    await ana.says("/settings")
    await ana.does(FormSubmitted(token=ana.asked.token, values={"what": "called", "called": WORDS}))


async def _in_an_answer(ana: Person) -> None:
    await ana.says("/checkin")
    await ana.says("6")
    assert ana.last.token
    await ana.says(WORDS)


async def _as_a_promise(ana: Person) -> None:
    await ana.says(f"/commit {WORDS} by Friday")


async def _as_a_private_note(ana: Person) -> None:
    await ana.says(f"/private {WORDS}")


async def _in_quotes(ana: Person) -> None:
    await ana.says(f'"{WORDS}"')


async def _as_a_reply(ana: Person) -> None:
    await ana.says("/checkin")
    await ana.says(WORDS, hangs_on=ana.asked)


async def _as_an_edit(ana: Person) -> None:
    await ana.says("/commit Call Kim by Friday")
    await ana.edits(f"/commit {WORDS}")


async def _too_long(ana: Person) -> None:
    await ana.says(f"{WORDS} " + "and so on " * 300)


async def _as_an_unknown_command(ana: Person) -> None:
    await ana.says(f"/{WORDS}")


@pytest.mark.parametrize(
    "way",
    [
        *(_in_a_form, _in_an_answer, _as_a_promise, _as_a_private_note, _in_quotes, _as_a_reply, _as_an_edit),
        *(_too_long, _as_an_unknown_command),
    ],
)
async def test_whichever_way_it_comes_in_nothing_of_it_is_kept(town: Town, way: Any) -> None:
    ana = await town.client("ana")
    await way(ana)
    assert ana.receipt.outcome is Outcome.ACCEPTED
    ana.reads("I'm sorry it's this hard.")
    assert await ana.open_prompts() == 0
    await nothing_remains(town)
    await town.people["dana"].says("/digest")
    await town.people["dana"].says("/client ana")
    await nothing_remains(town)


async def test_what_was_answered_before_counts_and_the_dialogue_is_over(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Kim by Friday")
    await ana.says("8")
    await ana.says(WORDS)
    place = await ana.place()
    _, runs = await town.app.database.read(partial(conversations.state, wanted=place.person))
    assert runs == ()
    assert [c.text for c in await ana.commitments()] == ["Call Kim"]


async def test_nothing_is_asked_and_nobody_reminded_until_they_resume(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Kim by Wednesday")
    await ana.says("8")
    await ana.says(WORDS)
    count = len(ana.read)
    await town.passes(days=30)
    assert len(ana.read) == count
    assert await town.app.database.read(timers.next_timer_at) is None
    await ana.says("/resume")
    ana.reads("Good to have you back.", "I'll write next on")
    await town.passes(days=14)
    assert ana.last.token


async def test_within_three_days_only_resume_ends_it_afterwards_any_word_of_theirs(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says(WORDS)
    town.clock.now += timedelta(hours=71)
    await ana.says("/progress")
    assert (await wishes(town, ana)).wishes.held is not None
    town.clock.now += timedelta(hours=2)
    await ana.says("/progress")
    known = await wishes(town, ana)
    assert known.wishes.held is None
    assert known.next_at is not None


@pytest.mark.parametrize("said", ["yes", "Yes, please", "ok"])
async def test_a_typed_yes_asks_the_coach_too(town: Town, said: str) -> None:
    ana = await town.client("ana")
    await ana.says(WORDS)
    await ana.says(said)
    ana.reads("I've asked Dana to call you.")
    assert town.people["dana"].last.text == "Ana asks you to call."


@pytest.mark.parametrize("said", ["no", "not now", "later"])
async def test_a_typed_no_leaves_it_at_that(town: Town, said: str) -> None:
    ana = await town.client("ana")
    await ana.says(WORDS)
    before = len(town.people["dana"].read)
    await ana.says(said)
    ana.reads('"callme" asks Dana to call you')
    assert len(town.people["dana"].read) == before


async def test_any_other_text_is_neither_chat_nor_report(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Kim by Friday")
    await ana.says("8")
    await ana.says(WORDS)
    await ana.says("Called Kim, it is done. I'll call Tom by Monday")
    ana.reads("I'm software and can't be of help with this.")
    assert [c.standing for c in await ana.commitments()] == ["open"]


async def test_a_stranger_and_a_coach_read_a_note_of_their_own(town: Town) -> None:
    dana = await town.coach()
    await dana.says(WORDS)
    dana.reads("If you, or somebody you coach")
    bob = town.meet("bob")
    await bob.says(WORDS)
    bob.reads("I'm sorry it's this hard.", "local emergency number")
    assert not bob.last.choices
    await nothing_remains(town)


async def test_it_leaves_no_trace_in_what_the_coach_looks_up(town: Town) -> None:
    """Not even as a pause, or as days without answer."""
    ana = await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/client ana")
    before = dana.last.text
    await ana.says(WORDS)
    await dana.says("/client ana")
    assert dana.last.text == before
