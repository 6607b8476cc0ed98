"""What is kept of workspaces that install the app by themselves: their installations, and whether they are there."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.coaching.rhythm import effects as rhythm_effects
from handlers.slack.install.oauth import Installation
from storage.database.open import Database
from storage.outbox import rate_limits
from storage.people import people, workspaces

_PLATFORM = "slack"


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

    async def all(self) -> list[Installation]:
        """Every one, in the order of the workspaces."""
        return await self._database.read(partial(workspaces.all_workspaces, kind=Installation))

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
        """The app was installed, perhaps again: what waits for a token may go at once."""
        await self._database.transact(partial(_turned, bot=bot, was="removed", state="active", now=now))
        await self._database.transact(partial(rate_limits.let_go, key=f"{_PLATFORM}|{bot}"))

    async def closed(self, bot: str, reason: str, now: datetime) -> None:
        """The app was removed, or its token revoked."""
        await self._database.transact(partial(_turned, bot=bot, was="active", state="removed", now=now))
        refused = partial(workspaces.refuse_waiting, platform=_PLATFORM, bot=bot, reason=reason, at=now)
        await self._database.transact(refused)


def _turned(connection: Connection, bot: str, was: str, state: str, now: datetime) -> None:
    if not workspaces.mark_workspace(connection, _PLATFORM, bot, was, state):
        return
    for person in workspaces.people_of_workspace(connection, _PLATFORM, bot):
        known = people.person(connection, person)
        if known is not None:
            rhythm_effects.replan(connection, known, now)
