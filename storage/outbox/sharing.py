"""Rows that tell a coach of clients: under which state of sharing each was composed, and whether it is so still."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.messages.outgoing import Message
from storage.outbox.lanes import Waiting
from storage.outbox.rows import COMPOSING
from storage.serialise import sealed
from storage.tables.outbox import OutboxRow
from storage.tables.people import EngagementRow, table_of

_outbox = table_of(OutboxRow)
_engagement = table_of(EngagementRow)
_BETWEEN = " "  # between engagements; in one, a colon stands before the number


def about(connection: Connection, engagements: Iterable[str]) -> str:
    """What a row keeps that tells of these engagements: each with its state of sharing as it is now."""
    wanted = sorted(set(engagements))
    states = _states(connection, wanted)
    return _BETWEEN.join(f"{each}:{states.get(each, -1)}" for each in wanted)


def told_of(kept: str) -> tuple[str, ...]:
    """The engagements that a row tells of."""
    return tuple(part.partition(":")[0] for part in kept.split())


def _states(connection: Connection, wanted: Sequence[str]) -> dict[str, int]:
    if not wanted:
        return {}
    rows = connection.execute(select(_engagement.c.id, _engagement.c.sharing).where(_engagement.c.id.in_(wanted)))
    return {row.id: row.sharing for row in rows}


def stale(connection: Connection, rows: Sequence[Waiting]) -> frozenset[int]:
    """The rows among these that tell of somebody who shares otherwise now than when they were composed."""
    kept = {row.id: row.row.about for row in rows if row.row.about}
    states = _states(connection, sorted({each for about in kept.values() for each in told_of(about)}))
    now = {f"{each}:{number}" for each, number in states.items()}
    return frozenset(wanted for wanted, about in kept.items() if not now.issuperset(about.split()))


def stamp(connection: Connection, told: dict[str, tuple[str, ...]]) -> None:
    """Note the state of sharing that an event leaves behind for what it told, by the key of each row."""
    for dedup, engagements in told.items():
        values = {"about": about(connection, engagements)}
        connection.execute(update(_outbox).where(_outbox.c.dedup == dedup).values(**values))


def to_compose(connection: Connection) -> list[Any]:
    """Rows that wait to be composed anew: id, person, about, origin, composed and due_at."""
    columns = ("id", "person", "about", "origin", "composed", "due_at")
    waiting = select(*(_outbox.c[name] for name in columns))
    return list(connection.execute(waiting.where(_outbox.c.state == "pending", _outbox.c.held == COMPOSING)).all())


def composed(connection: Connection, row: Any, message: Message, about: str) -> None:
    """Put what was composed anew in place of what a row said; it may leave again."""
    same = (_outbox.c.id == row.id, _outbox.c.state == "pending", _outbox.c.held == COMPOSING)
    values = {"body": sealed(connection, Message, message), "about": about, "composed": row.composed + 1, "held": ""}
    connection.execute(update(_outbox).where(*same).values(**values))


def let_be(connection: Connection, row: Any, reason: str, at: datetime) -> None:
    """Cancel a row of which nothing is to be told any more."""
    same = (_outbox.c.id == row.id, _outbox.c.state == "pending", _outbox.c.held == COMPOSING)
    values = {"state": "cancelled", "reason": reason, "held": "", "finished": at}
    connection.execute(update(_outbox).where(*same).values(**values))
