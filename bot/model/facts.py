"""What is known of a person while one event is handled: loaded for one step, never saved.

Local dates and times are the person's own unless a name says otherwise; instants are aware and in UTC.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from bot.model.commitments.values import Commitment, Standing
from bot.model.habits.values import Habit
from bot.model.links import Link
from bot.model.occurrences import Asked
from bot.model.people.answers import Audience, LastAnswer, Rating, Remark
from bot.model.people.chats import Chat
from bot.model.people.client_view import ClientView
from bot.model.people.coachs_deed import CoachsDeed
from bot.model.people.engagements import Access, Engagement, OpenInvite
from bot.model.people.preferences import CoachPreferences, Pause, Preferences
from bot.model.plan import NO_PLAN, Plan, Programme


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
class Undoable:
    """What `undo` takes back, and what would hold again.

    `run` is what wrote it. `refused` is why it cannot be taken back: a kind of
    decision that has its own way back, changed (by somebody else, since) or under_way (a dialogue that still waits).
    `commitments` stand as they are beside how they would be, None where they would be gone; `goals` are words and
    whether they were made here. An edit `revises` an answer: it reads `reads`, and would read `read`. `fields` are
    settings that would be as in `wishes`, `home` and `name` again. What it `reveals` would be shown to others again.
    `told`: others heard of it; `seen`: the coach has looked since. `coachs` is what was done as a coach.
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
    coachs: CoachsDeed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """A dialogue as a coach may word it: its title, its first question, its lines by dialogue/node in their order.

    A `setting` holds until it is changed, and no coach may word any of it.
    """

    title: str
    lines: tuple[tuple[str, str], ...]
    first: str = ""
    setting: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that predicates, lists, outcomes and commands may look at.

    `done` holds the ids of the commitments that were done. `asked` holds what the bot asked of itself; like `remarks`,
    `last`, `undoable`, `calls_wanted` (by engagement) and `practice` it is loaded only for the commands that need it.
    `chats` are the platforms that the person can be reached on, the preferred one first, `places` all of their chats;
    what was private before `private_from` stays out of the chat that this is for. `links` is what an invitation can
    point to. `plans` holds goals, agreement and sessions by
    engagement. `programme` is what a coach's new clients begin with, `scripts` are the dialogues that a coach may word,
    `coming` is what a week brings to each client: days and names of dialogues. `own` is what a coach chose,
    `colleagues` are the other coaches (id and name), `invites` a coach's that are open, `pointers` the helplines of a
    client's coach. `away` says until when a client's coaches are away, by id. `covering` are engagements of coaches who
    are away and for whom this one reads, with the client's yes; `covered` their clients, loaded as `practice` is.
    """

    today: date
    now: datetime
    person: Person
    wishes: Preferences = field(default_factory=Preferences)
    pauses: tuple[Pause, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    done: frozenset[str] = frozenset()
    asked: tuple[Asked, ...] = ()
    habits: tuple[Habit, ...] = ()
    last: LastAnswer | None = None
    undoable: Undoable | None = None
    ratings: tuple[Rating, ...] = ()
    remarks: tuple[Remark, ...] = ()
    calls_wanted: Mapping[str, date] = field(default_factory=dict)
    practice: tuple[ClientView, ...] = ()
    next_prompt: datetime | None = None
    places: tuple[Chat, ...] = ()
    private_from: datetime | None = None
    accesses: tuple[Access, ...] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    programme: Programme | None = None
    scripts: Mapping[str, Script] = field(default_factory=dict)
    coming: Mapping[str, tuple[tuple[date, str], ...]] = field(default_factory=dict)
    own: CoachPreferences = field(default_factory=CoachPreferences)
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

    @property
    def chats(self) -> tuple[str, ...]:
        """The platforms that the person can be reached on, the preferred one first."""
        return tuple(chat.platform for chat in self.places if chat.own)

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
        return script is not None and script.setting

    def keeps(self, items: Collection[str]) -> bool:
        """Say whether there are such things, and all of them are kept from the coach."""
        return bool(items) and {item.partition("#")[0] for item in items} <= self._kept

    def shown_with(self, named: Collection[str]) -> "Facts":
        """The facts without what is kept from the coach, but for the things that are `named`.

        What is decided by these is the same whatever else the client keeps.
        """
        kept = self._kept - {item.partition("#")[0] for item in named}
        ratings = tuple(r for r in self.ratings if r.audience is not Audience.PRIVATE)
        if not kept and len(ratings) == len(self.ratings):
            return self
        return replace(
            self,
            commitments=tuple(c for c in self.commitments if c.id not in kept),
            habits=tuple(habit for habit in self.habits if habit.id not in kept),
            ratings=ratings,
            plans={of: plan.without_goals(kept) for of, plan in self.plans.items()},
        )

    @property
    def _kept(self) -> frozenset[str]:
        commitments = (c.id for c in self.commitments if c.audience is Audience.PRIVATE)
        habits = (habit.id for habit in self.habits if habit.private)
        goals = (goal.id for plan in self.plans.values() for goal in plan.goals if goal.hidden)
        return frozenset((*commitments, *habits, *goals))

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
