"""What is known of a person while one event is handled: loaded for one step, never saved.

Local dates and times are the person's own unless a name says otherwise; instants are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from bot.model.habits.values import DaysOff, Habit
from bot.model.links import Link
from bot.model.occurrences import Asked
from bot.model.plan import NO_PLAN, Plan, Programme


class Audience(StrEnum):
    """Who may read an answer; decided when the question is asked, and shown to the client."""

    PRIVATE = "private"
    COACH = "coach"
    SPONSOR = "sponsor"


class Standing(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Pace(StrEnum):
    """How often a client chose to be asked."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MINIMAL = "minimal"


class SignalLevel(StrEnum):
    """How pressing it is for a coach to look at a client."""

    AMBER = "amber"
    RED = "red"


NEVER = date(1970, 1, 1)  # as the day from which somebody is asked: they have not agreed yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitment:
    """One promise as it stands now; `number` is what the client types to name it.

    `goal` is the one of the same engagement that it is a step towards, empty for none; `slips` counts reports of "not
    yet" and "partly"; `asked` is the last day the bot asked, `reported` the last day the client told; `report` what
    they told. `slipped`: it was not done once, or done in part twice. `smaller` is the day on which it was last made
    smaller: `confidence` was in more than that.
    """

    id: str
    number: int
    engagement: str
    text: str
    due: date | None = None
    cue: str = ""
    proof: str = ""
    confidence: int | None = None
    audience: Audience = Audience.COACH
    standing: Standing = Standing.OPEN
    made: date
    moved: int = 0
    moved_days: int = 0
    slips: int = 0
    asked: date | None = None
    reported: date | None = None
    report: str = ""
    run: str = ""
    goal: str = ""
    smaller: date | None = None
    slipped: bool = False


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
    """Something in a client's words: focus, win, obstacle, learning, next step, journal."""

    kind: str
    text: str
    day: date
    audience: Audience
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """The one whose event this is. `zone` is where they are now, `home` where they live."""

    id: str
    name: str
    zone: str
    home: str
    language: str = "en"
    locale: str = "en-US"
    coach: bool = False


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
class Cover:
    """Another coach is to read while a client's coach is away, on these local days of the client, both included.

    `agreed` is the client's yes to this very absence.
    """

    absence: str
    coach: str
    name: str
    first: date
    last: date
    agreed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Engagement:
    """One coach and one client, as this person may see it.

    `visible` is what the client agreed the coach may see: `described`, `status` or `none`. Nothing reaches the coach
    before they have `confirmed` who it is that joined. `heir` is the coach to whom it is to be handed over. The zones
    are where the two live; sessions are told in both. `cover` is who reads while the coach is away. `began` is when it
    was made (UTC).
    """

    id: str
    coach: str
    coach_name: str
    client: str
    client_name: str
    state: str = "active"
    visible: str = "none"
    consents: frozenset[str] = frozenset()
    confirmed: bool = True
    heir: str = ""
    heir_name: str = ""
    cover: Cover | None = None
    coach_zone: str = "UTC"
    client_zone: str = "UTC"
    began: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAnswer:
    """The answer that `private` speaks of."""

    run: str
    question: str
    dialogue: str
    label: str
    day: date
    audience: Audience
    open: bool = False
    at: datetime | None = None
    seen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Undoable:
    """What `undo` takes back, and what would hold again.

    `run` is what wrote it. `refused` is why it cannot be taken back: a kind of
    decision that has its own way back, changed (by somebody else, since) or under_way (a dialogue that still waits).
    `commitments` stand as they are beside how they would be, None where they would be gone; `goals` are words and
    whether they were made here. An edit `revises` an answer: it reads `reads`, and would read `read`. `fields` are
    settings that would be as in `wishes`, `home` and `name` again. What it `reveals` would be shown to others again.
    `told`: others heard of it; `seen`: the coach has looked since.
    """

    run: str
    at: datetime
    day: date
    deed: str = ""
    refused: str = ""
    commitments: tuple[tuple[Commitment, Commitment | None], ...] = ()
    goals: tuple[tuple[str, bool], ...] = ()
    words: str = ""
    note: bool = False
    label: str = ""
    revises: bool = False
    reads: str = ""
    read: str = ""
    fields: frozenset[str] = frozenset()
    wishes: Preferences | None = None
    home: str = ""
    name: str = ""
    pauses: tuple[Pause, ...] = ()
    reveals: bool = False
    private: bool = False
    seen: bool = False
    told: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CoachPreferences:
    """What a coach chose: weekday (Monday = 0) and hour of the digest, on their own clock; helplines.

    `pointers` are shown to a client who writes of danger; empty: the local emergency number only.
    """

    weekday: int = 0
    at: time = time(8, 0)
    pointers: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenInvite:
    """An invitation of a coach that nobody has used yet; `ref` names it without its code."""

    ref: str
    name: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """Somebody read something of the client on a day: `who` is the coach's name, or empty for the operator."""

    day: date
    who: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientView:
    """A client as the coach may see them: everything in it has passed `visibility`.

    `zone` is only for counting days, and never told; `today` is the client's own day. `misses` are the days of prompts
    that stayed unanswered, `replies` those of answers, `asked` what the bot asked, all since the engagement began.
    `paused`: nothing is asked, for now or by a stop; `stopped` is a stop of their own. `left` holds the signals (kind
    and level) that the coach leaves be for now. `covered`: it is read by whoever covers for the coach. `off` is what
    the weeks of `habits` are counted by, and never told.
    """

    engagement: Engagement
    connected: bool
    commitments: tuple[Commitment, ...] = ()
    ratings: tuple[Rating, ...] = ()
    remarks: tuple[Remark, ...] = ()
    unanswered: int = 0
    pace: Pace = Pace.WEEKLY
    last_reply: date | None = None
    paused_until: date | None = None
    paused: bool = False
    stopped: bool = False
    stopped_on: date | None = None
    given_up: date | None = None
    asked: tuple[Asked, ...] = ()
    today: date | None = None
    call_wanted: date | None = None
    pauses: tuple[Pause, ...] = ()
    plan: Plan = NO_PLAN
    zone: str = "UTC"
    misses: tuple[date, ...] = ()
    replies: tuple[date, ...] = ()
    left: frozenset[str] = frozenset()
    covered: bool = False
    habits: tuple[Habit, ...] = ()
    off: DaysOff = field(default_factory=DaysOff)

    @property
    def name(self) -> str:
        """What the client is called, on one line."""
        return " ".join(self.engagement.client_name.split())

    @property
    def unconfirmed(self) -> bool:
        """They joined, and the coach has not said that it is them."""
        return self.engagement.state == "active" and not self.engagement.confirmed


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A dialogue as a coach may word it: its title, its first question, its lines by dialogue/node in their order."""

    title: str
    lines: tuple[tuple[str, str], ...]
    first: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that predicates, lists, outcomes and commands may look at.

    `asked` holds what the bot asked of itself; like `remarks`, `last`, `undoable`, `calls_wanted` (by engagement) and
    `practice` it is loaded only for the commands that need it. `chats` are the platforms that the person can be reached
    on, the preferred one first; `pending` is an address that they have yet to confirm; `links` is what an invitation
    can point to. `plans` holds goals, agreement and sessions by engagement. `programme` is what a coach's new clients
    begin with, `scripts` are the dialogues that a coach may word, `coming` is what a week brings to each client: days
    and names of dialogues. `own` is what a coach chose, `colleagues` are the other coaches (id and name), `invites` a
    coach's that are open, `pointers` the helplines of a client's coach. `away` says until when a client's coaches are
    away, by id. `covering` are engagements of coaches who are away and for whom this one reads, with the client's yes;
    `covered` their clients, loaded as `practice` is.
    """

    today: date
    now: datetime
    person: Person
    wishes: Preferences = field(default_factory=Preferences)
    pauses: tuple[Pause, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    asked: tuple[Asked, ...] = ()
    habits: tuple[Habit, ...] = ()
    last: LastAnswer | None = None
    undoable: Undoable | None = None
    ratings: tuple[Rating, ...] = ()
    remarks: tuple[Remark, ...] = ()
    calls_wanted: Mapping[str, date] = field(default_factory=dict)
    practice: tuple[ClientView, ...] = ()
    next_prompt: datetime | None = None
    chats: tuple[str, ...] = ()
    accesses: tuple[Access, ...] = ()
    pending: str = ""
    links: Mapping[str, Link] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    programme: Programme | None = None
    scripts: Mapping[str, Script] = field(default_factory=dict)
    coming: Mapping[str, tuple[tuple[date, str], ...]] = field(default_factory=dict)
    own: CoachPreferences = CoachPreferences()
    colleagues: tuple[tuple[str, str], ...] = ()
    invites: tuple[OpenInvite, ...] = ()
    pointers: str = ""
    away: Mapping[str, date] = field(default_factory=dict)
    covering: tuple[Engagement, ...] = ()
    covered: tuple[ClientView, ...] = ()
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what each is called, its own name first
    around_an_hour: tuple[str, ...] = ()  # words of the person's language: "at 9", "9 Uhr"
    capitals: bool = False  # whether that language writes nouns large
    spoken: Mapping[str, Any] = field(default_factory=dict)  # that language's words, as its words.yaml has them

    def plan_of(self, engagement: str) -> Plan:
        """The plan of that engagement, as this person may see it."""
        return self.plans.get(engagement, NO_PLAN)

    @property
    def is_client(self) -> bool:
        """The person is the client of some engagement, running or not."""
        return any(engagement.client == self.person.id for engagement in self.engagements)

    @property
    def own_coaching(self) -> Engagement | None:
        """The client's engagement that runs, or else the one that ended last."""
        mine = [e for e in self.engagements if e.client == self.person.id and e.state in ("active", "closed")]
        return self.engagement or (mine[-1] if mine else None)

    @property
    def ended(self) -> Engagement | None:
        """The last engagement of a client for whom none runs any more."""
        own = self.own_coaching
        return own if own is not None and own.state == "closed" else None

    @property
    def engagement(self) -> Engagement | None:
        """The engagement that a commitment without another address belongs to: the newest active one."""
        own = [e for e in self.engagements if e.client == self.person.id and e.state == "active"]
        return own[-1] if own else None

    @property
    def open_commitments(self) -> tuple[Commitment, ...]:
        """Commitments not yet settled, the earliest date first, undated ones last."""
        live = (c for c in self.commitments if c.standing is Standing.OPEN)
        return tuple(sorted(live, key=lambda c: (c.due or date.max, c.number)))

    def is_setting(self, dialogue: str) -> bool:
        """Settings, consents and agreements hold until they are changed: the dialogues that no coach may word."""
        script = self.scripts.get(dialogue)
        return script is not None and not script.lines

    def habit(self, wanted: str) -> Habit | None:
        """The habit with that id, or None."""
        return next((habit for habit in self.habits if habit.id == wanted), None)

    def commitment(self, wanted: str) -> Commitment | None:
        """The commitment with that id, or None."""
        return next((c for c in self.commitments if c.id == wanted), None)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY = Facts(
    today=_EPOCH.date(),
    now=_EPOCH,
    person=Person(id="", name="", zone="UTC", home="UTC"),
)
