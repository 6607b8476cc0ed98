"""People of the demo: sample persons, played by a seeded chance. They read what they are sent and choose.

Nothing here is a transcript. A persona sees a message with its buttons, picks by temperament, and answers in its time.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import Called, Content, Message, Said, Tapped

_DO = (
    "Hand over the Q2 plan",
    "Ask two peers for feedback",
    "Write the hiring brief",
    "Block two hours for strategy",
    "Give Sam the client meeting to run",
    "Draft the board update",
    "Cancel one standing meeting",
    "Thank the project team in person",
)
_BY = ("by Friday", "by the end of next week", "by Tuesday", "in 3 days", "by next Thursday")
_SAID: Mapping[str, tuple[str, ...]] = {
    "what will you do": (),
    "smaller version": ("Only the first page", "Half an hour of it"),
    "went well": ("The steering meeting ended on time", "Sam ran the call without me", "I said no twice"),
    "in the way": ("Nothing much", "Too many meetings", "The reorganisation"),
    "helped": ("Doing it first thing", "Asking for help"),
    "left": ("The last section, by next Tuesday",),
    "when or where": ("After Monday's stand-up", "On the train home"),
    "how will you know": ("It is in their inbox", "They said yes"),
    "next small step": ("Open the document and write three lines",),
    "learned": ("I plan too much for Fridays", "skip"),
    "matters most": ("The budget talk",),
    "will you do it": ("Tuesday morning",),
}

_EAGER = 0.98  # the first week, or having just answered
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Temper:
    """How someone answers: how likely at all, how fast, how things go, how sure they are as the weeks pass."""

    answers: float
    minutes: tuple[int, int]
    done: float
    confidence: tuple[int, int]
    quiet: tuple[int, int] = (99, 99)


@dataclass(slots=True, kw_only=True)
class Persona:
    """One sample client. `quiet` weeks of the temper go by without an answer to anything the bot began."""

    user: str
    name: str
    city: str
    zone: str
    temper: Temper
    began: datetime
    chance: random.Random
    wishes: Mapping[str, str] = field(default_factory=dict)
    spoke: datetime = _LONG_AGO
    say_at: list[tuple[datetime, str]] = field(default_factory=list)

    def reply(self, message: Message, now: datetime) -> tuple[datetime, Content] | None:
        """What is answered, and when; None for no answer at all."""
        if not message.token:
            return None
        week = (now - self.began).days // 7
        if self.temper.quiet[0] <= week < self.temper.quiet[1]:
            return None
        eager = week == 0 or now - self.spoke < timedelta(days=1)
        likely = _EAGER if eager else self.temper.answers
        if self.chance.random() > likely:
            return None
        self.spoke = now
        return now + self._delay(now), self._answer(message, week)

    def _delay(self, now: datetime) -> timedelta:
        """Minutes or hours; nobody answers in the night."""
        delay = timedelta(minutes=self.chance.randint(*self.temper.minutes))
        local = (now + delay).astimezone(ZoneInfo(self.zone))
        if time(7) <= local.time() <= time(21, 30):
            return delay
        return delay + timedelta(hours=(31 - local.hour) % 24 or 9)

    def _answer(self, message: Message, week: int) -> Content:
        asked = message.text.lower().rpartition("\n")[2]
        for words, said in self.wishes.items():
            if words in asked:
                return self._press(message, said) or Said(text=said)
        if message.kind == "scale":
            return self._scale(message, asked, week)
        if message.kind == "date":
            return Said(text=self.chance.choice(_BY))
        if message.choices and message.kind != "text":
            return self._choose(message)
        return Said(text=self._words(asked))

    def _scale(self, message: Message, asked: str, week: int) -> Content:
        low, high = self.temper.confidence
        value = round(high - (high - low) * min(week, 9) / 9) + self.chance.randint(-1, 1)
        value = max(1, min(10, value))
        if self.chance.random() < 0.5:
            return Tapped(token=message.token, value=str(value))
        return Said(text=self.chance.choice((f"{value}", f"{value}/10", f"about a {value}")))

    def _choose(self, message: Message) -> Content:
        values = [choice.value for choice in message.choices]
        if "done" in values and ("partly" in values or "on_track" in values):
            roll = self.chance.random()
            other = [v for v in ("not_yet", "slipping", "partly", "on_track") if v in values]
            wanted = "done" if roll < self.temper.done else self.chance.choice(other)
            return Tapped(token=message.token, value=wanted)
        sound = [v for v in values if v not in ("declined", "not_now", "stop", "pause", "drop", "drop_all", "let_go")]
        first = sound[0] if self.chance.random() < 0.7 else self.chance.choice(sound or values)
        return Tapped(token=message.token, value=first)

    def _press(self, message: Message, wanted: str) -> Content | None:
        found = next((c for c in message.choices if wanted.lower() in (c.label.lower(), c.value)), None)
        return Tapped(token=message.token, value=found.value) if found else None

    def _words(self, asked: str) -> str:
        if "what will you do" in asked:
            return self.promise()
        for words, said in _SAID.items():
            if words in asked and said:
                return self.chance.choice(said)
        return "skip"

    def promise(self) -> str:
        """Something to do, with a day."""
        return f"{self.chance.choice(_DO)} {self.chance.choice(_BY)}"


def code_in(text: str) -> str:
    """The invitation code in a message to the coach."""
    found = re.search(r"\b[0-9a-f]{32}\b", text)
    return found.group() if found else ""


def command(text: str) -> Content:
    """A slash command, as somebody types it."""
    verb, _, rest = text.removeprefix("/").partition(" ")
    return Called(verb=verb, rest=rest)
