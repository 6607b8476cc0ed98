"""Sessions of an engagement, as they stand."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.model.plan import Session
from storage.database.compiled_sql import Fixed
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import SessionRow

_session = table_of(SessionRow)
_engagement = table_of(EngagementRow)

_SESSIONS = Fixed(
    select(_session).where(_session.c.engagement == bindparam("wanted")).order_by(_session.c.at, _session.c.id)
)
_MINE = Fixed(
    select(_session.c.id, _session.c.engagement)
    .join(_engagement, _engagement.c.id == _session.c.engagement)
    .where(
        _engagement.c.client == bindparam("wanted"),
        _session.c.state == "planned",
        _session.c.at > bindparam("after"),
    )
)


def sessions(connection: Connection, engagement: str) -> tuple[Session, ...]:
    """The sessions of an engagement in the order of their time, cancelled ones too."""
    return tuple(
        Session(
            id=row.id,
            engagement=row.engagement,
            at=row.at,
            minutes=row.minutes,
            state=row.state,
            series=row.series,
            moved=row.moved,
        )
        for row in _SESSIONS.all(connection, wanted=engagement)
    )


def ahead(connection: Connection, client: str, now: datetime) -> list[tuple[str, str]]:
    """The sessions of a client that are still to come, each with its engagement."""
    return [(row.id, row.engagement) for row in _MINE.all(connection, wanted=client, after=now)]


def add(connection: Connection, session: Session, by: str) -> None:
    """Book a session that was not booked before; `by` is "coach" or "client"."""
    values = {"id": session.id, "engagement": session.engagement, "at": session.at, "minutes": session.minutes}
    connection.execute(insert(_session).values(**values, series=session.series, by=by))


def change(connection: Connection, session: Session) -> None:
    """Keep when a session is, whether it takes place, and how often it was moved."""
    values = {"at": session.at, "state": session.state, "moved": session.moved}
    connection.execute(update(_session).where(_session.c.id == session.id).values(**values))
