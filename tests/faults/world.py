"""A small practice on one installation: a coach, clients who answer all they are asked, and a week that goes by."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.clock import real_clock
from tests.faults.counting import Counts, count, ledger
from tests.faults.databases import Shelf, coach_code, on_their_way, settled
from tests.faults.lives import Host, Life, Nursery
from tests.faults.people import Answerer, client_joins, coach_joins, friday, until
from tests.faults.sides import side_on

NAMES = ("Ana", "Ben", "Cleo", "Dov")
_SETUP = timedelta(days=-4)  # they join on the Monday before the first check-in
_QUIET = 90.0  # seconds until all is settled: a lease, a look into a history twice, a flood wait


@dataclass(slots=True)
class World:
    """Its people, its host, and what is known from outside.

    `allowed` is how many sends were left without an answer on purpose; `skew` how far the host's clock is off.
    """

    side: Any
    host: Host
    random: Random
    people: list[Answerer] = field(default_factory=list)
    coach: Any = None
    week: int = -1
    kills: int = 0
    in_flight: int = 0
    expected: int = 0
    arrived: int = 0
    allowed: int = 0
    skew: timedelta = timedelta()
    _counting: bool = False
    _began: datetime | None = None
    _answering: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def shares(self) -> bool:
        """Whether the database is one that several processes may share."""
        return self.host.url.startswith("postgresql")

    @property
    def now(self) -> datetime:
        """The time of the practice, in UTC: within a week it goes as the real one does."""
        begun = self._began or real_clock()
        went = real_clock() - begun + self.skew
        return friday(max(self.week, 0)) + went + (_SETUP if self.week < 0 else timedelta())

    def week_begins(self) -> None:
        """The check-in of the next week comes due, once a process looks."""
        self._week_ends()
        self.week, self._began, self._counting = self.week + 1, real_clock(), True
        for one in self.people:
            one.week_begins()

    def week_begins_for_nobody(self) -> None:
        """A week comes in which nobody can be reached."""
        self.week_begins()
        self._counting = False

    def _week_ends(self) -> None:
        if self._counting:
            self.expected += len(self.people)
            self.arrived += sum(one.checked_in for one in self.people)
        self._counting = False

    @property
    def week_done(self) -> bool:
        """Whether everybody was asked, and has answered."""
        return all(one.done for one in self.people)

    async def begins(self, **order: Any) -> Life:
        """A process, at the time of the practice."""
        return await self.host.begins(now=self.now, **order)

    async def stops(self, life: Life, within: float = _QUIET) -> None:
        """It ends by itself, asked to, when all is quiet."""
        await life.has_served(0)
        await self.quiet(within)
        code = await life.end(signal.SIGTERM)
        assert code == 0, f"it ended with {code}: {self.host.log[-400:]}"

    async def dies(self, life: Life) -> None:
        """It is killed, if it has not died by itself; what it left under way is counted."""
        await life.end()
        self.kills += 1
        self.in_flight += on_their_way(self.host.url)

    async def quiet(self, within: float = _QUIET) -> None:
        """Until everybody has answered and nothing is under way."""
        if self.week >= 0:
            try:
                await until(lambda: self.week_done, within, "everybody has answered")
            except AssertionError:
                self._nobody_gave_up()
                raise AssertionError(f"not everybody has answered: {self._where()}") from None
        self._nobody_gave_up()
        await until(lambda: self.side.idle() and settled(self.host.url), within, "all is delivered")

    def _where(self) -> str:
        return "; ".join(f"{one.who.name}: {[seen.text[:60] for seen in one.who.seen[-2:]]}" for one in self.people)

    async def passes_without(self, one: Answerer) -> None:
        """A week goes by in which somebody cannot be reached; everybody else is asked and answers."""
        self.people.remove(one)
        self.week_begins()
        await self.stops(await self.begins())
        self._week_ends()
        self.people.insert(0, one)

    async def counts(self) -> Counts:
        """The figures, once every process is gone."""
        self._week_ends()
        held = await ledger(self.host.url)
        return count(
            self.side,
            held,
            expected=self.expected,
            arrived=self.arrived,
            kills=self.kills,
            in_flight=self.in_flight + self.allowed,
        )

    async def joins(self, names: tuple[str, ...]) -> None:
        """The coach and the clients join, at a process of their own."""
        code = await coach_code(self.host.url)
        life = await self.begins()
        self.coach = await coach_joins(self.side, code)
        for name in names:
            who = await client_joins(self.side, self.coach, name)
            self.people.append(Answerer(who, Random(self.random.random())))
        await self.quiet()
        await life.end(signal.SIGTERM)
        self._answering = [asyncio.create_task(one.run()) for one in self.people]

    def _nobody_gave_up(self) -> None:
        for task in self._answering:
            if task.done():
                task.result()

    async def leaves(self) -> None:
        """Nobody answers any more."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)


@asynccontextmanager
async def world(
    way: str, kind: str, *, shelf: Shelf, nursery: Nursery, seed: int = 1, clients: int = 3
) -> AsyncIterator[World]:
    """A practice by one way in, on a database of that kind; its clients have been through the welcome."""
    url, folder = shelf.fresh(kind)
    async with side_on(way) as side:
        host = Host(nursery, folder, url, {})
        host.environment |= side.environment(host.port)
        made = World(side=side, host=host, random=Random(seed))
        await made.joins(NAMES[:clients])
        try:
            yield made
        finally:
            await made.leaves()
