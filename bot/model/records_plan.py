"""Records of an engagement's plan: phases, agreement, goals, ladders, programme, and what is put on an agenda."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from bot.model.phrases import Phrase
from bot.model.plan import Phase, Programme


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgrammeSet:
    """A programme as it is to be from now on: of one engagement, or for new clients where that is empty."""

    programme: Programme
    engagement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportMade:
    """A report to the sponsor, as the client approved it line by line; without lines none goes out.

    With `by_client` it is handed to the client to pass on, else to the coach.
    """

    engagement: str
    lines: tuple[Phrase, ...]
    by_client: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WishAsked:
    """The coach wants a page on which the sponsor answers; its one-time link is told to the coach alone."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinksTakenBack:
    """The links that were made for the sponsor of an engagement open nothing any more."""

    engagement: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Scheduled:
    """A dialogue to be opened on a local day of that person (empty: the one who speaks), for that engagement.

    In a client's rhythm, where caps and precedence hold; as an `errand` at the hour `at` (their local time, 9:00 by
    default) whatever else is on: for coaches, and after the end. Said again for the same day, it changes nothing. What
    a coach has `sent` comes whether it is in the programme or not.
    """

    dialogue: str
    day: date
    engagement: str
    person: str = ""
    at: time | None = None
    items: tuple[str, ...] = ()
    errand: bool = False
    sent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Unscheduled:
    """What is on the agenda for that dialogue, and those items if any are named, is not to be asked any more."""

    dialogue: str
    engagement: str
    person: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseMoved:
    """An engagement comes into another phase; `skipped` is what is passed over on the way, kept on record.

    Moved by the bot it happens only where the table of `bot.coaching.planning.phases` says so; else nothing
    changes.
    """

    engagement: str
    phase: Phase
    by: str = "bot"
    skipped: tuple[Phase, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementMade:
    """A version of the working agreement, as the coach words it; `ok`: the coach agrees to it."""

    key: str
    engagement: str
    terms: Mapping[str, str]
    until: date | None = None
    ok: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementConfirmed:
    """Client or coach (`by`) agrees to this very version."""

    agreement: str
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalMade:
    """A goal; `key` tells several of one run apart, `withheld` names the fields that the coach is not shown."""

    key: str
    engagement: str
    text: str
    due: date | None = None
    weight: int = 1
    ready: int | None = None
    noticed_by: str = ""
    signs: str = ""
    why: str = ""
    state: str = "draft"
    by: str = "client"
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalChanged:
    """Something of a goal becomes otherwise, and its history says so; what is None stays as it was.

    `kind` is shaped, support, sponsor, state, without or adjusted. Adjusted to a later `due`, the goal counts as moved.
    An empty `sponsor_text` takes the sponsor's wording back.
    """

    key: str
    goal: str
    kind: str
    by: str = "client"
    reason: str = ""
    text: str | None = None
    due: date | None = None
    weight: int | None = None
    ready: int | None = None
    noticed_by: str | None = None
    signs: str | None = None
    why: str | None = None
    noticer: str | None = None
    obstacle: str | None = None
    if_then: str | None = None
    support: str | None = None
    realism: str | None = None
    sponsor_text: str | None = None
    state: str | None = None
    without: tuple[str, ...] | None = None
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderMade:
    """A new version of a goal's success ladder, approved by whoever wrote it where `ok`; one that holds never changes.

    With levels missing it is a draft that nobody has approved yet.
    """

    goal: str
    rungs: Mapping[int, str]
    by: str
    baseline: int | None = None
    alone: bool = False
    ok: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderConfirmed:
    """Client or coach (`by`) approves this version of a goal's ladder; `baseline` is where the client stands."""

    goal: str
    version: int
    by: str
    baseline: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelGiven:
    """Where somebody sees a goal on the ladder that holds (-2 to +2)."""

    key: str
    goal: str
    value: int
    by: str = "client"
    evidence: str = ""
    cause: str = ""
    final: bool = False
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneMade:
    """A step towards a goal; `key` tells several of one run apart."""

    key: str
    goal: str
    text: str
    due: date | None = None
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MilestoneTold:
    """A word on a milestone: done or not, another day, other words; what is None or empty stays as it was."""

    key: str
    milestone: str
    done: bool | None = None
    due: date | None = None
    text: str = ""
    by: str = "client"


Planned = GoalMade | GoalChanged | LadderMade | LevelGiven | MilestoneMade | MilestoneTold | AgreementMade
"""What is written as a whole with its run, by `storage.programme.goals`."""

PlanRecord = (
    ProgrammeSet
    | ReportMade
    | WishAsked
    | LinksTakenBack
    | Scheduled
    | Unscheduled
    | PhaseMoved
    | AgreementMade
    | AgreementConfirmed
    | GoalMade
    | GoalChanged
    | LadderMade
    | LadderConfirmed
    | LevelGiven
    | MilestoneMade
    | MilestoneTold
)
