"""Absences of coaches: kept by their local days, told to their clients at once."""

from datetime import date

from sqlalchemy import delete, insert, select

from bot.coaching.practice import cover_effects as covers
from bot.model.phrases import Phrase, phrase
from bot.model.records_sessions import AwaySet
from bot.model.replies import Told
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage import engagements, people
from storage.ids import new_id
from storage.people import Known
from storage.tables.people import table_of
from storage.tables.sessions import AwayRow

_away = table_of(AwayRow)


def set_away(scene: Scene, record: AwaySet) -> None:
    """A new absence takes the place of any that is not over; without days there is none any more.

    Whoever read meanwhile reads no more, and each client is asked anew where somebody is to read.
    """
    if not scene.known.coach:
        return
    still = _away.c.person == scene.known.id, _away.c.last >= scene.today
    had = scene.connection.execute(select(_away.c.id).where(*still)).first() is not None
    covers.end(scene)
    scene.connection.execute(delete(_away).where(*still))
    if record.first is not None and record.last is not None:
        cover = _cover(scene, record.cover)
        said = _absent(scene, record, record.first, record.last, cover)
    elif had:
        said = phrase("told_back", coach=scene.known.name)
    else:
        return
    for coached in engagements.engagements_as_coach(scene.connection, scene.known.id):
        if coached.engagement.state == "active":
            tell(scene, Told(person=coached.engagement.client, phrase=said))


def _cover(scene: Scene, wanted: str) -> Known | None:
    """Another coach of this installation, or nobody."""
    found = people.person(scene.connection, wanted) if wanted and wanted != scene.known.id else None
    return found if found is not None and found.coach else None


def _absent(scene: Scene, record: AwaySet, first: date, last: date, cover: Known | None) -> Phrase:
    """Write the absence, and have the clients asked; what they are told."""
    absence, coach = new_id(), scene.known.name
    values = {"id": absence, "person": scene.known.id, "first": first, "last": last}
    scene.connection.execute(insert(_away).values(**values, cover=cover.id if cover is not None else ""))
    if cover is None:
        return phrase("told_away", coach=coach, first=first, last=last)
    covers.ask(scene, absence, cover)
    tell(scene, Told(person=cover.id, phrase=phrase("cover_named", coach=coach, first=first, last=last)))
    return phrase("told_away_covered", coach=coach, first=first, last=last, cover=cover.name)
