"""Entrances that only Slack has, with another person's ids: forged actions, forms, pages, threads, edits, workspaces.

Dana coaches Ana, Kim coaches Cy. Whatever Cy or Kim hands in, nothing of the others is shown, changed or written to.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.coaching.shared.client_ref import ref_of
from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_people import Person as Account
from tests.support.intruders import VERBS, commands_on_buttons, engagement_of, prompts_of, two_practices, untouched
from tests.support.seats import SlackSeat, seat_on
from tests.support.town import Town, town_on


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with seat_on("slack") as seat, town_on(sqlite_fresh, seat).open() as opened:
        await two_practices(opened)
        await opened.passes(days=8)
        await opened.people["ana"].says("/checkin")
        yield opened


def account(town: Town, user: str) -> Account:
    assert isinstance(town.seat, SlackSeat)
    found: Account = town.seat.person(user)
    return found


def pressed(who: Account, action_id: str, value: str, **where: Any) -> Any:
    """A press of theirs on a button of their own newest message, or somewhere else."""
    slack, shown = who.slack, where.pop("message", None) or who.messages[-1]
    action = {
        "type": "button",
        "action_id": action_id,
        "block_id": "b",
        "action_ts": slack.ts(),
        "text": {"type": "plain_text", "text": "Done", "emoji": False},
        "value": value,
    }
    if "view" in where:
        return payloads.home_action(who.user, where["view"], action, trigger=slack.trigger(who.user))
    urls = {"response_url": slack.response_url(who.user), "channel": where.pop("channel", who.user.im)}
    return payloads.message_action(who.user, shown, action, trigger=slack.trigger(who.user), **urls)


async def interacts(town: Town, *payloads: Any) -> list[Any]:
    """Hand them in, one after the other; what each was answered."""
    answers = []
    for payload in payloads:
        answers.append(await town.seat.fake.mail.ask("interactive", payload))
        await town.settled()
    return answers


async def test_an_action_with_somebody_elses_token_or_command_does_nothing(town: Town) -> None:
    """On a message of one's own, on one of Ana's, and on a page."""
    ana = account(town, "ana")
    tokens = await prompts_of(town, "ana")
    assert {state for _, state in tokens} >= {"open", "answered", "expired"}
    for look in ("/client ana", "/clients", "/note ana", "/session ana"):
        await town.people["dana"].says(look)
    for user in ("ana", "cy", "kim"):
        await account(town, user).opens_home()
    await town.seat.fake.settled()
    await town.settled()
    commands = commands_on_buttons(town.people["dana"])
    assert any(command.startswith("/note") for command in commands)
    views = town.seat.fake.homes
    for user in ("cy", "kim"):
        intruder = account(town, user)
        async with untouched(town, town.people[user]):
            for token, _ in tokens:
                for value in ("done", "8", "skip"):
                    await interacts(town, pressed(intruder, f"tap|{token}|0", value))
            for command in commands:
                await interacts(town, pressed(intruder, "call|0", command))
            for view in (views[ana.user.id], views[intruder.user.id]):
                await interacts(town, pressed(intruder, f"tap|{tokens[0][0]}|0", "done", view=view))
                await interacts(town, pressed(intruder, "call|0", commands[0], view=view))
            there = {"message": ana.messages[-1], "channel": ana.user.im}
            await interacts(town, pressed(intruder, f"tap|{tokens[0][0]}|0", "done", **there))
            await interacts(town, pressed(intruder, "call|0", "/whosees", **there))


async def test_a_form_with_somebody_elses_private_metadata_keeps_nothing(town: Town) -> None:
    ana, cy = account(town, "ana"), account(town, "cy")
    await ana.runs("/throughline settings")
    await town.settled()
    await cy.runs("/throughline commit")
    await town.settled()
    assert ana.modal is not None
    assert cy.modal is not None
    theirs = [ana.modal["private_metadata"], *(f'{{"token": "{t}"}}' for t, _ in await prompts_of(town, "ana"))]
    values = {"what": {"what": {"type": "plain_text_input", "value": "mine"}}}
    async with untouched(town, town.people["cy"]):
        for metadata in theirs:
            for view in (cy.modal, ana.modal):
                sent = view | {"private_metadata": metadata, "state": {"values": values}}
                trigger = town.seat.fake.trigger(cy.user)
                await interacts(town, payloads.submission(cy.user, sent, trigger=trigger))
        assert await town.people["cy"].commitments() == ()


async def test_an_edit_a_thread_and_a_reaction_at_somebody_elses_message_do_nothing(town: Town) -> None:
    ana, cy = account(town, "ana"), account(town, "cy")
    mail, team, ts = town.seat.fake.mail, cy.user.team, town.seat.fake.ts
    async with untouched(town, town.people["cy"]):
        for message in [dict(m) for m in ana.messages]:
            thread = payloads.message(cy.user, "9", ts(), thread=message["ts"])
            new = message | {"user": cy.user.id, "text": "mine", "edited": {"user": cy.user.id, "ts": ts()}}
            new.pop("bot_id", None)
            bodies = [
                thread,
                thread | {"channel": ana.user.im, "ts": ts()},
                payloads.changed(ana.user.im, new, message, ts=ts()),
                payloads.changed(cy.user.im, new, message, ts=ts()),
                payloads.reaction(replace(cy.user, im=ana.user.im), message["ts"], team.bot_user, ts=ts()),
            ]
            for body in bodies:
                await mail.event(team, body)
                await town.seat.fake.settled()
                await town.settled()


async def test_the_same_user_of_another_workspace_is_a_stranger(town: Town) -> None:
    """An id is somebody only together with its workspace."""
    ana, fake = account(town, "ana"), town.seat.fake
    other = fake.team("Elsewhere", installed=False)
    same = replace(fake.person("Ana", other).user, id=ana.user.id)
    token = (await prompts_of(town, "ana"))[-1][0]
    async with untouched(town, town.people["cy"]):
        for text in ("/progress", "1 done"):
            await fake.mail.event(other, payloads.message(same, text, fake.ts()))
        await fake.settled()
        for line in ("/throughline progress", "/throughline stop", "/log 1 done"):
            form = payloads.command(
                same, line, trigger=fake.trigger(same), response_url=fake.response_url(same), channel=same.im
            )
            await fake.mail.ask("slash_commands", form)
        stranger = replace(ana, user=same)
        there = {"message": ana.messages[-1]}
        await interacts(town, pressed(stranger, f"tap|{token}|0", "done", **there))
        await interacts(town, pressed(stranger, "call|0", "/progress", **there))


async def test_no_command_with_somebody_elses_name_number_or_id_shows_anything(town: Town) -> None:
    """Slash commands name a channel; one named from Ana's own is answered where whoever gave it is."""
    ref, item = ref_of(await engagement_of(town, "ana")), (await town.people["ana"].commitments())[0].id
    for user, rests in (("kim", ("ana",)), ("cy", (ref, item))):
        async with untouched(town, town.people[user]):
            for verb in VERBS:
                for rest in rests:
                    await account(town, user).runs(f"/throughline {verb} {rest}", channel=account(town, "ana").user.im)
                    account(town, user).closes()
                await account(town, user).types("cancel")
                await town.seat.fake.settled()
                await town.settled()
