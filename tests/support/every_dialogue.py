"""A dialogue of the library, whichever it is, put to the one whom it is for in the middle of an engagement."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, insert

from bot.app import library
from bot.conversation.turn import advance
from bot.engine.dialogue.tree import Call, Kind, every_node
from bot.engine.events import DialogueOpened
from bot.engine.state import Run
from bot.messages.incoming import ButtonPressed, TextSent
from bot.messages.outgoing import Message
from bot.model.commitments.records import CommitmentMade
from bot.model.habits.records import HabitMade
from bot.model.habits.values import HabitRule
from bot.model.records import Record
from bot.model.records_plan import AgreementMade, GoalMade, LadderConfirmed, LadderMade, MilestoneMade
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations
from storage.people import addresses, people
from storage.people.engagements import change_engagement, engagements_as_client
from storage.programme import goals, habits, ladders, run_records
from storage.tables.people import table_of
from storage.tables.plan import SessionRow
from storage.tables.sessions import AwayRow
from tests.support.plans import together
from tests.support.town import Person, Town, town_on

DIALOGUES = {name: found for (language, name), found in library().dialogues.items() if language == "en"}
OF_COACHES = {
    "agreement",
    "coach-levels",
    "coach-settings",
    "coach-setup",
    "coachs-note",
    "close-engagement",
    "program-change",
    "reopening",
    "word-from-coach",
}
CALLED = {node.dialogue for found in DIALOGUES.values() for node in every_node(found.nodes) if isinstance(node, Call)}
NOT_AT_REST = {"habit-today"}  # asks nothing on a day of rest, as all are in the tests of every dialogue
By = Literal["bot", "client"]
RUN = "left-and-taken-up"
RUNGS = {-2: "All of it on my desk", -1: "Most of it", 0: "Half of it", 1: "A third of it", 2: "None of it"}


def prepare(template: Path, file: Path) -> Path:
    """Make a database in which Ana and Dana are in the middle of their engagement."""
    shutil.copy(template, file)
    asyncio.run(_prepare(f"sqlite:///{file}"))
    return file


async def _prepare(url: str) -> None:
    async with town_on(url).open() as town:
        ana, _ = await together(town)
        await ana.says("/pause")
        place = await ana.place()
        await town.app.database.transact(partial(_fill, person=place.person, town=town))


def _fill(connection: Connection, person: str, town: Town) -> None:
    """Two goals, one with a ladder that holds and one whose ladder waits; an agreement; a session; commitments."""
    now, today = town.clock.now, town.clock.now.date()
    engagement = engagements_as_client(connection, person)[0].engagement.id
    made = tuple(GoalMade(key=str(n), engagement=engagement, text=f"Goal {n}", state="active") for n in range(1, 5))
    goals.write(connection, made, run="goals", day=today, at=now)
    ids = [goal.id for goal in goals.goals(connection, engagement)]
    plan: tuple[Record, ...] = (
        LadderMade(goal=ids[0], rungs=RUNGS, by="client", baseline=-1),
        LadderMade(goal=ids[1], rungs=RUNGS, by="coach"),
        MilestoneMade(key="step", goal=ids[0], text="The first step", due=today),
        AgreementMade(key="agreement", engagement=engagement, terms={"scope": "Decisions"}, ok=True),
    )
    goals.write(connection, plan, run="plan", day=today, at=now)
    ladders.confirm(connection, LadderConfirmed(goal=ids[0], version=1, by="coach"), today)
    promised = tuple(
        CommitmentMade(key=str(n), text=f"Promise {n}", due=today, engagement=engagement) for n in range(2)
    )
    run_records.write(connection, promised, person=person, run="promises", day=today, at=now, engagement=engagement)
    rule = HabitRule(weekdays=tuple(range(7)))
    run = [HabitMade(key="run", text="Run", rule=rule, engagement=engagement, each_day=True)]
    habits.write(connection, run, person=person, run="habits", day=today - timedelta(days=14), at=now)
    at = now + timedelta(days=2)
    connection.execute(insert(table_of(SessionRow)).values(id="session-1", engagement=engagement, at=at))
    coach = engagements_as_client(connection, person)[0].engagement.coach
    away = {"person": coach, "first": today, "last": date(2027, 6, 1), "cover": coach}
    connection.execute(insert(table_of(AwayRow)).values(id="absence-1", **away))
    change_engagement(connection, engagement, cover="absence-1")
    changes = {"phase": "coaching", "planned": True, "contracted": True, "heir": coach, "ends": date(2027, 6, 1)}
    change_engagement(connection, engagement, **changes)


@asynccontextmanager
async def about_to_be_asked(prepared: Path, file: Path, name: str, *, by: By = "client") -> AsyncIterator[Person]:
    """The one whom a dialogue is for, with its first question open."""
    _fresh(prepared, file)
    town = town_on(f"sqlite:///{file}")
    for user in ("dana", "ana"):
        town.meet(user)
    async with town.open():
        person = town.meet("dana" if name in OF_COACHES else "ana")
        place = await person.place()
        await town.app.database.transact(partial(_begin, town=town, name=name, person=place.person, by=by))
        await town.settled()
        yield person


def _fresh(prepared: Path, file: Path) -> None:
    for rest in ("-wal", "-shm"):  # of the one before, where it was not closed by then
        Path(f"{file}{rest}").unlink(missing_ok=True)
    shutil.copy(prepared, file)


def _begin(connection: Connection, town: Town, name: str, person: str, by: By) -> None:
    known = people.person(connection, person, lock=True)
    assert known is not None
    _, runs = conversations.state(connection, person)
    place = _place(connection, town, "dana" if name in OF_COACHES else "ana")
    client = _place(connection, town, "ana").person
    engagement = engagements_as_client(connection, client)[0].engagement.id
    unit = UnitOfWork(
        connection=connection,
        library=town.app.library,
        known=known,
        reply_to=place,  # as if they had asked for it: whoever pauses is not written to
        key=f"begin:{name}",
        now=town.clock.now,
        today=town.clock.now.date(),
    )
    day = unit.today
    advance(unit, DialogueOpened(run=RUN, dialogue=name, by=by, day=day, engagement=engagement, known={}), runs)


def _place(connection: Connection, town: Town, user: str) -> addresses.Place:
    found = addresses.place_at(connection, town.seat.address(user))
    assert found is not None
    return found


async def waiting(person: Person) -> Run | None:
    """The run that was begun, while it waits for an answer."""
    place = await person.place()
    _, runs = await person.town.app.database.read(partial(conversations.state, wanted=place.person))
    return next((run for run in runs if run.id == RUN), None)


def fitting(message: Message, number: int) -> TextSent | ButtonPressed:
    """An answer that a question takes: the first button that steers nowhere, or words."""
    taps = [choice for choice in message.choices if not choice.value.startswith("!")]
    if taps:
        return ButtonPressed(token=message.token, value=taps[0].value)
    words = {
        Kind.DATE: "in two weeks",
        Kind.NUMBER: "5",
        Kind.COMMITMENTS: f"Write page {number} by Friday",
        Kind.HABIT: "gym mon wed fri",
    }
    return TextSent(text=words.get(Kind(message.kind), f"Words of mine, number {number}") if message.kind else "x")


async def walk(
    person: Person,
    answer: Callable[[Message, int], TextSent | ButtonPressed],
    *,
    leave: timedelta,
    most: int = 60,
) -> list[str]:
    """Answer every question, or the first few, going away before each; the keys of the questions in order."""
    asked: list[str] = []
    while (run := await waiting(person)) is not None and len(asked) < most:
        assert run.asked is not None
        await person.town.passes(seconds=leave.total_seconds())
        still = await waiting(person)
        assert still is not None, f"'{run.asked.question}' was gone after {leave}"
        assert still.asked is not None
        assert still.asked.question == run.asked.question
        message = next(m for m in reversed(person.read) if m.token == still.asked.token)
        asked.append(run.asked.question)
        await give(person, message, answer(message, len(asked)))
    return asked


async def give(person: Person, message: Message, answer: TextSent | ButtonPressed) -> None:
    """Answer that very question, whatever else was said since; ticked boxes are sent off."""
    if isinstance(answer, TextSent):
        answer = replace(answer, hangs_on=person.town.number_of_token(person, message.token))
    await person.does(answer, key=f"leaving:{person.town.clock.now}")
    now = await waiting(person)
    if message.kind == Kind.CHOICES and now and now.asked and now.asked.token == message.token:
        await person.does(ButtonPressed(token=message.token, value="="), key=f"ready:{person.town.clock.now}")


def only_by_item(name: str) -> bool:
    """What a dialogue asks depends on the item that it is called for by another one."""
    return name in CALLED | NOT_AT_REST
