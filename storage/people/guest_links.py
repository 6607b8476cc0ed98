"""One-time links for guests: of a link only its hash is kept, with what it opens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select, update

from storage.database.encryption import seal, unseal
from storage.people.invites import hash_of
from storage.tables.guest import GuestLinkRow
from storage.tables.people import table_of

_link = table_of(GuestLinkRow)

WISH, REPORT = "wish", "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link as stored; `text` is what a report says."""

    code_hash: str
    engagement: str
    kind: str
    expires_at: datetime
    used_at: datetime | None
    text: str


def add(
    connection: Connection,
    code: str,
    *,
    engagement: str,
    kind: str,
    at: datetime,
    expires_at: datetime,
    text: str = "",
) -> None:
    """Store a link; `text` is what it shows."""
    values = {"code_hash": hash_of(code), "engagement": engagement, "kind": kind, "at": at, "expires_at": expires_at}
    connection.execute(insert(_link).values(body=seal(connection, text), **values))


def find(connection: Connection, code: str) -> Link | None:
    """The link of a code, used or not, or None."""
    row = connection.execute(select(_link).where(_link.c.code_hash == hash_of(code))).first()
    if row is None:
        return None
    return Link(
        code_hash=row.code_hash,
        engagement=row.engagement,
        kind=row.kind,
        expires_at=row.expires_at,
        used_at=row.used_at,
        text=unseal(connection, row.body),
    )


def take_back(connection: Connection, engagement: str, kind: str = "") -> int:
    """Let the links of an engagement open nothing any more, those of one kind or all; returns how many there were."""
    gone = delete(_link).where(_link.c.engagement == engagement)
    if kind:
        gone = gone.where(_link.c.kind == kind)
    return int(connection.execute(gone).rowcount)


def use(connection: Connection, link: Link, at: datetime) -> bool:
    """Use a link up; of two at once one succeeds."""
    free = and_(_link.c.code_hash == link.code_hash, _link.c.used_at.is_(None), _link.c.expires_at > at)
    return connection.execute(update(_link).where(free).values(used_at=at)).rowcount == 1
