"""Workspaces that installed the app, with their tokens, and the states of installations under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from storage.people.invites import hash_of
from storage.serialise import opened, sealed
from storage.tables.outbox import OutboxRow
from storage.tables.people import AddressRow, OAuthStateRow, WorkspaceRow


def save_workspace(connection: Connection, bot: str, kind: Any, installation: Any, at: datetime) -> None:
    """Keep the installation of one workspace, in place of an older one."""
    connection.execute(delete(WorkspaceRow).where(col(WorkspaceRow.bot) == bot))
    connection.execute(insert(WorkspaceRow).values(bot=bot, installed=at, body=sealed(connection, kind, installation)))


def workspace(connection: Connection, bot: str, kind: Any) -> Any | None:
    """The installation of a workspace, or None."""
    body = connection.execute(select(col(WorkspaceRow.body)).where(col(WorkspaceRow.bot) == bot)).scalar()
    return None if body is None else opened(connection, kind, body)


def all_workspaces(connection: Connection, kind: Any) -> list[Any]:
    """Every installation, in the order of the workspaces."""
    bodies = connection.execute(select(col(WorkspaceRow.body)).order_by(col(WorkspaceRow.bot))).scalars()
    return [opened(connection, kind, body) for body in bodies]


def remove_workspace(connection: Connection, bot: str) -> None:
    """Forget an installation and its token."""
    connection.execute(delete(WorkspaceRow).where(col(WorkspaceRow.bot) == bot))


def issue_state(connection: Connection, state: str, expires_at: datetime) -> None:
    """Remember the state of an installation under way, as a hash."""
    connection.execute(insert(OAuthStateRow).values(state_hash=hash_of(state), expires_at=expires_at))


def consume_state(connection: Connection, state: str, at: datetime) -> bool:
    """Use a state up; False when it is not known, too old, or was used."""
    found = delete(OAuthStateRow).where(
        col(OAuthStateRow.state_hash) == hash_of(state), col(OAuthStateRow.expires_at) > at
    )
    used = connection.execute(found).rowcount == 1
    connection.execute(delete(OAuthStateRow).where(col(OAuthStateRow.expires_at) <= at))
    return used


def people_of_workspace(connection: Connection, platform: str, bot: str) -> list[str]:
    """Everyone who has an address in a workspace."""
    rows = connection.execute(
        select(col(AddressRow.person)).where(col(AddressRow.platform) == platform, col(AddressRow.bot) == bot)
    )
    return sorted(set(rows.scalars()))


def mark_workspace(connection: Connection, platform: str, bot: str, was: str, state: str) -> int:
    """Change the state of every address in a workspace that is in the state `was`; returns how many."""
    mine = (col(AddressRow.platform) == platform, col(AddressRow.bot) == bot, col(AddressRow.state) == was)
    return int(connection.execute(update(AddressRow).where(*mine).values(state=state)).rowcount)


def refuse_waiting(connection: Connection, platform: str, bot: str, reason: str, at: datetime) -> int:
    """End what still waits to be sent into a workspace that is gone; returns how many rows there were."""
    waiting = update(OutboxRow).where(col(OutboxRow.bot) == f"{platform}|{bot}", col(OutboxRow.state) == "pending")
    return int(connection.execute(waiting.values(state="blocked", reason=reason, finished=at)).rowcount)
