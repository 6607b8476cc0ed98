"""What an engagement is made of besides commitments: its phase, agreement, goals, sessions.

Days are local dates of the client unless a name says otherwise; instants are aware and in UTC.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model.habits.values import HabitWords

LEVELS = (-2, -1, 0, 1, 2)


GOAL, LADDER, STEPS = "goal", "ladder", "steps"  # the parts of a plan
PARTS = (GOAL, LADDER, STEPS)


class Phase(StrEnum):
    """Where an engagement stands; the moves between them are a table in `bot.coaching.planning.phases`."""

    RELATIONSHIP = "relationship"
    ASSESSMENT = "assessment"
    PLANNING = "planning"
    COACHING = "coaching"
    REVIEW = "review"
    CLOSING = "closing"
    FOLLOW_UP = "follow_up"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseStep:
    """An engagement came into a phase; `by` is coach, client or bot, `skipped` what was passed over on the way.

    `without` names the parts of the plan (goal, ladder, steps) that were not there when coaching began.
    """

    phase: Phase
    day: date
    by: str
    skipped: tuple[Phase, ...] = ()
    without: tuple[str, ...] = ()


NO_SPONSOR = ("none", "nothing")  # the words of an agreement by which a sponsor hears nothing


def contracted(terms: Mapping[str, str]) -> bool:
    """Whether a sponsor may hear anything at all: then sponsor's dialogues have their place."""
    return terms.get("sponsor", "none") not in NO_SPONSOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """One version of what coach and client agreed on; it holds when both have confirmed this very version.

    `terms` are the words under the keys of the dialogue that drafts it; `until` is when the engagement is to end.
    """

    id: str
    engagement: str
    version: int
    terms: Mapping[str, str]
    until: date | None = None
    coach_ok: date | None = None
    client_ok: date | None = None

    @property
    def holds(self) -> bool:
        """Both sides have confirmed it."""
        return self.coach_ok is not None and self.client_ok is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """One version of a goal's success ladder: a sentence for each level from -2 to +2, frozen once both approved it.

    `alone`: the goal is not shown to the coach, so the client's word is enough.
    """

    version: int
    rungs: Mapping[int, str]
    made: date
    baseline: int | None = None
    coach_ok: date | None = None
    client_ok: date | None = None
    alone: bool = False

    @property
    def active(self) -> bool:
        """Whoever has to has approved it."""
        return self.client_ok is not None and (self.alone or self.coach_ok is not None)

    @property
    def whole(self) -> bool:
        """There is a sentence for every level."""
        return all(self.rungs.get(level) for level in LEVELS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """Where a goal stood on its ladder (-2 to +2), as `by` (client or coach) saw it; `final` ones close it all.

    `ladder` is the version, 0 when there was none. `withheld` names the fields that the coach is not shown.
    """

    value: int
    day: date
    ladder: int
    by: str = "client"
    evidence: str = ""
    cause: str = ""
    final: bool = False
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Milestone:
    """A step towards a goal; `moved` counts later dates, `moved_days` the days that they added."""

    id: str
    number: int
    text: str
    due: date | None = None
    done: date | None = None
    moved: int = 0
    moved_days: int = 0
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Adjustment:
    """One entry of a goal's history: what was changed, when, by whom (client or coach), and why.

    `days` is by how many a date moved; `about` the milestone, when it was one.
    """

    goal: str
    day: date
    by: str
    kind: str
    days: int = 0
    reason: str = ""
    about: str = ""
    text: str = ""
    due: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """What a client works towards; `state` is draft, active, reached or retired.

    `weight` is its importance from 1 to 3, `ready` the readiness from 1 to 10. `ladders` and `levels` stand in the
    order in which they were made; older versions of the ladder keep their scores. `sponsor_text` is what the sponsor
    may read, word by word as the client approved it; empty: nothing. `moved` and `moved_days` count slippage of `due`.
    `withheld` names the fields that the coach is not shown; with "text" among them, nothing of the goal is. `without`
    names what of its plan (ladder, steps) was passed over, on record. `run` is the dialogue in which it was made.
    """

    id: str
    number: int
    engagement: str
    text: str
    made: date
    state: str = "draft"
    due: date | None = None
    weight: int = 1
    ready: int | None = None
    noticed_by: str = ""
    signs: str = ""
    why: str = ""
    noticer: str = ""
    obstacle: str = ""
    if_then: str = ""
    support: str = ""
    realism: str = ""
    sponsor_text: str = ""
    moved: int = 0
    moved_days: int = 0
    ladders: tuple[Ladder, ...] = ()
    levels: tuple[Level, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    withheld: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    run: str = ""

    @property
    def hidden(self) -> bool:
        """The client keeps the whole goal from the coach."""
        return "text" in self.withheld

    @property
    def ladder(self) -> Ladder | None:
        """The newest ladder that both approved, or None."""
        return next((ladder for ladder in reversed(self.ladders) if ladder.active), None)

    @property
    def drafted(self) -> Ladder | None:
        """A newer ladder that waits for an approval, or None."""
        last = self.ladders[-1] if self.ladders else None
        return last if last is not None and not last.active else None

    @property
    def level(self) -> Level | None:
        """The client's newest level on the ladder that holds, or None."""
        ladder = self.ladder
        own = [level for level in self.levels if ladder and level.ladder == ladder.version and level.by == "client"]
        return own[-1] if own else None

    def milestone(self, wanted: str) -> Milestone | None:
        """The milestone with that id, or None."""
        return next((milestone for milestone in self.milestones if milestone.id == wanted), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A meeting of coach and client; `state` is planned, cancelled or held. `series` ties recurring ones together.

    `moved` counts how often it was moved, so that a calendar entry replaces the one before.
    """

    id: str
    engagement: str
    at: datetime
    minutes: int = 60
    state: str = "planned"
    series: str = ""
    moved: int = 0
    wish: str = ""

    @property
    def ends(self) -> datetime:
        """When it is over (UTC)."""
        return self.at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A coach's own note on a client: `kind` is note, focus, question, promise, word or proposal.

    The client is shown promises, words and proposals, which are made to them, and asked questions; never the rest.
    `reply` is what they said to a word (useful, not_now or talk) or to a proposal (take, change or leave), `due` the
    day that a proposal names, `habit` what of it comes again and again.
    """

    id: str
    engagement: str
    kind: str
    text: str
    day: date
    about: str = ""
    done: bool = False
    reply: str = ""
    due: date | None = None
    habit: HabitWords | None = None


OWN = "own_"  # what the names of a coach's own questions begin with


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnQuestion:
    """A coach's own question, which joins the weekly check-in; `kind` is text, scale or yes_no."""

    text: str
    kind: str = "text"


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """What is asked when, as a coach set it up: for new clients, or for one engagement.

    `on` names the dialogues of the menu that are in it, `days` on which day from the start one comes. `texts` words
    single lines anew, by language/dialogue/node; `questions` join the weekly check-in.
    """

    template: str = ""
    months: int = 6
    on: frozenset[str] = frozenset()
    days: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[OwnQuestion, ...] = ()

    def texts_in(self, language: str) -> Mapping[str, str]:
        """The lines worded anew in that language, by dialogue/node."""
        start = f"{language}/"
        return {key.removeprefix(start): text for key, text in self.texts.items() if key.startswith(start)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All of one engagement: phase, plan and sessions. Sessions stand in the order of their time.

    `sessions_off`: the coach arranges them elsewhere, and nothing is asked around them.
    """

    phase: Phase = Phase.RELATIONSHIP
    steps: tuple[PhaseStep, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    goals: tuple[Goal, ...] = ()
    sessions: tuple[Session, ...] = ()
    notes: tuple[Note, ...] = ()
    ends: date | None = None
    closed: date | None = None
    contracted: bool = False
    programme: Programme = field(default_factory=Programme)
    follow_up: Mapping[str, date] = field(default_factory=dict)
    habits: tuple[str, ...] = ()
    sessions_off: bool = False

    @property
    def agreement(self) -> Agreement | None:
        """The newest version that both confirmed, or None."""
        return next((agreement for agreement in reversed(self.agreements) if agreement.holds), None)

    @property
    def proposed(self) -> Agreement | None:
        """A newer version that waits for somebody's yes, or None."""
        last = self.agreements[-1] if self.agreements else None
        return last if last is not None and not last.holds else None

    @property
    def active_goals(self) -> tuple[Goal, ...]:
        """The goals that are worked on."""
        return tuple(goal for goal in self.goals if goal.state == "active")

    def planned_sessions(self, now: datetime) -> tuple[Session, ...]:
        """Those that are still to come, the next one first and one under way too; none while they are off."""
        ahead = (s for s in self.sessions if s.state == "planned" and s.ends > now and not self.sessions_off)
        return tuple(sorted(ahead, key=lambda session: (session.at, session.id)))

    def without_goals(self, gone: Collection[str]) -> "Plan":
        """The plan as if it did not have these goals."""
        return replace(self, goals=tuple(goal for goal in self.goals if goal.id not in gone))

    def goal(self, wanted: str) -> Goal | None:
        """The goal with that id, or None."""
        return next((goal for goal in self.goals if goal.id == wanted), None)


NO_PLAN = Plan()
