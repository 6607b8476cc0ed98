"""One person's conversation, as it is saved between two events.

`State` holds a stack of runs, the open one last. Where a run stands is not written down: it follows from the answers
given so far, so that an edit, a step back and a restart are the same thing as walking the dialogue again.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Literal

from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.plan import Goal

ASIDE = datetime(9999, 1, 1, tzinfo=UTC)  # until when a run sleeps that waits for its person's return


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer: its JSON value (None when skipped), the words it is echoed with, and the local day it belongs to.

    `message` is the platform's id of the message that gave it, so that an edit finds it again. A list that may get
    `more` entries is still asked for; `kept` of them were there before its last message, and `lines` are the messages
    that gave each of them.
    """

    value: Any
    label: str
    day: date
    at: datetime
    message: str = ""
    private: bool = False
    skipped: bool = False
    more: bool = False
    kept: int = 0
    lines: tuple[str, ...] = ()

    @property
    def given_by(self) -> tuple[str, ...]:
        """The message of each entry of a list; what is not known of is of the last one."""
        return self.lines or ("",) * self.kept + (self.message,) * (len(self.value or ()) - self.kept)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The question a run waits on; `tries` counts answers that could not be read; `picked` the buttons of several."""

    token: str
    question: str
    tries: int = 0
    picked: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """A change of an older answer that waits for a yes, since other questions would have followed from it."""

    run: str
    question: str
    value: Any
    label: str
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One dialogue under way. `lists` holds the ids its loops go over, fixed when it began.

    `count` numbers the prompts of the run, so that tokens never repeat. `touched` is when the person last answered or
    was first asked. `until` is set while it sleeps, after "later" or as `ASIDE`. `wrote` says that something came of
    its answers already; `found` and `goals` are the commitments and goals that it changed, as they stood before it did.
    `edited` are the answers before each edit since something else was answered, the newest last; None where there was
    none. `hidden`: all of it is kept from the coach, and counts for nothing that the coach can see.
    """

    id: str
    dialogue: str
    version: str
    by: Literal["bot", "client"]
    day: date
    began: datetime
    occurrence: str = ""
    engagement: str = ""
    lists: dict[str, tuple[str, ...]]
    answers: dict[str, Answer]
    asked: Asked | None = None
    count: int = 0
    touched: datetime
    until: datetime | None = None
    pending: Pending | None = None
    wrote: bool = False
    found: dict[str, Commitment] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    edited: tuple[dict[str, Answer | None], ...] = ()
    hidden: bool = False

    @property
    def aside(self) -> bool:
        """Whether nothing is taken for an answer to it until it is woken; in the meantime it expires as it would."""
        return self.until == ASIDE

    @property
    def told(self) -> bool:
        """Whether it was told anything, and not only skipped."""
        return any(not answer.skipped for answer in self.answers.values())

    def answered(self, question: str, answer: Answer) -> "Run":
        """The same run with one answer more, or another one in its place."""
        return replace(self, answers={**self.answers, question: answer})

    @property
    def goes_on(self) -> bool:
        """Whether it is more than the one question that somebody asked for: what comes between does not end it."""
        return self.by == "bot" or bool(self.answers)

    def answers_to(self, question: str) -> bool:
        """Whether that question needs no asking any more."""
        return question in self.answers and not self.answers[question].more

    def passed_over(self, question: str, at: datetime) -> Answer:
        """What stands for a question that is left: nothing, or the list as far as it goes."""
        listed = self.answers.get(question)
        if listed is not None:
            return replace(listed, more=False)
        return Answer(value=None, label="", day=self.day, at=at, skipped=True)

    def without(self, question: str) -> "Run":
        """The same run with that answer taken out."""
        return replace(self, answers={k: v for k, v in self.answers.items() if k != question})


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Everything under way with one person: the runs, the open one last. `facts` are for one step, never saved."""

    facts: Facts
    runs: tuple[Run, ...] = ()

    @property
    def open(self) -> Run | None:
        """The run whose question is open, or None."""
        awake = [run for run in self.runs if run.until is None]
        return awake[-1] if awake else None

    def run(self, wanted: str) -> Run | None:
        """The run with that id, or None."""
        return next((run for run in self.runs if run.id == wanted), None)

    def asking(self, token: str) -> Run | None:
        """The run that waits on this prompt, or None."""
        found = self.behind(token)
        return None if found is None or found.aside else found

    def behind(self, token: str) -> Run | None:
        """The run that this prompt belongs to, laid aside or not."""
        return next((run for run in self.runs if run.asked and run.asked.token == token), None)

    def on_top(self, run: Run) -> "State":
        """The same conversation with this run open."""
        return replace(self, runs=(*(r for r in self.runs if r.id != run.id), run))

    def in_place(self, run: Run) -> "State":
        """The same conversation with this run as it now is, where it was."""
        return replace(self, runs=tuple(run if r.id == run.id else r for r in self.runs))

    def without(self, run: Run) -> "State":
        """The same conversation without this run."""
        return replace(self, runs=tuple(r for r in self.runs if r.id != run.id))


def short(text: str) -> str:
    """A token of 18 characters, fit for any platform's buttons; the same text gives the same, so steps repeat."""
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
