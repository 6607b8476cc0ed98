"""Somebody writes of danger: answered at once, everything stops, nothing is kept, nobody is told without a yes."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.messages.incoming import FormSubmitted, Outcome
from storage.columns import Sealed
from storage.conversation import timers
from storage.database.encryption import unseal
from storage.people import people
from storage.tables.schema import metadata
from tests.support.town import MONDAY, Person, Town, town_on

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


async def test_what_was_answered_before_counts_and_the_question_takes_no_answer_any_more(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Kim by Friday")
    question = ana.asked
    await ana.says(WORDS)
    for way in (ana.says("8"), ana.says("8", hangs_on=question), ana.taps("8", on=question)):
        await way
        assert not ana.last.token
    assert [(c.text, c.confidence) for c in await ana.commitments()] == [("Call Kim", None)]


async def test_what_was_asked_is_asked_again_once_they_resume(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Kim by Friday")
    question = ana.asked.token
    await ana.says(WORDS)
    await ana.says("/resume")
    assert ana.last.token == question
    await ana.says("8")
    assert [c.confidence for c in await ana.commitments()] == [8]


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


async def test_it_ends_as_it_promised_with_resume_alone(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says(WORDS)
    ana.reads('I ask nothing more until you write "resume".')
    town.clock.now += timedelta(days=9)
    await ana.says("/progress")
    known = await wishes(town, ana)
    assert known.wishes.held is not None
    assert known.next_at is None
    await ana.says("/resume")
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


async def looked_up(settings: Any, said: str) -> tuple[list[str], dict[str, list[Any]]]:
    """What the coach reads of a client who was asked, and wrote this; and what of the database is in clear."""
    async with town_on(settings).open() as opened:
        ana = await opened.client("ana")
        await ana.says("/commit Call Kim by Wednesday")
        await ana.says("skip")
        await opened.until(MONDAY + timedelta(days=4, hours=2))
        assert ana.last.token
        await ana.says(said)
        dana = opened.people["dana"]
        for days in (0, 1, 4, 14):
            await opened.passes(days=days)
            for look in ("client ana", "program ana", "digest", "clients", "brief ana"):
                await dana.says(f"/{look}")
        return [message.text for message in dana.read], await opened.app.database.read(in_clear)


async def test_it_looks_like_a_pause_to_the_coach(sqlite_fresh: str, tmp_path: Path) -> None:
    held, _ = await looked_up(sqlite_fresh, WORDS)
    paused, _ = await looked_up(f"sqlite:///{tmp_path}/paused.db", "/pause")
    assert held == paused


async def test_neither_its_time_nor_its_name_stands_in_the_database_in_clear(sqlite_fresh: str, tmp_path: Path) -> None:
    _, held = await looked_up(sqlite_fresh, WORDS)
    _, paused = await looked_up(f"sqlite:///{tmp_path}/paused.db", "/pause")
    assert held["person"] == paused["person"]
    assert held["pause"] == paused["pause"]
    cells = [str(cell).replace('"held":null', "") for rows in held.values() for row in rows for cell in row]
    told = [cell for cell in cells if '"nodes":' not in cell]  # a dialogue as it is shipped tells nothing of anybody
    assert not [cell for cell in told if re.search("crisis|danger|safety|held", cell)]


def in_clear(connection: Connection) -> dict[str, list[Any]]:
    """What of every table is not sealed, without ids."""
    found = {}
    for table in metadata().sorted_tables:
        plain = [c for c in table.columns if not isinstance(c.type, Sealed) and c.name != "id"]
        found[table.name] = [tuple(row) for row in connection.execute(select(*plain))] if plain else []
    return found
