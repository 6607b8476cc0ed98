"""Sessions: booked, moved and cancelled by either side, with what is asked around each and a word to the other side."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.coaching.programme.rules import wants
from bot.coaching.relationship.first_picture_effects import FIRST_PICTURE, comes_before
from bot.coaching.rhythm.effects import replan
from bot.coaching.sessions.lines import told_cancelled, told_moved, told_over, told_set
from bot.coaching.sessions.rules import (
    BEFORE,
    BRIEF,
    CLIENTS,
    NOTE,
    Diary,
    brief_at,
    client_moments,
    in_series,
    is_close,
    last_session,
    note_moment,
    remind_to_prepare,
)
from bot.engine.state import Run
from bot.model.people.preferences import Pace
from bot.model.plan import Session
from bot.model.records import Consented, Paused, PreferencesChanged, Record, Resumed, Travelled
from bot.model.records_sessions import SessionCancelled, SessionMoved, SessionSet, SessionsTurned
from bot.model.replies import Notification
from bot.time_zones import instant, local_day
from bot.transaction.before_yes import note_waiting, without_yes
from bot.transaction.card import Effects, Ladder
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements, people
from storage.people.engagements import change_engagement
from storage.people.people import Known
from storage.programme import agenda, sessions
from storage.programme.plans import mark_planned, plan_of

_NEAR = timedelta(days=7)  # what is asked no earlier prepares the session


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """The two who meet, and which of them speaks."""

    engagement: str
    coach: Known
    client: Known
    by: str

    @property
    def other(self) -> Known:
        """The one who is told."""
        return self.client if self.by == "coach" else self.coach

    @property
    def speaker(self) -> Known:
        """The one who acts."""
        return self.coach if self.by == "coach" else self.client


def pair_of(connection: Connection, engagement: str, speaker: str) -> Pair | None:
    """The two of an engagement, when `speaker` is one of them; else None."""
    ids = engagements.pair(connection, engagement)
    if ids is None or speaker not in ids:
        return None
    coach, client = people.person(connection, ids[0]), people.person(connection, ids[1])
    if coach is None or client is None:
        return None
    client = replace(client, name=engagements.named(connection, engagement) or client.name)
    return Pair(engagement=engagement, coach=coach, client=client, by="coach" if speaker == ids[0] else "client")


# -- what a command or dialogue wants --------------------------------------------------------------------------------


def book(unit: UnitOfWork, record: SessionSet) -> None:
    """Book sessions; one that stands already is moved where it now is to be."""
    pair = pair_of(unit.connection, record.sessions[0].engagement, unit.known.id) if record.sessions else None
    if pair is None:
        return
    known = {s.id for s in plan_of(unit.connection, pair.engagement).sessions}
    for session in (s for s in record.sessions if s.id in known):
        move(unit, SessionMoved(engagement=pair.engagement, session=session.id, at=session.at, by=record.by))
    fresh = tuple(s for s in record.sessions if s.id not in known and s.engagement == pair.engagement)
    for session in fresh:
        sessions.add(unit.connection, session, pair.by)
    if fresh:
        mark_planned(unit.connection, pair.engagement)
        _plan(unit, pair, fresh)
        _tell(unit, pair, told_set(fresh, pair.speaker.name, _zones(unit, pair), unit.now))


def move(unit: UnitOfWork, record: SessionMoved) -> None:
    """Move a session, or let one that was cancelled take place; what was to be asked around it moves with it."""
    pair, session = _found(unit, record.engagement, record.session)
    if pair is None or session is None or (session.state == "planned" and session.at == record.at):
        return
    moved = replace(session, at=record.at, state="planned", moved=session.moved + 1)
    sessions.change(unit.connection, moved)
    _unplan(unit, pair, session)
    _plan(unit, pair, (moved,))
    series = in_series(plan_of(unit.connection, pair.engagement), moved)
    _tell(unit, pair, told_moved(session, moved, series, pair.speaker.name, _zones(unit, pair), unit.now))


def cancel(unit: UnitOfWork, record: SessionCancelled) -> None:
    """Let sessions not take place; nothing is asked around them any more."""
    cancelled: list[Session] = []
    pair: Pair | None = None
    for wanted in record.sessions:
        pair, session = _found(unit, record.engagement, wanted)
        if pair is not None and session is not None and session.state == "planned":
            cancelled.append(replace(session, state="cancelled", moved=session.moved + 1))
            sessions.change(unit.connection, cancelled[-1])
            _unplan(unit, pair, session)
    if pair is not None and cancelled:
        series = in_series(plan_of(unit.connection, pair.engagement), cancelled[0])
        told = told_cancelled(tuple(cancelled), series, pair.speaker.name, _zones(unit, pair), unit.now)
        _tell(unit, pair, told)


def call_off(unit: UnitOfWork, engagement: str) -> None:
    """The coaching is over: what was booked beyond it does not take place, and leaves both calendars."""
    pair = pair_of(unit.connection, engagement, unit.known.id)
    ahead = [s for s in plan_of(unit.connection, engagement).sessions if s.state == "planned" and s.at > unit.now]
    if pair is None or not ahead:
        return
    gone = [replace(session, state="cancelled", moved=session.moved + 1) for session in ahead]
    for session in gone:
        sessions.change(unit.connection, session)
        _unplan(unit, pair, session)
    after = plan_of(unit.connection, engagement)
    for key in dict.fromkeys(session.series or session.id for session in gone):
        some = tuple(session for session in gone if (session.series or session.id) == key)
        for reader in (pair.coach, pair.client):
            told = told_over(some, in_series(after, some[0]), reader.zone_at(unit.now), unit.now)
            unit.afterwards.append(replace(told, person=reader.id))


def turn(unit: UnitOfWork, record: SessionsTurned) -> None:
    """Ask nothing around sessions any more, or again around those that are still to come; they stay as booked."""
    pair = pair_of(unit.connection, record.engagement, unit.known.id)
    if pair is None or pair.by != "coach":
        return
    change_engagement(unit.connection, record.engagement, sessions_off=record.off, planned=True)
    found = plan_of(unit.connection, record.engagement)
    ahead = tuple(s for s in found.sessions if s.state == "planned" and s.at > unit.now)
    for session in ahead:
        _unplan(unit, pair, session)
    _plan(unit, pair, ahead)


def _found(unit: UnitOfWork, engagement: str, wanted: str) -> tuple[Pair | None, Session | None]:
    pair = pair_of(unit.connection, engagement, unit.known.id)
    found = plan_of(unit.connection, engagement).sessions if pair else ()
    return pair, next((session for session in found if session.id == wanted), None)


def _zones(unit: UnitOfWork, pair: Pair) -> tuple[str, str]:
    """The zones of the one who is told, and of the one who speaks."""
    return pair.other.zone_at(unit.now), pair.speaker.zone_at(unit.now)


def _tell(unit: UnitOfWork, pair: Pair, told: Notification) -> None:
    """Tell the other side; before a client's yes nothing is told, and with it what is then still to come."""
    waits = without_yes(unit, pair.client.id, pair.engagement) if pair.by == "coach" else None
    if waits is not None:
        note_waiting(unit, waits)
    else:
        notify(unit, replace(told, person=pair.other.id))


def told_with_yes(unit: UnitOfWork, record: Consented) -> None:
    """With their yes a client hears of the sessions that are booked by then."""
    for engagement in unit.agreed if record.kind == "programme" else ():
        pair = pair_of(unit.connection, engagement, unit.known.id)
        if pair is None:
            continue
        ahead = plan_of(unit.connection, engagement).planned_sessions(unit.now)
        for key in dict.fromkeys(session.series or session.id for session in ahead):
            some = tuple(session for session in ahead if (session.series or session.id) == key)
            zones = (unit.known.zone_at(unit.now), pair.coach.zone_at(unit.now))
            told = told_set(some, pair.coach.name, zones, unit.now)
            unit.afterwards.append(replace(told, person=unit.known.id))


# -- what is asked around them ---------------------------------------------------------------------------------------


def _plan(unit: UnitOfWork, pair: Pair, sessions: tuple[Session, ...]) -> None:
    found = plan_of(unit.connection, pair.engagement)
    programme = found.programme
    for session in () if found.sessions_off else sessions:
        asked = _asked_about(unit, pair.engagement, session)
        names = [name for name in CLIENTS if wants(programme, name)]
        if is_close(session, unit.now):
            names = [name for name in names if name not in asked]
        _plan_client(unit, pair.client, session, wanted=tuple(names))
        _plan_coach(unit, pair.coach, session, note=wants(programme, NOTE))
    _picture_first(unit, pair.engagement)
    if pair.client.id != unit.known.id:
        replan(unit.connection, pair.client, unit.now)


def _asked_about(unit: UnitOfWork, engagement: str, session: Session) -> frozenset[str]:
    """What was asked around a session already; the first picture stood in for what prepares it."""
    asked = agenda.asked_about(unit.connection, engagement=engagement, items=(session.id,))
    return asked | {BEFORE} if FIRST_PICTURE in asked else asked


def _picture_first(unit: UnitOfWork, engagement: str) -> None:
    """Before the first session of all the first picture is asked, in place of what prepares the others."""
    found = plan_of(unit.connection, engagement)
    ahead = found.planned_sessions(unit.now) if last_session(found, unit.now) is None else ()
    comes_before(unit, engagement, ahead[0].id if ahead else "", instead_of=BEFORE)


def _plan_client(unit: UnitOfWork, client: Known, session: Session, *, wanted: tuple[str, ...]) -> None:
    moments = client_moments(session, diary(unit.connection, client, unit.now), unit.now)
    for dialogue in wanted:
        if dialogue in moments:
            agenda.schedule(
                unit.connection,
                person=client.id,
                engagement=session.engagement,
                dialogue=dialogue,
                day=moments[dialogue].day,
                at=moments[dialogue].at,
                items=(session.id,),
            )


def _plan_coach(unit: UnitOfWork, coach: Known, session: Session, *, note: bool) -> None:
    own = diary(unit.connection, coach, unit.now)
    brief, moment = brief_at(session, own, unit.now), note_moment(session, own)
    common: dict[str, Any] = {"person": coach.id, "engagement": session.engagement, "items": (session.id,)}
    if brief is not None:
        day = own.local(brief).date()
        agenda.schedule(unit.connection, dialogue=BRIEF, day=day, due_at=brief, **common)
    if note and moment is not None and moment.at is not None:
        due_at = instant(moment.day, moment.at, own.zone)
        agenda.schedule(unit.connection, dialogue=NOTE, day=moment.day, due_at=due_at, **common)


def _unplan(unit: UnitOfWork, pair: Pair, session: Session) -> None:
    agenda.withdraw(unit.connection, engagement=pair.engagement, items=(session.id,))
    _picture_first(unit, pair.engagement)
    if pair.client.id != unit.known.id:
        replan(unit.connection, pair.client, unit.now)


def days_changed(unit: UnitOfWork, record: Record) -> None:
    """Lay out anew what the speaker is asked around their sessions, as when they travel or rest."""
    if isinstance(record, PreferencesChanged) and not _moves_days(record):
        return
    for mine, engagement in sessions.ahead(unit.connection, unit.known.id, unit.now):
        found = plan_of(unit.connection, engagement)
        session = next(s for s in found.sessions if s.id == mine)
        agenda.withdraw(unit.connection, engagement=engagement, items=(mine,), person=unit.known.id)
        wanted = tuple(name for name in CLIENTS if wants(found.programme, name) and not found.sessions_off)
        asked = _asked_about(unit, engagement, session)
        _plan_client(unit, unit.known, session, wanted=tuple(name for name in wanted if name not in asked))
        _picture_first(unit, engagement)


def _ladder(unit: UnitOfWork, run: Run) -> Ladder | None:
    """A preparation is reminded of on the day of its session, and over when that begins."""
    ahead = [s for s in plan_of(unit.connection, run.engagement).sessions if s.state == "planned" and s.at > unit.now]
    session = min(ahead, key=lambda session: session.at, default=None)
    if session is None or session.at - unit.now > _NEAR:
        return None
    remind = remind_to_prepare(session, diary(unit.connection, unit.known, unit.now))
    wishes = unit.known.wishes
    quiet = wishes.slowdown != "normal" or wishes.pace is Pace.MINIMAL
    later = remind is not None and local_day(remind, unit.known.zone_at(remind)) > unit.today
    return Ladder(remind=remind if later and not quiet else None, expire=session.at)


def diary(connection: Connection, known: Known, now: datetime) -> Diary:
    """Somebody's days, as they are now."""
    return Diary(zone=known.zone_at(now), wishes=known.wishes, pauses=people.pauses(connection, known.id))


def _moves_days(record: PreferencesChanged) -> bool:
    return any(wished is not None for wished in (record.zone, record.at, record.working_days, record.add_holiday))


EFFECTS = Effects(
    name="sessions",
    once={SessionSet: book, SessionMoved: move, SessionCancelled: cancel, SessionsTurned: turn},
    also=dict.fromkeys((PreferencesChanged, Travelled, Paused, Resumed), days_changed) | {Consented: told_with_yes},
    ladders=dict.fromkeys((BEFORE, FIRST_PICTURE), _ladder),
)
