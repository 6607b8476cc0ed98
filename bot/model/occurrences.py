"""What is due: one prompt, and what belongs to a date of its own."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One due prompt; unique per person by (dialogue, local date, slot).

    `local_date` is the day it belongs to, also when it goes out later; `slot` is the row whose place it fills, the
    dialogue's own name unless one tap replaces it; `items` are the commitments it asks about, earliest first.
    """

    dialogue: str
    local_date: date
    slot: str
    due_at: datetime
    items: tuple[str, ...] = ()


class Answered(StrEnum):
    """How far something that the bot asked was answered: to its end, in part, or not."""

    WHOLLY = "answered"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One thing that the bot asked of itself: the local day and the instant (UTC), its place in the plan, and its end.

    `open`: it waits for an answer still.
    """

    day: date
    at: datetime
    slot: str
    answered: Answered
    open: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A prompt that belongs to one local date: before or after a session, a review, a practice echo.

    `dialogue` is the name of its row in the table of slots; `at` is its local hour, None for the client's own hour.
    """

    dialogue: str
    day: date
    items: tuple[str, ...] = ()
    at: time | None = None
