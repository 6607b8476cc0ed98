"""The fault suite in short: a few practices, played one beside the other; `make faults` plays all of it."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.counting import Counts
from tests.faults.databases import Shelf
from tests.faults.lives import nursery
from tests.faults.scenarios import FAULTS, Play, killed
from tests.faults.world import world

LONG = pytest.mark.long
_BY_NAME = {scenario.name: scenario.play for scenario in FAULTS}


@pytest.fixture
def shelf(tmp_path: Path, postgres_url: str) -> Shelf:
    return Shelf(tmp_path, postgres_url)


async def played(shelf: Shelf, *plays: tuple[Play, str, str]) -> list[Counts]:
    """Each play in a practice of its own, all side by side."""
    async with nursery() as made:

        async def one(play: Play, way: str, kind: str) -> Counts:
            async with world(way, kind, shelf=shelf, nursery=made, clients=2) as practice:
                return await play(practice)

        return await asyncio.gather(*(one(*play) for play in plays))


KILLED = (("telegram-polling", "sqlite"), ("slack-http", "postgresql"))
KILLED_TOO = (("slack-socket", "sqlite"), ("telegram-webhook", "postgresql"))


@pytest.mark.parametrize(("places", "kills"), [(KILLED, 4), pytest.param((*KILLED, *KILLED_TOO), 8, marks=LONG)])
async def test_kill_9_at_steps_and_at_random(shelf: Shelf, places: tuple[tuple[str, str], ...], kills: int) -> None:
    found = await played(shelf, *((killed(kills), way, kind) for way, kind in places))
    assert all(counts.good for counts in found), found
    assert sum(counts.kills for counts in found) == kills * len(places)
    assert all(counts.prompts and counts.answers for counts in found)


PLATFORM_FAULTS = {
    "success, and the response is lost": "slack-socket",
    "429 in the middle of the week's prompts": "telegram-webhook",
    "out for more than a day": "slack-socket",
}
BY_THE_OTHER = {"slack-socket": "telegram-webhook", "telegram-webhook": "slack-socket"}
HOST_FAULTS = ("the disk is full", "the encryption key is lost", "an old backup is restored")


@pytest.mark.parametrize(
    "ways", [PLATFORM_FAULTS, pytest.param({n: BY_THE_OTHER[w] for n, w in PLATFORM_FAULTS.items()}, marks=LONG)]
)
async def test_platforms_that_fail(shelf: Shelf, ways: dict[str, str]) -> None:
    found = await played(shelf, *((_BY_NAME[name], way, "sqlite") for name, way in ways.items()))
    broken = {name: counts for name, counts in zip(ways, found, strict=True) if not counts.good or not counts.prompts}
    assert not broken


async def test_hosts_that_fail(shelf: Shelf) -> None:
    found = await played(shelf, *((_BY_NAME[name], "telegram-polling", "sqlite") for name in HOST_FAULTS))
    broken = {name: counts for name, counts in zip(HOST_FAULTS, found, strict=True) if not counts.good}
    assert not broken


def test_a_broken_promise_shows() -> None:
    """The figures that must be nothing, one after the other."""
    kept = Counts(kills=3, telegram_doubles=2, in_flight=2)
    assert kept.good
    assert not replace(kept, in_flight=1).good
    for name in ("prompts_lost", "slack_doubles", "inversions", "answers_lost", "answers_twice", "unfinished"):
        assert not replace(kept, **{name: 1}).good
