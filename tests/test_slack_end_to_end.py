"""Conversations through Slack: the whole app, the real SDKs, the fake Slack, in each of the three ways in."""

import asyncio
import random
import re
from functools import partial
from typing import Any

import pytest

from storage.people import addresses
from storage.programme import commitments as commitments_rows
from tests.fakes.slack_house import House, house
from tests.fakes.slack_people import Person
from tests.support.stored import all_answers

WAYS = ("socket", "http", "oauth")
WELCOME = ("Start", "All of that", "Fits")


async def coach_of(home: House) -> Person:
    """A coach who has joined by the slash command."""
    coach = home.fake.person("Dana")
    await coach.runs(f"/throughline join {await home.code('coach', 'Dana')}")
    await home.until(lambda: coach.read)
    await coach.types("cancel")
    await home.quiet()
    return coach


async def invited(home: House) -> Person:
    """A client who has redeemed the coach's code in the direct message, and reads the welcome."""
    coach = await coach_of(home)
    await coach.types("invite Ana")
    await home.quiet()
    code = re.findall(r"[0-9a-f]{32}", coach.last.text)[0]
    client = home.fake.person("Ana")
    await client.types(f"join {code}")
    await home.quiet()
    return client


async def settled_in(home: House) -> Person:
    """A client who has been through the welcome, by buttons where there are some."""
    client = await invited(home)
    for answer in (*WELCOME, "Nothing yet"):
        await answers(home, client, answer)
    return client


async def answers(home: House, person: Person, *given: str) -> None:
    """Press the button of that name on the newest message, or type it where there is none."""
    for answer in given:
        if answer in person.last.buttons:
            await person.presses(answer, on=person.last)
        else:
            await person.types(answer)
        await home.quiet()


async def commitments(home: House, person: Person) -> list[str]:
    return [row.text for row in await stored(home, person, commitments_rows.all_commitments)]


async def stored(home: House, person: Person, query: Any) -> Any:
    """What the database holds of somebody."""
    assert home.app is not None
    address = next(i.address for i in reversed(home.ears.heard) if i.address.user == person.user.id)
    place = await home.app.database.read(partial(addresses.place_at, address=address))
    assert place is not None
    return await home.app.database.read(partial(query, person=place.person))


def nothing_went_wrong(home: House) -> None:
    assert home.fake.doubled == {}
    assert home.fake.refused == []
    assert home.fake.mail.slowest < 3
    assert not any(delivery.lost for delivery in home.fake.mail.deliveries)


@pytest.mark.parametrize("way", WAYS)
async def test_a_coach_invites_a_client_who_settles_in_and_commits_to_something(way: str, sqlite_fresh: str) -> None:
    async with house(way, database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        answered = [shown for shown in client.screen if shown.ours and shown.edited]
        assert len(answered) >= len(WELCOME), "questions that were answered are changed in place"
        assert not any(shown.buttons for shown in answered), "and lose their buttons"

        await client.types("commit Call the bank by Friday")
        await home.quiet()
        await answers(home, client, "8", "Clear enough")
        assert await commitments(home, client) == ["Call the bank"]
        assert ("commitment", "confidence", "8") in await stored(home, client, all_answers)
        nothing_went_wrong(home)
        assert all(len(delivery.attempts) == 1 for delivery in home.fake.mail.deliveries)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_a_form_shows_what_is_wrong_at_its_field_and_is_taken_when_it_is_mended(
    way: str, sqlite_fresh: str
) -> None:
    async with house(way, database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.runs("/commit Call the bank")
        await home.until(lambda: client.modal)
        client.fills("due", "2020-01-01")
        assert list(await client.submits()) == ["By when?"]
        assert await client.submits() != {}, "the same again is as wrong as before"
        client.fills("due", "2026-11-27")
        client.fills("confidence", "8")
        assert await client.submits() == {}
        assert client.modal is None
        await home.quiet()
        assert await commitments(home, client) == ["Call the bank"]
        nothing_went_wrong(home)


async def test_a_form_that_opens_too_late_is_asked_as_a_message(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        home.fake.fail("views.open", error="expired_trigger_id")
        await client.runs("/commit Call the bank")
        await home.quiet()
        assert client.modal is None
        assert "By when" in client.last.text
        assert home.fake.doubled == {}


async def test_an_edit_revises_the_answer_that_the_message_gave(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.types("commit Call the bank by Friday")
        await home.quiet()
        await client.types("8")
        await home.quiet()
        await client.edits("7")
        await home.quiet()
        assert ("commitment", "confidence", "7") in await stored(home, client, all_answers)


async def test_a_reply_in_a_thread_answers_the_question_that_it_hangs_on(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.types("commit Call the bank by Friday")
        await home.quiet()
        question = client.last
        await client.types("progress")
        await home.quiet()
        await client.types("9", thread=question.ts)
        await home.quiet()
        assert ("commitment", "confidence", "9") in await stored(home, client, all_answers)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_everything_sent_twice_and_out_of_order_changes_nothing(way: str, sqlite_fresh: str) -> None:
    async with house(way, database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.types("commit Call the bank by Friday")
        await home.quiet()
        await answers(home, client, "8", "Clear enough")
        before = (client.screen, await stored(home, client, all_answers), await commitments(home, client))
        again = [delivery.body for delivery in home.fake.mail.deliveries]
        renamed = [body | {"event_id": f"{body['event_id']}X"} for body in again if body["event"]["type"] == "message"]
        whole = [*again, *renamed]
        random.Random(7).shuffle(whole)
        for body in whole:
            home.fake.mail.send(body)
        await home.quiet()
        after = (client.screen, await stored(home, client, all_answers), await commitments(home, client))
        assert after == before
        nothing_went_wrong(home)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_acknowledgements_come_within_three_seconds_while_the_database_is_slow(
    way: str, sqlite_fresh: str
) -> None:
    async with house(way, database=sqlite_fresh, speed=60) as home:
        coach = await coach_of(home)
        home.ears.slow = 0.5
        await asyncio.gather(coach.types("clients"), coach.types("help"), coach.runs("/throughline help"))
        await home.quiet()
        assert 0.5 < home.fake.mail.slowest < 3
        assert all(len(delivery.attempts) == 1 for delivery in home.fake.mail.deliveries)
        nothing_went_wrong(home)


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_an_event_that_could_not_be_stored_comes_again_until_it_is(way: str, sqlite_fresh: str) -> None:
    async with house(way, database=sqlite_fresh, speed=600, ack_within=1.0) as home:
        client = await invited(home)
        home.ears.fails = 2
        event = await client.types("Start")
        await home.quiet()
        assert [reason for _, reason in event.attempts] == [*["http_error" if way == "http" else "timeout"] * 2, "ok"]
        assert "Who reads what" in client.last.text
        assert len([text for text in client.read if "Who reads what" in text]) == 1


async def test_slack_answering_with_errors_for_a_while_loses_and_doubles_nothing(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        coach = await coach_of(home)
        home.fake.fail("chat.postMessage", retry_after=1)
        await coach.types("clients")
        await home.quiet()
        home.fake.fail("*", error="service_unavailable")
        await coach.types("help")
        await home.quiet()
        assert len(coach.read) == 4
        assert home.fake.doubled == {}


async def test_a_revoked_token_is_told_and_heals_by_itself(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        coach = await coach_of(home)
        home.fake.mail.quiet = True  # late, or never told
        await home.fake.revoke(coach.user.team)
        home.fake.mail.quiet = False
        await coach.types("help")
        await home.until(lambda: home.slack.state == "revoked")
        assert await home.unsent() == 1, "what could not be said waits"


async def test_the_home_tab_shows_where_a_person_stands_and_its_buttons_are_commands(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await client.opens_home()
        await home.quiet()
        assert client.home, "the page was published"
        assert home.fake.refused == []


async def test_a_channel_gets_one_polite_line(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        coach = await coach_of(home)
        home.fake.channels["C0GENERAL"] = []
        await coach.mentions("C0GENERAL")
        await coach.mentions("C0GENERAL")
        await home.quiet()
        assert len(home.fake.channels["C0GENERAL"]) == 1


async def test_a_deactivated_person_is_written_to_no_more(sqlite_fresh: str) -> None:
    async with house("http", database=sqlite_fresh, speed=60) as home:
        client = await settled_in(home)
        await home.fake.deactivate(client)
        await home.quiet()
        place = await home.app.database.read(partial(addresses.place_at, address=home.ears.heard[-1].address))  # type: ignore[union-attr]
        assert place is not None
        assert place.state == "blocked"
