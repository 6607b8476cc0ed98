"""`python -m tests.faults`: every fault against real processes and the fake servers; prints what was lost or doubled.

`--kills N` (1,000) sets how many kills there are at least, `--only WORDS` plays the scenarios whose name holds them,
`--abreast N` (2) how many practices run side by side. Exit code 1 where a promise was broken.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.faults.counting import Counts
from tests.faults.databases import Shelf, shelf
from tests.faults.lives import Nursery, nursery
from tests.faults.scenarios import FAULTS, IN_ONE_PRACTICE, Scenario, kill_scenarios
from tests.faults.world import world

_HEADS = ("kills", "prompts", "lost", "doubled", "in flight", "inverted", "answers", "lost", "twice")
_SEEDS = count(1)
_SERVER = {"max_connections": "200", "log_min_messages": "panic"}  # connections are cut on purpose


def _figures(counts: Counts) -> tuple[int, ...]:
    doubled = counts.slack_doubles + counts.telegram_doubles
    asked = (counts.kills, counts.prompts, counts.prompts_lost, doubled, counts.in_flight, counts.inversions)
    return (*asked, counts.answers, counts.answers_lost, counts.answers_twice)


def _row(name: str, way: str, kind: str, cells: tuple[object, ...]) -> str:
    return f"{name:<40} {way:<17} {kind:<11}" + "".join(f"{cell!s:>10}" for cell in cells)


def _plays(kills: int, only: str) -> Iterator[tuple[Scenario, str, str]]:
    """Every scenario by every way on every database; kills again and again until there are enough of them."""
    for scenario in FAULTS:
        if only in scenario.name:
            yield from ((scenario, way, kind) for kind in scenario.kinds for way in scenario.ways)
    scenario = kill_scenarios()
    places = [(way, kind) for kind in scenario.kinds for way in scenario.ways]
    if only in scenario.name:
        for number in range(-(-kills // IN_ONE_PRACTICE)):
            yield (scenario, *places[number % len(places)])


def _way_to(error: BaseException) -> str:
    """The lines of the suite through which an error came."""
    passed = [frame for frame in traceback.extract_tb(error.__traceback__) if "faults" in frame.filename]
    return " > ".join(f"{frame.name}:{frame.lineno}" for frame in passed[1:])


async def _played(scenario: Scenario, way: str, kind: str, on: Shelf, made: Nursery) -> tuple[Counts, str]:
    try:
        async with world(way, kind, shelf=on, nursery=made, seed=next(_SEEDS)) as practice:
            counts = await scenario.play(practice)
    except (AssertionError, TimeoutError) as error:
        return Counts(unfinished=1), f"{_way_to(error)}: " + " ".join(f"{type(error).__name__}: {error}".split())[:500]
    return counts, "" if counts.good else str(counts)


async def _all(kills: int, only: str, abreast: int) -> bool:
    total: dict[tuple[str, str], Counts] = {}
    waiting, good = iter(_plays(kills, only)), True
    with tempfile.TemporaryDirectory() as folder, shelf(Path(folder), server=True, **_SERVER) as on:
        async with nursery() as made:

            async def some() -> None:
                nonlocal good
                for scenario, way, kind in waiting:
                    counts, wrong = await _played(scenario, way, kind, on, made)
                    sys.stdout.write(_row(scenario.name, way, kind, _figures(counts)) + "\n")
                    if wrong:
                        sys.stdout.write(f"    BROKEN: {wrong}\n")
                    sys.stdout.flush()
                    good &= not wrong
                    key = (way.partition("-")[0], kind)
                    total[key] = total.get(key, Counts()) + counts

            await asyncio.gather(*(some() for _ in range(abreast)))
    sys.stdout.write("\n")
    for (platform, kind), counts in sorted(total.items()):
        sys.stdout.write(_row("all of it", platform, kind, _figures(counts)) + "\n")
    return good


def main() -> None:
    """Play, and print the table."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--only", default="")
    asked.add_argument("--abreast", type=int, default=2)
    given = asked.parse_args()
    began = time.monotonic()
    sys.stdout.write(_row("fault", "by", "on", _HEADS) + "\n")
    good = asyncio.run(_all(given.kills, given.only, given.abreast))
    sys.stdout.write(f"{(time.monotonic() - began) / 60:.0f} minutes\n")
    sys.exit(not good)


if __name__ == "__main__":
    main()
