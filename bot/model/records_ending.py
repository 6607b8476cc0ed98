"""How an engagement ends, what stays after it, and how it begins again: what dialogues and commands want written."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """The coach sets the day on which an engagement ends; closing begins now."""

    engagement: str
    ends: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosingUndone:
    """The end was not meant, or not yet: all goes on as before."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """What the client wants after the end: `days` counted from it, empty for none; None changes nothing.

    `share` lets the coach see a summary of each check-in, `monthly` asks for the client's own monthly question.
    """

    engagement: str
    days: tuple[int, ...] | None = None
    share: bool | None = None
    monthly: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpOver:
    """The last good-bye: nothing more is asked."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """A review is wanted now, by the coach."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reopening:
    """The coach would like to pick an engagement up again; the client is asked."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reopened:
    """Both want to go on: the engagement runs again."""

    engagement: str
    by: str


Ending = Closing | ClosingUndone | FollowUp | FollowUpOver | Reviewed | Reopening | Reopened
