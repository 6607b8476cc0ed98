"""Entrances that only Telegram has, with another person's ids: forged presses, replies, edits, deep links, chats.

Dana coaches Ana, Kim coaches Cy. Whatever Cy or Kim hands in, nothing of the others is shown, changed or written to.
"""

from collections.abc import AsyncIterator

import pytest

from bot.coaching.shared.client_ref import ref_of
from bot.messages.incoming import ChatStateChanged
from tests.fakes.telegram_people import Person as Account
from tests.support.intruders import VERBS, commands_on_buttons, engagement_of, prompts_of, two_practices, untouched
from tests.support.seats import TelegramSeat, seat_on, until
from tests.support.town import Town, town_on


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with seat_on("telegram") as seat, town_on(sqlite_fresh, seat).open() as opened:
        await two_practices(opened)
        await opened.passes(days=8)
        await opened.people["ana"].says("/checkin")
        yield opened


def account(town: Town, user: str) -> Account:
    assert isinstance(town.seat, TelegramSeat)
    found: Account = town.seat.person(user)
    return found


async def taken(town: Town, update: object) -> None:
    """What was just done at the platform is taken in and answered; `update` is what doing it returned."""
    del update
    await until(lambda: not town.seat.fake.updates)
    await town.settled()


async def test_a_press_with_somebody_elses_token_or_command_does_nothing(town: Town) -> None:
    ana, cy, kim = (account(town, user) for user in ("ana", "cy", "kim"))
    tokens = await prompts_of(town, "ana")
    assert {state for _, state in tokens} >= {"open", "answered", "expired"}
    for look in ("/client ana", "/clients", "/note ana", "/session ana"):
        await town.people["dana"].says(look)
    commands = commands_on_buttons(town.people["dana"])
    assert any(command.startswith("/note") for command in commands)
    for intruder in (cy, kim):
        own = intruder.last
        async with untouched(town, town.people[intruder.first_name.lower()]):
            answers = [f"{token}:{value}" for token, _ in tokens for value in ("done", "8", "skip")]
            for data in (*answers, *(f":{command}" for command in commands)):
                await taken(town, intruder.presses("", on=own, data=data))
            await taken(town, intruder.presses("", on=ana.last, data=f"{tokens[0][0]}:done"))


async def test_a_reply_to_and_an_edit_of_somebody_elses_message_does_nothing(town: Town) -> None:
    ana, cy = account(town, "ana"), account(town, "cy")
    async with untouched(town, town.people["cy"]):
        for shown in ana.shown:
            await taken(town, cy.says("9", reply_to=shown))
        for message in ana.own.values():
            edited = message | {"from": cy.user, "text": "mine", "edit_date": message["date"]}
            for chat in (cy.chat, ana.chat):
                await taken(town, town.seat.fake.push("edited_message", edited | {"chat": chat}))


async def test_whoever_writes_in_somebody_elses_chat_is_not_them(town: Town) -> None:
    """No private chat has two people; an update that says so is believed in nothing."""
    ana, cy = account(town, "ana"), account(town, "cy")
    push, fake = town.seat.fake.push, town.seat.fake
    mixed = {"from": cy.user, "chat": ana.chat, "date": 1_700_000_000}
    stranger = account(town, "mallory")
    strange = mixed | {"from": stranger.user}
    kicked = {"user": fake.bot, "status": "kicked", "until_date": 0}
    member = {"user": fake.bot, "status": "member"}
    reaction = {"user": cy.user, "chat": ana.chat, "date": 1, "message_id": ana.last.id, "old_reaction": []}
    async with untouched(town, town.people["cy"]):
        for text in ("/progress", "1 done", "/whosees", "/stop"):
            for message in (mixed, strange):
                made = message | {"message_id": fake.new_message(), "text": text}
                await taken(town, push("message", made))
        changed = {"old_chat_member": member, "new_chat_member": kicked}
        await taken(town, push("my_chat_member", mixed | changed))
        await taken(town, push("my_chat_member", strange | changed))
        await taken(town, push("message_reaction", reaction | {"new_reaction": [{"type": "emoji", "emoji": "👍"}]}))
    assert not stranger.shown


async def test_no_command_with_somebody_elses_name_number_or_id_shows_anything(town: Town) -> None:
    ref, item = ref_of(await engagement_of(town, "ana")), (await town.people["ana"].commitments())[0].id
    cy, kim = town.people["cy"], town.people["kim"]
    async with untouched(town, kim):
        for verb in VERBS:
            await taken(town, account(town, "kim").says(f"/{verb} ana"))
            await taken(town, account(town, "kim").says("cancel"))
    async with untouched(town, cy):
        for verb in VERBS:
            for rest in (ref, item):
                await taken(town, account(town, "cy").says(f"/{verb} {rest}"))
            await taken(town, account(town, "cy").says("cancel"))


async def test_a_deep_link_of_somebody_else_binds_and_shows_nothing(town: Town) -> None:
    """A code that was used, one for another chat of Ana's, one for Ana's new chat, and ids in place of a code."""
    ana, dana, cy = town.people["ana"], town.people["dana"], town.people["cy"]
    engagement = await engagement_of(town, "ana")
    used = [str(m["text"]).split()[-1] for m in account(town, "ana").own.values() if str(m["text"]).startswith("join ")]
    await ana.says("/link")
    await ana.does(ChatStateChanged(open=False))
    await dana.says("/reconnect ana")
    texts = [message.text for person in (ana, dana) for message in person.read[-3:]]
    codes = [word for text in texts for word in text.replace('"', " ").replace("=", " ").split() if len(word) == 32]
    assert len(set(codes)) >= 2
    async with untouched(town, cy):
        for code, said in {
            **dict.fromkeys(used, "was used before"),
            **dict.fromkeys(codes, "That code is for"),
        }.items():
            await taken(town, account(town, "cy").starts(code))
            cy.reads(said)
        for code in (engagement, ref_of(engagement), (await ana.place()).person):
            await taken(town, account(town, "cy").starts(code))
            assert "Dana" not in cy.last.text
