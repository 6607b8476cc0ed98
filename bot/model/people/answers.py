"""What a client has answered: who may read it, and the numbers and words that are kept of it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Audience(StrEnum):
    """Who may read an answer; decided when the question is asked, and shown to the client."""

    PRIVATE = "private"
    COACH = "coach"
    SPONSOR = "sponsor"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """A number that a client gave: `kind` is confidence or energy; `about` is a commitment, or empty."""

    kind: str
    value: int
    day: date
    about: str = ""
    audience: Audience = Audience.COACH


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something in a client's words: focus, win, obstacle, learning, next step, journal.

    `run` is the dialogue that it was said in, once that has ended.
    """

    kind: str
    text: str
    day: date
    audience: Audience
    about: str = ""
    run: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAnswer:
    """The answer that `private` speaks of; `labels` are all that would be kept with it."""

    run: str
    question: str
    dialogue: str
    label: str
    day: date
    audience: Audience
    open: bool = False
    at: datetime | None = None
    labels: tuple[str, ...] = ()
    seen: bool = False
