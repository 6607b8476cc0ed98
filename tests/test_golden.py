"""Golden transcripts: one conversation as a person sees it on each platform, texts and buttons, kept in `tests/golden`.

To accept a change on purpose: `GOLDEN=accept python -m pytest tests/test_golden.py`, and read the difference.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.town import Town, town_on

GOLDEN = Path(__file__).parent / "golden"


async def test_what_a_client_and_a_coach_see(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        await a_week(town)
        for user in ("ana", "dana"):
            compare(f"{seat.name}-{user}", seat.screen(town.people[user]))


async def a_week(town: Town) -> None:
    """First runs, a commitment with a slip of the tongue and an edit, its day, a slip, and the coach's Monday."""
    dana = await town.coach(setup=True)
    for said in ("Dana Sample", "Berlin", "Monday 8:00", "Six months", "Sample Helpline, 000 000", "Yes"):
        await dana.says(said)
    await dana.says("/invite Ana")
    ana = await town.client("ana")
    await ana.says("/commit Hand over the <Q2> plan & *all* of it by Wednesday")
    await ana.says("eleven")
    await ana.says("6/10")
    await ana.edits("8")
    await ana.taps("Add both")
    await ana.says("After Monday's stand-up")
    await ana.says("skip")
    await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    await ana.taps("Not yet")
    await ana.taps("A new day")
    await ana.says("when the cows come home")
    await ana.says("next Tuesday")
    await ana.says("skip")
    await ana.says("/progress")
    await ana.says("pictures")
    await town.until(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    await ana.stirs("voice")
    await ana.says("/whosees")
    await ana.says("help")
    await town.until(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
    await dana.says("/clients")
    await dana.says("/client ana")
    await ana.says("/callme")
    await dana.says("/digest")
    await dana.taps("Leave until the session: Ana", on=dana.last)
    await dana.says("/digest")
    await ana.says("I don't want to live")
    await ana.taps("Not now", on=ana.last)
    await ana.says("resume")


def compare(name: str, screen: str) -> None:
    found = re.sub(r"[0-9a-f]{32}", "(code)", screen)
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "accept":
        file.parent.mkdir(exist_ok=True)
        file.write_text(found)
    assert found == file.read_text(), f"{file} reads otherwise"
