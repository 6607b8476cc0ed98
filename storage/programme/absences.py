"""Absences of coaches, by their local days, and who reads meanwhile."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from storage.ids import new_id
from storage.people import engagements
from storage.tables.people import table_of
from storage.tables.sessions import AwayRow

_away = table_of(AwayRow)


def away_until(connection: Connection, coaches: Iterable[str], today: date) -> dict[str, date]:
    """The last day of the absence that is on, by coach; those who are there are left out."""
    now = select(_away.c.person, _away.c.last).where(
        _away.c.person.in_(list(coaches)), _away.c.first <= today, _away.c.last >= today
    )
    return {row.person: row.last for row in connection.execute(now)}


def leave(connection: Connection, coach: str) -> None:
    """A coach is gone: they read in nobody's place any more, and calls go to the clients' own coaches again."""
    for coached in engagements.engagements_as_cover(connection, coach):
        engagements.change_engagement(connection, coached.engagement.id, covered=False)
    connection.execute(update(_away).where(_away.c.cover == coach).values(cover=""))


def add(connection: Connection, coach: str, first: date, last: date, cover: str) -> str:
    """Note an absence, from the first to the last of these local days; `cover` reads meanwhile. Returns its id."""
    absence = new_id()
    connection.execute(insert(_away).values(id=absence, person=coach, first=first, last=last, cover=cover))
    return absence


def drop(connection: Connection, coach: str, today: date) -> bool:
    """Drop what is not over by that local day; whether there was anything."""
    still = (_away.c.person == coach, _away.c.last >= today)
    return connection.execute(delete(_away).where(*still)).rowcount > 0
