"""`private` before an answer, or in front of it, keeps it from the coach: in every dialogue, and however it comes."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.engine.dialogue.tree import Kind, every_ask
from bot.engine.state import Answer
from bot.messages.incoming import CommandSent, FormSubmitted, Inbound, TextSent
from handlers.console.keyboard import address_of
from storage.serialise import opened
from storage.tables.people import AnswerRow, table_of
from tests.support.every_dialogue import (
    DIALOGUES,
    OF_COACHES,
    RUN,
    about_to_be_asked,
    fitting,
    give,
    only_by_item,
    prepare,
    waiting,
)
from tests.support.pages import page, pages
from tests.support.plans import together
from tests.support.town import Person, Town, town_on

WORD = "xylophone"
IN_WORDS = (Kind.TEXT, Kind.COMMITMENTS)
TO_A_SPONSOR = {"sponsor-close", "sponsor-wording", "sponsors-wish"}  # words for others, approved one by one
TAKES_NO_WORDS = {"welcome"}  # a rhythm is typed, and nothing else
OF_CLIENTS = [
    name
    for name, dialogue in sorted(DIALOGUES.items())
    if name not in OF_COACHES | TO_A_SPONSOR
    and not only_by_item(name)
    and any(ask.kind in IN_WORDS for ask in every_ask(dialogue))
]


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(sqlite_template, tmp_path_factory.mktemp("private") / "prepared.db")


def kept(connection: Connection) -> list[tuple[str, str, str]]:
    """The answers with the word in them: question, words, and for whom."""
    rows = connection.execute(select(table_of(AnswerRow)).where(table_of(AnswerRow).c.run.startswith(RUN)))
    found = [(row.question, opened(connection, Answer, row.body).label, row.audience) for row in rows]
    return [each for each in found if WORD in each[1].lower()]


async def answers_in_private(person: Person) -> set[str]:
    """Answer every question, those in free words with the word and in private; which these were.

    "private" is said before the one, and stands in front of the next.
    """
    told: list[str] = []
    for number in range(60):
        run = await waiting(person)
        if run is None or run.asked is None:
            break
        token = run.asked.token
        message = next(m for m in reversed(person.read) if m.token == token)
        if message.kind not in IN_WORDS:
            await give(person, message, fitting(message, number))
            continue
        told.append(run.asked.question)
        if len(told) % 2:
            await person.does(TextSent(text="private"), key=f"before:{number}")
        await give(person, message, TextSent(text=f"{'' if len(told) % 2 else 'private: '}{WORD} {number}"))
    return set(told)


@pytest.mark.patient
@pytest.mark.parametrize("name", OF_CLIENTS)
async def test_an_answer_in_private_is_read_by_nobody_else(name: str, prepared: Path, tmp_path: Path) -> None:
    """Whatever is agreed to afterwards of the answers beside it."""
    async with about_to_be_asked(prepared, tmp_path / "private.db", name) as ana:
        dana = ana.town.people["dana"]
        told = await answers_in_private(ana)
        found = await ana.town.app.database.read(kept)
        read = {what: text for what, text in (await pages(ana, dana)).items() if not what.startswith("client")}
        read |= {f"sent {number}": message.text for number, message in enumerate(dana.read)}
    assert found or not told or name in TAKES_NO_WORDS
    assert {audience for question, _, audience in found if question in told} <= {"private"}, found
    assert [what for what, text in read.items() if WORD in text.lower()] == []


async def test_an_edit_with_private_in_front_keeps_the_answer_back(town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/commit")
    await ana.says("Call Petra by Friday")
    number = ana.numbers[-1]
    await ana.edits("private: Look for another job by Friday", number=number)
    ana.reads("not shown to your coach")
    await ana.says("cancel")
    assert [(c.text, c.audience.value) for c in await ana.commitments()] == [("Look for another job", "private")]
    assert "job" not in await page(dana, "client", "ana")
    await ana.says("undo")
    assert "job" not in await page(dana, "client", "ana")


async def test_an_edit_that_only_adds_private_keeps_the_answer_back(town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("/checkin")
    while "went well" not in ana.asked.text:
        await ana.says("skip")
    await ana.says("The offer is out")
    await ana.edits("private: The offer is out")
    while ana.last.token:
        await ana.says("skip")
    assert "offer" not in await page(dana, "client", "ana")
    assert ("weekly-checkin", "well", "The offer is out") in await ana.answers()


async def test_a_field_of_a_form_with_private_in_front_is_kept_back(sqlite_fresh: str) -> None:
    town = town_on(sqlite_fresh)
    async with town.open():
        ana, dana = await together(town)
        town.messenger.forms = True
        content = CommandSent(verb="commit")
        opening = Inbound(key="f1", address=address_of("ana"), content=content, trigger="lent for three seconds")
        await town.app.conversation.receive(opening, town.clock())
        await town.app.delivery.drain()
        values = {"what": "private: Look for another job", "due": "Friday", "confidence": "8"}
        await ana.does(FormSubmitted(token=ana.asked.token, values=values))
        assert [(c.text, c.audience.value) for c in await ana.commitments()] == [("Look for another job", "private")]
        assert "job" not in await page(dana, "client", "ana")


async def test_an_answer_in_private_goes_to_the_question_that_it_replies_to(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/goals new")
    asked = ana.asked
    await ana.says("/commit call Petra by Friday")
    await ana.says("private 3 of us agree before the board meets", hangs_on=asked)
    ana.reads("not shown to your coach")
    assert next(answer for answer in await ana.answers() if "3 of us" in answer[2])[0] == "goal"
    assert not [answer for answer in await ana.answers() if answer[:2] == ("commitment", "confidence")]
