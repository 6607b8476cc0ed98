"""Whatever a coach reads or is sent, and on which day, is a function of what the client shows.

Two worlds are lived for a month: what is shared in them is the same, what is kept from the coach is anything at all.
"""

import asyncio
import tempfile

from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import examples
from tests.support.town import town_on
from tests.support.two_worlds import KEPT, Act, Got, Month, World, first_difference

_HOURS = (6.0, 7.98, 9.0, 10.5, 13.0, 14.99, 16.0, 18.2, 21.5)
_ACTS = st.builds(
    Act,
    day=st.integers(0, 27),
    hour=st.sampled_from(_HOURS),
    kind=st.sampled_from(sorted(KEPT)),
    n=st.integers(1, 3),
)
_MONTHS = st.builds(
    Month,
    silent=st.frozensets(st.integers(1, 29), max_size=24),
    said=st.sampled_from([(), ((11, "/private"),), ((16, "/pause until next monday"),)]),
)


def lived(month: Month, kept: list[Act], salt: str, url: str = "") -> list[Got]:
    """What the coach gets in a world."""

    async def live() -> list[Got]:
        async with town_on(url or f"sqlite:///{folder}/world.db").open() as town:
            world = World(town=town, month=month, kept=kept, salt=salt)
            await world.lives()
            return world.got

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(live())


@examples(40)
@given(_MONTHS, st.lists(_ACTS, min_size=4, max_size=14), st.lists(_ACTS, max_size=4))
def test_what_is_kept_shows_nowhere(month: Month, much: list[Act], little: list[Act]) -> None:
    assert first_difference(lived(month, much, "zorp"), lived(month, little, "quux")) is None
