"""A month of one client and their coach, in which what the client shares is fixed, and what they keep is not.

What is shared is a function of the question and the day. Of what is kept only the days are given; what it says comes of
the `salt` of a world.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.engine.state import Run
from bot.messages.outgoing import Document, Message
from storage.conversation import conversations
from storage.programme import commitments, habits
from tests.support.town import MONDAY, Person, Town

_LONGEST = 60  # questions that are asked in a row at most
_ANSWERS_AT = (8.5, 11.5, 17.25)  # the hours (UTC) at which the client answers whatever waits
_LOOKS_AT = 20.0
LOOKS = ("client ana", "program ana", "goals ana", "brief ana", "digest", "clients", "session ana", "pictures ana")

# What only the client does; `n` tells their things apart, `word` is the salt.
KEPT = {
    "note": ("/private I dread {word} {n}",),
    "promise": ("/commit private: call {word} {n} by tomorrow",),
    "later promise": ("/commit private: write to {word} {n} by next thursday",),
    "intention": ("/commit private: think of {word} {n}",),
    "habit": ("/commit private: {word} {n} every weekday",),
    "done": ("/log call {word} {n} done",),
    "moved": ("/log call {word} {n} friday",),
    "slipped": ("/log call {word} {n} not done",),
    "counted": ("/log {word} {n} done",),
    "dropped": ("/log call {word} {n} drop it",),
    "taken back": ("/commit private: call {word} {n} by friday", "/undo"),
    "goal": ("/goals new", "private", "Hear {word} {n} out"),
}
OF_THINGS = frozenset({"done", "moved", "slipped", "counted", "dropped"})
# What both say and do in every world, by day.
SHARED: dict[int, tuple[tuple[str, str], ...]] = {
    0: (("ana", "/commit Send the memo by thursday"), ("ana", "/commit Call Petra by next friday")),
    2: (("dana", "/session ana friday 15:00"), ("ana", "/goals new Hand the budget over")),
    8: (("ana", "/commit Draft the plan by wednesday"),),
    9: (("dana", "/note ana seems tired"), ("dana", "/review ana")),
    14: (("ana", "/commit gym mon wed fri"), ("dana", "/session ana thursday 10:00")),
    20: (("ana", "/log memo done"), ("ana", "/commit Read the report by friday")),
}
_IN_ADVANCE = ("energy", "well", "way")  # answers that are kept on some days, in every world
_IN_A_LOOP = re.compile(r"\[[^]]*\]")  # the ids of what it is about are drawn at random


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something that only the client does: on the day of that number, at that hour (UTC)."""

    day: int
    hour: float
    kind: str
    n: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """What is the same in both worlds.

    The client answers nothing on `silent` days, and says single things (by day); from one day on nothing is shown.
    """

    days: int = 30
    silent: frozenset[int] = frozenset()
    said: tuple[tuple[int, str], ...] = ()
    nothing_from: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """Something that the coach was sent or looked up, with its day."""

    day: date
    text: str
    more: Any


@dataclass(slots=True)
class World:
    """One world: what the client keeps in it, and everything that the coach has got."""

    town: Town
    month: Month
    kept: Sequence[Act]
    salt: str
    got: list[Got] = field(default_factory=list)
    noted: int = 0

    async def lives(self) -> None:
        """From the Monday on which they begin."""
        ana = await self.town.client("ana")
        dana = self.town.people["dana"]
        for day in range(self.month.days):
            for hour, act in self._acts(ana, dana, day):
                await self.town.until(MONDAY.replace(hour=0) + timedelta(days=day, hours=hour))
                self._note(dana)
                await act()
                self._note(dana)
            await self.town.until(MONDAY.replace(hour=0) + timedelta(days=day, hours=23))
            self._note(dana)

    def _acts(self, ana: Person, dana: Person, day: int) -> list[tuple[float, Any]]:
        """What happens on a day, in its order; what is kept comes before what is shared at the same time."""
        silent = day in self.month.silent
        acts = [(act.hour, partial(self._keeps, ana, act)) for act in self.kept if act.day == day]
        acts += [(hour, partial(self._answers, ana, shown=not silent)) for hour in _ANSWERS_AT]
        acts += [(hour + 0.01, partial(self._answers, dana)) for hour in _ANSWERS_AT]
        acts += [(12.0, partial(self._does, ana if who == "ana" else dana, said)) for who, said in SHARED.get(day, ())]
        acts += [(12.2, partial(self._does, ana, said)) for on, said in self.month.said if on == day]
        acts += [(12.4, partial(self._shows_nothing, ana))] if day == self.month.nothing_from else []
        acts += [(_LOOKS_AT, partial(self._looks, dana))] if day % 3 == 2 else []
        return sorted(acts, key=lambda each: each[0])

    async def _does(self, who: Person, said: str) -> None:
        if said.startswith("/log") and not await self._there(who, said.split()[1]):
            return  # said of nothing, it would be taken as said of whatever is there
        await who.says(said)
        await self._answers(who)

    async def _shows_nothing(self, ana: Person) -> None:
        for said in ("/settings", "visibility", "Nothing"):
            await ana.says(said)
        await self._answers(ana)

    async def _keeps(self, ana: Person, act: Act) -> None:
        if act.kind in OF_THINGS and not await self._there(ana, f"{self.salt} {act.n}"):
            return  # as above
        for words in KEPT[act.kind]:
            await ana.says(words.format(word=self.salt, n=act.n))
        await self._answers(ana, shown=False)

    async def _there(self, ana: Person, words: str) -> bool:
        person = (await ana.place()).person

        def names(connection: Connection) -> list[str]:
            open_ones = commitments.open_commitments(connection, person)
            return [each.text for each in (*open_ones, *habits.habits(connection, person))]

        return any(words in name for name in await self.town.app.database.read(names))

    async def _looks(self, dana: Person) -> None:
        for look in LOOKS:
            await dana.says(f"/{look}")

    async def _answers(self, person: Person, *, shown: bool = True) -> None:
        """Answer all that waits; without `shown`, what is kept alone."""
        asked: Counter[str] = Counter()
        for _ in range(_LONGEST):
            waiting = [run for run in await self._waiting(person) if shown or run.hidden]
            if not waiting:
                return
            await self._answer(person, waiting[-1], asked)
        raise AssertionError(f"asked without end: {person.asked.text!r}")

    async def _waiting(self, person: Person) -> list[Run]:
        place = await person.place()
        _, runs = await self.town.app.database.read(partial(conversations.state, wanted=place.person))
        return [run for run in runs if run.asked is not None and run.until is None]

    async def _answer(self, person: Person, run: Run, asked: Counter[str]) -> None:
        assert run.asked is not None
        message = next(each for each in reversed(person.read) if each.token == run.asked.token)
        question = f"{run.dialogue} {_IN_A_LOOP.sub('', run.asked.question)} {run.hidden}"
        asked[question] += 1
        today = self.town.clock.now.date()
        in_advance = run.asked.question in _IN_ADVANCE and drawn(today, question) % 2 == 0 and not run.hidden
        salt = self.salt if run.hidden or in_advance else ""
        said = said_to(message, f"{question} {asked[question]}", today, salt)
        if in_advance:
            await person.says("private", hangs_on=message)
        if any(said == choice.label for choice in message.choices):
            await person.taps(said, on=message)
        else:
            await person.says(said, hangs_on=message)

    def _note(self, dana: Person) -> None:
        today = self.town.clock.now.date()
        self.got += [Got(day=today, text=each.text, more=_seen(each)) for each in dana.read[self.noted :]]
        self.noted = len(dana.read)


def drawn(*of: Any) -> int:
    """A number that is the same for the same things, in every process."""
    return int(hashlib.sha256("|".join(map(str, of)).encode()).hexdigest(), 16)


def said_to(message: Message, question: str, today: date, salt: str) -> str:
    """What is said to a question on a day: the same in all worlds without a salt, else their own."""
    number = drawn(today, question, salt)
    if message.choices:
        return message.choices[number % len(message.choices)].label
    match message.kind:
        case "scale" | "number":
            return str(1 + number % 3)
        case "date":
            return (today + timedelta(days=1 + number % 9)).isoformat()
        case "habit":
            return f"{salt or 'gym'} mon wed fri"
        case _:
            thing = f"Ask {salt} {number % 90}" if salt else f"Ask {number % 90} people"
            return ("skip", f"The meeting of {today.isoformat()}", thing, "nothing")[number % 4]


def _seen(message: Message) -> Any:
    """Everything of a message that its reader can see; what is drawn at random is left out."""
    file: Any = message.file
    if isinstance(file, Document):
        file = re.sub(r"(UID|DTSTAMP):[^\r\n]*(\r\n [^\r\n]*)*", r"\1", file.text)
    elif file is not None:
        file = repr(file)
    return ([(each.label) for each in message.choices], file, repr(message.page), repr(message.form))


def first_difference(one: Sequence[Got], other: Sequence[Got]) -> tuple[Got | None, Got | None] | None:
    """Where two coaches have not got the same, the first thing of each; None where they have."""
    for each, its in zip(one, other, strict=False):
        if each != its:
            return each, its
    if len(one) == len(other):
        return None
    longer = one if len(one) > len(other) else other
    more = longer[min(len(one), len(other))]
    return (more, None) if longer is one else (None, more)
