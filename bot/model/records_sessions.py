"""Sessions, a coach's notes and absences: what dialogues and commands want written. Instants are aware, in UTC."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.model.habits.values import HabitWords
from bot.model.plan import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionSet:
    """Sessions of one engagement are booked, several when they recur; the other side hears of them at once.

    `by` is coach or client. What stands already under the same id is moved to where it now is to be.
    """

    sessions: tuple[Session, ...]
    by: str = "coach"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionMoved:
    """A session takes place at another instant; one that was cancelled is on again."""

    engagement: str
    session: str
    at: datetime
    by: str = "coach"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionCancelled:
    """These sessions of an engagement do not take place."""

    engagement: str
    sessions: tuple[str, ...]
    by: str = "coach"


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionsTurned:
    """Sessions of an engagement are off altogether from now on, or on again: nothing is asked around them while off."""

    engagement: str
    off: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteKept:
    """A note of the coach on a client; `key` tells several of one run apart, `about` is a goal, or nothing.

    `kind` is note, focus, question, promise, word or proposal; `due` is the day that a proposal names, `habit` what of
    it comes again and again.
    """

    key: str
    engagement: str
    kind: str
    text: str
    about: str = ""
    due: date | None = None
    habit: HabitWords | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteSettled:
    """A promise was kept, a question was asked, or a client answered a word: `reply` is useful, not_now or talk."""

    engagement: str
    note: str
    reply: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaySet:
    """A coach is away from a local day to another, both included; without days an absence that was told is over.

    `cover` is the id of the coach who is to read meanwhile; each client is asked.
    """

    first: date | None = None
    last: date | None = None
    cover: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverSettled:
    """The client agreed that another coach reads during that absence of theirs, or did not."""

    engagement: str
    absence: str
    agreed: bool


SessionRecord = (
    SessionSet | SessionMoved | SessionCancelled | SessionsTurned | NoteKept | NoteSettled | AwaySet | CoverSettled
)
