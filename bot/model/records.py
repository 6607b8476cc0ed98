"""What an outcome or a command wants written.

Records made by a run are keyed by the run, so that running it again replaces and never adds.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.habits.records import HabitRecord
from bot.model.people.answers import Audience
from bot.model.people.preferences import Pace
from bot.model.records_ending import Ending
from bot.model.records_plan import PlanRecord
from bot.model.records_sessions import SessionRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Rated:
    """A number given; `kind` is confidence or energy."""

    key: str
    kind: str
    value: int
    about: str = ""
    audience: Audience = Audience.COACH


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarked:
    """Words kept: focus, win, obstacle, learning, journal.

    `person` is whose they are, when somebody else's dialogue kept them; empty: the one who speaks.
    """

    key: str
    kind: str
    text: str
    about: str = ""
    audience: Audience = Audience.COACH
    person: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consented:
    """A consent given, changed or withdrawn; the wording that was shown is the version of the dialogue `asked_in`.

    It holds for one engagement, where that is named, else for all of the client's.
    """

    kind: str
    choice: str
    asked_in: str = "welcome"
    engagement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferencesChanged:
    """New settings of a client: only what is set changes."""

    name: str | None = None
    zone: str | None = None
    pace: Pace | None = None
    weekday: int | None = None
    at: time | None = None
    working_days: frozenset[int] | None = None
    focus: bool | None = None
    daily_until: date | None = None
    add_holiday: date | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Travelled:
    """Away in another zone until a day, that day included; an empty zone ends the journey."""

    zone: str
    until: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Paused:
    """A rest from prompts; without `last`, until `resume`."""

    first: date
    last: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resumed:
    """The rest is over; `ahead` calls off the ones that are yet to begin, too."""

    ahead: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """The client asked for the normal rhythm again after it had been quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """No more prompts, until the client says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack:
    """What an entry of the ledger changed is taken back; `run` is what wrote it: a dialogue, or an event's key.

    `private`: nobody else could read any of it.
    """

    run: str
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CallWanted:
    """The client asks the coach for a word; the coach hears of it at once."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """A one-time code for a client of this coach; only its hash is stored."""

    code: str
    name: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Revoked:
    """An open invitation of this coach is taken back; `ref` is that of `OpenInvite`."""

    ref: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CoachWished:
    """New settings of a coach: only what is set changes; empty `pointers` are the emergency number alone."""

    weekday: int | None = None
    at: time | None = None
    pointers: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinConfirmed:
    """The coach says whether whoever joined is their client; only then anything reaches the coach."""

    engagement: str
    right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalsLeft:
    """The coach leaves these signals (kind and level) of a client be, up to and including that local day of theirs."""

    engagement: str
    kinds: tuple[str, ...]
    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverAsked:
    """A coach wishes to hand an engagement to another one; the client is asked."""

    engagement: str
    heir: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverSettled:
    """The client agreed to the handover to that coach, or did not."""

    engagement: str
    heir: str
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PausedForSafety:
    """The client wrote of danger: nothing is asked until they say so. Nothing else of it is written anywhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeAsked:
    """A one-time code for another address: of this person (`link`), or of a client of theirs (`reconnect`)."""

    role: str
    person: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatPreferred:
    """Prompts arrive in the chat that this was said in, from now on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatRefused:
    """Another chat of this person is not theirs, or not wanted any more: it is let go."""

    place: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DataAsked:
    """Somebody wants a copy of all that is theirs (`export`), or all of it deleted (`erase`)."""

    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionChosen:
    """How many days after the coaching has ended a client wants their data kept, at most."""

    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DataViewed:
    """The coach's view was read, so that `private` can say what was already seen; `what` of it, for the access log.

    `covering` is the engagement that was read while its coach is away.
    """

    client: str
    what: str = "client"
    covering: str = ""


Record = (
    CommitmentMade
    | Reported
    | Rated
    | Remarked
    | Consented
    | PreferencesChanged
    | Travelled
    | Paused
    | Resumed
    | Restored
    | Stopped
    | TakenBack
    | CallWanted
    | Invited
    | Revoked
    | CoachWished
    | JoinConfirmed
    | SignalsLeft
    | HandoverAsked
    | HandoverSettled
    | PausedForSafety
    | CodeAsked
    | ChatPreferred
    | ChatRefused
    | DataAsked
    | RetentionChosen
    | DataViewed
    | SessionRecord
    | PlanRecord
    | HabitRecord
    | Ending
)
