"""When coaches are away: kept by day, and told to their clients at once."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from bot.meetings import AwaySet
from bot.records import Told, phrase
from storage import engagements
from storage.ids import new_id
from storage.scene import Scene
from storage.tables import table_of
from storage.tables_sessions import AwayRow
from storage.telling import tell

_away = table_of(AwayRow)


def set_away(scene: Scene, record: AwaySet) -> None:
    """A new absence takes the place of any that is not over; without days there is none any more."""
    still = _away.c.person == scene.known.id, _away.c.last >= scene.today
    had = scene.connection.execute(select(_away.c.id).where(*still)).first() is not None
    scene.connection.execute(delete(_away).where(*still))
    if record.first is not None and record.last is not None:
        values = {"id": new_id(), "person": scene.known.id, "first": record.first, "last": record.last}
        scene.connection.execute(insert(_away).values(**values))
        said = phrase("told_away", coach=scene.known.name, first=record.first, last=record.last)
    elif had:
        said = phrase("told_back", coach=scene.known.name)
    else:
        return
    for coached in engagements.engagements_as_coach(scene.connection, scene.known.id):
        if coached.engagement.state == "active":
            tell(scene, Told(person=coached.engagement.client, phrase=said))


def away_until(connection: Connection, coaches: Iterable[str], today: date) -> dict[str, date]:
    """The last day of the absence that is on, by coach; those who are there are left out."""
    now = select(_away.c.person, _away.c.last).where(
        _away.c.person.in_(list(coaches)), _away.c.first <= today, _away.c.last >= today
    )
    return {row.person: row.last for row in connection.execute(now)}
