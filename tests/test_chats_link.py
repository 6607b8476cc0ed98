"""Several chats of one person: each is told of the others, and settings take one away."""

import re

import pytest

from tests.support.beginnings import played_once
from tests.support.town import Person, Town


def code_in(person: Person) -> str:
    found = re.search(r"[0-9a-f]{32}", person.last.text)
    assert found is not None, person.last.text
    return found.group()


@played_once
async def linked(town: Town) -> Person:
    """Ana has a second chat; she is in the first."""
    ana, phone = await town.client("ana"), town.meet("phone")
    await ana.says("/link")
    await phone.says(f"/join {code_in(ana)}")
    return ana


async def test_the_first_chat_is_told_of_the_second(town: Town) -> None:
    ana = await linked(town)
    ana.reads("Console is another chat of yours from now on: your link code was used there.")
    town.people["phone"].reads("This chat is yours too now, Ana.")
    assert not any("another chat of yours" in message.text for message in town.people["phone"].read)


async def test_that_was_not_me_closes_it_at_once(town: Town) -> None:
    ana = await linked(town)
    phone = town.people["phone"]
    await ana.taps("That was not me", on=ana.last)
    ana.reads("That chat is closed")
    phone.reads("This chat is closed again")
    await phone.says("/progress")
    phone.reads("I don't know you yet")
    await ana.says("/progress")
    ana.reads("Nothing is open just now.")


async def test_settings_list_the_chats_and_take_one_away(town: Town) -> None:
    ana = await linked(town)
    phone = town.people["phone"]
    await ana.says("/settings")
    await ana.taps("My chats")
    ana.reads("You are reached in 2 chats, this one among them.")
    assert [choice.label for choice in ana.asked.choices] == ["Console, since Mon 23 Nov", "Keep them all"]
    await ana.taps("Console, since Mon 23 Nov")
    ana.reads("Closed: Console, since Mon 23 Nov.")
    await phone.says("/progress")
    phone.reads("I don't know you yet")


async def test_keeping_them_all_changes_nothing(town: Town) -> None:
    ana = await linked(town)
    for text in ("/settings", "My chats", "Keep them all"):
        await ana.says(text)
    ana.reads("Nothing changed.")
    await town.people["phone"].says("/progress")
    town.people["phone"].reads("Nothing is open just now.")


async def test_a_coach_has_the_same(town: Town) -> None:
    dana, phone = await town.coach(), town.meet("phone")
    await dana.says("/link")
    await phone.says(f"/join {code_in(dana)}")
    dana.reads("Console is another chat of yours")
    for text in ("/settings", "My chats"):
        await dana.says(text)
    dana.reads("You are reached in 2 chats")
    await dana.taps("Console, since Mon 23 Nov")
    dana.reads("Changed.")
    await phone.says("/clients")
    phone.reads("I don't know you yet")


async def test_the_chat_that_prompts_went_to_is_taken_away_and_they_come_here(town: Town) -> None:
    ana = await linked(town)
    phone = town.people["phone"]
    await phone.says("/link here")
    await ana.says("/notme")
    ana.reads("no such chat")
    for text in ("/settings", "My chats"):
        await ana.says(text)
    await ana.taps("Console, since Mon 23 Nov")
    assert (await ana.place()).preferred
    read = len(phone.read)
    await town.check_ins_only()
    await town.passes(days=4)
    ana.reads("The week's check-in")
    assert len(phone.read) == read


@pytest.mark.parametrize("wanted", ["", "12345678", "' or 1=1"])
async def test_a_chat_of_somebody_else_cannot_be_named(town: Town, wanted: str) -> None:
    await linked(town)
    ben = await town.client("ben")
    other = (await town.people["phone"].place()).id[:8]
    for ref in (wanted, other):
        await ben.says(f"/notme {ref}")
        ben.reads("no such chat")
    await town.people["phone"].says("/progress")
    town.people["phone"].reads("Nothing is open just now.")
