"""What a coach did last, and how it was before: what `undo` needs to say and to put back."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model.plan import Note, Phase


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionWas:
    """A session as it was before: planned or cancelled, at that instant (None: as now); without a state not there."""

    id: str
    state: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """Local days, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class EndWas:
    """The end of an engagement as it was before: whether it was being closed, and the day, if there was one."""

    closing: bool
    ends: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoachsDeed:
    """What a coach did last. `notes` were made by it, `settled` would be open again, `sessions` as they were.

    `away` is the absence that it set, `was_away` the one before. `phase` is where the engagement stood, `end` how its
    end stood, `off` whether sessions were off, None where nothing of that changed. `tables` are all whose rows change.
    `told` are others who heard of it.
    """

    engagement: str = ""
    notes: tuple[Note, ...] = ()
    settled: tuple[Note, ...] = ()
    sessions: tuple[SessionWas, ...] = ()
    away: Days | None = None
    was_away: Days | None = None
    phase: Phase | None = None
    end: EndWas | None = None
    off: bool | None = None
    tables: frozenset[str] = frozenset()
    told: tuple[str, ...] = ()
