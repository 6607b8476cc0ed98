"""Golden transcripts of reviews, closing and follow-up: what a client and a coach see, in Slack."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.ending_engagements import GOAL, closes, coached, looks_back, until_asked
from tests.support.town import Town, town_on
from tests.test_golden import compare


@pytest.mark.parametrize("seat", ["slack"], indirect=True)  # one platform a story
async def test_what_is_seen_from_a_review_to_the_last_good_bye(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        await half_a_year(town)
        for user in ("ana", "dana"):
            compare(f"closing-{seat.name}-{user}", seat.screen(town.people[user]))


async def half_a_year(town: Town) -> None:
    """A review, an adjustment, the end with all its parts, a slip, the last good-bye, a monthly minute, a way back."""
    ana, dana = await coached(town, GOAL)
    await ana.says("/review")
    await ana.taps("Two of three decisions are made witho…")
    for answer in ("Three papers without me", "I asked first", "Keep it", "The budget"):
        await ana.says(answer)
    await dana.says("/adjust ana")
    for answer in ("New date", "30 April", "skip"):
        await dana.says(answer)
    await closes(dana, on="on 4 December")
    await dana.says("/close ana levels")
    await dana.taps("One is made without me")
    await until_asked(town, ana, "Looking back takes")
    await looks_back(ana)
    for answer in ("Go ahead", "The board talk", "Patience", "That I can wait", "Thank Sam by Friday", "That's all"):
        await ana.says(answer)
    await ana.says("/closing next")
    for answer in ("Go ahead", "Monday review\nFriday walk", "Quarter ends", "I call Sam", "Sam", "All three"):
        await ana.says(answer)
    for answer in ("A summary for my coach", "No copy", "Until the follow-up ends"):
        await ana.says(answer)
    await ana.says("/closing about")
    for answer in ("9", "8", "skip", "Fewer slides", "Yes, share them"):
        await ana.says(answer)
    await town.until(datetime(2026, 12, 4, 12, tzinfo=UTC))
    await town.until(datetime(2027, 1, 4, 8, 30, tzinfo=UTC))
    for answer in ("Slipped", "Far short", "Monday review", "Friday walk", "A walk on Monday", "Not now"):
        await ana.says(answer)
    await town.until(datetime(2027, 6, 2, 8, 30, tzinfo=UTC))
    for answer in ("The same", "Both", "Neither", "Not now", "Stay on monthly"):
        await ana.says(answer)
    await town.until(datetime(2027, 7, 12, tzinfo=UTC))
    await dana.says("/reopen ana")
    await town.passes(days=2)
    await ana.says("Yes, go on")
