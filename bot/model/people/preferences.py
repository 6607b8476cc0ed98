"""How somebody wants to be asked, and when not.

Local dates and times are the person's own; instants are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class Pace(StrEnum):
    """How often a client chose to be asked."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MINIMAL = "minimal"


NEVER = date(1970, 1, 1)  # as the day from which somebody is asked: they have not agreed yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """How a client wants to be asked, and how quiet it has been.

    `held` is since when (UTC) nothing is asked because the client wrote of danger; only they end it. `stopped_on` is
    the day of their own stop, `given_up` the day on which the bot stopped asking after six prompts without an answer.
    """

    pace: Pace = Pace.WEEKLY
    weekday: int = 4
    at: time = time(9, 0)
    working_days: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()
    focus: bool = False
    since: date = NEVER
    daily_until: date | None = None
    travel_zone: str | None = None
    travel_until: date | None = None
    unanswered: int = 0
    slowdown: str = "normal"
    misses: tuple[date, ...] = ()
    stopped: bool = False
    stopped_on: date | None = None
    given_up: date | None = None
    answer_times: tuple[time, ...] = ()
    keep_days: int = 365
    held: datetime | None = None

    @property
    def begun(self) -> bool:
        """The client has agreed to be asked."""
        return self.since != NEVER


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """A rest from prompts, from `first` to `last`, both included; without `last`, until the client resumes."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Say whether a local day lies in the rest."""
        return self.first <= day and (self.last is None or day <= self.last)

    def over(self, today: date) -> bool:
        """Say whether the rest lies behind."""
        return self.last is not None and self.last < today

    def meets(self, other: "Pause") -> bool:
        """Say whether a day lies in both."""
        return self.covers(other.first) or other.covers(self.first)


@dataclass(frozen=True, kw_only=True, slots=True)
class CoachPreferences:
    """What a coach chose: weekday (Monday = 0) and hour of the digest, on their own clock; helplines.

    `pointers` are shown to a client who writes of danger; empty: the local emergency number only.
    """

    weekday: int = 0
    at: time = time(8, 0)
    pointers: str = ""
