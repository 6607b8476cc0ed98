"""A client as the coach may see them.

Days are local dates of the client.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.model.commitments.values import Commitment
from bot.model.habits.values import DaysOff, Habit
from bot.model.occurrences import Asked
from bot.model.people.answers import Rating, Remark
from bot.model.people.engagements import Engagement
from bot.model.people.preferences import Pace, Pause
from bot.model.plan import NO_PLAN, Plan


class SignalLevel(StrEnum):
    """How pressing it is for a coach to look at a client."""

    AMBER = "amber"
    RED = "red"


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
