"""One-time codes: for a coach, for a client, for another address of somebody who is known."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from bot.model.people.engagements import OpenInvite
from storage.database.encryption import seal, unseal
from storage.tables.people import InviteRow, table_of

_invite = table_of(InviteRow)


CODE_BYTES = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Invite:
    """A code that was redeemed just now; `person` is whom a code for another address belongs to."""

    role: str
    coach: str | None
    person: str | None
    name: str
    zone: str


def new_code() -> str:
    """A one-time code of 128 bits, in characters that survive being typed, linked and spoken."""
    return secrets.token_hex(CODE_BYTES)


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def add_invite(
    connection: Connection,
    code: str,
    *,
    role: str,
    coach: str | None,
    name: str,
    zone: str,
    expires_at: datetime,
    person: str | None = None,
) -> None:
    """Store an invitation; of its code only the hash."""
    values: dict[str, Any] = {"code_hash": hash_of(code), "role": role, "coach": coach, "person": person}
    values |= {"zone": zone, "expires_at": expires_at}
    connection.execute(insert(_invite).values(name=seal(connection, name), **values))


_REF = 8  # characters of a hash; enough to tell one coach's open invitations apart


def open_invites(connection: Connection, coach: str, now: datetime) -> tuple[OpenInvite, ...]:
    """The invitations of a coach that can still be used, the one that ends first before the others."""
    rows = connection.execute(select(_invite).where(*_open_ones(coach, now)).order_by(_invite.c.expires_at))
    return tuple(
        OpenInvite(ref=row.code_hash[:_REF], name=unseal(connection, row.name), expires=row.expires_at) for row in rows
    )


def revoke(connection: Connection, coach: str, ref: str, now: datetime) -> None:
    """Take an open invitation of that coach back: its code is unknown from now on."""
    connection.execute(delete(_invite).where(*_open_ones(coach, now), _invite.c.code_hash.startswith(ref)))


def _open_ones(coach: str, now: datetime) -> tuple[Any, ...]:
    mine = (_invite.c.coach == coach, _invite.c.role == "client")
    return (*mine, _invite.c.used_at.is_(None), _invite.c.expires_at > now)


def redeem(connection: Connection, code: str, at: datetime, by: str, *, bound: bool) -> Invite | str:
    """Use a code up: the invitation, or `unknown`, `used` or `expired`. Two at once: one gets it.

    `own` is a coach's own invitation, `other` a code for a new chat tried in one that is `bound` to somebody already:
    both stay good for whoever they are meant for.
    """
    row = connection.execute(select(_invite).where(_invite.c.code_hash == hash_of(code))).first()
    if row is None:
        return "unknown"
    if row.used_at is not None:
        return "used"
    if row.expires_at <= at:
        return "expired"
    if row.person is not None and bound:
        return "other"
    if row.person is None and row.coach == by:
        return "own"
    free = and_(_invite.c.code_hash == row.code_hash, _invite.c.used_at.is_(None))
    taken = connection.execute(update(_invite).where(free).values(used_at=at, used_by=by))
    if taken.rowcount != 1:
        return "used"
    name = unseal(connection, row.name)
    return Invite(role=row.role, coach=row.coach, person=row.person, name=name, zone=row.zone)
