"""Forms in Slack: what a conversation asks one by one is asked at once, is checked alike, and comes to the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any

import pytest

from bot.coaching.assessment.rules import VALUES
from bot.model.people.preferences import Pace, Preferences
from storage.people import engagements, people
from storage.programme import commitments
from tests.fakes.slack_people import Person as Client
from tests.support.seats import seat_on
from tests.support.town import Person, Town, town_on

SETTINGS = ("pace", "weekday", "hour", "city", "sees", "more")
ASSESSMENT = ("best", "reliance", "habit", "values", "direction")


@pytest.fixture
async def desk(sqlite_fresh: str) -> AsyncIterator[Town]:
    """A town in Slack with a client in it."""
    async with seat_on("slack") as seat:
        town = town_on(sqlite_fresh, seat)
        async with town.open():
            await town.client("ana")
            yield town


def at_desk(town: Town) -> Client:
    found: Client = town.seat.person("ana")
    return found


async def runs(town: Town, command: str) -> Client:
    """The slash command, and the form that it opens."""
    ana = at_desk(town)
    await ana.runs(f"/throughline {command}")
    await town.settled()
    assert ana.modal is not None, ana.last.text
    return ana


async def submits(town: Town) -> dict[str, str]:
    errors = await at_desk(town).submits()
    await town.settled()
    return errors


def standing(ana: Client) -> dict[str, Any]:
    """What stands in each field of the form before anything is filled in."""
    assert ana.modal is not None
    found = {}
    for block in ana.modal["blocks"]:
        held = block["element"]
        option = held.get("initial_option")
        found[block["block_id"]] = option["value"] if option else held.get("initial_value")
    return found


async def wishes(town: Town, user: str = "ana") -> Preferences:
    place = await town.people[user].place()
    known = await town.app.database.read(partial(people.person, wanted=place.person))
    assert known is not None
    return known.wishes


async def visible(town: Town, user: str = "ana") -> str:
    place = await town.people[user].place()
    (coached,) = await town.app.database.read(partial(engagements.engagements_as_client, wanted=place.person))
    return coached.engagement.visible


async def remarks(town: Town, user: str = "ana") -> dict[str, tuple[str, str]]:
    """What was said, by its kind: the words, and who may read them."""
    place = await town.people[user].place()
    found = await town.app.database.read(
        partial(commitments.remarks, person=place.person, since=town.clock().date().replace(day=1))
    )
    return {remark.kind: (remark.text, str(remark.audience)) for remark in found}


# -- settings --------------------------------------------------------------------------------------------------------


async def test_settings_open_one_form_with_what_holds_now(desk: Town) -> None:
    ana = await runs(desk, "settings")
    assert tuple(standing(ana)) == SETTINGS
    assert standing(ana) == {
        "pace": "weekly",
        "weekday": "4",
        "hour": "09:00",
        "city": "Europe/Berlin",
        "sees": "described",
        "more": None,
    }


async def test_a_form_of_settings_sent_as_it_stood_changes_nothing(desk: Town) -> None:
    before = await wishes(desk)
    await runs(desk, "settings")
    assert await submits(desk) == {}
    assert await wishes(desk) == before
    assert await visible(desk) == "described"


async def test_what_is_changed_in_the_form_holds_as_if_it_had_been_chosen_one_by_one(desk: Town) -> None:
    ana = await runs(desk, "settings")
    ana.fills("pace", "Every two weeks")
    ana.fills("weekday", "Tuesday")
    ana.fills("hour", "5 pm")
    ana.fills("city", "Lisbon")
    ana.fills("sees", "Only what got done")
    assert await submits(desk) == {}
    assert ana.modal is None
    one_by_one = desk.people["ana"]
    assert "From now on you hear from me every two weeks" in one_by_one.last.text
    held = await wishes(desk)
    assert (held.pace, held.weekday, held.at) == (Pace.FORTNIGHTLY, 1, time(17, 0))
    assert await visible(desk) == "status"

    for choices in (
        ("How often", "Weekly"),
        ("Day and hour", "Friday", "09:00"),
        ("City", "Berlin"),
        ("What my coach sees", "All of that"),
    ):
        for words in ("settings", *choices):
            await one_by_one.says(words)
    assert replace(held, pace=Pace.WEEKLY, weekday=4, at=time(9, 0)) == await wishes(desk)
    assert await visible(desk) == "described"


async def test_each_field_tells_what_is_wrong_with_it_and_nothing_is_stored(desk: Town) -> None:
    before = await wishes(desk)
    ana = await runs(desk, "settings")
    ana.fills("pace", "As little as possible")
    ana.fills("hour", "3 am")
    ana.fills("city", "Atlantis")
    errors = await submits(desk)
    assert set(errors) == {"At what hour?", "Which city are you in?"}
    assert "Atlantis" in errors["Which city are you in?"]
    assert await wishes(desk) == before
    ana.fills("hour", "10:00")
    ana.fills("city", "Paris")
    assert await submits(desk) == {}
    assert (await wishes(desk)).at == time(10, 0)


async def test_what_the_form_has_no_field_for_is_asked_after_it(desk: Town) -> None:
    ana = await runs(desk, "settings")
    ana.fills("more", "Working week")
    await submits(desk)
    person = desk.people["ana"]
    person.reads("Which days do you work?")
    await person.says("Sunday to Thursday")
    assert (await wishes(desk)).working_days == frozenset({6, 0, 1, 2, 3})


async def test_where_there_are_no_forms_settings_are_a_short_menu(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/settings")
    assert [choice.label for choice in ana.asked.choices][:3] == ["How often", "Day and hour", "City"]
    await ana.taps("How often")
    await ana.taps("Every two weeks")
    ana.reads("From now on you hear from me every two weeks")
    assert (await wishes(town)).pace is Pace.FORTNIGHTLY
    assert (await wishes(town)).at == time(9, 0)


# -- strengths and direction -----------------------------------------------------------------------------------------


async def test_the_assessment_opens_a_form_and_ranks_values_in_the_chat(desk: Town) -> None:
    ana = await runs(desk, "assessment")
    assert tuple(standing(ana)) == ASSESSMENT
    ana.fills("best", "Turning round the pilot")
    ana.fills("habit", "Answering at night")
    ana.fills("values", "Courage", "Family", "Impact")
    ana.fills("direction", "Leading a region")
    assert await submits(desk) == {}
    person = desk.people["ana"]
    for answer in ("Impact", "Family", "Courage"):
        await person.says(answer)
    person.reads("Impact, Family, Courage")
    await person.says("no")
    assert await remarks(desk) == {
        "strength": ("Turning round the pilot", "coach"),
        "costs": ("Answering at night", "coach"),
        "aspiration": ("Leading a region", "coach"),
        "values": ("Impact, Family, Courage", "private"),
    }


async def test_too_many_values_are_told_at_their_field(desk: Town) -> None:
    ana = await runs(desk, "assessment")
    ana.fills("best", "Turning round the pilot")
    ana.fills("values", *[value.capitalize() for value in VALUES[:9]])
    errors = await submits(desk)
    assert list(errors.values()) == ["Up to 8, please; take away the ones that matter less."]
    assert await remarks(desk) == {}


async def in_words(person: Person, *answers: str) -> None:
    for answer in answers:
        assert person.last.token, f"nothing is asked where {answer!r} was meant: {person.last.text!r}"
        await person.says(answer)


async def test_in_a_conversation_eight_values_become_five_and_three(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("assessment")
    await in_words(ana, "Turning round the pilot", "Calm", "Answering at night")
    eight = "achievement, autonomy, courage, family, health, honesty, impact, service"
    await in_words(ana, eight, "courage, family, health, honesty, impact")
    assert len(ana.asked.choices) == 5
    await in_words(ana, "Impact")
    assert len(ana.asked.choices) == 4
    await in_words(ana, "Family", "Courage", "Leading a region", "yes")
    found = await remarks(town)
    assert found["values"] == ("Impact, Family, Courage", "coach")
    assert found["reliance"] == ("Calm", "coach")


async def test_values_are_the_clients_own_until_they_are_shared(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await dana.says("/confirm ana")
    await ana.says("assessment")
    await in_words(ana, "Turning round the pilot", "skip", "skip", "courage, family", "Family", "skip", "skip", "no")
    await dana.says("/client Ana")
    read = "\n".join(message.text for message in dana.read)
    assert "Turning round the pilot" in read
    assert "Family" not in read
    assert "family" not in read.casefold()


async def test_every_question_of_the_assessment_can_be_skipped(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("assessment")
    await in_words(ana, "skip", "skip", "skip", "skip", "skip")
    assert not ana.last.token
    assert await remarks(town) == {}


async def test_a_field_takes_no_more_than_its_answer_may_hold(desk: Town) -> None:
    ana = await runs(desk, "commit")
    assert ana.modal is not None
    longest = {block["block_id"]: block["element"].get("max_length") for block in ana.modal["blocks"]}
    assert (longest["what"], longest["proof"]) == (500, 500)
    ana.fills("what", "Call the bank")
    ana.fills("proof", "x" * 500)
    assert "proof" not in await submits(desk)
