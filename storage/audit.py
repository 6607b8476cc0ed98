"""What was done with whose data, without content: the client's access log, and the proof of consents and deletions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select

from storage.tables.audit import AuditRow
from storage.tables.people import EngagementRow, PersonRow, table_of

_audit = table_of(AuditRow)
_engagement = table_of(EngagementRow)
_person = table_of(PersonRow)

OPERATOR = "operator"
LOOKED, CONSENTED, EXPORTED, ASKED, ERASED, EXPIRED = (
    *("looked", "consented", "exported", "erasure asked", "erased", "retention"),
)
# What is kept when the person is gone: that they agreed and withdrew, and that they were deleted.
LASTING = (CONSENTED, ASKED, ERASED, EXPIRED)
SHOWN = 60  # entries of the access log


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry, as the person whose data it was may read it; `actor` is the id of a person, or "operator"."""

    at: datetime
    role: str
    actor: str
    verb: str
    kind: str


def note(
    connection: Connection,
    *,
    at: datetime,
    role: str,
    actor: str,
    verb: str,
    kind: str,
    subject: str,
    engagement: str = "",
) -> None:
    """Write an entry: ids and fixed words, never content."""
    connection.execute(
        insert(_audit).values(
            at=at, role=role, actor=actor, verb=verb, kind=kind, subject=subject, engagement=engagement
        )
    )


def note_looked(connection: Connection, coach: str, client: str, kind: str, at: datetime) -> None:
    """A coach has read something of a client; with an empty id, of everyone whose engagement shows them anything."""
    mine = select(_engagement.c.id, _engagement.c.client).where(
        _engagement.c.coach == coach,
        _engagement.c.state == "active",
        _engagement.c.confirmed,
        _engagement.c.visible != "none",
    )
    if client:
        mine = mine.where(_engagement.c.client == client)
    for row in connection.execute(mine).all():
        note(
            connection,
            at=at,
            role="coach",
            actor=coach,
            verb=LOOKED,
            kind=kind,
            subject=row.client,
            engagement=row.id,
        )


def accesses(connection: Connection, subject: str) -> list[Entry]:
    """Who has read or taken out what is a person's, the newest first; what they did themselves is left out."""
    wanted = (
        select(_audit)
        .where(_audit.c.subject == subject, _audit.c.actor != subject, _audit.c.verb.in_((LOOKED, EXPORTED)))
        .order_by(_audit.c.at.desc(), _audit.c.id.desc())
        .limit(SHOWN)
    )
    return [
        Entry(at=row.at, role=row.role, actor=row.actor, verb=row.verb, kind=row.kind)
        for row in connection.execute(wanted)
    ]


def readers(subject: str) -> Select[tuple[str]]:
    """The statement for the ids of all coaches who ever looked at something of a person."""
    return select(_audit.c.actor).where(_audit.c.subject == subject, _audit.c.verb == LOOKED)


def entries(connection: Connection, subject: str) -> list[Entry]:
    """Everything noted about a person, the oldest first."""
    wanted = select(_audit).where(_audit.c.subject == subject).order_by(_audit.c.id)
    return [
        Entry(at=row.at, role=row.role, actor=row.actor, verb=row.verb, kind=row.kind)
        for row in connection.execute(wanted)
    ]


def forget(connection: Connection, person: str) -> None:
    """Leave nothing of a person but consents and deletions; entries of what they read go too."""
    theirs = (_audit.c.subject == person) | (_audit.c.actor == person)
    connection.execute(delete(_audit).where(theirs, _audit.c.verb.not_in(LASTING)))
