"""An answer is a fact from the moment when it is given: to stop after any question is to skip the rest.

Held over every dialogue of the library and every question of it: what is stored, and what client and coach can read,
is the same whether somebody stops after the n-th answer or skips what comes behind it. What waits for its own yes
leaves nothing until then.
"""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.engine.dialogue.tree import Ask
from bot.messages.incoming import TextSent
from storage.tables.habits import HabitEntryRow, HabitRow
from storage.tables.people import (
    CommitmentRow,
    ConsentRow,
    PauseRow,
    PersonRow,
    RatingRow,
    RemarkRow,
    ReportRow,
)
from storage.tables.plan import AdjustmentRow, AgendaRow, AgreementRow, GoalRow, LadderRow, LevelRow, MilestoneRow
from tests.support.crashing_database import dump
from tests.support.every_dialogue import (
    DIALOGUES,
    about_to_be_asked,
    fitting,
    only_by_item,
    prepare,
    waiting,
    walk,
)
from tests.support.pages import pages
from tests.support.town import Person

KEPT = {
    str(table.__tablename__)
    for table in (
        CommitmentRow,
        ConsentRow,
        PauseRow,
        PersonRow,
        RatingRow,
        RemarkRow,
        ReportRow,
        AdjustmentRow,
        AgendaRow,
        AgreementRow,
        GoalRow,
        HabitEntryRow,
        HabitRow,
        LadderRow,
        LevelRow,
        MilestoneRow,
    )
}
ID = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z0-9_-])[\w-]{16}(?![\w-])")
AT_ONCE = timedelta(0)
LONGEST = {"weekly-checkin": 2, "before-session": 2, "after-session": 3, "review": 3, "looking-back": 3, "goal": 4}


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(sqlite_template, tmp_path_factory.mktemp("stopping") / "prepared.db")


async def seen(person: Person) -> dict[str, Any]:
    """All rows and pages, without ids and instants: these differ from one telling to the next."""
    people = person.town.people
    held = await dump(person.town.app.database)
    rows = {name: sorted(map(bare, held[name]), key=str) for name in sorted(KEPT)}
    return rows | await pages(people["ana"], people["dana"])


def bare(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(plain(value) for value in row if not isinstance(value, datetime))


def plain(value: Any) -> Any:
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str):
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+", "", ID.sub("#", value))
    return value if not isinstance(value, date) else value.isoformat()


async def told_of(prepared: Path, file: Path, name: str, answers: int, *, rest: bool) -> dict[str, Any] | None:
    """What is there after so many answers, with the rest skipped or left; None where there are fewer questions."""
    async with about_to_be_asked(prepared, file, name) as person:
        asked = await walk(person, fitting, leave=AT_ONCE, most=answers)
        if len(asked) < answers or await waiting(person) is None:
            return None
        if rest:
            await walk(person, lambda message, number: TextSent(text="skip"), leave=AT_ONCE)
        return await seen(person)


async def compared(prepared: Path, folder: Path, name: str, answers: int) -> bool:
    """Hold the law after so many answers; False where there are fewer questions."""
    stopped = await told_of(prepared, folder / "stopped.db", name, answers, rest=False)
    if stopped is None:
        return False
    same = DIALOGUES[name].waits
    other = await told_of(prepared, folder / "other.db", name, 0 if same else answers, rest=not same)
    assert stopped == other, f"after {answers} answers"
    return True


@pytest.mark.parametrize("name", sorted(DIALOGUES))
async def test_to_stop_after_the_first_answer_is_to_skip_the_rest(name: str, prepared: Path, tmp_path: Path) -> None:
    """Of what waits for its own yes, nothing is there yet."""
    more = await compared(prepared, tmp_path, name, 1)
    always = sum(isinstance(node, Ask) for node in DIALOGUES[name].nodes)
    assert more or always < 2 or only_by_item(name)


@pytest.mark.parametrize("name", sorted(LONGEST))
async def test_to_stop_in_the_middle_is_to_skip_the_rest(name: str, prepared: Path, tmp_path: Path) -> None:
    assert await compared(prepared, tmp_path, name, LONGEST[name])


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(DIALOGUES))
async def test_to_stop_after_any_answer_is_to_skip_the_rest(name: str, prepared: Path, tmp_path: Path) -> None:
    answers = 2
    while await compared(prepared, tmp_path, name, answers):
        answers += 1
