"""Sessions and notes of an engagement, as they stand."""

from sqlalchemy import Connection, and_, bindparam, select

from bot.model.plan import Note, Session
from storage.database.compiled_sql import Fixed
from storage.serialise import opened
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import NoteRow, SessionRow

_session = table_of(SessionRow)
_note = table_of(NoteRow)
_engagement = table_of(EngagementRow)

_SESSIONS = Fixed(
    select(_session).where(_session.c.engagement == bindparam("wanted")).order_by(_session.c.at, _session.c.id)
)
# The notes of a coach who handed the client over are not those of the next one.
_NOTES = Fixed(
    select(_note.c.body)
    .join(_engagement, and_(_engagement.c.id == _note.c.engagement, _engagement.c.coach == _note.c.coach))
    .where(_note.c.engagement == bindparam("wanted"))
    .order_by(_note.c.at, _note.c.key)
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


def notes(connection: Connection, engagement: str) -> tuple[Note, ...]:
    """The coach's notes on a client, the oldest first; for the coach's eyes, but for what `visibility` shows."""
    return tuple(opened(connection, Note, row.body) for row in _NOTES.all(connection, wanted=engagement))
