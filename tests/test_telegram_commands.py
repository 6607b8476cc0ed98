"""The commands that Telegram lists: those of the role, in the language, within what the API takes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.features import menu
from bot.messages.incoming import Address, Inbound, Outcome, Receipt
from bot.model.roles import Who
from bot.rendering.wording import DIALOGUES, Wording, load_wording
from handlers.telegram.commands import Role, commands
from handlers.telegram.poller import Pace
from handlers.telegram.service import Telegram
from tests.fakes.telegram import FakeTelegram

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDINGS = load_wording(DIALOGUES)


MENUS = {who: menu(who) for who in (Who.COACH, Who.CLIENT)}


@pytest.fixture
async def api() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as api:
        yield api


@pytest.mark.parametrize("language", sorted(WORDINGS))
def test_every_role_has_a_list_that_telegram_takes(language: str) -> None:
    for role in (Role(), Role(client=True), Role(coach=True), Role(coach=True, client=True)):
        listed = commands(role, WORDINGS[language], MENUS)
        names = [command.command for command in listed]
        assert len(names) == len(set(names)) <= 100
        for command in listed:
            assert 1 <= len(command.command) <= 32
            assert command.command == command.command.lower()
            assert 1 <= len(command.description) <= 256
            assert not command.description.lower().startswith(f"{command.command}:")


def test_each_role_sees_its_own_verbs_and_no_other() -> None:
    def names(role: Role) -> set[str]:
        return {command.command for command in commands(role, WORDINGS["en"], MENUS)}

    assert names(Role()) == {"start", "help"}
    assert names(Role(client=True)) == set(MENUS[Who.CLIENT])
    assert names(Role(coach=True)) == set(MENUS[Who.COACH])
    assert names(Role(coach=True, client=True)) == {*MENUS[Who.COACH], *MENUS[Who.CLIENT]}


def test_a_description_is_what_help_says() -> None:
    listed = {command.command: command.description for command in commands(Role(coach=True), WORDINGS["en"], MENUS)}
    assert listed["client"] == "one client in full"
    assert listed["help"] == "this list"


def test_a_long_description_is_cut() -> None:
    wording = replace(WORDINGS["en"], phrases={**WORDINGS["en"].phrases, "help_help": "help: " + "x" * 300})
    assert [len(command.description) for command in commands(Role(), wording, MENUS)][-1] == 256


async def serve_until(api: FakeTelegram, key: tuple[str, int, str], wordings: dict[str, Wording]) -> list[str]:
    """Let Ana start while Telegram is served, until a list is there; returns its commands."""
    ana = api.person("Ana")

    async def receive(event: Inbound, now: datetime) -> Receipt:
        return Receipt(outcome=Outcome.ACCEPTED)

    async def role_of(address: Address) -> Role | None:
        return Role(client=True) if address.user == str(ana.id) else None

    telegram = Telegram(
        api.token,
        api_url=api.url,
        wordings=wordings,
        menus=MENUS,
        role_of=role_of,
        pace=Pace(poll=1, first=0.01, longest=0.05),
    )
    task = asyncio.create_task(telegram.serve(receive, lambda: NOW))
    for _ in range(2):
        ana.starts("0" * 32)
    await ana.until(lambda: key in api.commands)
    await ana.until(lambda: not api.updates)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await telegram.close()
    return [command["command"] for command in api.commands[key]]


async def test_strangers_have_a_list_in_every_language(api: FakeTelegram) -> None:
    spoken = {"en": WORDINGS["en"], "de": replace(WORDINGS["en"], language="de")}
    assert await serve_until(api, ("all_private_chats", 0, "de"), spoken) == ["start", "help"]
    assert ("all_private_chats", 0, "") in api.commands


async def test_whoever_arrives_gets_the_list_of_their_role_once(api: FakeTelegram) -> None:
    listed = await serve_until(api, ("chat", 7_000_001, ""), {"en": WORDINGS["en"]})
    assert listed == list(MENUS[Who.CLIENT])
    own = [given for given in api.called("setMyCommands") if '"chat"' in given["scope"]]
    assert 1 <= len(own) <= 2


async def test_a_list_that_cannot_be_set_does_no_other_harm(api: FakeTelegram) -> None:
    api.fault("setMyCommands", "status", code=500)
    api.fault("setMyCommands", "flood", seconds=1)
    assert await serve_until(api, ("chat", 7_000_001, ""), {"en": WORDINGS["en"]})
