"""Announced is asked: every day that was said of a commitment is the day on which it is asked about.

Random stretches of a client's life, each announcement taken from what was sent and compared with what is sent then.
What a client changes themselves in between (a rest, a new day, a report) calls an announcement off.
"""

import asyncio
import re
import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.rendering.wording import load_wording
from bot.simulated import stage
from tests.support.town import Person, Town, town_on

NAMES = ("Petra", "Kim", "Omar", "Lena")
ON = re.compile(r"I'll ask(?: about \"Ring (\w+)\")? on (?:the day|(\w+,? \d+ \w+(?: \d+)?))\.")
OF = re.compile(r"\"Ring (\w+)\"")
ASKED = re.compile(r"^Today: ring NAME|Ring NAME.*How did it go", re.MULTILINE)
ENGLISH = load_wording()["en"].localised("en-GB")

days = st.integers(1, 12)
deeds = st.tuples(st.sampled_from(("commit", "move", "hours", "days", "session", "rest")), days)


@dataclass(slots=True)
class Life:
    """One client, what was announced of their commitments, and when each was asked about."""

    town: Town
    ana: Person
    made: list[str] = field(default_factory=list)
    announced: dict[str, date] = field(default_factory=dict)
    due: dict[str, date] = field(default_factory=dict)
    read: int = 0

    def day(self, ahead: int) -> str:
        return f"{self.today + timedelta(days=ahead):%-d %B %Y}"

    @property
    def today(self) -> date:
        return (self.town.clock.now + timedelta(hours=1)).date()

    async def does(self, deed: str, number: int) -> None:
        """One thing that the client does, or that happens to them."""
        match deed:
            case "hours" | "days":
                await self.passes(**{deed: number})
            case "commit" if len(self.made) < len(NAMES):
                self.made.append(NAMES[len(self.made)])
                self.due[self.made[-1]] = self.today + timedelta(days=number)
                await self.says(f"/commit Ring {self.made[-1]} by {self.day(number)}", "8", "Clear enough")
            case "move" if self.made:
                name = self.made[number % len(self.made)]
                self.announced.pop(name, None)
                self.due[name] = self.today + timedelta(days=number)
                await self.says(f"/log {self.made.index(name) + 1} moved to {self.day(number)}")
            case "session":
                await self.town.people["dana"].says(f"session Ana {self.day(number)} 10:00")
            case "rest":
                self.announced.clear()
                await self.says(f"/pause until {self.day(number)}")
            case _:
                pass
        self.hears()

    async def says(self, *lines: str) -> None:
        for line in lines:
            await self.ana.says(line)
            self.hears()

    async def settles(self) -> None:
        """Nothing is left open, so that silence slows nothing down; a report calls off what was announced."""
        for _ in range(40):
            if not await self.ana.open_prompts():
                return
            await self.ana.says("done" if any(c.value == "done" for c in self.ana.asked.choices) else "skip")
            self.asked()

    async def passes(self, **span: int) -> None:
        """Time goes on, one event after the other; the client answers each evening."""
        end = self.town.clock.now + timedelta(**span)
        while (at := await stage.next_due(self.town.app)) is not None and at <= end:
            self.town.clock.now = max(at, self.town.clock.now)
            await stage.tick(self.town.app, self.town.clock.now, self.town.app.jobs)
            self.asked()
            await self.settles()
        self.town.clock.now = max(end, self.town.clock.now)
        for name, day in self.announced.items():
            assert day >= self.today - timedelta(days=self.today == day), f"{name} was to be asked on {day}"

    def asked(self) -> None:
        """What was asked just now was announced for today."""
        fresh, self.read = self.ana.read[self.read :], len(self.ana.read)
        for message in fresh:
            if "fell due while you were away" in message.text:
                self.announced = {name: day for name, day in self.announced.items() if day != self.today}
            for name in NAMES:
                if message.token and ASKED.search(message.text.replace(name, "NAME")):
                    day = self.announced.pop(name, self.today)
                    assert day == self.today, f"{name} was announced for {day}, asked on {self.today}"

    def hears(self) -> None:
        """Take note of what was announced."""
        fresh, self.read = self.ana.read[self.read :], len(self.ana.read)
        for message in fresh:
            for found in ON.finditer(message.text):
                name = found[1] or (OF.findall(message.text[: found.start()]) or self.made)[-1]
                if name in self.due:
                    self.announced[name] = self.day_of(found[2]) if found[2] else self.due[name]

    def day_of(self, said: str) -> date:
        ahead = (self.today + timedelta(days=n) for n in range(400))
        return next(day for day in ahead if ENGLISH.on(self.today).write(day) == said)


async def lives(url: str, story: list[tuple[str, int]]) -> int:
    async with town_on(url).open() as town:
        life = Life(town=town, ana=await town.client())
        await town.check_ins_only()
        told = 0
        for deed, number in story:
            await life.does(deed, number)
            told = max(told, len(life.announced))
        await life.settles()
        await life.passes(days=16)
        assert not life.announced, f"announced and never asked: {life.announced}"
        return told


def test_every_day_that_was_announced_is_the_day_on_which_it_is_asked(sqlite_template: Path, tmp_path: Path) -> None:
    """The law, over promises, new days, sessions, rests, answers and time that passes."""
    told: list[int] = []
    with asyncio.Runner() as runner:

        @given(st.lists(deeds, min_size=1, max_size=7))
        @example([("commit", 5), ("commit", 3), ("session", 4), ("days", 2), ("move", 5)])
        @example([("commit", 2), ("commit", 3), ("commit", 4), ("commit", 5), ("days", 1)])
        @settings(
            max_examples=8, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def law(story: list[tuple[str, int]]) -> None:
            copy = shutil.copy(sqlite_template, tmp_path / "copy.db")
            for rest in ("-wal", "-shm"):
                Path(f"{copy}{rest}").unlink(missing_ok=True)
            told.append(runner.run(lives(f"sqlite:///{copy}", story)))

        law()
    assert max(told) > 1, "nothing was announced"
