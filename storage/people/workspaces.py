"""Workspaces that installed the app, with their tokens, and the states of installations under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from storage.people.invites import hash_of
from storage.serialise import opened, sealed
from storage.tables.outbox import OutboxRow
from storage.tables.people import AddressRow, OAuthStateRow, WorkspaceRow, table_of

_workspace = table_of(WorkspaceRow)
_state = table_of(OAuthStateRow)
_address = table_of(AddressRow)
_outbox = table_of(OutboxRow)


def save_workspace(connection: Connection, bot: str, kind: Any, installation: Any, at: datetime) -> None:
    """Keep the installation of one workspace, in place of an older one."""
    connection.execute(delete(_workspace).where(_workspace.c.bot == bot))
    connection.execute(insert(_workspace).values(bot=bot, installed=at, body=sealed(connection, kind, installation)))


def workspace(connection: Connection, bot: str, kind: Any) -> Any | None:
    """The installation of a workspace, or None."""
    row = connection.execute(select(_workspace.c.body).where(_workspace.c.bot == bot)).first()
    return None if row is None else opened(connection, kind, row.body)


def all_workspaces(connection: Connection, kind: Any) -> list[Any]:
    """Every installation, in the order of the workspaces."""
    rows = connection.execute(select(_workspace.c.body).order_by(_workspace.c.bot))
    return [opened(connection, kind, row.body) for row in rows]


def remove_workspace(connection: Connection, bot: str) -> None:
    """Forget an installation and its token."""
    connection.execute(delete(_workspace).where(_workspace.c.bot == bot))


def issue_state(connection: Connection, state: str, expires_at: datetime) -> None:
    """Remember the state of an installation under way, as a hash."""
    connection.execute(insert(_state).values(state_hash=hash_of(state), expires_at=expires_at))


def consume_state(connection: Connection, state: str, at: datetime) -> bool:
    """Use a state up; False when it is not known, too old, or was used."""
    found = delete(_state).where(_state.c.state_hash == hash_of(state), _state.c.expires_at > at)
    used = connection.execute(found).rowcount == 1
    connection.execute(delete(_state).where(_state.c.expires_at <= at))
    return used


def people_of_workspace(connection: Connection, platform: str, bot: str) -> list[str]:
    """Everyone who has an address in a workspace."""
    rows = connection.execute(select(_address.c.person).where(_address.c.platform == platform, _address.c.bot == bot))
    return sorted({row.person for row in rows})


def mark_workspace(connection: Connection, platform: str, bot: str, was: str, state: str) -> int:
    """Change the state of every address in a workspace that is in the state `was`; returns how many."""
    mine = (_address.c.platform == platform, _address.c.bot == bot, _address.c.state == was)
    return int(connection.execute(update(_address).where(*mine).values(state=state)).rowcount)


def refuse_waiting(connection: Connection, platform: str, bot: str, reason: str, at: datetime) -> int:
    """End what still waits to be sent into a workspace that is gone; returns how many rows there were."""
    lanes = select(_address.c.lane).where(_address.c.platform == platform, _address.c.bot == bot)
    waiting = update(_outbox).where(_outbox.c.lane.in_(lanes), _outbox.c.state == "pending")
    return int(connection.execute(waiting.values(state="blocked", reason=reason, finished=at)).rowcount)
