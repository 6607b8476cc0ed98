"""The platforms that are set, wired to the database: what Slack keeps for many workspaces, who has which role."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from starlette.routing import Route

from bot.app import App
from bot.coaching.rhythm import effects as rhythm_effects
from bot.conversation.guest_forms import page
from bot.features import menu
from bot.messages import Address, Message
from bot.model.roles import Who
from bot.settings import Settings, revealed
from handlers.slack.app import Slack
from handlers.slack.clients import SlackValues
from handlers.slack.oauth import INSTALL, Installation
from handlers.telegram.commands import Role
from handlers.telegram.service import Telegram
from handlers.web.routes import PREFIX, routes
from storage.database.open import Database
from storage.people import engagements, people, workspaces


class SlackInstallations:
    """Installations in our tables, tokens sealed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, installation: Installation, now: datetime) -> None:
        """Keep it, in place of an older one."""
        bot = installation.bot
        kept = partial(workspaces.save_workspace, bot=bot, kind=Installation, installation=installation, at=now)
        await self._database.transact(kept)

    async def find(self, bot: str) -> Installation | None:
        """The one of that workspace, or None."""
        return await self._database.read(partial(_installation, bot=bot))

    async def remove(self, bot: str, now: datetime) -> None:
        """Forget it and its token."""
        await self._database.transact(partial(workspaces.remove_workspace, bot=bot))


def _installation(connection: Connection, bot: str) -> Installation | None:
    found: Installation | None = workspaces.workspace(connection, bot, Installation)
    return found


class SlackStates:
    """States of installations under way, as hashes in our tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def issue(self, state: str, expires_at: datetime) -> None:
        """Remember a state."""
        await self._database.transact(partial(workspaces.issue_state, state=state, expires_at=expires_at))

    async def consume(self, state: str, now: datetime) -> bool:
        """Use it up."""
        return await self._database.transact(partial(workspaces.consume_state, state=state, at=now))


class SlackWorkspaces:
    """A workspace that goes closes the chats in it, one that comes opens them again and has their prompts planned."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def opened(self, bot: str, now: datetime) -> None:
        """The app was installed, perhaps again."""
        await self._database.transact(partial(_turned, bot=bot, was="removed", state="active", now=now))

    async def closed(self, bot: str, reason: str, now: datetime) -> None:
        """The app was removed, or its token revoked."""
        await self._database.transact(partial(_turned, bot=bot, was="active", state="removed", now=now))
        await self._database.transact(partial(workspaces.refuse_waiting, bot=bot, reason=reason, at=now))


def _turned(connection: Connection, bot: str, was: str, state: str, now: datetime) -> None:
    if not workspaces.mark_workspace(connection, bot, was, state):
        return
    for person in workspaces.people_of_workspace(connection, bot):
        known = people.person(connection, person)
        if known is not None:
            rhythm_effects.replan(connection, known, now)


def telegram_of(settings: Settings, app: App) -> Telegram | None:
    """Telegram as it is set, or None."""
    if settings.telegram_bot_token is None:
        return None

    async def role_of(address: Address) -> Role | None:
        return await app.database.read(partial(_role, address=address))

    return Telegram(
        revealed(settings.telegram_bot_token),
        api_url=settings.telegram_api_url,
        url=settings.telegram_webhook_url or "",
        secret=revealed(settings.telegram_webhook_secret),
        wordings=app.library.wordings,
        role_of=role_of,
        menus={who: menu(who) for who in (Who.COACH, Who.CLIENT)},
    )


def _role(connection: Connection, address: Address) -> Role | None:
    who = people.who(connection, address)
    if who is None:
        return None
    known = who[1]
    client = bool(engagements.engagements_as_client(connection, known.id))
    return Role(coach=known.coach, client=client, language=known.language)


def slack_of(settings: Settings, app: App) -> Slack | None:
    """Slack as it is set, or None."""
    if not settings.slack_way:
        return None
    values = SlackValues(
        api_url=settings.slack_api_url,
        public_url=settings.public_url or "",
        client_id=settings.slack_client_id or "",
        bot_token=revealed(settings.slack_bot_token) if settings.slack_way != "oauth" else "",
        app_token=revealed(settings.slack_app_token),
        signing_secret=revealed(settings.slack_signing_secret),
        client_secret=revealed(settings.slack_client_secret),
    )
    return Slack(
        values,
        installations=SlackInstallations(app.database),
        states=SlackStates(app.database),
        workspaces=SlackWorkspaces(app.database),
    )


def links_of(settings: Settings, telegram: Telegram | None) -> Mapping[str, str]:
    """What can be pointed to: the bot's name in Telegram, the page that installs the app in Slack, pages for guests."""
    found = {}
    if telegram is not None and telegram.username:
        found["telegram"] = telegram.username
    if settings.slack_way == "oauth" and settings.public_url:
        found["slack"] = f"{settings.public_url.rstrip('/')}{INSTALL}"
    if settings.public_url and settings.http_port:
        found["web"] = f"{settings.public_url.rstrip('/')}{PREFIX}"
    return found


def guests_of(settings: Settings, app: App, clock: Callable[[], datetime]) -> list[Route]:
    """The pages behind one-time links, where this server has an address from outside."""
    if not settings.public_url:
        return []

    async def look(code: str) -> Message | None:
        return await app.database.read(partial(page, code=code, now=clock(), library=app.library))

    wording = app.library.wordings["en"]
    unknown = Message(text=f"{wording.say('web_unknown_title')}\n\n{wording.say('web_unknown')}")
    return routes(look, app.conversation.receive, clock, title=wording.say("web_title"), unknown=unknown)
