"""Golden transcripts of a coach's own question: put into the programme, asked in a check-in, answered and read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.town import Town, town_on
from tests.test_golden import compare

ADDED = ("/program change", "Add a question", "What did the board say?", "In words", "Only Ana")
SCALED = ("/program change", "Add a question", "How much of it was yours to decide?", "From 1 to 10", "Only Ana")


@pytest.mark.parametrize("seat", ["console"], indirect=True)  # one platform a story
async def test_what_is_seen_of_a_coachs_own_questions(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        await asked_on_friday(town)
        for user in ("ana", "dana"):
            compare(f"question-{seat.name}-{user}", seat.screen(town.people[user]))


async def asked_on_friday(town: Town) -> None:
    """Two questions join the check-in of one client, who answers both on Friday; the coach reads them."""
    ana = await town.client("ana")
    dana = town.people["dana"]
    await town.check_ins_only()
    for said in (*ADDED, *SCALED, "/program ana"):
        await dana.says(said)
    await town.until(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    for said in ("skip", "skip", "skip", "They want the plan in June", "8"):
        await ana.says(said)
    await dana.says("/client ana")
