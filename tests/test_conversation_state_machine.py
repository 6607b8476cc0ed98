"""One state machine over the real conversation: whatever is said, repeated, reordered, edited, delayed or cut off.

The model knows nothing of the engine. It reads its phone as a person does, does one thing at a time, and compares what
the database held before and after: which answers may have come, changed or gone follows from what was done.

`STATE_MACHINE_EXAMPLES` and `STATE_MACHINE_STEPS` make a longer run, with fresh randomness every time.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    rule,
    run_state_machine_as_test,
)

from bot.clock import SetClock
from bot.engine.library import Library
from bot.messages.incoming import ButtonPressed, NonTextSent, Outcome, TextEdited, TextSent
from bot.understanding.dates.worker import DateWorker
from tests.conftest import postgres_database
from tests.support.faults import Mishaps, numbers
from tests.support.small_world import Asking, Picture, World, settle_in
from tests.support.town import MONDAY, shipped

if TYPE_CHECKING:
    import psycopg

EXAMPLES = int(os.environ.get("STATE_MACHINE_EXAMPLES", "0"))
STEPS = int(os.environ.get("STATE_MACHINE_STEPS", "30"))
UNREADABLE = "xyzzy plugh " * 50  # no number, day, city, label or line

ASIDES = [
    *("help", "later", "later", "private", "/private", "*voice", "/progress", "/whosees", "/log", "/frobnicate"),
    *("/settings", "/settings", "/checkin", "/checkin", "/commit", "/whatmycoachsees", "/callme"),
    *("/pause 1 week", "/resume", "/stop", "/start", "/travel Tokyo until Friday"),
]


class Talk(Mishaps):
    """Ana talks, time passes, things break."""

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
                for line in (f"/commit {self.idea()} {day}", "9", "Clear enough"):
                    self.line(line)
        if begins in ("with promises that are due", "on a Friday"):
            self.time_passes(timedelta(days=1 if begins != "on a Friday" else 4))

    # -- what can happen ---------------------------------------------------------------------------------------------

    @rule(number=numbers, tapped=st.booleans())
    def answers(self, number: int, tapped: bool) -> None:
        """The open question is answered, by a button or in words."""
        self.answer(number, tapped=tapped)

    @rule(number=numbers)
    def answers_again_and_again(self, number: int) -> None:
        """Several questions in a row, so that dialogues come to their ends."""
        for _ in range(6):
            self.answer(number, tapped=number % 3 > 0)

    @rule()
    def mumbles(self) -> None:
        message = self.question()
        before = self.now
        self.line(UNREADABLE)
        came = self.came(before, lambda key: False)
        wanted = before.prompts[message.token].key
        assert set(came) <= {wanted}
        assert all(skipped for _, skipped in came.values())

    @rule()
    def skips(self) -> None:
        message = self.question()
        before = self.now
        self.line("skip")
        came = self.came(before, lambda key: False)
        wanted = {before.prompts[message.token].key: (None, True)}
        assert came == wanted

    @rule(words=st.sampled_from(["back", "change 1", "change 2"]))
    def goes_back(self, words: str) -> None:
        self.question()
        before = self.now
        own = before.open.id if before.open else ""
        self.line(words)
        assert not self.came(before, lambda key: key[0] == own)
        gone = before.held.keys() - self.now.held.keys()
        assert len(gone) <= 1

    @rule()
    def cancels(self) -> None:
        self.question()
        before = self.now
        own = before.open.id if before.open else ""
        self.line("cancel")
        assert not self.came(before, lambda key: key[0] == own)
        assert own not in {run.id for run in self.now.runs}

    @rule(line=st.sampled_from(ASIDES))
    def does_something_else(self, line: str) -> None:
        """What is said besides answers no answer, whatever else it does."""
        before = self.now
        if line.startswith("*"):
            self.does(NonTextSent(kind=line[1:]))
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

    @rule(
        number=numbers, words=st.sampled_from(["4", "9", "Idea boku", "Yes", "tomorrow", "xyzzy", "Idea by Friday", ""])
    )
    def edits(self, number: int, words: str) -> None:
        """A message is changed: only the answer that it gave may change, with the day that it named."""
        if not self.typed:
            self.answer(0, tapped=False)
        if not self.typed:
            return
        before = self.now
        message = self.typed[-1 - number % len(self.typed)]
        gave = before.messages.get(message)
        self.does(TextEdited(text=words), message=message)
        run = gave[0] if gave else ""
        came = self.came(before, lambda key: key[0] == run)
        assert set(came) <= {(run, "due"), (run, "due_smaller")}
        changed = {k for k in before.held.keys() & self.now.held.keys() if before.held[k] != self.now.held[k]}
        assert changed <= {gave, (run, "due"), (run, "due_smaller")}
        if gave in changed:
            assert before.answers[gave].message == message, "another message had answered that question since"
        assert not before.held.keys() - self.now.held.keys()

    @rule(number=numbers)
    def is_delivered_again(self, number: int) -> None:
        """An earlier event comes again: it is a duplicate, and nothing at all is changed or said."""
        if not self.events:
            self.line("/progress")
        before, sent = self.now, len(self.world.phone.sent)
        event = self.events[-1 - number % len(self.events)]
        receipt = self.run(self.world.receive(event))
        assert receipt.outcome is Outcome.DUPLICATE
        self.reads()
        assert replace(self.now, runs=()) == replace(before, runs=())
        assert self.now.runs == before.runs
        assert len(self.world.phone.sent) == sent

    @rule(number=numbers)
    def a_command_overtakes_an_answer(self, number: int) -> None:
        """The button was pressed first, the command comes first: both are served, to the questions they were for."""
        message = self.question(buttons=True)
        before = self.now
        text, value = self.good_answer(message, number)
        tap = self.event(ButtonPressed(token=message.token, value=text))
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
        receipt = self.does(ButtonPressed(token=message.token, value=value or self.good_answer(message, number)[0]))
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

    @rule()
    def someone_else_taps_her_button(self) -> None:
        message = self.question()
        before = self.now
        value = message.choices[0].value if message.choices else "1"
        receipt = self.does(ButtonPressed(token=message.token, value=value), user="ben")
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
        self.does(TextSent(text=self.words(parcel.message, text), hangs_on=f"m{parcel.id}"))
        came = self.came(before, lambda key: revision)
        assert set(came) <= {(run, question), (run, "due"), (run, "due_smaller")} or revision
        if state in ("answered", "superseded"):
            assert not came


# -- runs ------------------------------------------------------------------------------------------------------------


@contextmanager
def machine(make: Callable[[asyncio.Runner, Library, DateWorker], World]) -> Iterator[type[Talk]]:
    """A factory of machines that share an event loop, the dialogues and the process that reads dates."""
    with asyncio.Runner() as runner:
        dates = DateWorker()

        class Here(Talk):
            """The machine on this database."""

        Here.make, Here.runner = staticmethod(partial(make, runner, shipped(), dates)), runner
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


@pytest.mark.parametrize("examples", [8, pytest.param(40, marks=pytest.mark.long)])
def test_whatever_happens_no_answer_is_lost_or_counted_twice_on_sqlite(on_sqlite: type[Talk], examples: int) -> None:
    play(on_sqlite, 1, examples)


@pytest.mark.parametrize("examples", [3, pytest.param(20, marks=pytest.mark.long)])
def test_whatever_happens_no_answer_is_lost_or_counted_twice_on_postgresql(
    on_postgresql: type[Talk], examples: int
) -> None:
    play(on_postgresql, 3, examples)
