"""The brief before a session, sent a day ahead to the coach, or to whoever covers; sending it counts as looking."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.rhythm.quiet_hours import OPENS
from bot.coaching.sessions.brief import brief_lines
from bot.coaching.sessions.rules import BRIEF
from bot.coaching.visibility.client_views_effects import covered, practice
from bot.coaching.visibility.covered import mark
from bot.coaching.visibility.effects import note_viewed_in_place
from bot.coaching.visibility.table import cover_of
from bot.messages.outgoing import Message
from bot.model.people.client_view import ClientView
from bot.model.plan import Session
from bot.rendering.wording import Wording
from bot.time_zones import instant, local_day
from bot.transaction.card import Anew, Effects, Waited
from bot.transaction.notify import post, wording_for
from bot.transaction.unit_of_work import UnitOfWork
from storage import audit
from storage.people import addresses, engagements, people
from storage.people.people import Known
from storage.programme import agenda
from storage.programme.agenda import Entry

AGAIN = timedelta(minutes=30)  # while no chat is open


def send(unit: UnitOfWork, entry: Entry) -> None:
    """Send the brief for the session that an entry of the agenda names; none for one that is off, or has begun.

    While another coach reads for the own one it goes to them, for a session of those days; where those days have not
    begun yet, to the own coach, and on the first of them to the other one too.
    """
    views = (*practice(unit.connection, unit.known, unit.now), *covered(unit.connection, unit.known, unit.now))
    view = _of(views, entry.engagement)
    session = next((s for s in view.plan.sessions if s.id in entry.items), None) if view is not None else None
    if view is None or session is None or session.state != "planned" or session.at <= unit.now:
        agenda.finish(unit.connection, entry.id, "dropped")
        return
    if not view.covered and _to_cover(unit, view, session):
        agenda.finish(unit.connection, entry.id, "done")
        return
    if addresses.reachable(unit.connection, unit.known.id) is None:
        agenda.put_off(unit.connection, entry.id, unit.now + AGAIN)
        return
    agenda.finish(unit.connection, entry.id, "done")
    _post(unit, unit.known, view, session)


def _of(views: Iterable[ClientView], engagement: str) -> ClientView | None:
    return next((view for view in views if view.engagement.id == engagement), None)


def _to_cover(unit: UnitOfWork, view: ClientView, session: Session) -> bool:
    """Send it to whoever covers on the day of the session, now or when their days begin; say whether it has gone."""
    cover = cover_of(view.engagement, local_day(session.at, view.zone))
    reader = people.person(unit.connection, cover.coach) if cover is not None else None
    if cover is None or reader is None:
        return False
    seen = _of(covered(unit.connection, reader, unit.now), view.engagement.id)
    if seen is None and (opens := instant(cover.first, OPENS, view.zone)) is not None:
        agenda.schedule(
            unit.connection,
            person=reader.id,
            engagement=view.engagement.id,
            dialogue=BRIEF,
            day=cover.first,
            due_at=opens,
            items=(session.id,),
        )
    if seen is None or addresses.reachable(unit.connection, reader.id) is None:
        return False
    _post(unit, reader, seen, session)
    return True


def anew(connection: Connection, waited: Waited) -> Anew | None:
    """The brief for a session as it would be told now; None where it is off, or not this reader's any more."""
    known, now = waited.reader, waited.now
    views = (*practice(connection, known, now), *covered(connection, known, now))
    view = next((each for each in views if each.engagement.id in waited.about), None)
    session = next((s for s in view.plan.sessions if s.id in waited.origin), None) if view is not None else None
    if view is None or session is None or session.state != "planned":
        return None
    wording = waited.library.wording_of(known.language, known.locale, local_day(now, known.home))
    return Anew(message=_message(view, now, wording), about=(view.engagement.id,))


def _message(view: ClientView, now: datetime, wording: Wording) -> Message:
    lines = brief_lines(view, local_day(now, view.zone), now, notes=view.plan.notes)
    return Message(text="\n".join(wording.render(line) for line in (*mark(view), *lines)))


def _post(unit: UnitOfWork, reader: Known, view: ClientView, session: Session) -> None:
    message = _message(view, unit.now, wording_for(unit, reader))
    about, origin = (view.engagement.id,), f"{BRIEF} {session.id}"
    post(unit, reader, message, kind="digest", until=session.at, about=about, origin=origin)
    if view.covered:
        note_viewed_in_place(unit.connection, reader.id, [view.engagement], "brief", unit.now)
        return
    engagements.note_seen(unit.connection, reader.id, view.engagement.client, unit.now)
    audit.note_looked(unit.connection, reader.id, view.engagement.client, "brief", unit.now)


EFFECTS = Effects(name="brief", deeds={BRIEF: send}, composes={BRIEF: anew})
