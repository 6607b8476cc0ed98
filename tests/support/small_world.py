"""A small world on one database that can die and come back: three people, their phones, and what is stored of them."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text

from bot.app import App
from bot.clock import SetClock
from bot.conversation.receive import Conversation
from bot.delivery.deliver import Delivery
from bot.engine.library import Library
from bot.engine.state import Answer, Run
from bot.messages.incoming import CommandSent, Content, Inbound, Receipt, TextSent
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Parcel, Sent
from bot.model.commitments.values import Commitment
from bot.model.people.answers import Rating
from bot.simulated import stage
from bot.understanding.dates.worker import DateWorker
from handlers.console.keyboard import address_of
from schedules.scheduler import bodies
from storage.conversation import conversations
from storage.database.encryption import KeyRing
from storage.database.open import open_database
from storage.people import addresses
from storage.programme import commitments as commitments_rows
from storage.serialise import opened
from storage.tables.outbox import OutboxRow
from storage.tables.people import (
    AnswerRow,
    CommitmentRow,
    InboxRow,
    PromptRow,
    RatingRow,
    ReportRow,
    RunRow,
    TimerRow,
    table_of,
)
from tests.support.crashing_database import CrashingDatabase
from tests.support.town import KEY, WELCOME, rhythm_only

Key = tuple[str, str]  # a run and its question


@dataclass(slots=True)
class Phone:
    """The platform: shows what it is sent, and can change it."""

    platform: str = "console"
    edits: bool = True
    forms: bool = False
    pages: bool = False
    sent: list[Parcel] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> Fate:
        """Show it."""
        self.sent.append(parcel)
        return Sent(message_id=f"m{parcel.id}")

    def read(self, user: str) -> list[Parcel]:
        """The questions that somebody has been shown, in their order."""
        return [p for p in self.sent if p.address.user == user and p.message.token and not p.replaces]


class Asking(NamedTuple):
    """A prompt as it is stored."""

    run: str
    question: str
    state: str
    closed: datetime | None

    @property
    def key(self) -> Key:
        """What it asks for."""
        return self.run, self.question


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """What the database holds of one person."""

    runs: tuple[Run, ...]
    answers: dict[Key, Answer]
    prompts: dict[str, Asking]
    ended: dict[str, tuple[str, str]]
    timers: frozenset[tuple[str, str]]
    ratings: tuple[tuple[str, Rating], ...]
    commitments: tuple[Commitment, ...]
    reports: tuple[tuple[str, str], ...]
    messages: dict[str, Key]
    unfinished: int
    failed: int

    @property
    def waiting(self) -> dict[str, Run]:
        """The runs that wait, by the token of their prompt."""
        return {run.asked.token: run for run in self.runs if run.asked}

    @property
    def open(self) -> Run | None:
        """The run that a text is meant for."""
        awake = [run for run in self.runs if run.until is None]
        return awake[-1] if awake else None

    @property
    def held(self) -> dict[Key, Any]:
        """The answers as they count: their values, and what was skipped."""
        return {key: (answer.value, answer.skipped) for key, answer in self.answers.items()}


def picture(connection: Connection, person: str) -> Picture:
    """Look at everything of one person."""
    answer, prompt, run, timer = (table_of(row) for row in (AnswerRow, PromptRow, RunRow, TimerRow))
    rating, report, commitment, inbox, outbox = (
        table_of(row) for row in (RatingRow, ReportRow, CommitmentRow, InboxRow, OutboxRow)
    )

    def rows(table: Any, *more: Any) -> Any:
        return connection.execute(select(table).where(table.c.person == person, *more)).all()

    own = select(commitment.c.id).where(commitment.c.person == person)
    told = connection.execute(select(report).where(report.c.commitment.in_(own))).all()
    waiting = outbox.c.state.in_(("pending", "sending"))
    return Picture(
        runs=conversations.state(connection, person)[1],
        answers={(r.run, r.question): opened(connection, Answer, r.body) for r in rows(answer)},
        prompts={r.token: Asking(r.run, r.question, r.state, r.closed) for r in rows(prompt)},
        ended={r.id: (r.dialogue, r.state) for r in rows(run)},
        timers=frozenset((r.token, r.kind) for r in rows(timer)),
        ratings=tuple((r.run, Rating(kind=r.kind, value=r.value, day=r.day, about=r.about)) for r in rows(rating)),
        commitments=commitments_rows.all_commitments(connection, person),
        reports=tuple((r.commitment, r.report) for r in told),
        messages={r.message: (r.run, r.question) for r in rows(inbox, inbox.c.run != "")},
        unfinished=len(rows(outbox, waiting)),
        failed=conversations.failed_count(connection),
    )


@dataclass(slots=True)
class World:
    """The app on one database, which can die and come back; one event loop for all of it."""

    url: str
    made: Library
    dates: DateWorker
    clock: SetClock
    phone: Phone = field(default_factory=Phone)
    app: App | None = None
    database: CrashingDatabase | None = None
    persons: dict[str, str] = field(default_factory=dict)

    async def start(self) -> None:
        """Start, as after a crash: what a killed sender left is settled, and what waits is sent."""
        keys = KeyRing.from_text(KEY)
        self.database = CrashingDatabase(open_database(self.url, keys=keys, connections=2, readers=1))
        page: Any = lambda connection, person, now: Message(text="")  # noqa: E731
        delivery = Delivery(self.database, {"console": self.phone}, self.clock, page)
        conversation = Conversation(self.database, self.made, self.dates, delivery.wake)
        jobs = bodies(self.database, conversation.receive, delivery, self.made)
        self.app = App(
            database=self.database, library=self.made, conversation=conversation, delivery=delivery, jobs=jobs
        )
        await delivery.recover(alone=True)
        await delivery.drain()

    async def stop(self) -> None:
        """Be gone: nothing is sent or said any more. Only the threads are ended in order."""
        assert self.database is not None
        await self.database.inner.close()

    async def look(self, user: str) -> Picture:
        """What the database holds of somebody."""
        assert self.database is not None
        if user not in self.persons:
            place = await self.database.read(partial(addresses.place_at, address=address_of(user)))
            assert place is not None
            self.persons[user] = place.person
        return await self.database.read(partial(picture, person=self.persons[user]))

    async def receive(self, event: Inbound) -> Receipt:
        """Take an event, without sending anything."""
        assert self.app is not None
        return await self.app.conversation.receive(event, self.clock())

    async def drain(self) -> None:
        """Send what waits."""
        assert self.app is not None
        await self.app.delivery.drain()

    async def says(self, user: str, line: str) -> Receipt:
        """Somebody types a line, and reads what comes of it."""
        assert self.app is not None
        verb, _, rest = line[1:].partition(" ")
        content: Content = CommandSent(verb=verb, rest=rest) if line.startswith("/") else TextSent(text=line)
        receipt = await stage.say(self.app, user, content, self.clock())
        await self.drain()
        return receipt


async def settle_in(world: World) -> None:
    """A coach and two clients who have been through the welcome; every move of an outbox row is noted from now on."""
    await world.start()
    assert world.app is not None
    assert world.database is not None
    now = world.clock()
    await stage.join(world.app, "dana", role="coach", coach=None, name="Dana", zone="Europe/Berlin", now=now)
    dana = await world.database.read(partial(addresses.place_at, address=address_of("dana")))
    assert dana is not None
    for user in ("ana", "ben"):
        name = user.capitalize()
        await stage.join(world.app, user, role="client", coach=dana.person, name=name, zone="Europe/Berlin", now=now)
        await world.drain()
        for line in WELCOME:
            await world.says(user, line)
        found = await world.look(user)
        assert not found.runs, f"{found.runs} after the welcome"
        await world.database.transact(partial(rhythm_only, person=world.persons[user]))
    if world.url.startswith("sqlite"):
        await world.database.transact(note_moves)
    await world.stop()


def note_moves(connection: Connection) -> None:
    """Let the database itself note every move that a row of the outbox makes."""
    connection.execute(text("create table moves (was text, became text)"))
    connection.execute(
        text(
            "create trigger note_moves after update of state on outbox when old.state <> new.state "
            "begin insert into moves values (old.state, new.state); end"
        )
    )


def moves(connection: Connection) -> set[tuple[str, str]]:
    """Every move that a row of the outbox has made."""
    return {(was, became) for was, became in connection.execute(text("select distinct was, became from moves"))}
