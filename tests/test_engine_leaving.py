"""Every dialogue of the library can be left at any question and taken up later, and all but consents be skipped.

New dialogues are walked without being named here.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.dialogue.tree import Ask, Kind, every_ask
from bot.messages.incoming import ButtonPressed, TextSent
from bot.messages.outgoing import Message
from tests.support.every_dialogue import DIALOGUES, about_to_be_asked, fitting, only_by_item, prepare, waiting, walk

DAYS = timedelta(hours=20)  # what the bot asks waits for three days; what a person opened closes overnight
MUMBLES = 4  # two more than after which a question is passed over
WORDS = (Kind.TEXT, Kind.COMMITMENTS)  # whatever is typed is an answer


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(sqlite_template, tmp_path_factory.mktemp("leaving") / "prepared.db")


def asks(name: str) -> list[Ask]:
    return list(every_ask(DIALOGUES[name]))


@pytest.mark.parametrize("name", sorted(DIALOGUES))
async def test_whoever_leaves_at_any_question_can_come_back_a_day_later(
    name: str, prepared: Path, tmp_path: Path
) -> None:
    async with about_to_be_asked(prepared, tmp_path / "town.db", name, by="bot") as person:
        asked = await walk(person, fitting, leave=DAYS)
        assert await waiting(person) is None, "it never came to its end"
        assert asked or not asks(name) or only_by_item(name), f"'{name}' asked nothing"
        lists = {ask.id for ask in asks(name) if ask.kind is Kind.COMMITMENTS}  # asked on until that is all
        assert {key.rpartition(".")[2] for key in asked if asked.count(key) > 1} <= lists


@pytest.mark.parametrize("name", sorted(DIALOGUES))
async def test_every_question_but_a_consent_can_be_skipped(name: str, prepared: Path, tmp_path: Path) -> None:
    skipped: set[str] = set()

    def skip(message: Message, number: int) -> TextSent | ButtonPressed:
        again = message.token in skipped
        skipped.add(message.token)
        return fitting(message, number) if again else TextSent(text="skip")

    async with about_to_be_asked(prepared, tmp_path / "town.db", name) as person:
        asked = await walk(person, skip, leave=timedelta(minutes=1))
        assert await waiting(person) is None
        assert asked or not asks(name) or only_by_item(name)
        required = {ask.id for ask in asks(name) if ask.required}
        assert {key for key in asked if asked.count(key) > 1} == required.intersection(asked)


def insisting(name: str) -> set[str]:
    """The questions of a dialogue that wait for an answer that can be read; words are always taken as they stand."""
    whole = bool(DIALOGUES[name].settled)
    return {ask.id for ask in asks(name) if (ask.required or ask.patient or whole) and ask.kind not in WORDS}


@pytest.mark.parametrize("name", sorted(name for name in DIALOGUES if insisting(name)))
async def test_no_consent_due_item_or_commitment_is_lost_to_a_misreading(
    name: str, prepared: Path, tmp_path: Path
) -> None:
    tried: Counter[str] = Counter()

    def mumble(message: Message, number: int) -> TextSent | ButtonPressed:
        tried[message.token] += 1
        mumbled = message.kind in WORDS or tried[message.token] > MUMBLES
        return fitting(message, number) if mumbled else TextSent(text="hm, you know")

    async with about_to_be_asked(prepared, tmp_path / "town.db", name) as person:
        asked = await walk(person, mumble, leave=timedelta(minutes=1), most=80)
        assert await waiting(person) is None
        for key in {key for key in asked if key.rpartition(".")[2] in insisting(name)}:
            assert asked.count(key) > MUMBLES
