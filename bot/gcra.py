"""How fast each platform lets a bot send, and the arithmetic of keeping just below it.

Theory of operation. The generic cell rate algorithm (ITU-T I.371, "virtual scheduling"): one instant says when the next
message would be due at an even pace. A message may leave when that instant has come, or earlier by a tolerance, which
is the burst; leaving moves the instant on. Replies have a larger tolerance than what the bot says of itself, so that
they overtake any number of prompts, and the prompts give way. The instants stand in the database, where all processes
see them. Everything here is a function of the times it is given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """One message every `every` seconds; `burst` may go at once after a rest, `replies` when they answer somebody."""

    every: float
    burst: int = 1
    replies: int = 1

    def tolerance(self, *, reply: bool) -> timedelta:
        """How far a message may run ahead of the even pace."""
        return timedelta(seconds=self.every * ((self.replies if reply else self.burst) - 1))

    @property
    def plausible(self) -> timedelta:
        """How far ahead the next slot can lie at most; further, and the clock was set back."""
        return timedelta(seconds=self.every * (self.replies + 10) + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """The rates of a platform: of a whole bot, of one chat, of one group, and of new looks of messages."""

    bot: Rate | None = None
    chat: Rate | None = None
    group: Rate | None = None
    changes: Rate | None = None


UNPACED = Pace()


def rate_of_chat(pace: Pace, chat: str) -> Rate | None:
    """The rate of one chat; where groups have one of their own they are those with negative numbers."""
    return pace.group if pace.group is not None and chat.startswith("-") else pace.chat


def slot(free_at: datetime | None, now: datetime, rate: Rate, *, reply: bool) -> datetime:
    """When a message that comes now may leave: now or later. See `taken` for what its leaving does."""
    return max(now, _even(free_at, now, rate) - rate.tolerance(reply=reply))


def taken(free_at: datetime | None, now: datetime, rate: Rate, *, cost: int = 1) -> datetime:
    """When the next slot is free at an even pace, once a message that counts as `cost` has been let go."""
    return _even(free_at, now, rate) + timedelta(seconds=rate.every * cost)


def _even(free_at: datetime | None, now: datetime, rate: Rate) -> datetime:
    if free_at is None or free_at > now + rate.plausible:
        return now
    return max(free_at, now)
