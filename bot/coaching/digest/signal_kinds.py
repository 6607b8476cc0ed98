"""What a signal is, and how days and thresholds are counted: paused time is taken out, a level needs its number."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.shared.lines import title
from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Rating
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pause
from bot.model.phrases import Phrase, phrase

WINDOW = 21  # days that most signals look back
WEEK = 7
FRESH, FRESH_FORTNIGHTLY = 10, 17  # days for which a number still tells of now
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One signal as it stands; without a level, and not `good`, there is nothing to tell.

    `params` fill its phrase; `of` names what a good one is about, so that it is told once.
    """

    kind: str
    level: SignalLevel | None = None
    params: dict[str, Any] = field(default_factory=dict)
    good: bool = False
    of: str = ""

    @property
    def key(self) -> str:
        """Names it for counting and for leaving it be; one that has grown worse is another one."""
        return f"{self.kind} {self.of}" if self.good else f"{self.kind} {self.level}"


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEnough:
    """Too little is known for this signal: so many numbers there are, so many it takes."""

    kind: str
    have: int
    need: int


Found = Signal | NotEnough
Find = Callable[[ClientView, date], Found]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One signal: how it is found, whether the weekly digest carries it, whether a pause silences it.

    `place` orders the rows of all files: of two signals that press alike, the lower one is told first. What it says is
    the phrase `signal_KIND`.
    """

    kind: str
    place: int
    find: Find
    digest: bool = False
    silenced: bool = True


def level_of(value: float, amber: float, red: float) -> SignalLevel | None:
    """Red or amber from these values on; None below."""
    return SignalLevel.RED if value >= red else SignalLevel.AMBER if value >= amber else None


def days_since(day: date, today: date, pauses: Collection[Pause] = ()) -> int:
    """Count the days after `day` up to and including `today`, those of pauses left out; 0 for a day to come."""
    counted, cursor = max((today - day).days, 0), day
    for pause in sorted(pauses, key=lambda pause: pause.first):
        first, last = max(pause.first, cursor + _DAY), min(pause.last or today, today)
        if first <= last:
            counted, cursor = counted - (last - first).days - 1, last
    return counted


def still_open(view: ClientView) -> list[Commitment]:
    """The commitments that are not settled."""
    return [c for c in view.commitments if c.standing is Standing.OPEN]


def named(commitment: Commitment | None) -> Phrase:
    """A commitment by its words, where they are shown."""
    words = title(commitment) if commitment else ""
    return phrase("about_commitment", commitment=words) if words else phrase("about_one")


def ratings_of(view: ClientView, kind: str) -> list[Rating]:
    """The numbers of one kind, the oldest first."""
    return sorted((r for r in view.ratings if r.kind == kind), key=lambda r: r.day)


def in_window(day: date, today: date, view: ClientView, days: int = WINDOW) -> bool:
    """Whether a day is over by that many days at most, pauses left out."""
    return day <= today and days_since(day, today, view.pauses) <= days


def this_week(day: date | None, today: date) -> bool:
    """Today or one of the seven days before it: what was told after the digest of that day stands in the next one."""
    return day is not None and today - timedelta(days=WEEK) <= day <= today


def day_of(at: datetime, view: ClientView) -> date:
    """The client's local day of an instant."""
    return at.astimezone(ZoneInfo(view.zone)).date()
