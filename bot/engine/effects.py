"""What a step wants done: said, stored, written, rung, told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.engine.dialogue.tree import Dialogue
from bot.engine.state import Answer, Run
from bot.messages.outgoing import Choice, Document, Form
from bot.model.chart_data import Chart
from bot.model.phrases import Words
from bot.model.records import Record
from bot.model.replies import HideAnswer, Notification, Opening


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
    """A run is over: done, cancelled, missed, or partly (expired with some answers).

    `shown`: something was answered that is not kept from the coach.
    """

    run: Run
    how: Literal["done", "cancelled", "missed", "partly"]
    shown: bool = False


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
