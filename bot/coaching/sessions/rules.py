"""Sessions of coach and client: recurring ones laid out in the coach's zone, and when something is asked around each.

Sessions are instants; days and hours are local to whoever is asked. Nothing here reads a clock.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS
from bot.coaching.shared.places import city_of
from bot.model.people.preferences import Pause, Preferences
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan, Session
from bot.time_zones import instant, local_day, local_time

MINUTES = 60  # of a session where nothing else was said
SHORTEST, LONGEST = 15, 480  # minutes of a session
LISTED = 3  # sessions that are shown singly
FARTHEST = timedelta(days=730)  # how far ahead one may be booked
LATER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))  # to which a button moves one
MOST = 52  # sessions of one series
SERIES_FOR = timedelta(weeks=26)  # where neither the words nor the engagement say until when
BEFORE, AFTER, ECHO, NOTE, BRIEF = "before-session", "after-session", "practice-echo", "coachs-note", "brief"
CLIENTS = (BEFORE, AFTER, ECHO)
_MORNING, _EVENING = time(9), time(18)
_AHEAD, _PREPARED, _BEHIND = timedelta(hours=26), timedelta(hours=24), timedelta(hours=2)
_CLOSE, _TO_REMIND = timedelta(hours=48), timedelta(hours=3)
_TOO_LATE, _SOON = timedelta(hours=2), timedelta(minutes=30)
_ECHO_AFTER = 3
_DAY = timedelta(days=1)
_LOOK = 14  # days in which there is an open one, or nothing is asked
_BETWEEN = "|"

# -- which session ---------------------------------------------------------------------------------------------------


def session_id(engagement: str, at: datetime, said: str) -> str:
    """An id that follows from what was booked (UTC) and where it was said, so that it is booked once; 12 characters."""
    return hashlib.blake2b(f"{engagement}/{at.isoformat()}/{said}".encode(), digest_size=6).hexdigest()


def last_session(plan: Plan, now: datetime) -> Session | None:
    """The session that took place last, or None."""
    past = [s for s in plan.sessions if s.state != "cancelled" and s.ends <= now]
    return max(past, key=lambda session: session.at, default=None)


# -- recurring ones --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """What recurring sessions have in common: every so many weeks from a wall-clock time of a zone on.

    It is kept as text in `Session.series`; `key` is also the beginning of the ids of its sessions.
    """

    key: str
    every: int
    zone: str
    first: datetime

    def text(self) -> str:
        """As it is kept."""
        return _BETWEEN.join((self.key, str(self.every), self.zone, self.first.isoformat("T", "minutes")))

    def wall(self, number: int) -> datetime:
        """The naive wall-clock time that the session of that number was planned for, from 0."""
        return self.first + timedelta(weeks=self.every * number)


def series_of(session: Session) -> Series | None:
    """The series that a session belongs to, or None."""
    if not session.series:
        return None
    key, every, zone, first = session.series.split(_BETWEEN)
    return Series(key=key, every=int(every), zone=zone, first=datetime.fromisoformat(first))


def number_of(session: Session) -> int:
    """Which session of its series it is, from 0."""
    return int(session.id.rpartition("-")[2])


def in_series(plan: Plan, session: Session) -> tuple[Session, ...]:
    """All sessions of the same series in the order in which they were planned; the session alone if it has none."""
    found = [s for s in plan.sessions if s.series == session.series] if session.series else [session]
    return tuple(sorted(found, key=number_of)) if session.series else (session,)


def recurring(series: Series, until: date, *, engagement: str, minutes: int = MINUTES) -> tuple[Session, ...]:
    """Every session of a series up to a local day of its zone, that day included; at most `MOST`.

    An hour that the zone's clock leaps over becomes the first one after it, one that it shows twice the first of the
    two; a day that the zone never had is passed over.
    """
    return tuple(
        Session(id=f"{series.key}-{number}", engagement=engagement, at=at, minutes=minutes, series=series.text())
        for number, at in _instants(series, until)
    )


def _instants(series: Series, until: date) -> Iterator[tuple[int, datetime]]:
    made = 0
    for number in count():
        wall = series.wall(number)
        if wall.date() > until or made == MOST:
            return
        at = instant(wall.date(), wall.time(), series.zone)
        if at is not None:
            made += 1
            yield number, at


def series_end(plan: Plan, first: date) -> date:
    """The last day of a series for which no end was said: that of the engagement, or half a year on."""
    return plan.ends if plan.ends is not None and plan.ends >= first else first + SERIES_FOR


# -- when something is asked -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A local day, and the local hour if one is meant; without, the hour that the person chose."""

    day: date
    at: time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Diary:
    """One person's days: where they are, on which they work, when they rest."""

    zone: str
    wishes: Preferences
    pauses: tuple[Pause, ...] = ()

    def open(self, day: date) -> bool:
        """Whether it is a working day on which they do not rest."""
        rests = any(pause.covers(day) for pause in self.pauses)
        return day.weekday() in self.wishes.working_days and day not in self.wishes.holidays and not rests

    def next_open(self, day: date) -> date | None:
        """That day or the first open one after it; None when there is none in a fortnight."""
        return next((other for other in (day + _DAY * n for n in range(_LOOK)) if self.open(other)), None)

    def last_open(self, day: date) -> date | None:
        """That day or the last open one before it; None when there is none in a fortnight."""
        return next((other for other in (day - _DAY * n for n in range(_LOOK)) if self.open(other)), None)

    def local(self, at: datetime) -> datetime:
        """An instant on their clock."""
        return local_time(at, self.zone)


def client_moments(session: Session, diary: Diary, now: datetime) -> Mapping[str, Moment]:
    """On which days of theirs a client is asked around a session, by dialogue; only what still lies ahead."""
    found = {BEFORE: _before(session, diary, now), AFTER: _after(session, diary), ECHO: _echo(session, diary)}
    return {name: moment for name, moment in found.items() if moment is not None}


def is_close(session: Session, now: datetime) -> bool:
    """Too close for what was asked about it at another time to be asked again."""
    return session.at - _CLOSE <= now


def _before(session: Session, diary: Diary, now: datetime) -> Moment | None:
    """Their hour on the last working day that leaves a day and two hours; when that is over, as soon as it can be."""
    wall = diary.local(session.at - _AHEAD)
    day = diary.last_open(wall.date() if diary.wishes.at <= wall.time() else wall.date() - _DAY)
    meant = instant(day, diary.wishes.at, diary.zone) if day is not None else None
    if day is not None and meant is not None and meant > now:
        return Moment(day=day)
    return _soon(session, diary, now + _SOON)


def remind_to_prepare(session: Session, diary: Diary) -> datetime | None:
    """When somebody is reminded of the preparation (UTC): their hour on its day, if that leaves three hours."""
    day = local_day(session.at, diary.zone)
    at = instant(day, diary.wishes.at, diary.zone) if diary.open(day) else None
    return at if at is not None and at <= session.at - _TO_REMIND else None


def _soon(session: Session, diary: Diary, after: datetime) -> Moment | None:
    wall = diary.local(after)
    day, at = wall.date(), max(_minute(wall), OPENS)
    if at >= CLOSES:
        day, at = day + _DAY, OPENS
    later = diary.next_open(day)
    if later is None:
        return None
    at = at if later == day else OPENS
    moment = instant(later, at, diary.zone)
    return Moment(day=later, at=at) if moment is not None and moment <= session.at - _TOO_LATE else None


def _after(session: Session, diary: Diary) -> Moment | None:
    """Two hours after it, or the next working morning."""
    wall = diary.local(session.ends + _BEHIND)
    if diary.open(wall.date()) and OPENS <= wall.time() < CLOSES:
        return Moment(day=wall.date(), at=_minute(wall))
    day = diary.next_open(wall.date() if wall.time() < OPENS else wall.date() + _DAY)
    return Moment(day=day, at=_MORNING) if day is not None else None


def _echo(session: Session, diary: Diary) -> Moment | None:
    """Three working days after it."""
    day: date | None = local_day(session.at, diary.zone)
    for _ in range(_ECHO_AFTER):
        day = diary.next_open(day + _DAY) if day is not None else None
    return Moment(day=day) if day is not None else None


def note_moment(session: Session, diary: Diary) -> Moment | None:
    """When the coach is asked for a note: two hours after the session, or the next working morning."""
    return _after(session, diary)


def brief_at(session: Session, diary: Diary, now: datetime) -> datetime | None:
    """When the coach is sent the brief (UTC): 24 hours ahead, by daylight, at once when that is over; None if past."""
    at = session.at - _PREPARED
    wall = diary.local(at)
    if wall.time() < OPENS:
        at = instant(wall.date() - _DAY, _EVENING, diary.zone) or at
    elif wall.time() > CLOSES:
        at = instant(wall.date(), _EVENING, diary.zone) or at
    return max(at, now) if session.at > now else None


def _minute(wall: datetime) -> time:
    return wall.time().replace(second=0, microsecond=0, tzinfo=None)


# -- in words --------------------------------------------------------------------------------------------------------


def when(at: datetime, mine: str, theirs: str) -> Phrase:
    """An instant on the reader's clock, and on the other's where that shows something else."""
    here, there = local_time(at, mine), local_time(at, theirs)
    if here.utcoffset() == there.utcoffset():
        return phrase("session_when", at=here, city=city_of(mine))
    other = there.time() if there.date() == here.date() else there
    return phrase("session_when_both", at=here, city=city_of(mine), other=other, other_city=city_of(theirs))
