"""One person's conversation: what is saved between two events, what comes in, and what goes out of `step`.

`State` holds a stack of runs, the open one last. Where a run stands is not written down: it follows from the answers
given so far, so that an edit, a step back and a restart are the same thing as walking the dialogue again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from bot.engine.tree import Dialogue
from bot.messages.outgoing import Choice, Document, Form
from bot.messages.readings import Reading
from bot.model.chart_data import Chart
from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.phrases import Words
from bot.model.plan import Goal
from bot.model.records import Record
from bot.model.replies import HideAnswer, Notification, Opening

# -- saved -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One answer: its JSON value (None when skipped), the words it is echoed with, and the local day it belongs to.

    `message` is the platform's id of the message that gave it, so that an edit finds it again. A list that may get
    `more` entries is still asked for; `kept` of them were there before its last message.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One dialogue under way. `lists` holds the ids its loops go over, fixed when it began.

    `count` numbers the prompts of the run, so that tokens never repeat. `touched` is when the person last answered or
    was first asked. `until` is set while it sleeps after "later". `wrote` says that something came of its answers
    already; `found` and `goals` are the commitments and goals that it changed, as they stood before it did.
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

    def answered(self, question: str, answer: Answer) -> "Run":
        """The same run with one answer more, or another one in its place."""
        return replace(self, answers={**self.answers, question: answer})

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


# -- events in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A prompt that is no longer open, and its run as it was put away."""

    run: Run
    question: str
    token: str
    state: Literal["answered", "expired", "superseded", "open"]
    closed: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DialogueOpened:
    """A dialogue begins: by the clock (`by` bot, with its occurrence) or because the person asked for it.

    `items` stand in for its lists, `known` are answers given already, `said` stands above its first question.
    With `forms` its questions may be put as a form. `message` gave the first of the known answers; with `hidden` they
    are kept from the coach.
    """

    run: str
    dialogue: str
    by: Literal["bot", "client"]
    day: date
    occurrence: str = ""
    engagement: str = ""
    items: tuple[str, ...] = ()
    known: dict[str, Any]
    said: tuple[Words, ...] = ()
    forms: bool = False
    message: str = ""
    hidden: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class TextHeard:
    """A text was typed. `hangs_on` is the token of the prompt it replies to, when it replies to one."""

    key: str
    reading: Reading
    message: str = ""
    hangs_on: str = ""
    past: Past | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ButtonTapped:
    """A button was pressed."""

    key: str
    token: str
    value: str
    past: Past | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFilled:
    """A form was sent in: a reading for each field that holds something."""

    key: str
    token: str
    readings: Mapping[str, Reading]


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerEdited:
    """A message that gave an answer now reads otherwise."""

    key: str
    reading: Reading
    past: Past | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NonTextHeard:
    """A sign of life without words."""

    key: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TimerFired:
    """A timer of a prompt ran out: remind, expire or again."""

    kind: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MadePrivate:
    """An answer that was given is made private, or visible again."""

    run: str
    question: str
    hidden: bool
    past: Past | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionRepeated:
    """The open question is to be put again, below what was said."""

    said: tuple[Words, ...] = ()


StepEvent = (
    DialogueOpened
    | QuestionRepeated
    | TextHeard
    | ButtonTapped
    | FormFilled
    | AnswerEdited
    | NonTextHeard
    | TimerFired
    | MadePrivate
)


# -- effects out -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class SendMessage:
    """Something to say, its parts a blank line apart. With a token it is a prompt.

    A part that holds a late value is still a phrase; it is rendered when the records of the step have been written.
    `reminder` marks a prompt that nobody asked for just now.
    """

    said: tuple[Words, ...]
    token: str = ""
    kind: str = ""
    choices: tuple[Choice, ...] = ()
    columns: int = 1
    reminder: bool = False
    form: Form | None = None
    file: Document | Chart | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseMessage:
    """The messages that show this prompt keep their words, lose their buttons and gain the mark of the answer.

    With choices it stays open, and shows what is picked so far. Without a token they are those that showed a question
    of a run and were answered: the mark is of the answer as it reads now; with `last` it is of what was listed last,
    which is taken back.
    """

    token: str
    mark: str = ""
    choices: tuple[Choice, ...] = ()
    run: str = ""
    question: str = ""
    last: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreAnswer:
    """An answer to store under its run and question; given again, it replaces and the old one becomes history."""

    run: Run
    question: str
    answer: Answer
    audience: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DropAnswer:
    """An answer that was taken back by a step back."""

    run: str
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteRecords:
    """What a run or command wants written, in place of what it wrote before; `day` is its local day, else today.

    `before` is what the answers of the run had come to without the last one.
    """

    records: tuple[Record, ...]
    run: str
    before: tuple[Record, ...] = ()
    engagement: str = ""
    day: date | None = None

    @property
    def new(self) -> tuple[Record, ...]:
        """What was not among what was there before."""
        return tuple(record for record in self.records if record not in self.before)

    @property
    def changed(self) -> tuple[Record, ...]:
        """What is new, and what is no more."""
        return (*self.new, *(record for record in self.before if record not in self.records))


@dataclass(frozen=True, kw_only=True, slots=True)
class EndRun:
    """A run is over: done, cancelled, missed, or partly (expired with some answers)."""

    run: Run
    how: Literal["done", "cancelled", "missed", "partly"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPrompt:
    """A prompt is now open under this token (or again, with it); the first one of a run brings its dialogue.

    One that is `required` does not lapse where the bot opened it.
    """

    run: Run
    question: str
    token: str
    opening: bool = False
    required: bool = False
    began: Dialogue | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosePrompt:
    """A prompt is no longer open."""

    token: str
    state: Literal["answered", "expired", "superseded"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Snooze:
    """Ring this prompt again at that time."""

    token: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteActivity:
    """A sign of life: the silence is over."""

    answered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginDialogue:
    """A dialogue to open in a step of its own, when what this step wrote can be seen in the facts.

    `said` is what was said so far; it stands above the first question.
    """

    opening: Opening
    run: str
    said: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AskAgain:
    """The open question is to be put again in a step of its own, when what this step wrote can be seen in the facts.

    `said` is what was said so far; it stands above the question.
    """

    said: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Notify:
    """Something for another person."""

    told: Notification


@dataclass(frozen=True, kw_only=True, slots=True)
class Toast:
    """What the platform may show for a moment; `stale` says that nothing changed."""

    text: str
    stale: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldError:
    """What was wrong with an answer, for a form to show beside its field."""

    question: str
    text: str


Effect = (
    SendMessage
    | CloseMessage
    | StoreAnswer
    | DropAnswer
    | WriteRecords
    | EndRun
    | OpenPrompt
    | ClosePrompt
    | Snooze
    | NoteActivity
    | BeginDialogue
    | AskAgain
    | HideAnswer
    | Notify
    | Toast
    | FieldError
)
