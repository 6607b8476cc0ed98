"""Conversations through Slack: the whole app, the real SDKs, the fake Slack, in each of the three ways in."""

import asyncio
import re
from functools import partial
from typing import Any

import pytest

from storage import people, promises, talks
from tests.fakes.slack_house import House, house
from tests.fakes.slack_people import Person
from tests.fakes.slack_payloads import message

WAYS = ("socket", "http", "oauth")
WELCOME = ("Start", "As described", "Berlin", "Monday to Friday", "Weekly", "Friday", "09:00")


async def coach_of(home: House) -> Person:
    """A coach who has joined by the slash command."""
    coach = home.fake.person("Dana")
    await coach.runs(f"/throughline join {await home.code('coach', 'Dana')}")
    await home.until(lambda: coach.read)
    return coach


async def invited(home: House, coach: Person) -> Person:
    """A client who has redeemed the coach's code in the direct message, and reads the welcome."""
    await coach.types("invite Ana")
    await home.quiet()
    code = re.findall(r"[0-9a-f]{32}", coach.last.text)[0]
    client = home.fake.person("Ana")
    await client.types(f"join {code}")
    await home.quiet()
    return client


async def settled_in(home: House) -> Person:
    """A client who has been through the welcome, by buttons where there are some."""
    client = await invited(home, await coach_of(home))
    for answer in (*WELCOME, "Ana", "No"):
        await answers(home, client, answer)
    return client


async def answers(home: House, person: Person, answer: str) -> None:
    """Press the button of that name on the newest message, or type it where there is none."""
    if answer in person.last.buttons:
        await person.presses(answer, on=person.last)
    else:
        await person.types(answer)
    await home.quiet()


async def commitments(home: House, person: Person) -> list[Any]:
    return list(await _read(home, person, promises.all_commitments))


async def told(home: House, person: Person) -> list[tuple[str, str, str]]:
    return list(await _read(home, person, talks.all_answers))


async def _read(home: House, person: Person, query: Any) -> Any:
    assert home.app is not None
    address = home.ears.heard[-1].address
    address = next(i.address for i in reversed(home.ears.heard) if i.address.user == person.user.id) or address
    place = await home.app.database.read(partial(people.place_at, address=address))
    assert place is not None
    return await home.app.database.read(partial(query, person=place.person))


@pytest.mark.parametrize("way", WAYS)
async def test_a_coach_invites_a_client_who_settles_in_and_commits_to_something(way: str, sqlite_fresh: str) -> None:
    async with house(way, database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        answered = [shown for shown in client.screen if shown.ours and shown.edited]
        assert len(answered) >= len(WELCOME) - 1, "tapped questions are changed in place"
        assert not any(shown.buttons for shown in answered), "and lose their buttons"

        await client.runs("/commit Call the bank")
        await home.quiet()
        while client.last.buttons or client.last.text.endswith("?"):
            await answers(home, client, "tomorrow" if "when" in client.last.text.lower() else "skip")
        print(client.modal, home.fake.calls, [d.content for d in home.ears.heard][-2:])
        assert [row.text for row in await commitments(home, client)] == ["Call the bank"]

        assert home.fake.doubled == {}
        assert home.fake.refused == []
        assert home.fake.mail.slowest < 3
        assert all(len(delivery.attempts) == 1 for delivery in home.fake.mail.deliveries)
