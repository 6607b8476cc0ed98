"""Timers of open prompts: when each is to be reminded of, asked again, or put away."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from storage.database.compiled_sql import Fixed, insert_or_change
from storage.tables.people import TimerRow, table_of

_timer = table_of(TimerRow)


_ARM = Fixed(
    lambda dialect: insert_or_change(_timer, dialect, "token", "kind").values(
        {name: bindparam(name) for name in ("token", "kind", "person", "due_at")}
    )
)


_DISARM = Fixed(delete(_timer).where(_timer.c.token == bindparam("of_token"), _timer.c.kind == bindparam("of_kind")))


_DROP_ALL = Fixed(delete(_timer).where(_timer.c.token == bindparam("wanted")))


_RINGING = Fixed(
    select(_timer).where(_timer.c.due_at <= bindparam("at")).order_by(_timer.c.due_at).limit(bindparam("count"))
)


def arm(connection: Connection, token: str, kind: str, *, person: str, at: datetime) -> None:
    """Set a timer of a prompt; one of the same kind is moved."""
    _ARM.run(connection, token=token, kind=kind, person=person, due_at=at)


def disarm(connection: Connection, token: str, kind: str) -> None:
    """Drop a timer."""
    _DISARM.run(connection, of_token=token, of_kind=kind)


def ringing(connection: Connection, at: datetime, count: int) -> list[Any]:
    """The timers due by `at`, as rows of token, kind, person and due_at."""
    return _RINGING.all(connection, at=at, count=count)


_RINGS = Fixed(
    select(_timer.c.token).where(
        _timer.c.token == bindparam("of_token"),
        _timer.c.kind == bindparam("of_kind"),
        _timer.c.due_at <= bindparam("at"),
    )
)


def rings(connection: Connection, token: str, kind: str, at: datetime) -> bool:
    """Whether a timer of a prompt is due by `at`."""
    return _RINGS.first(connection, of_token=token, of_kind=kind, at=at) is not None


def of_person(connection: Connection, person: str) -> list[Any]:
    """All timers of a person, as rows of token, kind, person and due_at."""
    return list(connection.execute(select(_timer).where(_timer.c.person == person).order_by(_timer.c.due_at)))


def next_timer_at(connection: Connection) -> datetime | None:
    """When the next timer of anyone rings."""
    earliest: datetime | None = connection.execute(select(func.min(_timer.c.due_at))).scalar()
    return earliest


def drop_timers_of(connection: Connection, person: str, kind: str) -> None:
    """Drop all timers of one kind of a person."""
    connection.execute(delete(_timer).where(_timer.c.person == person, _timer.c.kind == kind))


def drop_timers(connection: Connection, token: str) -> None:
    """Drop all timers of a prompt."""
    _DROP_ALL.run(connection, wanted=token)
