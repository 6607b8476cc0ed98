"""A coach's notes on a client, each with the run that wrote it."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from bot.model.plan import Note
from storage.database.compiled_sql import Fixed
from storage.serialise import opened, sealed
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import NoteRow

_note = table_of(NoteRow)
_engagement = table_of(EngagementRow)

# The notes of a coach who handed the client over are not those of the next one.
_NOTES = Fixed(
    select(_note.c.body)
    .join(_engagement, and_(_engagement.c.id == _note.c.engagement, _engagement.c.coach == _note.c.coach))
    .where(_note.c.engagement == bindparam("wanted"))
    .order_by(_note.c.at, _note.c.key)
)


def notes(connection: Connection, engagement: str) -> tuple[Note, ...]:
    """The coach's notes on a client, the oldest first; for the coach's eyes, but for what `visibility` shows."""
    return tuple(opened(connection, Note, row.body) for row in _NOTES.all(connection, wanted=engagement))


def note(connection: Connection, wanted: str) -> Note | None:
    """One note, or None."""
    body = connection.execute(select(_note.c.body).where(_note.c.id == wanted)).scalar()
    found: Note | None = None if body is None else opened(connection, Note, body)
    return found


def notes_of_run(connection: Connection, run: str) -> dict[str, str]:
    """The ids of what a run wrote, by its keys."""
    rows = connection.execute(select(_note.c.key, _note.c.id).where(_note.c.run == run)).all()
    return {row.key: row.id for row in rows}


def add(connection: Connection, note: Note, *, coach: str, run: str, key: str, at: datetime) -> None:
    """Keep a new note."""
    connection.execute(
        insert(_note).values(
            id=note.id,
            engagement=note.engagement,
            coach=coach,
            run=run,
            key=key,
            kind=note.kind,
            day=note.day,
            at=at,
            about=note.about,
            body=sealed(connection, Note, note),
        )
    )


def change(connection: Connection, note: Note) -> None:
    """Keep a note as it now is."""
    body = sealed(connection, Note, note)
    connection.execute(update(_note).where(_note.c.id == note.id).values(body=body, about=note.about, done=note.done))


def drop(connection: Connection, wanted: str) -> None:
    """Take a note out."""
    connection.execute(delete(_note).where(_note.c.id == wanted))


def drop_notes_of_run(connection: Connection, run: str) -> None:
    """Take out what a run wrote."""
    connection.execute(delete(_note).where(_note.c.run == run))
