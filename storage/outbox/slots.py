"""The slots of one claim: which rows may leave now, by the pace of their bot, of their chat, and of new looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.gcra import UNPACED, Pace, Rate, rate_of_chat, slot, taken
from bot.messages.outgoing import Message
from bot.messages.sending import Parcel
from storage.outbox import lanes, rate_limits
from storage.outbox.lanes import Waiting, parcel_of
from storage.outbox.rate_limits import Budget
from storage.outbox.rows import REPLY

AHEAD = timedelta(seconds=0.2)  # a row may be claimed so long before its slot comes
EARLY = timedelta(seconds=0.1)  # and a claim is made so long before the first slot, so that none is lost
_PART = 4000  # characters; a longer message leaves as several


Spares = Callable[[Waiting], bool]


def none_spared(_look: Waiting) -> bool:
    """All new looks count."""
    return False


@dataclass(slots=True, kw_only=True)
class Round:
    """One claim under way: what each bot and chat may still send, and what leaves."""

    connection: Connection
    clock: datetime
    lease: timedelta
    paces: Mapping[str, Pace]
    spares: Spares = none_spared
    budgets: dict[str, Budget] = field(default_factory=dict)
    leaving: list[tuple[Waiting, Parcel, datetime]] = field(default_factory=list)
    again: list[datetime] = field(default_factory=list)
    spoken: dict[int, datetime | None] = field(default_factory=dict)  # chats, and when each is free after its new look

    def budget(self, key: str, platform: str, *, changes: bool = False) -> Budget | None:
        """The budget of a bot, or of its new looks; None where there is no limit."""
        pace = self.paces.get(platform, UNPACED)
        rate = pace.changes if changes else pace.bot
        if rate is None:
            return None
        key = of_looks(key) if changes else key
        if key not in self.budgets:
            self.budgets[key] = rate_limits.budget(self.connection, key, rate, self.clock)
        return self.budgets[key]

    def take(self, row: Waiting) -> bool:
        """Give a row its slot; False where its bot has none soon. Raises Unreadable, and spends nothing then."""
        reply = row.urgency == REPLY
        found = [self.budget(row.budget, row.platform)]
        rate = None
        if row.kind == "update":
            rate = rate_of_looks(self.paces.get(row.platform, UNPACED), row.chat)
            found.append(None if self.spares(row) else self.budget(row.budget, row.platform, changes=True))
        held = [budget for budget in found if budget is not None]
        at = max((budget.slot(reply=reply) for budget in held), default=self.clock)
        free_at = None
        if rate is not None:
            free_at, chat_at = self._chat(row, rate)
            at = max(at, chat_at)
        if at > self.clock + AHEAD:
            self.again.append(at)
            return False
        parcel = parcel_of(self.connection, row)
        for budget in held:
            budget.spend(1)
        if row.kind != "update" or rate is not None:
            self.spoken[row.chat_lane] = None if rate is None else taken(free_at, self.clock, rate)
        self.leaving.append((row, parcel, at))
        return True

    def _chat(self, look: Waiting, rate: Rate) -> tuple[datetime | None, datetime]:
        """The pace of the chat of a new look, and when it may leave: when the chat is at rest, never in its bursts."""
        free, free_at = lanes.pace_of(self.connection, look.chat_lane)
        if not free or look.chat_lane in self.spoken:
            return free_at, self.clock + timedelta(seconds=rate.every)
        return free_at, slot(free_at, self.clock, rate, reply=False)


def rate_of_looks(pace: Pace, chat: str) -> Rate | None:
    """The rate of a chat where new looks count in it: there they have none of their own."""
    return rate_of_chat(pace, chat) if pace.changes is None else None


def of_looks(budget: str) -> str:
    """The budget of the new looks of a bot's messages, where they have one of their own."""
    return f"{budget}|changes"


def parts(message: Message) -> int:
    """As how many messages one leaves."""
    return max(1, -(-len(message.text) // _PART))
