"""Golden transcripts of the dialogues around sessions, as a client and a coach see them in Slack."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.town import Person, Town, town_on
from tests.test_golden import compare


async def says(person: Person, *texts: str) -> None:
    for text in texts:
        await person.says(text)


async def stops_what_comes(town: Town, person: Person, *days: int) -> None:
    """On these days, counted from 31 October, whatever else is asked is put away, so that it does not fall silent."""
    for day in days:
        await town.until(datetime(2026, 10, 31, 15, 1, tzinfo=UTC) + timedelta(days=day))
        await person.says("cancel")


@pytest.mark.parametrize("seat", ["slack"], indirect=True)  # one platform a story
async def test_what_is_seen_around_a_session(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        await around_a_session(town)
        for user in ("ana", "dana"):
            compare(f"{seat.name}-sessions-{user}", seat.screen(town.people[user]))


async def around_a_session(town: Town) -> None:
    """Booked, prepared, held, noted, echoed; and what either thinks and says between."""
    ana = await town.client("ana", city="New York")
    dana = town.people["dana"]
    await town.pictured()
    await stops_what_comes(town, ana, 27, 30)
    await dana.says("/session ana every second Thursday 15:00 until 31 January")
    await dana.says("/note ana promise Send the article on <delegation>")
    await town.until(datetime(2026, 12, 1, 14, 30, tzinfo=UTC))
    await says(ana, "7", "A decision on the offer", "The team meets alone", "The talk with Sam", "no", "/brief")
    await town.until(datetime(2026, 12, 3, 17, 30, tzinfo=UTC))
    await dana.taps("Offer a pause")
    await says(dana, "Asking first", "How did the call feel?", "She looked tired")
    await says(ana, "Ask first", "Call Sam by 11 December\nWrite the offer", "Call Sam", "7")
    await says(dana, "/note ana --share", "none", "You let Sam finish", "He spoke up", "Try it in the board")
    await dana.taps("Send it")
    await ana.taps("Useful", on=ana.last)
    await stops_what_comes(town, ana, 34)
    await town.until(datetime(2026, 12, 8, 15, 1, tzinfo=UTC))
    await says(ana, "Yes", "It went well", "Begin earlier")
    await says(ana, "/stuck", "Something else", "Peace", "Noise", "Nothing", "Talk to Sam\nWalk\nFly to Mars")
    await ana.taps("Walk")
    await says(ana, "By Friday, if it is dry", "Nothing of it")
    await says(ana, "/angle", "Something else", "Sam", "That I avoid him", "Call now", "It is about me", "no")
    await says(ana, "/session", "/session Friday 11:00")
    await says(dana, "/session ana", "/note ana", "/brief ana", "/away until Friday")
    await says(ana, "/callme")
