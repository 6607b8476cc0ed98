"""What an outcome or a command wants written, and the words it wants said.

Records made by a run are keyed by the run, so that running it again replaces and never adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from bot.aims import Goal, Phase, Programme
from bot.endings import Ending
from bot.facts import Audience, Facts, Pace, Standing
from bot.meetings import Met
from bot.pictures import Point


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the catalogue and what fills its gaps; said in the language of whoever reads it."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """A commitment made; `key` tells several of one run apart."""

    key: str
    text: str
    due: date | None = None
    cue: str = ""
    proof: str = ""
    confidence: int | None = None
    audience: Audience = Audience.COACH
    engagement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reported:
    """A word on a commitment: `report` is done, partly, not_yet, let_go, moved, on_track or held.

    `due` is the new date, when one was given; `text` the new wording, when it was made smaller.
    """

    key: str
    commitment: str
    report: str
    due: date | None = None
    text: str = ""
    note: str = ""
    note_audience: Audience = Audience.COACH

    @property
    def standing(self) -> Standing:
        """Where the commitment stands after this word."""
        return {"done": Standing.DONE, "let_go": Standing.DROPPED}.get(self.report, Standing.OPEN)


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
    """A consent given, changed or withdrawn; the wording that was shown is the dialogue's version."""

    kind: str
    choice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wished:
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
    """The rest is over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """The client asked for the normal rhythm again after it had been quiet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped:
    """No more prompts, until the client says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """An answer that was visible to the coach, or will be, is made private, or shown again."""

    run: str
    question: str
    hidden: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """The answers of a run, or one of its questions, are taken back."""

    run: str


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
class Held:
    """The client wrote of danger: nothing is asked until they say so. Nothing else of it is written anywhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """A one-time code for another address: of this person (`link`), or of a client of theirs (`reconnect`)."""

    role: str
    person: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferred:
    """Prompts arrive in the chat that this was said in, from now on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebound:
    """A client said whether the chat that a coach's code was used in is theirs."""

    place: str
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DataAsked:
    """Somebody wants a copy of all that is theirs (`export`), or all of it deleted (`erase`)."""

    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How many days after the coaching has ended a client wants their data kept, at most."""

    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """The coach's view was read, so that `private` can say what was already seen; `what` of it, for the access log.

    `covering` is the engagement that was read while its coach is away.
    """

    client: str
    what: str = "client"
    covering: str = ""


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
class Scheduled:
    """A dialogue to be opened on a local day of that person (empty: the one who speaks), for that engagement.

    In a client's rhythm, where caps and precedence hold; as an `errand` at the hour `at` (their local time, 9:00 by
    default) whatever else is on: for coaches, and after the end. Said again for the same day, it changes nothing.
    """

    dialogue: str
    day: date
    engagement: str
    person: str = ""
    at: time | None = None
    items: tuple[str, ...] = ()
    errand: bool = False


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

    Moved by the bot it happens only where the table of `bot.coaching.phases` says so, and else changes nothing.
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

    `kind` is shaped, support, sponsor, state or adjusted. Adjusted to a later `due`, the goal counts as moved.
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
"""What is written as a whole with its run, by `storage.goals`."""

Record = (
    Promised
    | Reported
    | Rated
    | Remarked
    | Consented
    | Wished
    | Travelled
    | Paused
    | Resumed
    | Restored
    | Stopped
    | Hidden
    | Undone
    | CallWanted
    | Invited
    | Revoked
    | CoachWished
    | JoinConfirmed
    | SignalsLeft
    | HandoverAsked
    | HandoverSettled
    | Held
    | Coded
    | Preferred
    | Rebound
    | DataAsked
    | Kept
    | Looked
    | ProgrammeSet
    | ReportMade
    | WishAsked
    | Scheduled
    | Unscheduled
    | Met
    | PhaseMoved
    | AgreementConfirmed
    | LadderConfirmed
    | Planned
    | Ending
)


def phrase(key: str, /, **params: Any) -> Phrase:
    """A phrase with its gaps filled: strings, numbers, dates, times, phrases or lists of phrases."""
    return Phrase(key, params)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A file to send, made of text; `media` is its media type, `caption` what stands beside it."""

    name: str
    media: str
    text: str | Phrase
    caption: Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """A picture to send, its words still phrases; the fields are those of `bot.pictures.Chart`."""

    kind: str
    name: str
    title: Phrase
    alt: Phrase
    caption: Phrase
    series: tuple[tuple[Phrase, tuple[Point, ...]], ...]
    low: float = 0.0
    high: float = 10.0
    ticks: tuple[tuple[float, Phrase], ...] = ()
    missing: Phrase | None = None
    source: Phrase | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A word for another person, with buttons that are commands, and with a file."""

    person: str
    phrase: Phrase
    buttons: tuple[tuple[str, Phrase], ...] = ()
    file: Sheet | Sketch | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A dialogue to begin: items for its lists, answers that are known already; `engagement` empty: the newest one."""

    dialogue: str
    items: tuple[str, ...] = ()
    known: dict[str, Any] = field(default_factory=dict)
    engagement: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """A part of a person's page: a heading, lines, and buttons that are commands."""

    heading: Phrase
    lines: tuple[Phrase, ...] = ()
    buttons: tuple[tuple[str, Phrase], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What a command does: what it says, what it writes, what it begins, whom else it tells.

    With `rests` the open question is not asked again below it: the client wants to be left alone. With `ends` whatever
    is under way is put away first. `buttons` stand below what is said, and are commands; `files` go out after it.
    """

    says: tuple[Phrase, ...] = ()
    records: tuple[Record, ...] = ()
    opens: Opening | None = None
    tells: tuple[Told, ...] = ()
    rests: bool = False
    ends: bool = False
    buttons: tuple[tuple[str, Phrase], ...] = ()
    files: tuple[Sheet | Sketch, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What predicates, validators and outcomes are given: the facts, and the answers on the path that was walked.

    `values` maps question keys ("status", or "items[c1].status" inside a loop) to values, None when skipped. `scope`
    is where the asker stands ("items[c1]."), `item` what its loop is at.
    """

    facts: Facts
    run: str = ""
    engagement: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    item: str = ""
    asking: str = ""

    def get(self, name: str) -> Any:
        """The answer to the question of that name, nearest scope first; None when skipped or never asked."""
        return self.values.get(self.key(name))

    def key(self, name: str) -> str:
        """The full key of the nearest question of that name."""
        scope = self.scope
        while scope and f"{scope}{name}" not in self.values:
            scope = scope[: scope.rstrip(".").rfind(".") + 1]
        return f"{scope}{name}"

    def words(self, name: str) -> str:
        """What was answered, as the person reads it: the words on the button that was tapped, or what was typed."""
        return self.labels.get(self.key(name), "")

    def audience(self, name: str) -> Audience:
        """Who may read that answer."""
        return self.audiences.get(self.key(name), Audience.COACH)

    def inside(self, call: str, item: str = "") -> "Given":
        """The same, seen from inside a called dialogue, or from one turn of its loop."""
        place = f"{call}[{item}]." if item else f"{call}."
        return replace(self, scope=self.scope + place, item=item or self.item)

    @property
    def commitment(self) -> Any:
        """The commitment that the loop is at, or None."""
        return self.facts.commitment(self.item) if self.item else None

    @property
    def goal(self) -> Goal | None:
        """The goal that the loop is at, or None; a version of its ladder may stand behind a "#"."""
        found = (aims.goal(self.item.partition("#")[0]) for aims in self.facts.aims.values())
        return next((goal for goal in found if goal is not None), None) if self.item else None
