"""Rows of which nobody knows whether they arrived: taken over, looked for, settled. The states: `bot.delivery`."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, literal_column, or_, select, true, update

from storage.database.compiled_sql import Fixed
from storage.errors import Unreadable
from storage.outbox.claims import Claim, release
from storage.outbox.lanes import PENDING, Waiting, parcel_of, passed, waiting, whole
from storage.outbox.rate_limits import STEPPED, database_clock
from storage.outbox.rows import REPLY
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import table_of

_log = logging.getLogger(__name__)
_outbox = table_of(OutboxRow)
_lane = table_of(LaneRow)
_UNKNOWN = literal_column("outbox.state") == literal_column("'unknown'")
_SENDING = literal_column("outbox.state") == literal_column("'sending'")


def _open(dialect: str, state: ColumnElement[bool]) -> Select[Any]:
    unfinished = (state, _outbox.c.finished.is_(None), _outbox.c.id > bindparam("after"))
    found = whole().where(*unfinished).order_by(_outbox.c.id).limit(bindparam("count"))
    return found.with_for_update(of=_lane, skip_locked=True) if dialect == "postgresql" else found


_LEASE_OVER = Fixed(lambda dialect: _open(dialect, and_(_SENDING, passed(_lane.c.lease_until))))
_ANY_SENDING = Fixed(lambda dialect: _open(dialect, and_(_SENDING, true())))
_TAKE_OVER = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "sending")
    .values(
        state="unknown",
        fence=bindparam("new_fence"),
        reason=bindparam("new_reason"),
        doubts=_outbox.c.doubts + 1,
        looks=0,
        looked_at=None,
    )
)
_FENCED = Fixed(
    update(_lane)
    .where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("old_fence"))
    .values(fence=bindparam("new_fence"), lease_until=bindparam("until"), touched_at=bindparam("clock"))
)
SILENT = "its sender fell silent"


def overdue(connection: Connection, count: int, *, alone: bool = False) -> int:
    """Up to `count` rows in SENDING whose lease has run out become UNKNOWN; returns how many.

    `alone` says that no other process can be sending, as at the start of one that holds the database for itself.
    """
    clock = database_clock(connection)
    if alone:
        rows = _ANY_SENDING.all(connection, count=count, after=0)
    else:
        rows = _LEASE_OVER.all(connection, clock=clock, later=clock + STEPPED, count=count, after=0)
    _FENCED.many(connection, [_fenced(row, clock, None) for row in rows])
    _TAKE_OVER.many(
        connection, [{"row": row.id, "new_fence": row.lane_fence + 1, "new_reason": SILENT} for row in rows]
    )
    return len(rows)


def _fenced(row: Any, clock: datetime, until: datetime | None) -> dict[str, Any]:
    fence = row.lane_fence
    return {"of_lane": row.lane, "old_fence": fence, "new_fence": fence + 1, "until": until, "clock": clock}


_LOOKABLE = or_(
    _outbox.c.looked_at.is_(None),
    _outbox.c.looked_at <= bindparam("before", type_=_outbox.c.due_at.type),
    _outbox.c.looked_at > bindparam("later", type_=_outbox.c.due_at.type),
)
_DOUBTFUL = Fixed(lambda dialect: _open(dialect, and_(_UNKNOWN, passed(_lane.c.lease_until), _LOOKABLE)))


def doubtful(connection: Connection, *, apart: timedelta, lease: timedelta, count: int, after: int = 0) -> list[Claim]:
    """Rows whose fate is open, for recovery, their lanes leased, in the order of their ids from `after` on.

    Not those that were looked for within `apart`.
    """
    clock = database_clock(connection)
    rows = _DOUBTFUL.all(connection, clock=clock, later=clock + STEPPED, before=clock - apart, count=count, after=after)
    _FENCED.many(connection, [_fenced(row, clock, clock + lease) for row in rows])
    found = []
    for row in map(waiting, rows):
        try:
            found.append(Claim(of=row, fence=row.fence + 1, parcel=parcel_of(connection, row)))
        except Unreadable:
            _leave_be(connection, row, clock)
    return found


_RESOLVE = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "unknown", _outbox.c.finished.is_(None))
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        message_id=bindparam("new_message"),
        finished=bindparam("clock"),
    )
)
_LOOKED = Fixed(
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"), _outbox.c.state == "unknown")
    .values(looks=bindparam("number"), looked_at=bindparam("clock"))
)


def _leave_be(connection: Connection, row: Waiting, clock: datetime) -> None:
    """Leave a row in doubt for good that can be neither looked for nor sent again, and free its lane."""
    reason = "in doubt, and it cannot be read"
    _RESOLVE.run(connection, row=row.id, new_state="unknown", new_reason=reason, new_message="", clock=clock)
    freed = {"of_lane": row.lane, "old_fence": row.fence + 1, "new_fence": row.fence + 2, "until": None, "clock": clock}
    _FENCED.run(connection, **freed)
    _log.error("a message in doubt is left be", extra={"kind": row.kind, "key": row.id, "reason": reason})


_HELD_FENCE = Fixed(
    select(_lane.c.fence).where(_lane.c.id == bindparam("of_lane"), _lane.c.fence == bindparam("with_fence"))
)


def resolve(connection: Connection, claim: Claim, state: str, reason: str, *, message_id: str = "") -> bool:
    """Settle a row whose fate was open, where the fence is ours: sent, pending (once more), or unknown for good."""
    if _HELD_FENCE.first(connection, of_lane=claim.lane, with_fence=claim.fence) is None:
        return False
    clock = None if state == "pending" else database_clock(connection)
    done = _RESOLVE.run(
        connection, row=claim.id, new_state=state, new_reason=reason, new_message=message_id, clock=clock
    )
    release(connection, claim)
    return done == 1


def looked(connection: Connection, claim: Claim, *, absent: bool) -> None:
    """Note that a row was looked for; `absent` when the platform said that it is not there."""
    clock = database_clock(connection)
    _LOOKED.run(connection, row=claim.id, number=claim.of.looks + absent, clock=clock)
    release(connection, claim)


def age(connection: Connection, rows: Iterable[Claim]) -> dict[int, tuple[float, bool]]:
    """For each row: seconds since it was claimed, and whether a reply waits behind it."""
    clock = database_clock(connection)
    found = list(rows)
    lanes = [claim.lane for claim in found]
    behind = connection.execute(
        select(_outbox.c.lane).where(
            PENDING, _outbox.c.lane.in_(lanes), _outbox.c.urgency == REPLY, _outbox.c.held == ""
        )
    ).scalars()
    held_up = set(behind)
    return {claim.id: ((clock - (claim.of.claimed or clock)).total_seconds(), claim.lane in held_up) for claim in found}
