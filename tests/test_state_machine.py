"""One state machine over the real conversation: whatever is said, repeated, reordered, edited, delayed or cut off.

The model knows nothing of the engine. It reads its phone as a person does, does one thing at a time, and compares what
the database held before and after: which answers may have come, changed or gone follows from what was done.

`STATE_MACHINE_EXAMPLES` and `STATE_MACHINE_STEPS` make a longer run, with fresh randomness every time.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, select, text

from bot import stage
from bot.app import App, library
from bot.clock import SetClock
from bot.conversation import Conversation
from bot.delivery import MOVES, Delivery
from bot.engine.library import Library
from bot.engine.state import Answer, Run
from bot.facts import Commitment, Rating
from bot.messages import (
    Called,
    Content,
    Edited,
    Fate,
    Inbound,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Said,
    Sent,
    Stirred,
    Tapped,
)
from bot.understanding.date_worker import DateWorker
from handlers.console.keyboard import address_of
from schedules.scheduler import bodies
from storage import addresses, promises, talks
from storage.database import open_database
from storage.encryption import KeyRing
from storage.tables import (
    AnswerRow,
    CommitmentRow,
    InboxRow,
    OutboxRow,
    PromptRow,
    RatingRow,
    ReportRow,
    RunRow,
    TimerRow,
    table_of,
)
from storage.values import opened
from tests.conftest import postgres_database
from tests.crashing import CrashingDatabase, Died, NotStoredError
from tests.town import KEY, MONDAY, Town

if TYPE_CHECKING:
    import psycopg

EXAMPLES = int(os.environ.get("STATE_MACHINE_EXAMPLES", "0"))
STEPS = int(os.environ.get("STATE_MACHINE_STEPS", "30"))
WELCOME = ["Start", "As described", "Berlin", "Monday to Friday", "Weekly", "Friday", "09:00", "skip", "No"]
SYLLABLES = ["bo", "ku", "li", "na", "pe", "ro", "ti", "vu", "za", "xo"]
UNREADABLE = "xyzzy plugh " * 50  # no number, day, city, label or line

ASIDES = [
    *("help", "later", "later", "private", "/private", "*voice", "/progress", "/whosees", "/log", "/frobnicate"),
    *("/settings", "/settings", "/checkin", "/checkin", "/commit", "/whatmycoachsees", "/callme"),
    *("/pause 1 week", "/resume", "/stop", "/start", "/travel Tokyo until Friday"),
]

Key = tuple[str, str]  # a run and its question


# -- the world -------------------------------------------------------------------------------------------------------


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
        runs=talks.state(connection, person)[1],
        answers={(r.run, r.question): opened(connection, Answer, r.body) for r in rows(answer)},
        prompts={r.token: Asking(r.run, r.question, r.state, r.closed) for r in rows(prompt)},
        ended={r.id: (r.dialogue, r.state) for r in rows(run)},
        timers=frozenset((r.token, r.kind) for r in rows(timer)),
        ratings=tuple((r.run, Rating(kind=r.kind, value=r.value, day=r.day, about=r.about)) for r in rows(rating)),
        commitments=promises.all_commitments(connection, person),
        reports=tuple((r.commitment, r.report) for r in told),
        messages={r.message: (r.run, r.question) for r in rows(inbox, inbox.c.run != "")},
        unfinished=len(rows(outbox, waiting)),
        failed=talks.failed_count(connection),
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
        jobs = bodies(self.database, conversation.receive, delivery)
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
        content: Content = Called(verb=verb, rest=rest) if line.startswith("/") else Said(text=line)
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
    if world.url.startswith("sqlite"):
        await world.database.transact(_note_moves)
    await world.stop()


def _note_moves(connection: Connection) -> None:
    connection.execute(text("create table moves (was text, became text)"))
    connection.execute(
        text(
            "create trigger note_moves after update of state on outbox when old.state <> new.state "
            "begin insert into moves values (old.state, new.state); end"
        )
    )


def _moves(connection: Connection) -> set[tuple[str, str]]:
    return {(was, became) for was, became in connection.execute(text("select distinct was, became from moves"))}


# -- the machine -----------------------------------------------------------------------------------------------------

numbers = st.integers(0, 99)


while_asked = precondition(lambda self: self.asked is not None)
while_tappable = precondition(lambda self: bool(self.asked and self.asked.choices))
while_scaled = precondition(lambda self: bool(self.asked and self.asked.kind == "scale"))


class Talk(RuleBasedStateMachine):
    """Ana talks, time passes, things break."""

    make: Callable[[], World]
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.world = self.make()
        self.events: list[Inbound] = []
        self.typed: list[str] = []
        self.count = 0
        self.crashed = False
        self.run(self.world.start())
        self.now = self.run(self.world.look("ana"))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    # -- doing things ------------------------------------------------------------------------------------------------

    def event(self, content: Content, *, user: str = "ana", message: str = "") -> Inbound:
        """An event of somebody's; those of Ana can be delivered again later."""
        self.count += 1
        number = message or f"{user}-{self.count}"
        made = Inbound(key=f"key-{self.count}", address=address_of(user), content=content, message_id=number)
        if user == "ana":
            self.events.append(made)
            if isinstance(content, Said):
                self.typed.append(number)
        return made

    def does(self, content: Content, *, message: str = "", user: str = "ana") -> Receipt:
        """Ana does something and reads what comes of it."""
        receipt = self.run(self.world.receive(self.event(content, message=message, user=user)))
        self.reads()
        assert isinstance(receipt, Receipt)
        return receipt

    def reads(self) -> None:
        """What waits arrives; no question arrives that is answered already. Then `now` shows how things stand."""
        before = len(self.world.phone.sent)
        self.run(self.world.drain())
        self.look()
        self.arrived(before)

    def look(self) -> None:
        """See what the database holds."""
        self.now = self.run(self.world.look("ana"))

    def arrived(self, before: int) -> None:
        """What has arrived since: questions only as long as they are open."""
        for parcel in self.world.phone.sent[before:]:
            if parcel.address.user == "ana" and parcel.message.token and not parcel.replaces:
                state = self.now.prompts[parcel.message.token].state
                assert state == "open", f"{parcel.message.text!r} was put when it was {state}"

    def line(self, line: str) -> Receipt:
        """Ana types a line or a command."""
        verb, _, rest = line[1:].partition(" ")
        return self.does(Called(verb=verb, rest=rest) if line.startswith("/") else Said(text=line))

    @property
    def asked(self) -> Message | None:
        """The question on Ana's phone that waits for her: the last one that was put and has not been closed."""
        waiting = {token for token, run in self.now.waiting.items() if run.until is None}
        open_ones = [p.message for p in self.world.phone.read("ana") if p.message.token in waiting]
        return open_ones[-1] if open_ones else None

    def good_answer(self, message: Message, number: int) -> tuple[str, Any]:
        """An answer that fits a question, as it is tapped or typed, and what is to be stored."""
        choices = [choice for choice in message.choices if not choice.value.startswith("!")]
        if choices:
            choice = choices[number % len(choices)]
            value: Any = {"yes": True, "no": False}.get(choice.value, choice.value)
            if message.kind == "yes_no":
                return choice.value, value
            return choice.value, int(choice.value) if message.kind == "scale" else choice.value
        if message.kind == "date":
            day = (self.world.clock().date() + timedelta(days=2 + number % 5)).isoformat()
            return day, day
        return self.idea(), None

    def idea(self) -> str:
        """Words that were never said before, and that mean nothing else."""
        self.count += 1
        return "Idea " + "".join(SYLLABLES[int(digit)] for digit in str(self.count))

    def came(self, before: Picture, allowed: Callable[[Key], bool]) -> dict[Key, Any]:
        """The answers that came, with those of dialogues that began just now left out; nothing else may have moved."""
        for key, value in before.held.items():
            if not allowed(key):
                assert self.now.held.get(key) == value, f"{key}: {value} became {self.now.held.get(key)}"
        fresh = {key: value for key, value in self.now.held.items() if key not in before.held}
        return {key: value for key, value in fresh.items() if key[0] in before.ended}

    def nothing_came(self, before: Picture) -> None:
        """No answer came, changed or went."""
        came = self.came(before, lambda key: False)
        assert not came, f"{came} came out of nothing"

    def one_came(self, before: Picture, message: Message, value: Any) -> None:
        """The answer to that question came, and no other; None stands for any value."""
        run, question = before.prompts[message.token].key
        changes_another = before.ended.get(run, ("", ""))[0] == "revision"
        came = self.came(before, lambda key: changes_another)
        assert (run, question) in came, f"the answer to {message.text!r} was acknowledged and is not stored"
        stored, skipped = came.pop((run, question))
        assert not skipped
        assert value is None or stored == value, f"{stored!r} is stored for {value!r}"
        assert changes_another or not came, f"{came} came with the answer to {question}"

    @initialize(
        begins=st.sampled_from(["quietly", "with a promise", "daily", "with promises that are due", "on a Friday"])
    )
    def begins(self, begins: str) -> None:
        """Where the story begins: not always with nothing under way."""
        if begins == "with a promise":
            self.line(f"/commit {self.idea()} by Friday")
        if begins == "daily":
            for line in ("/settings", "How often", "Daily for two weeks"):
                self.line(line)
        if begins == "with promises that are due":
            for day in ("tomorrow", "tomorrow", "by Friday"):
                for line in (f"/commit {self.idea()} {day}", "9", "Fine as it is"):
                    self.line(line)
        if begins in ("with promises that are due", "on a Friday"):
            self.time_passes(timedelta(days=1 if begins != "on a Friday" else 4))

    # -- what can happen ---------------------------------------------------------------------------------------------

    @while_asked
    @rule(number=numbers, tapped=st.booleans())
    def answers(self, number: int, tapped: bool) -> None:
        """The open question is answered, by a button or in words."""
        message, before = self.asked, self.now
        assert message is not None
        text, value = self.good_answer(message, number)
        tapped = tapped and bool(message.choices)
        content: Content = Tapped(token=message.token, value=text) if tapped else Said(text=self.words(message, text))
        receipt = self.does(content)
        assert receipt.outcome is Outcome.ACCEPTED
        self.one_came(before, message, value if tapped or message.kind in ("scale", "yes_no") else None)

    def words(self, message: Message, value: str) -> str:
        """How a choice is typed: by its label."""
        return next((choice.label for choice in message.choices if choice.value == value), value)

    @while_asked
    @rule(number=numbers)
    def answers_again_and_again(self, number: int) -> None:
        """Several questions in a row, so that dialogues come to their ends."""
        for _ in range(6):
            if self.asked is not None:
                self.answers(number, tapped=number % 3 > 0)

    @while_asked
    @rule()
    def mumbles(self) -> None:
        before, message = self.now, self.asked
        self.line(UNREADABLE)
        came = self.came(before, lambda key: False)
        wanted = before.prompts[message.token].key if message else None
        assert set(came) <= {wanted}
        assert all(skipped for _, skipped in came.values())

    @while_asked
    @rule()
    def skips(self) -> None:
        before, message = self.now, self.asked
        self.line("skip")
        came = self.came(before, lambda key: False)
        wanted = {before.prompts[message.token].key: (None, True)} if message else {}
        assert came == wanted

    @while_asked
    @rule(words=st.sampled_from(["back", "change 1", "change 2"]))
    def goes_back(self, words: str) -> None:
        before = self.now
        own = before.open.id if before.open else ""
        self.line(words)
        assert not self.came(before, lambda key: key[0] == own)
        gone = before.held.keys() - self.now.held.keys()
        assert len(gone) <= 1

    @while_asked
    @rule()
    def cancels(self) -> None:
        before = self.now
        own = before.open.id if before.open else ""
        self.line("cancel")
        assert not self.came(before, lambda key: key[0] == own)
        assert not [key for key in self.now.held if key[0] == own]

    @rule(line=st.sampled_from(ASIDES))
    def does_something_else(self, line: str) -> None:
        """What is said besides answers no answer, whatever else it does."""
        before = self.now
        if line.startswith("*"):
            self.does(Stirred(kind=line[1:]))
        else:
            self.line(line)
        self.nothing_came(before)

    @rule(day=st.sampled_from(["", " by Friday", " tomorrow"]))
    def commits(self, day: str) -> None:
        before = self.now
        self.line(f"/commit {self.idea()}{day}")
        self.nothing_came(before)

    @rule(number=numbers, report=st.sampled_from(["done", "not yet", "partly", "moved to next Friday", "drop"]))
    def logs(self, number: int, report: str) -> None:
        before = self.now
        open_ones = [c.number for c in before.commitments if c.standing == "open"] or [1]
        self.line(f"/log {open_ones[number % len(open_ones)]} {report}")
        self.nothing_came(before)

    @rule()
    def undoes(self) -> None:
        before = self.now
        self.line("/undo")
        assert not self.came(before, lambda key: True)
        gone = {run for run, _ in before.held.keys() - self.now.held.keys()}
        assert len(gone) <= 1
        for key in before.held.keys() & self.now.held.keys():
            assert self.now.held[key] == before.held[key]

    @precondition(lambda self: bool(self.typed))
    @rule(
        number=numbers, words=st.sampled_from(["4", "9", "Idea boku", "Yes", "tomorrow", "xyzzy", "Idea by Friday", ""])
    )
    def edits(self, number: int, words: str) -> None:
        """A message is changed: only the answer that it gave may change, with the day that it named."""
        before = self.now
        message = self.typed[-1 - number % len(self.typed)]
        gave = before.messages.get(message)
        self.does(Edited(text=words), message=message)
        run = gave[0] if gave else ""
        came = self.came(before, lambda key: key[0] == run)
        assert set(came) <= {(run, "due"), (run, "due_smaller")}
        changed = {k for k in before.held.keys() & self.now.held.keys() if before.held[k] != self.now.held[k]}
        assert changed <= {gave, (run, "due"), (run, "due_smaller")}
        if gave in changed:
            assert before.answers[gave].message == message, "another message had answered that question since"
        assert not before.held.keys() - self.now.held.keys()

    @precondition(lambda self: bool(self.events))
    @rule(number=numbers)
    def is_delivered_again(self, number: int) -> None:
        """An earlier event comes again: it is a duplicate, and nothing at all is changed or said."""
        before, sent = self.now, len(self.world.phone.sent)
        event = self.events[-1 - number % len(self.events)]
        receipt = self.run(self.world.receive(event))
        assert receipt.outcome is Outcome.DUPLICATE
        self.reads()
        assert replace(self.now, runs=()) == replace(before, runs=())
        assert self.now.runs == before.runs
        assert len(self.world.phone.sent) == sent

    @while_tappable
    @rule(number=numbers)
    def a_command_overtakes_an_answer(self, number: int) -> None:
        """The button was pressed first, the command comes first: both are served, to the questions they were for."""
        message, before = self.asked, self.now
        assert message is not None
        text, value = self.good_answer(message, number)
        tap = self.event(Tapped(token=message.token, value=text))
        self.line("/progress")
        if before.prompts[message.token] != self.now.prompts[message.token]:
            return  # facts have moved, and another question stands in its place
        receipt = self.run(self.world.receive(tap))
        self.reads()
        assert receipt.outcome is Outcome.ACCEPTED
        self.one_came(before, message, value)

    @rule(number=numbers, value=st.sampled_from(["", "", "1", "done"]))
    def taps_an_old_button(self, number: int, value: str) -> None:
        """Any button ever shown: it answers its own question or none; an expired one for a week, and once."""
        shown = [parcel.message for parcel in self.world.phone.read("ana") if parcel.message.choices]
        if not shown:
            return
        before, message = self.now, shown[-1 - number % len(shown)]
        prompt = before.prompts[message.token]
        revision = before.ended.get(prompt.run, ("", ""))[0] == "revision"
        receipt = self.does(Tapped(token=message.token, value=value or self.good_answer(message, number)[0]))
        came = self.came(before, lambda key: revision)
        assert set(came) <= {prompt.key} or revision
        if prompt.state in ("answered", "superseded"):
            assert receipt.outcome is Outcome.STALE
            assert not came
        if prompt.state == "expired":
            assert set(came) == ({prompt.key} if not value and self.still_answerable(before, prompt) else set(came))
            assert receipt.outcome is (Outcome.ACCEPTED if came else Outcome.STALE)

    def still_answerable(self, found: Picture, prompt: Asking) -> bool:
        """Whether an expired prompt takes an answer: within a week, if it has none, and if it still has its place."""
        late = prompt.closed is None or self.world.clock() - prompt.closed > timedelta(days=7)
        # What the choices are, or whether the question has its place at all, follows from promises that come and go.
        fixed = prompt.question in ("energy", "well", "way")
        return (
            fixed and not late and prompt.key not in found.held and found.ended[prompt.run][1] in ("missed", "partly")
        )

    @while_asked
    @rule()
    def someone_else_taps_her_button(self) -> None:
        message, before = self.asked, self.now
        assert message is not None
        value = message.choices[0].value if message.choices else "1"
        receipt = self.does(Tapped(token=message.token, value=value), user="ben")
        assert receipt.outcome is Outcome.STALE
        assert self.now == before

    @rule(number=numbers, choice=numbers)
    def replies_to_an_older_question(self, number: int, choice: int) -> None:
        """A reply to a question that waits answers that one; to a closed one, none."""
        shown = self.world.phone.read("ana")
        if not shown:
            return
        before, parcel = self.now, shown[-1 - number % len(shown)]
        run, question, state, _ = before.prompts[parcel.message.token]
        revision = before.ended.get(run, ("", ""))[0] == "revision"
        text, _ = self.good_answer(parcel.message, choice)
        self.does(Said(text=self.words(parcel.message, text), hangs_on=f"m{parcel.id}"))
        came = self.came(before, lambda key: revision)
        assert set(came) <= {(run, question), (run, "due"), (run, "due_smaller")} or revision
        if state in ("answered", "superseded"):
            assert not came

    # -- two at once -------------------------------------------------------------------------------------------------

    @while_tappable
    @rule(one=numbers, other=numbers, same=st.booleans())
    def two_answers_come_at_once(self, one: int, other: int, same: bool) -> None:
        """Two buttons of one question, or one event delivered twice: one of them counts."""
        message, before = self.asked, self.now
        assert message is not None
        events = [self.event(Tapped(token=message.token, value=self.good_answer(message, n)[0])) for n in (one, other)]
        if same:
            self.events.pop()
            events[1] = events[0]

        async def both() -> list[Receipt]:
            return list(await asyncio.gather(*(self.world.receive(event) for event in events)))

        outcomes = sorted(receipt.outcome for receipt in self.run(both()))
        self.reads()
        assert outcomes == sorted([Outcome.ACCEPTED, Outcome.DUPLICATE if same else Outcome.STALE])
        self.one_came(before, message, None)

    @while_scaled
    @rule(number=numbers)
    def two_texts_come_at_once(self, number: int) -> None:
        """Each goes to one question, and none to two."""
        message, before = self.asked, self.now
        assert message is not None
        events = [self.event(Said(text=str(1 + number % 10))), self.event(Said(text="/progress"))]

        async def both() -> None:
            await asyncio.gather(*(self.world.receive(event) for event in events))

        self.run(both())
        self.reads()
        self.one_came(before, message, 1 + number % 10)

    # -- time --------------------------------------------------------------------------------------------------------

    @rule(span=st.sampled_from([timedelta(minutes=20), timedelta(hours=5), timedelta(days=1), timedelta(days=4)]))
    def time_passes(self, span: timedelta) -> None:
        """Whatever falls due on the way happens at its moment."""
        before, end = self.now, self.world.clock() + span
        while (at := self.run(self.due())) is not None and at <= end:
            self.world.clock.now = max(at, self.world.clock.now)
            self.ticks()
        self.world.clock.now = end
        self.ticks()
        self.nothing_came(before)

    @rule(days=st.sampled_from([3, 9, 25]))
    def the_host_sleeps(self, days: int) -> None:
        """Nothing happens for days, and then all at once: no burst."""
        before, sent = self.now, len(self.world.phone.read("ana"))
        self.world.clock.now += timedelta(days=days)
        self.ticks()
        self.nothing_came(before)
        assert len(self.world.phone.read("ana")) <= sent + 2, "a burst"

    async def due(self) -> datetime | None:
        assert self.world.app is not None
        return await stage.next_due(self.world.app)

    def ticks(self) -> None:
        before = len(self.world.phone.sent)
        assert self.world.app is not None
        self.run(stage.tick(self.world.app, self.world.clock(), self.world.app.jobs))
        self.look()
        self.arrived(before)

    # -- crashes -----------------------------------------------------------------------------------------------------

    @while_tappable
    @rule(number=numbers, at=st.integers(0, 4), dies=st.booleans())
    def an_answer_is_cut_off(self, number: int, at: int, dies: bool) -> None:
        """A transaction fails, or the process dies after one; the platform delivers what was not acknowledged again."""
        message, before = self.asked, self.now
        assert message is not None
        text, value = self.good_answer(message, number)
        event = self.event(Tapped(token=message.token, value=text))
        told = self.cut_off(at, dies, self.world.receive(event))
        stored = before.prompts[message.token].key in self.now.held
        assert stored or told is None, "acknowledged, and not stored"
        again = self.run(self.world.receive(event))
        assert again.outcome is (Outcome.DUPLICATE if stored else Outcome.ACCEPTED)
        self.reads()
        self.one_came(before, message, value)

    @rule(at=st.integers(0, 6), dies=st.booleans(), days=st.sampled_from([1, 4]))
    def a_tick_is_cut_off(self, at: int, dies: bool, days: int) -> None:
        """The same while prompts fall due."""
        before = self.now
        self.world.clock.now += timedelta(days=days)
        assert self.world.app is not None
        self.cut_off(at, dies, stage.tick(self.world.app, self.world.clock(), self.world.app.jobs))
        self.ticks()
        self.nothing_came(before)

    def cut_off(self, at: int, dies: bool, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do something and send what comes of it, and be cut off at one transaction; then come back."""
        assert self.world.database is not None
        setattr(self.world.database, "die_at" if dies else "fail_at", at)
        told = None
        before = len(self.world.phone.sent)
        try:
            told = self.run(doing)
            self.run(self.world.drain())
        except (NotStoredError, Died):
            self.crashed = True
        self.run(self.world.stop())
        self.run(self.world.start())
        self.look()
        self.arrived(before)
        return told

    @rule()
    def it_starts_again(self) -> None:
        """A restart says nothing and changes nothing."""
        before, sent = self.now, len(self.world.phone.sent)
        self.run(self.world.stop())
        self.run(self.world.start())
        self.look()
        assert self.now == before
        assert len(self.world.phone.sent) == sent

    # -- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def what_always_holds(self) -> None:
        self.open_prompts_are_those_that_are_waited_on()
        self.every_open_prompt_ends_one_day_and_no_other_rings()
        self.the_question_on_the_phone_is_the_one_that_a_text_answers()
        self.everything_is_said_and_nothing_failed()
        self.a_chat_reads_in_order_and_twice_only_after_a_crash()
        self.what_was_answered_counts_once()
        self.rows_of_the_outbox_move_as_the_table_says()

    def open_prompts_are_those_that_are_waited_on(self) -> None:
        found = self.now
        open_ones = {token for token, prompt in found.prompts.items() if prompt.state == "open"}
        assert open_ones == set(found.waiting)
        assert len(found.waiting) == len(found.runs)
        for token, run in found.waiting.items():
            assert run.asked is not None
            assert found.prompts[token].key == (run.id, run.asked.question)

    def every_open_prompt_ends_one_day_and_no_other_rings(self) -> None:
        for token in self.now.waiting:
            assert (token, "expire") in self.now.timers, "it would wait for ever"
        assert {token for token, _ in self.now.timers} <= set(self.now.waiting)

    def the_question_on_the_phone_is_the_one_that_a_text_answers(self) -> None:
        run, message = self.now.open, self.asked
        assert (run is None) == (message is None)
        if run is not None and message is not None and run.asked is not None:
            assert message.token == run.asked.token

    def everything_is_said_and_nothing_failed(self) -> None:
        assert self.now.unfinished == 0
        assert self.now.failed == 0

    def a_chat_reads_in_order_and_twice_only_after_a_crash(self) -> None:
        ids = [parcel.id for parcel in self.world.phone.sent if parcel.address.user == "ana"]
        for one, next_one in pairwise(ids):
            assert one < next_one or (self.crashed and one == next_one)

    def what_was_answered_counts_once(self) -> None:
        """A rating for each energy that was answered in a dialogue that ended, a promise for each that was made."""
        found = self.now
        energy = {
            (run, answer.value)
            for (run, question), answer in found.answers.items()
            if question == "energy" and not answer.skipped and found.ended[run][1] in ("done", "partly")
        }
        assert {(run, r.value) for run, r in found.ratings if r.kind == "energy"} == energy
        made = [c.run for c in found.commitments]
        assert len(made) == len(set(made))
        whole = {run for run, (dialogue, state) in found.ended.items() if (dialogue, state) == ("commitment", "done")}
        promised = {run for run in whole if not found.answers[run, "what"].skipped}
        assert {run for run in made if found.ended[run][0] == "commitment"} == promised | self.partly(found)
        slips = [commitment for commitment, report in found.reports if report in ("not_yet", "partly")]
        for commitment in found.commitments:
            assert commitment.slips == slips.count(commitment.id)

    def partly(self, found: Picture) -> set[str]:
        """Promises that were begun, not finished, and kept as far as they went."""
        begun = {run for run, (dialogue, state) in found.ended.items() if (dialogue, state) == ("commitment", "partly")}
        return {run for run in begun if (run, "what") in found.answers and not found.answers[run, "what"].skipped}

    def rows_of_the_outbox_move_as_the_table_says(self) -> None:
        if self.world.url.startswith("sqlite"):
            assert self.world.database is not None
            for was, became in self.run(self.world.database.read(_moves)):
                assert became in MOVES[was], f"{was} -> {became}"

    # -- and there is always a way out -------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            for word in ["cancel", "skip"] * 40:
                if self.now.open is None:
                    break
                self.line(word)
            assert self.now.open is None, "no way out"
            made = len(self.now.commitments)
            self.line(f"/commit {self.idea()} by Friday")
            for _ in range(6):
                if self.asked is not None:
                    self.answers(8, tapped=True)
            assert len(self.now.commitments) >= made + 1
        finally:
            self.run(self.world.stop())


# -- runs ------------------------------------------------------------------------------------------------------------


@contextmanager
def machine(make: Callable[[asyncio.Runner, Library, DateWorker], World]) -> Iterator[type[Talk]]:
    """A factory of machines that share an event loop, the dialogues and the process that reads dates."""
    made = library()
    with asyncio.Runner() as runner:
        dates = DateWorker()

        class Here(Talk):
            """The machine on this database."""

        Here.make, Here.runner = staticmethod(partial(make, runner, made, dates)), runner
        try:
            yield Here
        finally:
            runner.run(dates.close())


def profile(examples: int) -> settings:
    """Repeatable and short; long and fresh when asked for."""
    return settings(
        max_examples=EXAMPLES or examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=bool(EXAMPLES),
    )


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[type[Talk]]:
    """Machines on copies of one SQLite file."""
    numbered = iter(range(1_000_000))
    settled = Path(shutil.copy(sqlite_template, tmp_path / "settled.db"))

    def world(runner: asyncio.Runner, made: Library, dates: DateWorker) -> World:
        clock = SetClock(MONDAY)
        if not (tmp_path / "ready").exists():
            runner.run(settle_in(World(f"sqlite:///{settled}", made, dates, clock)))
            with closing(sqlite3.connect(settled)) as whole:
                whole.execute("pragma wal_checkpoint(truncate)")  # the file alone is copied
            (tmp_path / "ready").touch()
        file = Path(shutil.copy(settled, tmp_path / f"{next(numbered)}.db"))
        return World(f"sqlite:///{file}", made, dates, clock)

    with machine(world) as made:
        yield made


@pytest.fixture
def on_postgresql(
    postgresql_fresh: str, postgres_url: str, postgres_admin: "psycopg.Connection"
) -> Iterator[type[Talk]]:
    """Machines on copies of one PostgreSQL database."""
    numbered = iter(range(1_000_000))
    settled: list[str] = []

    def world(runner: asyncio.Runner, made: Library, dates: DateWorker) -> World:
        clock = SetClock(MONDAY)
        if not settled:
            runner.run(settle_in(World(postgresql_fresh, made, dates, clock)))
            settled.append(postgresql_fresh)
        name = f"machine_{os.getpid()}_{next(numbered)}"
        source = urlsplit(postgresql_fresh).path.strip("/")
        postgres_admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy'.encode())
        return World(postgres_database(postgres_url, name), made, dates, clock)

    with machine(world) as made:
        yield made


def play(story: type[Talk], part: int, examples: int) -> None:
    """Play many stories; each part has its own, always the same ones unless a long run is asked for."""
    run_state_machine_as_test(story if EXAMPLES else seed(part)(story), settings=profile(examples))


@pytest.mark.parametrize("part", [1, 2])
def test_whatever_happens_no_answer_is_lost_or_counted_twice_on_sqlite(on_sqlite: type[Talk], part: int) -> None:
    play(on_sqlite, part, 25)


def test_whatever_happens_no_answer_is_lost_or_counted_twice_on_postgresql(on_postgresql: type[Talk]) -> None:
    play(on_postgresql, 3, 6)


# -- what it has found -----------------------------------------------------------------------------------------------


async def test_a_promise_made_in_the_middle_of_a_check_in_is_known_when_the_check_in_goes_on(town: Town) -> None:
    """The question that comes next is asked with the promise in mind, and the answer to it is stored."""
    ana = await town.client("ana")
    await ana.says("/checkin")
    ana.reads("Energy this week?")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Fine as it is")
    ana.reads("Noted: Call Sam.", "Back to: The week's check-in.", 'How confident are you about "Call Sam"?')
    await ana.taps("8")
    ana.reads("Energy this week?")
    await ana.taps("5")
    assert [a[1:] for a in await ana.answers() if a[0] == "weekly-checkin"] == [("confidence", "8"), ("energy", "5")]


async def test_a_report_in_the_middle_of_a_check_in_is_known_when_the_check_in_goes_on(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Fine as it is")
    await ana.says("/checkin")
    ana.reads("How confident are you about")
    await ana.says("/log 1 done")
    ana.reads("done", "Back to: The week's check-in.", "Energy this week?")
    await ana.taps("5")
    assert ("weekly-checkin", "energy", "5") in await ana.answers()


async def test_answers_of_a_check_in_that_was_left_count_though_a_promise_came_between(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    await ana.taps("7")
    ana.reads("One thing that went well?")
    await ana.says("/commit Call Sam by Tuesday")
    await ana.taps("9")
    await ana.taps("Fine as it is")
    ana.reads("How confident are you about")
    await town.passes(days=6)
    place = await ana.place()
    ratings = await town.app.database.read(lambda c: promises.ratings(c, place.person, date(2026, 11, 1)))
    assert ("energy", 7, date(2026, 11, 27)) in [(r.kind, r.value, r.day) for r in ratings]


async def test_an_edit_of_a_message_that_was_taken_back_changes_nothing(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("5")
    number = ana.numbers[-1]
    await ana.says("back")
    await ana.says("9")
    ana.reads("Add when the moment comes")
    await ana.edits("3", number=number)
    ana.reads("I can only follow changes to an answer.")
    assert ("commitment", "confidence", "9") in await ana.answers()


async def test_a_day_that_is_changed_in_a_message_moves_the_promise(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    number = ana.numbers[-1]
    await ana.taps("9")
    await ana.edits("Call Sam by Thursday", number=number)
    ana.reads("Changed to: Thu 26 Nov.")
    await ana.taps("Fine as it is")
    await ana.edits("Call Sam and Priya by Wednesday", number=number)
    (promise,) = await ana.commitments()
    assert (promise.text, promise.due) == ("Call Sam and Priya", date(2026, 11, 25))


async def test_a_reply_to_an_older_question_is_read_as_an_answer_to_that_one(town: Town) -> None:
    """A day in words answers a question for a day, though the open question is for a number."""
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    older = ana.asked
    await ana.says("/commit Write to Priya by Thursday")
    ana.reads("How confident are you")
    await ana.says("Friday", hangs_on=older)
    assert ("commitment", "due", "Fri 27 Nov") in await ana.answers()


async def test_an_edit_does_not_bring_back_what_was_cancelled(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/checkin")
    await ana.says("6")
    number = ana.numbers[-1]
    await ana.says("cancel")
    ana.reads("Nothing of it is used.")
    before = await ana.answers()
    await ana.edits("4", number=number)
    ana.reads("I can only follow changes to an answer.")
    assert await ana.answers() == before
    place = await ana.place()
    assert not await town.app.database.read(lambda c: promises.ratings(c, place.person, date(2026, 11, 1)))
