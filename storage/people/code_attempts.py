"""Codes that did not work: whoever tries too many in a few minutes has to wait."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from storage.tables.coach import CodeTryRow
from storage.tables.people import table_of

_try = table_of(CodeTryRow)

WITHIN = timedelta(minutes=10)
MOST = 5


def too_many(connection: Connection, lane: int, now: datetime) -> bool:
    """Whether so many codes of this chat failed in the last minutes that no other is looked at."""
    recent = select(func.count()).where(_try.c.lane == lane, _try.c.at > now - WITHIN)
    return int(connection.execute(recent).scalar_one()) >= MOST


def note(connection: Connection, lane: int, now: datetime) -> None:
    """Note a code that failed; those of this chat that count no more are dropped."""
    connection.execute(delete(_try).where(_try.c.lane == lane, _try.c.at <= now - WITHIN))
    connection.execute(insert(_try).values(lane=lane, at=now))


def forget(connection: Connection, lane: int) -> None:
    """A code worked: what failed before it counts no more."""
    connection.execute(delete(_try).where(_try.c.lane == lane))
