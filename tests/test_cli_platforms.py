"""What the platforms keep with us: installations and states of Slack, roles, and what an invitation can point to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.cli.links import links_of
from bot.messages.incoming import Address
from bot.messages.outgoing import Message
from bot.model.links import Link
from bot.platforms import PLATFORMS, platforms_set
from bot.settings import Settings
from handlers.slack.install.oauth import Installation
from handlers.slack.install.stored import SlackInstallations, SlackStates, SlackWorkspaces
from handlers.telegram.platform import role as role_at
from storage.database.open import Database
from storage.outbox import rows as outbox
from storage.people import addresses
from tests.support.town import Town

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "xoxb-canary-of-an-installation"


def installation(team: str = "T1", token: str = TOKEN) -> Installation:
    return Installation(
        bot=team,
        team=team,
        team_name="Acme",
        enterprise="",
        app="A1",
        bot_id="B1",
        bot_user="U1",
        scopes=("chat:write",),
        installed_by="U2",
        token=token,
    )


async def test_an_installation_is_kept_sealed_replaced_and_forgotten(database: Database) -> None:
    kept = SlackInstallations(database)
    await kept.save(installation(token="xoxb-old"), NOW)
    await kept.save(installation(), NOW)
    assert await kept.find("T1") == installation()
    assert await kept.find("T2") is None
    bodies = await database.read(lambda c: c.exec_driver_sql("select body from workspace").scalars().all())
    assert len(bodies) == 1
    assert TOKEN.encode() not in bytes(bodies[0])
    await kept.remove("T1", NOW)
    assert await kept.find("T1") is None
    await kept.remove("T1", NOW)


async def test_a_state_is_good_once_and_for_a_while(database: Database) -> None:
    states = SlackStates(database)
    await states.issue("one", NOW + timedelta(minutes=10))
    await states.issue("two", NOW + timedelta(minutes=10))
    assert await states.consume("one", NOW)
    assert not await states.consume("one", NOW)
    assert not await states.consume("two", NOW + timedelta(minutes=11))
    assert not await states.consume("never", NOW)
    assert await database.read(lambda c: c.exec_driver_sql("select count(*) from oauth_state").scalar()) == 0


async def test_a_workspace_that_goes_closes_its_chats_and_one_that_comes_opens_them(town: Town) -> None:
    ana = await town.client("ana")
    person = (await ana.place()).person
    database, address = town.app.database, Address(platform="slack", bot="T1", chat="D1", user="U1")
    place = await database.transact(partial(addresses.add_place, wanted=person, address=address, preferred=False))
    waiting = partial(
        outbox.add,
        message=Message(text="to be sent"),
        dedup="waits",
        lane=place.lane,
        address=place.id,
        person=person,
        kind="reply",
        urgency=outbox.REPLY,
        due_at=NOW,
    )
    await database.transact(waiting)
    workspaces = SlackWorkspaces(database)
    await workspaces.closed("T1", "app_uninstalled", NOW)
    await workspaces.closed("T1", "tokens_revoked", NOW)
    states = {p.address.platform: p.state for p in await database.read(partial(addresses.places, wanted=person))}
    assert states == {"slack": "removed", "console": "active"}
    assert (await town.outbox_counts()).get("pending") is None
    await workspaces.opened("T1", NOW)
    states = {p.address.platform: p.state for p in await database.read(partial(addresses.places, wanted=person))}
    assert states["slack"] == "active"


async def test_roles_are_those_of_whoever_has_the_address(town: Town) -> None:
    ana = await town.client("ana")
    for person, wanted in ((ana, (False, True)), (town.people["dana"], (True, False))):
        role = await town.app.database.read(partial(role_at, address=town.seat.address(person.user)))
        assert role is not None
        assert (role.coach, role.client) == wanted
    assert await town.app.database.read(partial(role_at, address=town.seat.address("nobody"))) is None


async def test_an_invitation_points_to_what_is_there(town: Town) -> None:
    dana = await town.coach()
    await dana.says("/invite Ana")
    assert "t.me" not in dana.last.text
    cards = {platform.name: platform for platform in PLATFORMS}
    targets = {"telegram": "a_bot", "slack": "https://x.example/slack/install"}
    links = {name: Link(to=to, how_to_join=cards[name].how_to_join) for name, to in targets.items()}
    town.app.conversation.use(replace(town.app.library, links=links))
    await dana.says("/invite Ben")
    dana.reads("https://t.me/a_bot?start=", "Dear IT", "https://x.example/slack/install")


async def test_links_are_those_of_the_platforms_that_are_set_and_known(town: Town) -> None:
    token = "123456789:canary-of-a-token-0123456789-0123456"
    more = {"slack_client_secret": "s3cret-s3cret", "slack_signing_secret": "s3cret-s3cret"}
    public = Settings(slack_client_id="1.2", public_url="https://x.example/", telegram_bot_token=token, **more)
    services = {p.name: p.build(public, town.app.database, town.app.library) for p in platforms_set(public)}
    assert set(services) == {"telegram", "slack"}
    try:
        found = links_of(public, services)
        targets = {name: link.to for name, link in found.items()}
        assert targets == {"slack": "https://x.example/slack/install", "web": "https://x.example/g"}
        assert services["telegram"].link is None, "it is known once Telegram has been reached"
    finally:
        for service in services.values():
            await service.close()
