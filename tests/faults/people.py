"""The people of the fault suite: they join, and answer whatever they are asked, in words that are never the same."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from tests.faults.sides import Seen, sees
from tests.support.run_process import code_in
from tests.support.said import said

# How what a week asks begins, and what its end says; its beginning may say that as well. Without a session the first
# picture is asked after a fortnight, on a Tuesday; no process runs then, so it is that Friday's one conversation.
BEGINNINGS = ("What one step would you take this week?", "A first picture for Dana")
THANKS = said("sees_answers_described", coach="Dana")
FIRST_FRIDAY = datetime(2026, 11, 27, 8, 0, 5, tzinfo=UTC)  # nine in Berlin, when the check-in is due
_WEEK = timedelta(weeks=1)
_WELCOME = (
    ("Hello", "Start"),
    ("Who reads what", "All of that"),
    ("May I write on working days", "Fits"),
    ("before you next meet", "Nothing yet"),
)
_NEVER = ("Pause", "Stop", "Decline", "Start again")
_MARKS = count(1)


def friday(week: int) -> datetime:
    """When the check-in of a week has just come due, in UTC; Berlin keeps winter time until the end of March."""
    return FIRST_FRIDAY + week * _WEEK


async def coach_joins(side: Any, code: str, name: str = "Dana") -> Any:
    """A coach takes the code that the command line printed."""
    dana = side.meet(name)
    await dana.says(_join(side, code))
    await sees(dana, f"Welcome, {name}.")
    return dana


async def client_joins(side: Any, dana: Any, name: str) -> Any:
    """A client is invited, joins, and goes through the welcome: weekly, Friday at nine."""
    await dana.says(f"/invite {name}")
    code = code_in((await sees(dana, f"The code for {name}")).text)
    who = side.meet(name)
    await who.says(_join(side, code))
    for words, answer in _WELCOME:
        asked = await sees(who, words)
        await (who.presses(answer) if answer in asked.buttons else who.says(answer))
    await _quiet(who)
    return who


def _join(side: Any, code: str) -> str:
    return f"/start {code}" if side.name == "telegram" else f"join {code}"


async def _quiet(who: Any) -> None:
    """Until nothing has arrived for a moment."""
    before = -1
    while len(who.seen) != before:
        before = len(who.seen)
        await asyncio.sleep(0.3)


@dataclass(slots=True)
class Answerer:
    """Somebody who answers all they are asked, until told to stop; `hurry` is the longest they think, in seconds."""

    who: Any
    random: Random
    hurry: float = 0.2
    patience: float = 8.0
    answered: dict[str, float] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    since: int = 0

    def week_begins(self) -> None:
        """What has arrived so far belongs to earlier weeks."""
        self.since = len(self.who.seen)

    @property
    def checked_in(self) -> bool:
        """Whether this week's check-in has reached them."""
        return any(_begins(seen) for seen in self.who.seen[self.since :])

    @property
    def done(self) -> bool:
        """Whether they have been through this week's check-in, and are asked nothing now."""
        told = any(THANKS in seen.text and not _begins(seen) for seen in self.who.seen[self.since :])
        return self.checked_in and told and not _asks(self.who.seen[-1])

    async def run(self) -> None:
        """Answer for ever."""
        while True:
            await asyncio.sleep(self.random.uniform(0.01, self.hurry))
            if not self.who.seen:
                continue
            newest = self.who.seen[-1]
            if _asks(newest) and self._turn_of(newest):
                self.answered[newest.id] = asyncio.get_running_loop().time()
                await self._answers(newest)

    def _turn_of(self, seen: Seen) -> bool:
        """Not answered yet, or so long ago that they say it again."""
        at = self.answered.get(seen.id)
        return at is None or asyncio.get_running_loop().time() - at > self.patience

    async def _answers(self, seen: Seen) -> None:
        labels = [label for label in seen.buttons if label not in _NEVER]
        if labels:
            await self.who.presses(self.random.choice(labels))
        elif "when" in seen.text.rsplit("\n", 1)[-1].lower():
            await self.who.says("in two weeks")  # a day is no answer in words
        else:
            self.said.append(f"mark-{self.who.name.lower()}x{next(_MARKS)}")
            await self.who.says(self.said[-1])


def _begins(seen: Seen) -> bool:
    """Whether a message begins what is asked in a week."""
    return any(words in seen.text for words in BEGINNINGS)


def _asks(seen: Seen) -> bool:
    """Whether a message waits for an answer: it has buttons, or ends as a question does."""
    return bool(seen.token and seen.buttons) or ("✓" not in seen.text and seen.text.rstrip().endswith("?"))


async def until(true: Callable[[], bool], within: float, why: str) -> None:
    """Wait until something holds."""
    end = asyncio.get_running_loop().time() + within
    while not true():
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"within {within} s not so: {why}")
        await asyncio.sleep(0.02)
