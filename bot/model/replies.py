"""What a command or the end of a dialogue wants said, written, begun and told; and what pure functions are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.model.chart_data import Point
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase
from bot.model.plan import Goal, Plan
from bot.model.records import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A file to send, made of text; `media` is its media type, `caption` what stands beside it."""

    name: str
    media: str
    text: str | Phrase
    caption: Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """A picture to send, its words still phrases; the fields are those of `bot.model.chart_data.Chart`."""

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
class Notification:
    """A word for another person, with buttons that are commands, and with a file.

    `engagement` is the one that it belongs to; of words `about` one thing only the newest is heard late.
    """

    person: str
    phrase: Phrase
    buttons: tuple[tuple[str, Phrase], ...] = ()
    file: Sheet | Sketch | None = None
    engagement: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A dialogue to begin: items for its lists, answers that are known already; `engagement` empty: the newest one.

    With `private` all of it is kept from the coach, what is known already too.
    """

    dialogue: str
    items: tuple[str, ...] = ()
    known: dict[str, Any] = field(default_factory=dict)
    engagement: str = ""
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HideAnswer:
    """An answer that was given is to be kept from the coach: the next event of the same turn."""

    run: str
    question: str


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
    is under way is put away first, with `lays_aside` it takes no answer before a reply that `wakes` it; with
    `withdraws` what followed from that run or command is put away. `then` is one more event of the same turn, before
    anything is asked. `own`: it was the client's own, and no sign of life to the coach. `buttons` stand below what is
    said, and are commands; `files` go out after it.
    """

    says: tuple[Phrase, ...] = ()
    records: tuple[Record, ...] = ()
    opens: Opening | None = None
    then: HideAnswer | None = None
    tells: tuple[Notification, ...] = ()
    rests: bool = False
    ends: bool = False
    lays_aside: bool = False
    wakes: bool = False
    own: bool = False
    withdraws: str = ""
    buttons: tuple[tuple[str, Phrase], ...] = ()
    files: tuple[Sheet | Sketch, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What predicates, validators and outcomes are given: the facts, and the answers on the path that was walked.

    `by` is who began the dialogue, bot or client. `values` maps question keys ("status", or "items[c1].status" inside
    a loop) to values, None when skipped. `aside` are the keys of answers that were kept back in so many words. `scope`
    is where the asker stands ("items[c1]."), `item` what its loop is at, `day` the local day that the dialogue belongs
    to. `hidden`: all of it is kept from the coach.
    """

    facts: Facts
    dialogue: str = ""
    by: str = ""
    run: str = ""
    engagement: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    item: str = ""
    asking: str = ""
    day: date | None = None
    hidden: bool = False

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

    def kept_back(self, name: str) -> bool:
        """That answer is not for the coach, whatever is agreed to of others beside it."""
        return self.key(name) in self.aside

    def audience_if(self, name: str, *, agreed: bool) -> Audience:
        """Who may read an answer about which a later question asks: the coach where that was agreed to."""
        return Audience.COACH if agreed and not self.kept_back(name) else Audience.PRIVATE

    def inside(self, call: str, item: str = "") -> "Given":
        """The same, seen from inside a called dialogue, or from one turn of its loop."""
        place = f"{call}[{item}]." if item else f"{call}."
        return replace(self, scope=self.scope + place, item=item or self.item)

    @property
    def engagement_here(self) -> Engagement | None:
        """The engagement that the dialogue is about; the person's own where it names none."""
        known = {engagement.id: engagement for engagement in self.facts.engagements}
        return known.get(self.engagement) or self.facts.engagement

    @property
    def plan_here(self) -> Plan:
        """The plan of that engagement, as the one who is asked may see it."""
        found = self.engagement_here
        return self.facts.plan_of(found.id) if found else Plan()

    @property
    def is_coach_here(self) -> bool:
        """The one who is asked is the coach of that engagement."""
        found = self.engagement_here
        return found is not None and found.coach == self.facts.person.id

    @property
    def side(self) -> str:
        """Client or coach: which side is asked."""
        return "coach" if self.is_coach_here else "client"

    @property
    def commitment(self) -> Any:
        """The commitment that the loop is at, or None."""
        return self.facts.commitment(self.item) if self.item else None

    @property
    def goal(self) -> Goal | None:
        """The goal that the loop is at, or None; a version of its ladder may stand behind a "#"."""
        found = (plan.goal(self.item.partition("#")[0]) for plan in self.facts.plans.values())
        return next((goal for goal in found if goal is not None), None) if self.item else None
