"""Figures about the outbox and what an operator can do with its rows: ids, states and ages, never content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)

# A row that waits for an operator is PENDING with a reason; here that is a state of its own.
_is_held = and_(_outbox.c.state == "pending", _outbox.c.held != "")
_state = case((_is_held, "held"), else_=_outbox.c.state)
_odd = or_(_is_held, _outbox.c.state.in_(("unknown", "dead")))  # what asks for somebody's eye


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Rows by state, seconds that the oldest due row has waited, and rows whose fate is being looked into."""

    rows: dict[str, int]
    lag: float
    unresolved: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OddRow:
    """A row of the outbox as an operator may see it."""

    id: int
    state: str
    kind: str
    platform: str
    due_at: datetime
    tries: int
    reason: str


def waiting(connection: Connection, now: datetime) -> Figures:
    """The rows that are not finished; cheap, since an index holds them alone."""
    rows = _by_state(connection, _outbox.c.finished.is_(None))
    oldest: datetime | None = connection.execute(
        select(func.min(_outbox.c.due_at)).where(_outbox.c.state == "pending", _outbox.c.due_at <= now, ~_is_held)
    ).scalar()
    lag = (now - oldest).total_seconds() if oldest is not None else 0.0
    return Figures(rows=rows, lag=lag, unresolved=rows.get("unknown", 0))


def finished(connection: Connection) -> dict[str, int]:
    """How many finished rows are in each state; looks at all of them."""
    return _by_state(connection, _outbox.c.finished.is_not(None))


def _by_state(connection: Connection, where: Any) -> dict[str, int]:
    counted = select(_state.label("seen_as"), func.count()).where(where).group_by("seen_as")
    return {str(state): int(number) for state, number in connection.execute(counted)}


def odd_rows(connection: Connection, *, limit: int = 200) -> list[OddRow]:
    """The newest rows that are held, of unknown fate, or dead."""
    found = (
        select(_outbox, _lane.c.key)
        .join(_lane, _lane.c.id == _outbox.c.lane)
        .where(_odd)
        .order_by(_outbox.c.id.desc())
        .limit(limit)
    )
    return [
        OddRow(
            id=row.id,
            state="held" if row.state == "pending" else row.state,
            kind=row.kind,
            platform=row.key.split("|", 1)[0],
            due_at=row.due_at,
            tries=row.tries,
            reason=row.reason or row.held,
        )
        for row in connection.execute(found)
    ]


def odd_counts(connection: Connection) -> dict[str, int]:
    """How many rows are held, of unknown fate, or dead."""
    return _by_state(connection, _odd)
