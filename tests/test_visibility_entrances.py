"""Every entrance with another person's ids: by name, by number, by reference, by token, by form, by errand, by code.

Dana coaches Ana, Kim coaches Cy. Whatever Dana or Cy tries with what is Ana's or Kim's, nothing is shown or changed.
"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, select

from bot.coaching.shared.client_ref import ref_of
from bot.messages.incoming import (
    Address,
    ButtonPressed,
    CommandSent,
    Content,
    ErrandDue,
    FormSubmitted,
    Inbound,
    Outcome,
    PromptDue,
    TextSent,
)
from storage.programme.agenda import schedule
from storage.tables.schema import metadata
from tests.support.intruders import SECRET, VERBS, commands_on_buttons, engagement_of, prompts_of, state, two_practices
from tests.support.town import Person, Town, town_on


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        await two_practices(opened)
        yield opened


async def tries(town: Town, who: Person, *contents: Content) -> None:
    """Do it all, and see that nothing of others has changed, that nobody was told, and that nothing was shown."""
    before = await state(town, who)
    others = {user: len(town.people[user].read) for user in ("ana", "dana")}
    for content in contents:
        count = len(who.read)
        receipt = await who.does(content)
        assert receipt.outcome in (Outcome.ACCEPTED, Outcome.STALE), content
        assert {user: len(town.people[user].read) for user in others} == others, f"{content} told somebody"
        assert SECRET not in "\n".join(repr(message) for message in who.read[count:]), f"{content} showed it"
        await who.does(CommandSent(verb="cancel"))
    assert await state(town, who) == before, f"one of {contents} changed something of somebody else's"


async def test_no_command_reaches_another_coachs_client(town: Town) -> None:
    kim = town.people["kim"]
    engagement = await engagement_of(town, "ana")
    place = await town.people["ana"].place()
    for verb in VERBS:
        about = ("ana", ref_of(engagement), place.person, "ana no", "ana to Kim", "2", "ana --share hello")
        await tries(town, kim, *(CommandSent(verb=verb, rest=rest) for rest in about))


async def test_no_command_lets_a_client_look_at_another_one(town: Town) -> None:
    cy = town.people["cy"]
    engagement = await engagement_of(town, "ana")
    item = (await town.people["ana"].commitments())[0]
    for verb in VERBS:
        about = ("ana", ref_of(engagement), item.id, f"{item.id} done")
        await tries(town, cy, *(CommandSent(verb=verb, rest=rest) for rest in about))


async def test_no_button_or_form_of_somebody_else_does_anything(town: Town) -> None:
    """Neither of a question that is open, nor of one that was answered, nor of one that still takes a late answer."""
    cy = town.people["cy"]
    await town.passes(days=8)
    await town.people["ana"].says("/checkin")
    found = await prompts_of(town, "ana")
    assert {state for _, state in found} >= {"open", "answered", "expired"}
    for token, _ in found:
        for value in ("done", "8", "yes", "described", "skip"):
            await tries(town, cy, ButtonPressed(token=token, value=value))
            assert (await cy.does(ButtonPressed(token=token, value=value))).outcome is Outcome.STALE
        await tries(town, cy, FormSubmitted(token=token, values={"what": "mine", "called": "mine"}))
    assert await prompts_of(town, "ana") == found


async def test_no_reply_to_somebody_elses_message_and_no_edit_of_it_does_anything(town: Town) -> None:
    ana, cy = town.people["ana"], town.people["cy"]
    await ana.says("/checkin")
    numbers = [number for user, number, _ in town.sent if user == "ana"]
    for number in numbers:
        await tries(town, cy, TextSent(text="9", hangs_on=number))
    answers = await ana.answers()
    for number in ana.numbers:
        await cy.edits("mine", number=number)
    assert await ana.answers() == answers


async def test_every_button_of_the_coach_pressed_by_somebody_else_shows_nothing(town: Town) -> None:
    """Buttons that are commands carry no secret: forwarded or forged, they are what somebody may say anyway."""
    dana = town.people["dana"]
    for look in ("/client ana", "/digest", "/clients", "/note ana", "/session ana", "/brief ana", "/invite Bo"):
        await dana.says(look)
    values = commands_on_buttons(dana)
    assert any(value.startswith("/note") for value in values)
    for user in ("kim", "cy"):
        for value in values:
            await tries(town, town.people[user], ButtonPressed(token="", value=value))


async def test_another_user_chat_or_workspace_is_a_stranger(town: Town) -> None:
    """Known is the user of that workspace, and nobody who only shares a part of the address."""
    own = town.seat.address("ana")
    others = (
        Address(platform=own.platform, bot="another", chat=own.chat, user=own.user),
        Address(platform=own.platform, bot=own.bot, chat=own.chat, user="mallory"),
    )
    token = (await prompts_of(town, "ana"))[-1][0]
    for number, address in enumerate(others):
        tried = (CommandSent(verb="progress"), TextSent(text="1 done"), ButtonPressed(token=token, value="done"))
        for verb, content in enumerate(tried):
            before = await state(town, town.people["cy"])
            event = Inbound(key=f"mallory:{number}:{verb}", address=address, content=content)
            await town.app.conversation.receive(event, town.clock())
            assert await state(town, town.people["cy"]) == before
    await town.settled()
    told = [parcel.message.text for _, _, parcel in town.sent if parcel.address in others]
    assert told
    assert all(text.startswith("I'm Throughline") for text in told)


async def test_events_of_the_clock_act_only_on_whom_they_are_about(town: Town) -> None:
    """A prompt or an errand with another person's id finds nothing of theirs."""
    ana, cy = await town.people["ana"].place(), await town.people["cy"].place()
    wanted = await engagement_of(town, "ana")

    def on_agenda(connection: Connection) -> str:
        schedule(
            connection,
            person=ana.person,
            engagement=wanted,
            dialogue="weekly-checkin",
            day=town.clock().date(),
            due_at=town.clock(),
        )
        table = metadata().tables["agenda"]
        found = connection.execute(select(table.c.id).where(table.c.dialogue == "weekly-checkin")).scalar_one()
        return str(found)

    errand = await town.app.database.transact(on_agenda)
    count = len(town.people["cy"].read)
    for event in (
        ErrandDue(key="forged", person=cy.person, errand=errand),
        PromptDue(key="forged too", person=cy.person),
        PromptDue(key="nobody", person="nobody"),
    ):
        await town.app.conversation.receive(event, town.clock())
        await town.settled()
    assert not any(SECRET in message.text for message in town.people["cy"].read)
    assert len(town.people["cy"].read) == count


async def test_a_code_works_once_however_many_use_it_at_the_same_moment(url: str) -> None:
    async with town_on(url).open() as town:
        await town.coach()
        place = await town.people["dana"].place()
        code = await town.code("client", place.person, "Mia", "Europe/Berlin")
        people = [town.meet(f"mia{n}") for n in range(6)]
        events = [
            Inbound(
                key=f"race:{p.user}", address=town.seat.address(p.user), content=CommandSent(verb="join", rest=code)
            )
            for p in people
        ]
        await asyncio.gather(*(town.app.conversation.receive(event, town.clock()) for event in events))
        await town.settled()
        said = [person.last.text for person in people]
        assert sum(text.startswith("Hello Mia") for text in said) == 1
        assert sum("was used before" in text for text in said) == 5


async def test_a_code_for_another_chat_of_ana_binds_nobody_elses(town: Town) -> None:
    """`link` of Ana, used by Cy, who is known: it binds nothing."""
    ana, cy = town.people["ana"], town.people["cy"]
    await ana.says("/link")
    code = next(word for word in ana.last.text.replace('"', " ").split() if len(word) == 32)
    await cy.says(f"join {code}")
    cy.reads("That code is for a chat that I don't know yet")
    await cy.says("/progress")
    assert SECRET not in cy.last.text
