"""`throughline chat` as a process of its own, killed at random moments, interrupted, and fed what is no text."""

import fcntl
import os
import random
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.model.commitments.values import Commitment
from handlers.console.keyboard import address_of
from storage.conversation import conversations
from storage.database.encryption import load_keys
from storage.database.open import open_database
from storage.people import addresses
from storage.programme import commitments
from tests.support.forked import piped

pytestmark = pytest.mark.opens
SECONDS = float(os.environ.get("KILL_SECONDS", "4"))
SEED = int(os.environ.get("KILL_SEED", "7"))
MARK = "/tick needs a span"  # the answer to a line that changes nothing: whatever was said before it has been printed

WHAT, HOW, ADD = "What will you do?", "How sure are you", "One more minute"
QUESTIONS = (WHAT, HOW, ADD)
WELCOME = ["Start", "All of that", "Fits", "skip"]


class Chat:
    """A running `throughline chat`; what it prints is gathered as it comes."""

    def __init__(self, file: Path) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = piped("chat", "--file", str(file), folder=file.parent, environment={**kept, "LC_ALL": "C.UTF-8"})
        self.printed = ""
        self.wrong = ""
        self._news = threading.Condition()
        self.reading = threading.Event()
        self.reading.set()
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_out, self._read_err)]
        for reader in self._readers:
            reader.start()

    def _read_out(self) -> None:
        assert self.process.stdout is not None
        while self.reading.wait() and (data := os.read(self.process.stdout.fileno(), 65_536)):
            with self._news:
                self.printed += data.decode(errors="replace")
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def _read_err(self) -> None:
        assert self.process.stderr is not None
        self.wrong = self.process.stderr.read().decode(errors="replace")

    def types(self, *lines: str) -> bool:
        """Type some lines; False when nobody reads any more."""
        return self.types_bytes("".join(f"{line}\n" for line in lines).encode())

    def types_bytes(self, data: bytes) -> bool:
        """Type something, whatever it is."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            return False
        return True

    def hears(self, *lines: str | bytes) -> tuple[str, bool]:
        """What is printed until these lines, or bytes, have been handled, and whether they surely were."""
        start = len(self.printed)
        for line in (*lines, "/tick"):
            self.types_bytes(line) if isinstance(line, bytes) else self.types(line)
        with self._news:
            self._news.wait_for(lambda: MARK in self.printed[start:] or not self._readers[0].is_alive(), 60)
        said = self.printed[start:]
        return said, MARK in said

    def stops_reading(self) -> None:
        """Let what is printed pile up, until there is no room for more and the process waits."""
        assert self.process.stdout is not None
        self.reading.clear()
        fcntl.fcntl(self.process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)

    def ends(self) -> int:
        """Wait for the end; returns how it ended."""
        assert self.process.stdin is not None
        self.reading.set()
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(30)
        for reader in self._readers:
            reader.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@contextmanager
def chat(file: Path) -> Iterator[Chat]:
    """A chat that is ended whatever happens."""
    held = Chat(file)
    try:
        yield held
    finally:
        held.process.kill()
        held.ends()


def last_question(printed: str) -> str:
    """The question that was put last to the client, or nothing when a promise was noted after it."""
    found = {mark: printed.rfind(mark) for mark in (*QUESTIONS, '"Promise')}
    last = max(found, key=lambda mark: found[mark])
    return last if found[last] >= 0 and last in QUESTIONS else ""


class Teller:
    """Makes one promise after another, and knows which answers were acknowledged: those whose follow-up was printed.

    `standing` is the question that was put last, `on_its_way` the line that was typed without an answer to it so far.
    """

    def __init__(self) -> None:
        self.number = 1
        self.standing = ""
        self.on_its_way = False
        self.logged = 0
        self.kills = 0

    def line(self) -> str:
        """What is typed next."""
        if self.standing == "" and self.logged < self.number - 1:
            return f"/log {self.number - 1} done"
        return {"": "/commit", WHAT: f"Promise {self.number} by Friday", HOW: "9", ADD: "Clear enough"}[self.standing]

    def hears(self, printed: str) -> None:
        """The line that was typed last has been answered."""
        self.on_its_way = False
        if self.standing == "" and self.logged < self.number - 1:
            assert f'"Promise {self.number - 1}"' in printed, printed
            self.logged = self.number - 1
            return
        expected = {"": WHAT, WHAT: HOW, HOW: ADD, ADD: f'"Promise {self.number}"'}[self.standing]
        assert expected in printed, f"{expected!r} was expected after {self.standing!r}: {printed}"
        self._goes_on()

    def _goes_on(self) -> None:
        if self.standing == ADD:
            self.number += 1
        self.standing = {"": WHAT, WHAT: HOW, HOW: ADD, ADD: ""}[self.standing]

    def comes_back(self, question: str) -> None:
        """After a restart the same question stands, or the one after it if an answer was on its way."""
        was, logging = self.standing, self.standing == "" and self.logged < self.number - 1
        follow = {"": WHAT, WHAT: HOW, HOW: ADD, ADD: ""}[was]
        allowed = {was, follow} if self.on_its_way and not logging else {was}
        assert question in allowed, f"{question!r} stands after {was!r} ({'on its way' if self.on_its_way else 'idle'})"
        if question != was:
            self._goes_on()
        self.on_its_way = False


def session(teller: Teller, file: Path, chance: random.Random) -> None:
    """Start, see where it stands, talk on, and be killed at some moment of all that."""
    early = chance.random() < 0.25
    delay = chance.uniform(0.02, 0.6) if early else chance.uniform(0.0, 0.7)
    with chat(file) as held:
        killer = threading.Timer(delay, held.process.kill)
        if early:
            killer.start()
        printed, ready = held.hears()
        if ready:
            teller.comes_back(last_question(printed))
            if not early:
                killer.start()
        while ready:
            teller.on_its_way = True
            printed, ready = held.hears(teller.line())
            if ready:
                teller.hears(printed)
        killer.join()
        assert held.process.wait(30) == -signal.SIGKILL, held.wrong
        teller.kills += 1


async def test_no_acknowledged_answer_is_lost_and_none_is_asked_for_again_however_often_it_is_killed(
    tmp_path: Path,
) -> None:
    file, chance = tmp_path / "chat.db", random.Random(SEED)
    with chat(file) as held:
        printed, ready = held.hears(*WELCOME)
        assert ready
        assert "before you next meet" in printed
    teller = Teller()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        session(teller, file, chance)
    with chat(file) as held:
        printed, ready = held.hears()
        assert ready
        teller.comes_back(last_question(printed))
    print(f"killed {teller.kills} times; {teller.number - 1} promises made")
    assert teller.kills > SECONDS / 10
    stored = await promises_in(file)
    assert [c.text for c in stored[: teller.number - 1]] == [f"Promise {n}" for n in range(1, teller.number)]
    assert len(stored) - (teller.number - 1) in (0, 1)  # the last one counts from its first answer on
    assert all(c.standing == "done" for c in stored[: teller.logged])


async def promises_in(file: Path) -> tuple[Commitment, ...]:
    url = f"sqlite:///{file}"
    async with open_database(url, keys=load_keys(url, None)) as database:
        place = await database.read(partial(addresses.place_at, address=address_of("client")))
        assert place is not None
        assert await database.read(conversations.failed_count) == 0
        return await database.read(partial(commitments.all_commitments, person=place.person))


def test_a_first_start_that_is_killed_can_be_made_again(tmp_path: Path) -> None:
    file, chance = tmp_path / "chat.db", random.Random(SEED)
    for _ in range(6):
        with chat(file) as held:
            time.sleep(chance.uniform(0.02, 0.5))
            held.process.kill()
    with chat(file) as held:
        printed, ready = held.hears()
        assert ready, held.wrong
        assert printed.count("Two minutes to set up?") == 1
        printed, _ = held.hears("Start")
        assert "Who reads what" in printed


def test_an_interrupted_clock_never_goes_back(tmp_path: Path) -> None:
    file = tmp_path / "chat.db"
    with chat(file) as held:
        held.hears(*WELCOME)
        start = len(held.printed)
        held.types("/tick 52w")
        while len(days_in(held.printed[start:])) < 3:
            time.sleep(0.01)
    shown = days_in(held.printed[start:])[-1]
    with chat(file) as held:
        printed, _ = held.hears("/tick 1m")
    found = re.search(r"It is \w+ (\d\d \w+ \d{4})", printed)
    assert found is not None
    assert day_of(found[1]) >= shown


def day_of(text: str) -> date:
    return datetime.strptime(f"{text} +0000", "%d %b %Y %z").date()


def days_in(printed: str) -> list[date]:
    """The days on which something was said, all of them within a year from now."""
    today = datetime.now(UTC).date() - timedelta(days=1)
    found = []
    for said in re.findall(r"^\w+ (\d\d \w+) \d\d:\d\d \w+  Throughline to", printed, re.MULTILINE):
        day = day_of(f"{said} {today.year}")
        found.append(day if day >= today else day.replace(year=today.year + 1))
    return found


def test_what_was_on_its_way_when_it_was_killed_is_said_again_and_holds_nothing_up(tmp_path: Path) -> None:
    """Nobody reads, so that the process stands in the middle of a message when it is killed."""
    file = tmp_path / "chat.db"
    with chat(file) as held:
        held.hears(*WELCOME, "/commit Call Sam by Friday")
        held.stops_reading()
        held.types(*["/help"] * 60)
        time.sleep(0.5)
        held.process.kill()
    with chat(file) as held:
        printed, ready = held.hears()
        assert ready
        assert "Back to: Your commitment." in printed
        assert HOW in printed
        printed, _ = held.hears("9")
        assert ADD in printed


# -- leaving, and what is typed that is no text ----------------------------------------------------------------------


def test_ctrl_c_ends_at_once_and_it_stands_where_it_stood(tmp_path: Path) -> None:
    file = tmp_path / "chat.db"
    with chat(file) as held:
        held.hears(*WELCOME, "/settings", "/commit Call Sam by Friday")
        held.process.send_signal(signal.SIGINT)
        started = time.monotonic()
        assert held.process.wait(10) in (0, 130)
        assert time.monotonic() - started < 5
        held.ends()
        assert held.wrong == ""
    with chat(file) as held:
        printed, _ = held.hears()
        assert "Where Alex Sample was:" in printed
        assert last_question(printed) == HOW
        printed, _ = held.hears("9")
        assert ADD in printed


def test_a_button_that_is_a_command_can_be_pressed(tmp_path: Path) -> None:
    with chat(tmp_path / "chat.db") as held:
        printed, _ = held.hears(*WELCOME, "goals")
        assert "[A new goal]" in printed
        printed, _ = held.hears("#1")
        assert "What do you want to be different?" in printed, printed


def test_the_end_of_the_input_is_the_end(tmp_path: Path) -> None:
    with chat(tmp_path / "chat.db") as held:
        assert held.types("Start", "All of that", "Change")
        assert held.ends() == 0
        assert held.wrong == ""
        assert "What shall I change?" in held.printed


def test_a_last_line_without_an_end_is_a_line(tmp_path: Path) -> None:
    with chat(tmp_path / "chat.db") as held:
        assert held.types_bytes(b"Start\r\nAll of that\r\nChange")
        assert held.ends() == 0
        assert "What shall I change?" in held.printed


def test_a_second_chat_on_the_same_file_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "chat.db"
    with chat(file) as first:
        first.hears()
        with chat(file) as second:
            assert second.process.wait(30) == 1
            second.ends()
            assert second.printed == ""
            assert len(second.wrong.strip().splitlines()) == 1
            assert "in use by another process" in second.wrong
        assert first.hears("Start")[1]


def test_what_is_no_text_gets_a_sentence_each_and_the_question_stands(tmp_path: Path) -> None:
    with chat(tmp_path / "chat.db") as held:
        held.hears("Start", "All of that", "Change")
        for data, words in (
            (b"\xff\xfe\x80\n", "characters that cannot be stored"),
            (b"nul \0 here\n", "characters that cannot be stored"),
            (b"a" * 100_000 + b"\n", "too long to keep"),
            ("#²\n".encode(), "I can't read"),
            (b"#" + b"9" * 5_000 + b"\n", "too long to keep"),
            (b"\n", "That message was empty"),
            (b"/as nobody\n", "/as coach or /as client."),
        ):
            printed, ready = held.hears(data)
            assert ready, held.wrong
            assert words in printed, (data[:20], printed)
        printed, _ = held.hears("Vienna")
        assert "does that fit?" in printed
        marks = held.printed.count(MARK)
        held.types("/tick 99999999999999d")
        assert held.ends() == 0
        assert held.printed.count(MARK) == marks + 1


def test_a_file_that_is_no_database_is_said_to_be_none_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "chat.db"
    file.write_bytes(b"no database at all, but longer than a header would be" * 40)
    with chat(file) as held:
        assert held.process.wait(30) == 1
        held.ends()
        assert len(held.wrong.strip().splitlines()) == 1
        assert "Traceback" not in held.wrong
