"""What has been kept long enough: found beside the writer, dropped in slices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, or_, select, update
from sqlmodel import col

from bot.model.people.preferences import Preferences
from storage.errors import Unreadable
from storage.serialise import load
from storage.tables.audit import AuditRow
from storage.tables.ledger import LedgerRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import EngagementRow, InboxRow, InviteRow, PersonRow, table_of

_audit, _inbox, _invite, _ledger = (table_of(row) for row in (AuditRow, InboxRow, InviteRow, LedgerRow))
_outbox, _engagement, _person = table_of(OutboxRow), table_of(EngagementRow), table_of(PersonRow)

RETENTION = "retention"  # who erased, in the audit
OVER = ("closed", "ended")  # states of an engagement
AFTERWARDS = ("follow_up", "ended")  # phases of one that was closed
_AT_ONCE = 5_000  # rows found in one look


@dataclass(frozen=True, kw_only=True, slots=True)
class Old:
    """Rows of one table that may go, by the values of their one key."""

    table: str
    keys: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EndRun:
    """An engagement whose time is over; `alone` when its client has no other one and coaches nobody."""

    engagement: str
    client: str
    alone: bool


def old_messages(connection: Connection, before: datetime) -> list[Old]:
    """What the bot said and has finished with, and what came in, before an instant."""
    finished = and_(col(OutboxRow.finished).is_not(None), col(OutboxRow.due_at) < before)
    return _found(connection, (_outbox, finished), (_inbox, col(InboxRow.at) < before))


def old_codes(connection: Connection, before: datetime) -> list[Old]:
    """Codes that expired before an instant; they hold the name of whoever was invited."""
    return _found(connection, (_invite, col(InviteRow.expires_at) < before))


def old_audit(connection: Connection, before: datetime) -> list[Old]:
    """Entries of the audit from before an instant."""
    return _found(connection, (_audit, col(AuditRow.at) < before))


def old_changes(connection: Connection, before: datetime) -> list[Old]:
    """What could be taken back until an instant."""
    return _found(connection, (_ledger, col(LedgerRow.at) < before))


def _found(connection: Connection, *wanted: tuple[Table, Any]) -> list[Old]:
    found = []
    for table, where in wanted:
        (key,) = table.primary_key.columns
        keys = tuple(connection.execute(select(key).where(where).limit(_AT_ONCE)).scalars())
        found += [Old(table=table.name, keys=keys)] if keys else []
    return found


def drop(connection: Connection, table: str, keys: Iterable[Any]) -> int:
    """Delete rows by their key; returns how many there were."""
    of = _outbox.metadata.tables[table]
    (key,) = of.primary_key.columns
    return int(connection.execute(delete(of).where(key.in_(list(keys)))).rowcount)


def mark_closed(connection: Connection, today: date) -> None:
    """From today on the retention of what is over runs, where nobody has noted the day."""
    over = and_(col(EngagementRow.state).in_(OVER), col(EngagementRow.closed).is_(None))
    connection.execute(update(EngagementRow).where(over).values(closed=today))


def ended(connection: Connection, today: date, longest: timedelta) -> list[EndRun]:
    """The engagements whose time is over: the longest that anything is kept, or less where the client said so."""
    row, person = EngagementRow, PersonRow
    over = select(col(row.id), col(row.client), col(row.closed), col(person.wishes), col(person.coach))
    over = over.join(PersonRow, col(person.id) == col(row.client))
    done = or_(col(EngagementRow.state).in_(OVER), col(EngagementRow.phase).in_(AFTERWARDS))
    over = over.where(done, col(EngagementRow.closed).is_not(None))
    found = []
    for engagement, client, closed, wishes, coaches in connection.execute(over).all():
        try:
            chosen = timedelta(days=load(Preferences, wishes).keep_days)
        except Unreadable:
            chosen = longest
        if closed is None or closed + min(longest, chosen) > today:
            continue
        theirs = or_(col(EngagementRow.client) == client, col(EngagementRow.coach) == client)
        others = select(col(EngagementRow.id)).where(theirs, col(EngagementRow.id) != engagement)
        alone = not coaches and connection.execute(others.limit(1)).first() is None
        found.append(EndRun(engagement=engagement, client=client, alone=alone))
    return found
