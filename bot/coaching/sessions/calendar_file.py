"""A session, or a series of them, as a file that calendars take: neutral titles, no names, nothing confidential.

A file always holds all of one series under one UID, with what was moved and left out, so that a calendar which opens it
again replaces what it had. It is published, as nobody is invited by a file that a person opens (RFC 5546, 3.2.1: an
ORGANIZER, no ATTENDEE); what is off says so by its STATUS and a higher SEQUENCE (RFC 5545, 3.8.7.4).
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.coaching.sessions.rules import Series, number_of, series_of
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Session
from bot.model.replies import Sheet

if TYPE_CHECKING:
    from icalendar import Event

MEDIA = "text/calendar"
_TITLE = "THE-TITLE"  # stands for the reader's word for a session
_LINE = _TITLE + "\r\n"  # a phrase loses the spaces at its ends, so its own text holds the end of this line
_MAKER = "-//Throughline//Sessions//EN"
_DOMAIN = "throughline"
_ORGANIZER = "mailto:nobody@throughline.invalid"  # one is required, nobody is named, and no mail can go there
_AROUND = timedelta(days=400)  # so that both changes of the clocks are in it


def calendar_sheet(sessions: tuple[Session, ...], now: datetime) -> Sheet:
    """The file of a session, or of all sessions of one series in their order, as it stands at `now`.

    When none of them is on any more, what it holds is cancelled. Raises ValueError without any session.
    """
    text = _calendar(sessions, now)
    head, _, tail = text.partition(_LINE)
    parts = tail.split(_LINE)
    body: Phrase | str = parts[-1]
    for part in reversed(parts[:-1]):
        body = phrase("session_file", head=part, title=phrase("session_title"), tail=body)
    filled = phrase("session_file", head=head, title=phrase("session_title"), tail=body)
    return Sheet(name="session.ics", media=MEDIA, text=filled, caption=phrase("session_file_caption"))


def _calendar(sessions: tuple[Session, ...], now: datetime) -> str:
    from icalendar import Calendar  # costs 80 ms, and only a booking needs it

    if not sessions:
        raise ValueError("a calendar file needs a session")
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    sequence = sum(session.moved for session in sessions)
    series = series_of(sessions[0])
    if series is None:
        calendar.add_component(_single(sessions[0], now, sequence))
    else:
        for event in _recurring(sessions, series, now, sequence):
            calendar.add_component(event)
        calendar.add_missing_timezones(first_date=series.first.date() - _AROUND, last_date=_last(sessions) + _AROUND)
    return str(calendar.to_ical(), "utf-8")


def _single(session: Session, now: datetime, sequence: int) -> "Event":
    event = _event(session.id, now, sequence, cancelled=session.state == "cancelled")
    event.add("dtstart", session.at)
    event.add("duration", timedelta(minutes=session.minutes))
    return event


def _recurring(sessions: tuple[Session, ...], series: Series, now: datetime, sequence: int) -> "list[Event]":
    """The rule, with the days that are left out; and an exception for each session that is at another time."""
    zone = ZoneInfo(series.zone)
    by_number = {number_of(session): session for session in sessions}
    whole = all(session.state == "cancelled" for session in sessions)
    master = _event(series.key, now, sequence, cancelled=whole)
    master.add("dtstart", series.first.replace(tzinfo=zone))
    master.add("duration", timedelta(minutes=sessions[0].minutes))
    master.add("rrule", {"freq": "weekly", "interval": series.every, "count": max(by_number) + 1})
    events = [master]
    for number in range(max(by_number) + 1):
        session, wall = by_number.get(number), series.wall(number).replace(tzinfo=zone)
        if session is None or (session.state == "cancelled" and not whole):
            master.add("exdate", wall)
        elif session.at != wall and not whole:
            moved = _event(series.key, now, sequence)
            moved.add("recurrence-id", wall)
            moved.add("dtstart", session.at)
            moved.add("duration", timedelta(minutes=session.minutes))
            events.append(moved)
    return events


def _last(sessions: tuple[Session, ...]) -> date:
    return max(session.at for session in sessions).date()


def _event(key: str, now: datetime, sequence: int, *, cancelled: bool = False) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{key}@{_DOMAIN}")
    event.add("dtstamp", now)
    event.add("sequence", sequence)
    event.add("organizer", _ORGANIZER)
    event.add("summary", _TITLE)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event
