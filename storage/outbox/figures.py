"""Figures about the outbox and what an operator can do with its rows: ids, states and ages, never content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select
from sqlmodel import col

from storage.outbox.rows import NOT_THE_OPERATORS
from storage.tables.outbox import LaneRow, OutboxRow

# A row that waits for an operator is PENDING with a reason; here that is a state of its own. One that waits for a
# client's yes, or to be composed anew, is nobody's business, and not late.
_is_held = and_(col(OutboxRow.state) == "pending", col(OutboxRow.held) != "", ~NOT_THE_OPERATORS)
_state = case((_is_held, "held"), else_=col(OutboxRow.state))
_odd = or_(_is_held, col(OutboxRow.state).in_(("unknown", "dead")))  # what asks for somebody's eye


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
    rows = _by_state(connection, col(OutboxRow.finished).is_(None))
    due = (col(OutboxRow.state) == "pending", col(OutboxRow.due_at) <= now, col(OutboxRow.held) == "")
    oldest = connection.execute(select(func.min(col(OutboxRow.due_at))).where(*due)).scalar()
    lag = (now - oldest).total_seconds() if oldest is not None else 0.0
    return Figures(rows=rows, lag=lag, unresolved=rows.get("unknown", 0))


def finished(connection: Connection) -> dict[str, int]:
    """How many finished rows are in each state; looks at all of them."""
    return _by_state(connection, col(OutboxRow.finished).is_not(None))


def _by_state(connection: Connection, where: Any) -> dict[str, int]:
    counted = select(_state.label("seen_as"), func.count()).where(where).group_by("seen_as")
    return {str(state): int(number) for state, number in connection.execute(counted)}


def odd_rows(connection: Connection, *, limit: int = 200) -> list[OddRow]:
    """The newest rows that are held, of unknown fate, or dead."""
    row = OutboxRow
    reason = func.coalesce(func.nullif(col(row.reason), ""), col(row.held))
    found = select(col(row.id), _state, col(row.kind), col(LaneRow.key), col(row.due_at), col(row.tries), reason)
    found = found.join(LaneRow, col(LaneRow.id) == col(row.lane)).where(_odd)
    return [
        OddRow(id=key, state=state, kind=kind, platform=lane.split("|", 1)[0], due_at=due, tries=tries, reason=why)
        for key, state, kind, lane, due, tries, why in connection.execute(
            found.order_by(col(row.id).desc()).limit(limit)
        )
    ]


def odd_counts(connection: Connection) -> dict[str, int]:
    """How many rows are held, of unknown fate, or dead."""
    return _by_state(connection, _odd)
