"""Absences of coaches: kept by their local days, told to their clients at once."""

from datetime import UTC, date, datetime, time, timedelta

from bot.coaching.practice import cover_effects
from bot.model.phrases import Phrase, phrase
from bot.model.records_sessions import AwaySet
from bot.model.replies import Notification
from bot.transaction.before_yes import withdrawn
from bot.transaction.card import Effects
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements, people
from storage.people.people import Known
from storage.programme import absences

_ABOUT = "away"


def set_away(unit: UnitOfWork, record: AwaySet) -> None:
    """A new absence takes the place of any that is not over; without days there is none any more.

    Whoever read meanwhile reads no more, and each client is asked anew where somebody is to read.
    """
    if not unit.known.coach:
        return
    cover_effects.end(unit)
    had = absences.drop(unit.connection, unit.known.id, unit.today)
    if record.first is not None and record.last is not None:
        cover = _cover(unit, record.cover)
        said, until = _absent(unit, record, record.first, record.last, cover), _over(record.last)
    elif had:
        said, until = phrase("told_back", coach=unit.known.name), None
    else:
        return
    for coached in engagements.engagements_as_coach(unit.connection, unit.known.id):
        engagement = coached.engagement
        unheard = until is None and withdrawn(unit, engagement.id, _ABOUT)
        if engagement.state == "active" and not unheard:
            told = Notification(person=engagement.client, phrase=said, engagement=engagement.id, about=_ABOUT)
            notify(unit, told, expires_at=until)


def _over(last: date) -> datetime:
    """When nobody needs to hear of an absence any more (UTC)."""
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def _cover(unit: UnitOfWork, wanted: str) -> Known | None:
    """Another coach of this installation, or nobody."""
    found = people.person(unit.connection, wanted) if wanted and wanted != unit.known.id else None
    return found if found is not None and found.coach else None


def _absent(unit: UnitOfWork, record: AwaySet, first: date, last: date, cover: Known | None) -> Phrase:
    """Write the absence, and have the clients asked; what they are told."""
    coach, reader = unit.known.name, cover.id if cover is not None else ""
    absence = absences.add(unit.connection, unit.known.id, first, last, reader)
    if cover is None:
        return phrase("told_away", coach=coach, first=first, last=last)
    cover_effects.ask(unit, absence, cover)
    notify(unit, Notification(person=cover.id, phrase=phrase("cover_named", coach=coach, first=first, last=last)))
    return phrase("told_away_covered", coach=coach, first=first, last=last, cover=cover.name)


EFFECTS = Effects(name="away", once={AwaySet: set_away})
