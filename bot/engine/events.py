"""What comes into a step, each event with the older answer or prompt that it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from bot.engine.state import Run
from bot.messages.readings import Reading
from bot.model.phrases import Words


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
    With `forms` its questions may be put as a form. `message` gave the first of the known answers; with `private` they
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
    private: bool = False


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
    message: str = ""


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
