"""What was done with whose data, without content: the client's access log, and the proof of consents and deletions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, delete, insert, select
from sqlmodel import col

from storage.tables.audit import AuditRow
from storage.tables.people import EngagementRow

OPERATOR = "operator"
LOOKED, CONSENTED, EXPORTED, ASKED, ERASED, EXPIRED, RECONNECTED = (
    *("looked", "consented", "exported", "erasure asked", "erased", "retention", "reconnected"),
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
        insert(AuditRow).values(
            at=at, role=role, actor=actor, verb=verb, kind=kind, subject=subject, engagement=engagement
        )
    )


def note_looked(connection: Connection, coach: str, client: str, kind: str, at: datetime) -> None:
    """A coach has read something of a client; with an empty id, of everyone whose engagement shows them anything."""
    mine = select(col(EngagementRow.id), col(EngagementRow.client)).where(
        col(EngagementRow.coach) == coach,
        col(EngagementRow.state) == "active",
        col(EngagementRow.confirmed),
        col(EngagementRow.visible) != "none",
    )
    if client:
        mine = mine.where(col(EngagementRow.client) == client)
    for engagement, subject in connection.execute(mine).all():
        note(
            connection,
            at=at,
            role="coach",
            actor=coach,
            verb=LOOKED,
            kind=kind,
            subject=subject,
            engagement=engagement,
        )


def accesses(connection: Connection, subject: str) -> list[Entry]:
    """Who has read or taken out what is a person's, or led a new chat to it, the newest first; not they themselves."""
    taken = col(AuditRow.verb).in_((LOOKED, EXPORTED, RECONNECTED))
    wanted = _of(subject).where(col(AuditRow.actor) != subject, taken)
    newest = wanted.order_by(col(AuditRow.at).desc(), col(AuditRow.id).desc()).limit(SHOWN)
    return _entries(connection, newest)


def readers(subject: str) -> Select[str]:
    """The statement for the ids of all coaches who ever looked at something of a person."""
    return select(col(AuditRow.actor)).where(col(AuditRow.subject) == subject, col(AuditRow.verb) == LOOKED)


def entries(connection: Connection, subject: str) -> list[Entry]:
    """Everything noted about a person, the oldest first."""
    return _entries(connection, _of(subject).order_by(col(AuditRow.id)))


def _of(subject: str) -> Select[datetime, str, str, str, str]:
    row = AuditRow
    wanted = select(col(row.at), col(row.role), col(row.actor), col(row.verb), col(row.kind))
    return wanted.where(col(row.subject) == subject)


def _entries(connection: Connection, wanted: Select[datetime, str, str, str, str]) -> list[Entry]:
    rows = connection.execute(wanted)
    return [Entry(at=at, role=role, actor=actor, verb=verb, kind=kind) for at, role, actor, verb, kind in rows]


def forget(connection: Connection, person: str) -> None:
    """Leave nothing of a person but consents and deletions; entries of what they read go too."""
    theirs = (col(AuditRow.subject) == person) | (col(AuditRow.actor) == person)
    connection.execute(delete(AuditRow).where(theirs, col(AuditRow.verb).not_in(LASTING)))
