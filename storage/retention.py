"""What has been kept long enough: found beside the writer, dropped in slices."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, or_, select, update

from bot.model.facts import Preferences
from storage.errors import Unreadable
from storage.serialise import load
from storage.tables.audit import AuditRow
from storage.tables.outbox import OutboxRow
from storage.tables.people import EngagementRow, InboxRow, InviteRow, PersonRow, table_of

_audit, _inbox, _invite = table_of(AuditRow), table_of(InboxRow), table_of(InviteRow)
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
    finished = and_(_outbox.c.finished.is_not(None), _outbox.c.due_at < before)
    return _found(connection, (_outbox, finished), (_inbox, _inbox.c.at < before))


def old_codes(connection: Connection, before: datetime) -> list[Old]:
    """Codes that expired before an instant; they hold the name of whoever was invited."""
    return _found(connection, (_invite, _invite.c.expires_at < before))


def old_audit(connection: Connection, before: datetime) -> list[Old]:
    """Entries of the audit from before an instant."""
    return _found(connection, (_audit, _audit.c.at < before))


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
    over = and_(_engagement.c.state.in_(OVER), _engagement.c.closed.is_(None))
    connection.execute(update(_engagement).where(over).values(closed=today))


def ended(connection: Connection, today: date, longest: timedelta) -> list[EndRun]:
    """The engagements whose time is over: the longest that anything is kept, or less where the client said so."""
    over = select(_engagement.c.id, _engagement.c.client, _engagement.c.closed, _person.c.wishes, _person.c.coach)
    over = over.join(_person, _person.c.id == _engagement.c.client)
    done = or_(_engagement.c.state.in_(OVER), _engagement.c.phase.in_(AFTERWARDS))
    over = over.where(done, _engagement.c.closed.is_not(None))
    found = []
    for row in connection.execute(over).all():
        try:
            chosen = timedelta(days=load(Preferences, row.wishes).keep_days)
        except Unreadable:
            chosen = longest
        if row.closed + min(longest, chosen) > today:
            continue
        others = select(_engagement.c.id).where(
            or_(_engagement.c.client == row.client, _engagement.c.coach == row.client), _engagement.c.id != row.id
        )
        alone = not row.coach and connection.execute(others.limit(1)).first() is None
        found.append(EndRun(engagement=row.id, client=row.client, alone=alone))
    return found
