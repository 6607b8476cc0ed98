"""A copy of one's own data: all that is the person's own, private entries too, and nothing of anybody else's."""

import json
from datetime import date
from functools import partial
from typing import Any

import pytest

from bot.coaching.own_data.export import ALLOWED, SECTIONS, allowed, as_json, as_text, plain, screened
from bot.coaching.visibility.table import Data, Role
from bot.messages.outgoing import Document
from bot.model.export import Exported
from bot.rendering.wording import load_wording
from bot.simulated import stage
from storage.export import everything_of
from storage.ownership import personal
from storage.tables.schema import metadata
from tests.support.facts import WORDING
from tests.support.town import Person, Town

# Tables that hold nothing of a person that is not in a section: how the system runs, and what is others' own.
NOT_THEIRS = {
    "lane": "the chat of an address",
    "conversation": "where a dialogue stands",
    "inbox": "that an event was taken",
    "run": "the answers of a dialogue once more",
    "prompt": "that a question was asked; see occurrence",
    "timer": "when to remind",
    "outbox": "what the bot said; it stands in the chat",
    "invite": "a code, hashed",
    "told_signal": "how often a coach was told",
    "agenda": "what is still to be asked",
    "away": "when a coach is away, and who reads then",
    "guest_link": "a text for a sponsor, line by line approved; it stands in the chat",
    "left_signal": "what a coach looks at later",
    "code_try": "that a code did not work",
    "dialogue_version": "a dialogue in a coach's words, as it was asked; the programme is in the coach's export",
    "data_request": "what is under way",
    "ledger": "what was there before the changes of the last day; what is there now is in the export",
}


async def asked(town: Town, person: Person) -> tuple[str, dict[str, Any]]:
    """Ask for a copy, and read the two files that arrive."""
    await person.says("export")
    person.reads("two files follow")
    await stage.tick(town.app, town.clock(), town.app.jobs)
    await town.settled()
    read, for_programs = (message.file for message in person.read[-2:])
    assert isinstance(read, Document)
    assert isinstance(for_programs, Document)
    assert (read.media, for_programs.media) == ("text/plain", "application/json")
    return read.text, json.loads(for_programs.text)


async def test_a_client_gets_all_that_is_theirs_private_entries_too(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("commit call the bank by Wednesday")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("private a thought for myself")
    await ana.says("pause until Friday")
    text, found = await asked(town, ana)
    for words in ("Call the bank", "A thought for myself", "Europe/Berlin"):
        assert words.casefold() in text.casefold()
        assert words.casefold() in json.dumps(found).casefold()
    assert found["engagement"][0]["coach"] == "Dana"
    assert found["commitment"][0]["body"]["confidence"] == 8
    assert {"person", "address", "consent", "pause", "commitment", "answer", "remark"} <= found.keys()


async def test_the_text_is_to_be_read_ids_and_doubles_stand_in_json_alone(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("commit call the bank by Wednesday")
    await ana.says("8")
    await ana.says("skip")
    await ana.says("/checkin")
    await ana.says("7")
    await ana.says("skip")
    await ana.says("skip")
    await ana.says("private")
    await ana.says("6")
    text, found = await asked(town, ana)
    assert "number: 1; standing: open; due: 2026-11-25;" in text
    assert "2026-11-23  kind: confidence; value: 7; about: Call the bank; audience: coach" in text
    assert "coach: Dana; state: active; your coach sees: described" in text
    assert "question: energy; dialogue: weekly-checkin; audience: private; answer: 6" in text
    assert found["commitment"][0]["id"] not in text
    assert text.count("Call the bank") == 3  # the commitment, the answer, and what the number is about


async def test_it_holds_nothing_of_another_client_or_of_the_coachs_own(town: Town) -> None:
    ana, ben = await town.client("ana"), await town.client("ben", called="Benedict")
    await ben.says("commit write the zebrafinch report by Wednesday")
    await ben.says("private zebrafinch thoughts")
    await town.people["dana"].says("note Ana zebrafinch notes")
    text, found = await asked(town, ana)
    assert "zebrafinch" not in text + json.dumps(found)
    assert "Benedict" not in text + json.dumps(found)


async def test_a_coach_gets_their_roster_and_nobodys_entries(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("commit call the zebrafinch bank by Wednesday")
    await ana.says("private zebrafinch thoughts")
    text, found = await asked(town, town.people["dana"])
    assert "zebrafinch" not in text + json.dumps(found)
    assert found["roster"] == [{"id": found["roster"][0]["id"], "client": "Ana", "state": "active"}]
    assert "commitment" not in found


async def test_asking_twice_gives_it_once(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("export")
    await ana.says("export")
    await stage.tick(town.app, town.clock(), town.app.jobs)
    await town.settled()
    assert len([message for message in ana.read if message.file is not None]) == 2


async def test_an_export_is_in_the_access_log_only_when_somebody_else_took_it(town: Town) -> None:
    ana = await town.client("ana")
    await asked(town, ana)
    await ana.says("accesslog")
    ana.reads("Nobody has looked")


async def test_a_stranger_gets_nothing(town: Town) -> None:
    eve = town.meet("eve")
    await eve.says("export")
    await stage.tick(town.app, town.clock(), town.app.jobs)
    eve.reads("I don't know you yet")


# -- what may leave --------------------------------------------------------------------------------------------------


def test_every_table_is_in_the_export_or_is_said_why_not() -> None:
    known = {table.name for table in personal(metadata())}
    assert known <= SECTIONS.keys() | NOT_THEIRS.keys(), "say here or in bot.coaching.export whose it is"
    assert not SECTIONS.keys() & NOT_THEIRS.keys()


@pytest.mark.patient
def test_every_section_asks_the_one_table_of_visibility_and_has_a_heading() -> None:
    for name, (data, role) in SECTIONS.items():
        assert isinstance(data, Data)
        assert role in (Role.CLIENT, Role.COACH)
        assert allowed(name)
        assert f"export_{name}" in load_wording()["en"].phrases
    assert not allowed("outbox")


def test_what_no_rule_allows_stays_out_of_both_files() -> None:
    found = Exported(day="2026-11-23", sections={"outbox": [{"text": "secret"}], "remark": [{"text": "mine"}]})
    assert "secret" not in as_json(found) + as_text(found, WORDING)
    assert "mine" in as_json(found)
    assert "mine" in as_text(found, WORDING)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", " =HYPERLINK(1)"])
def test_nothing_begins_like_a_formula(text: str) -> None:
    assert plain(text)[0] not in "=+-@\t\r"


def test_a_chat_bound_by_a_coachs_code_is_not_sent_what_was_private_before() -> None:
    rows = [
        {"day": "2026-11-01", "audience": "private", "text": "old and private"},
        {"day": "2026-11-20", "audience": "private", "text": "new and private"},
        {"day": "2026-11-01", "audience": "coach", "text": "old and shared"},
    ]
    nested = [{"id": "c1", "body": {"made": "2026-11-01", "audience": "private", "text": "old and private"}}]
    withheld = [{"made": "2026-11-01", "withheld": ["text"], "text": "old and private"}]
    found = Exported(
        day="2026-11-23",
        sections={
            "remark": rows,
            "commitment": nested,
            "goal": withheld,
            "earlier_answer": withheld,
        },
    )
    told = as_json(screened(found, date(2026, 11, 10)))
    assert "old and private" not in told
    assert "new and private" in told
    assert "old and shared" in told


async def test_nobody_unknown_has_anything(town: Town) -> None:
    await town.coach()
    found = await town.app.database.read(
        partial(everything_of, person="nobody", day=date(2026, 11, 23), wanted=ALLOWED)
    )
    assert not found.sections
