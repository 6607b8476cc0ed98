"""What the bot announces as its next word is what comes: whatever a client has done before, and if they do nothing."""

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.delivery.home_page import page_of
from bot.simulated import stage
from storage.people import people
from tests.support.seats import ConsoleSeat
from tests.support.town import Person, Town, town_on

NEXT = re.compile(r"I'll write next on (.+)\.")
PAGE = re.compile(r"I write next on (.+)\.")
FAR = timedelta(days=70)

days = st.integers(1, 12)
Deed = tuple[str, int]
LINES = {
    "pause": ["/pause until {day}"],
    "rest": ["/pause"],
    "back": ["/resume"],
    "stop": ["/stop"],
    "later": ["later"],
    "travel": ["/travel {city} until {day}"],
    "commit": ["/commit Ring Sam by {day}", "9", "Clear enough"],
}
COACHS = {"away": "away {tomorrow} to {day}", "session": "session Ana {day} 10:00"}
CHOICES = {
    "daily": ["How often", "Daily for two weeks"],
    "fortnightly": ["How often", "Every two weeks"],
    "minimal": ["How often", "As little as possible"],
    "weekday": ["Day and hour", "{weekday}", "{hour}"],
    "focus": ["Monday focus", "Yes"],
}
CITIES = ("Tokyo", "New York")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HOURS = ("08:00", "09:00", "11:00", "15:00", "17:00")
deeds = st.tuples(st.sampled_from(sorted({*LINES, *COACHS, *CHOICES, "answers", "hours", "days"})), days)


def in_days(town: Town, ahead: int) -> str:
    day = (town.clock.now + timedelta(days=ahead)).date()
    return f"{day.day} {day:%B %Y}"


async def lives(town: Town, ana: Person, deed: Deed) -> None:
    """One thing that happens to a client, or that they do."""
    kind, number = deed
    day = in_days(town, number)
    if kind in ("hours", "days"):
        await town.passes(**{kind: number})
    elif kind in COACHS:
        await town.people["dana"].says(COACHS[kind].format(day=day, tomorrow=in_days(town, 1)))
    elif kind in CHOICES:
        await choose(
            ana, *(line.format(weekday=WEEKDAYS[number % 5], hour=HOURS[number % 5]) for line in CHOICES[kind])
        )
    elif kind == "answers":
        if await ana.open_prompts():
            await ana.says(ana.asked.choices[0].label if ana.asked.choices else "8")
    else:
        for line in LINES[kind]:
            await ana.says(line.format(day=day, city=CITIES[number % 2]))


async def choose(ana: Person, *lines: str) -> None:
    for line in ("/settings", *lines):
        await ana.says(line)
    if await ana.open_prompts():
        await ana.says("cancel")


def texts(ana: Person, since: int) -> str:
    return "\n".join(message.text for message in ana.read[since:])


async def next_word(town: Town, ana: Person) -> datetime | None:
    """When the bot next asks something of itself."""
    before, end = len(ana.read), town.clock.now + FAR
    while (at := await stage.next_due(town.app)) is not None and at <= end:
        town.clock.now = max(at, town.clock.now)
        await stage.tick(town.app, town.clock.now, town.app.jobs)
        if any(message.token for message in ana.read[before:]):
            return town.clock.now
    return None


async def written(town: Town, ana: Person, at: datetime | None) -> str:
    """An instant as it is written for them, on the clock of where they are then."""
    if at is None:
        return "never"
    place = await ana.place()
    known = await town.app.database.read(partial(people.person, wanted=place.person))
    assert known is not None
    local = at.astimezone(ZoneInfo(known.zone_at(at)))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


async def on_their_page(town: Town, ana: Person) -> str:
    place = await ana.place()
    page = await town.app.database.read(
        partial(page_of, person=place.person, now=town.clock(), library=town.app.library)
    )
    found = PAGE.search("\n".join(line for section in page.page for line in section.lines))
    return found.group(1) if found else "never"


async def story(url: str, now: datetime, story: list[Deed]) -> None:
    town = town_on(url, ConsoleSeat(made=100))
    town.clock.now = now
    async with town.open():
        ana = town.meet("ana")
        town.meet("dana")
        for deed in story:
            await lives(town, ana, deed)
        if await ana.open_prompts():
            before = len(ana.read)
            await ana.says("resume")
            assert not NEXT.search(texts(ana, before)), "a question that is asked again at once is the next one"
            while await ana.open_prompts():
                await ana.says("cancel")
        before = len(ana.read)
        await ana.says("resume")
        said = NEXT.search(texts(ana, before))
        assert said is not None
        page = await on_their_page(town, ana)
        came = await written(town, ana, await next_word(town, ana))
        assert (said.group(1), page) == (came, came)


async def settled(url: str) -> datetime:
    """A client who has been through the welcome, with a promise for Thursday."""
    town = town_on(url)
    async with town.open():
        await town.client()
        await town.check_ins_only()
        return town.clock.now


def test_what_resume_announces_is_what_comes(sqlite_template: Path, tmp_path: Path) -> None:
    """The law, over pauses, journeys, settings, absences, sessions, promises and time that passes."""
    whole = Path(shutil.copy(sqlite_template, tmp_path / "whole.db"))
    with asyncio.Runner() as runner:
        now = runner.run(settled(f"sqlite:///{whole}"))
        with closing(sqlite3.connect(whole)) as file:
            file.execute("pragma wal_checkpoint(truncate)")

        @given(st.lists(deeds, min_size=1, max_size=6))
        @example([("commit", 3), ("hours", 1), ("pause", 8), ("days", 2)])
        @example([("commit", 3), ("days", 3), ("pause", 4), ("days", 1)])
        @settings(
            max_examples=16, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def law(deeds: list[Deed]) -> None:
            copy = shutil.copy(whole, tmp_path / "copy.db")
            for rest in ("-wal", "-shm"):
                Path(f"{copy}{rest}").unlink(missing_ok=True)
            runner.run(story(f"sqlite:///{copy}", now, deeds))

        law()
