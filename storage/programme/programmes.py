"""Programmes: a coach's own for new clients, and the copy that each engagement keeps."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select, update

from bot.model.plan import Programme
from storage.database.compiled_sql import Fixed, insert_or_change
from storage.serialise import opened, sealed
from storage.tables.people import EngagementRow, table_of
from storage.tables.programme import ProgrammeRow

_programme = table_of(ProgrammeRow)
_engagement = table_of(EngagementRow)

_OF_COACH = Fixed(select(_programme.c.body).where(_programme.c.coach == bindparam("wanted")))
_KEEP = Fixed(
    lambda dialect: insert_or_change(_programme, dialect, "coach").values(
        {name: bindparam(name) for name in ("coach", "body")}
    )
)


def of_coach(connection: Connection, coach: str) -> Programme | None:
    """What this coach's new clients begin with, or None while nothing was chosen."""
    row = _OF_COACH.first(connection, wanted=coach)
    found: Programme | None = opened(connection, Programme, row.body) if row is not None else None
    return found


def keep_for_coach(connection: Connection, coach: str, programme: Programme) -> None:
    """New clients begin with this one from now on."""
    _KEEP.run(connection, coach=coach, body=sealed(connection, Programme, programme))


def without_words(connection: Connection, engagement: str) -> None:
    """This client's programme without what a coach worded: another coach's words are not passed off as one's own."""
    row = connection.execute(select(_engagement.c.programme).where(_engagement.c.id == engagement)).first()
    if row is not None and row.programme is not None:
        kept: Programme = opened(connection, Programme, row.programme)
        keep_for_engagement(connection, engagement, replace(kept, texts={}, questions=()))


def keep_for_engagement(connection: Connection, engagement: str, programme: Programme) -> None:
    """This client's programme from now on; dialogues under way go on as they began."""
    body = sealed(connection, Programme, programme)
    connection.execute(update(_engagement).where(_engagement.c.id == engagement).values(programme=body, planned=True))
