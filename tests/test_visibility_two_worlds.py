"""Whatever a coach reads or is sent, and on which day, is a function of what the client shows.

Two worlds are lived for a month: what is shared in them is the same, what is kept from the coach is anything at all.
"""

import asyncio
import tempfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.laws import FULL
from tests.support.town import town_on
from tests.support.two_worlds import KEPT, Act, Got, Month, World, first_difference

_HOURS = (6.0, 7.98, 9.0, 10.5, 13.0, 14.99, 16.0, 18.2, 21.5)
_EXAMPLES = 60 if settings().max_examples >= FULL else 2  # a month of two worlds takes seconds
_SAID_OPENLY = {"goal"}  # its first words are a command that the coach may know of, and end a silence
_ACTS = st.builds(
    Act,
    day=st.integers(0, 27),
    hour=st.sampled_from(_HOURS),
    kind=st.sampled_from(sorted(KEPT.keys() - _SAID_OPENLY)),
    n=st.integers(1, 3),
)
_MONTHS = st.builds(
    Month,
    silent=st.frozensets(st.integers(1, 29), max_size=24),
    said=st.sampled_from([(), ((16, "/pause until next monday"),), ((4, "/travel new york until 9 december"),)]),
    nothing_from=st.sampled_from([None, None, None, 12]),
)
BUSY = [
    *(Act(day=day, hour=9.0, kind="promise", n=1 + day % 3) for day in range(0, 27, 2)),
    *(Act(day=day, hour=18.2, kind="note", n=1) for day in range(1, 28, 3)),
    Act(day=1, hour=7.98, kind="habit", n=3),
    Act(day=2, hour=16.0, kind="goal", n=1),
    *(Act(day=3, hour=6.0, kind="intention", n=n) for n in (1, 2, 3)),
    *(Act(day=5, hour=hour, kind="taken back", n=2) for hour in (13.0, 21.5)),
    Act(day=6, hour=10.5, kind="later promise", n=2),
    Act(day=7, hour=10.5, kind="done", n=1),
    Act(day=9, hour=14.99, kind="moved", n=2),
    Act(day=11, hour=16.0, kind="slipped", n=3),
    Act(day=15, hour=16.0, kind="counted", n=3),
]


def lived(month: Month, kept: list[Act], salt: str, url: str = "") -> list[Got]:
    """What the coach gets in a world."""

    async def live() -> list[Got]:
        async with town_on(url or f"sqlite:///{folder}/world.db").open() as town:
            world = World(town=town, month=month, kept=kept, salt=salt)
            await world.lives()
            return world.got

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(live())


@pytest.mark.opens
@pytest.mark.patient
@settings(max_examples=_EXAMPLES, deadline=None)
@given(_MONTHS, st.lists(_ACTS, min_size=4, max_size=14), st.lists(_ACTS, max_size=4))
@example(Month(silent=frozenset(range(13, 27))), BUSY, [])
def test_what_is_kept_shows_nowhere(month: Month, much: list[Act], little: list[Act]) -> None:
    assert first_difference(lived(month, much, "zorp"), lived(month, little, "quux")) is None


def test_what_is_kept_shows_nowhere_on_postgresql(postgresql_fresh: str) -> None:
    month = Month(days=16, silent=frozenset({4, 5, 6, 10}))
    assert first_difference(lived(month, BUSY, "zorp", postgresql_fresh), lived(month, [], "quux")) is None
