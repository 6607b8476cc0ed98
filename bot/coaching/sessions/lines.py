"""What the other side is told of a session or a note: words, the file for the calendar, and the way back."""

from datetime import datetime

from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.rules import series_of, when
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note, Session
from bot.model.replies import Notification
from bot.time_zones import local_day, local_time

STAMP = "%Y%m%dT%H%M"
Zones = tuple[str, str]  # of whoever reads, and of the other one
Button = tuple[str, Phrase]  # a command, and what the button says
WORD_REPLIES = ("useful", "not_now", "talk")


def stamp(at: datetime) -> str:
    """An instant (UTC) as it stands in a command."""
    return at.strftime(STAMP)


def told_set(sessions: tuple[Session, ...], who: str, zones: Zones, now: datetime) -> Notification:
    """Sessions were booked; `person` is filled in by whoever sends it."""
    first = sessions[0]
    said = phrase("told_session_set", who=who, booked=booked(sessions, zones))
    return Notification(person="", phrase=said, buttons=buttons(first), file=calendar_sheet(sessions, now))


def told_moved(
    was: Session, now_is: Session, series: tuple[Session, ...], who: str, zones: Zones, now: datetime
) -> Notification:
    """A session was moved, or is on again; the button takes it back."""
    at = when(now_is.at, *zones)
    if was.state == "cancelled":
        said, back = phrase("told_session_on", who=who, at=at), cancel_button(now_is)
    else:
        said = phrase("told_session_moved", who=who, at=at, was=when(was.at, *zones))
        back = back_button(was, zones[0])
    return Notification(person="", phrase=said, buttons=(back,), file=calendar_sheet(series, now))


def told_cancelled(
    cancelled: tuple[Session, ...], series: tuple[Session, ...], who: str, zones: Zones, now: datetime
) -> Notification:
    """Sessions were cancelled; the button lets a single one take place after all."""
    if len(cancelled) == 1:
        said = phrase("told_session_cancelled", who=who, at=when(cancelled[0].at, *zones))
        back: tuple[Button, ...] = (on_button(cancelled[0]),)
    else:
        said = phrase("told_sessions_cancelled", who=who, count=len(cancelled), at=when(cancelled[0].at, *zones))
        back = ()
    return Notification(person="", phrase=said, buttons=back, file=calendar_sheet(series, now))


def told_over(cancelled: tuple[Session, ...], series: tuple[Session, ...], zone: str, now: datetime) -> Notification:
    """The coaching has ended before these sessions: they leave the calendar."""
    said = phrase("told_sessions_over", count=len(cancelled), at=local_time(cancelled[0].at, zone))
    return Notification(person="", phrase=said, file=calendar_sheet(series, now))


def booked(sessions: tuple[Session, ...], zones: Zones) -> Phrase:
    """What was booked: one session, or the first of several, how often, and the last."""
    series = series_of(sessions[0])
    if series is None or len(sessions) == 1:
        return when(sessions[0].at, *zones)
    last = local_day(sessions[-1].at, zones[0])
    return phrase(
        "session_series",
        at=when(sessions[0].at, *zones),
        count=len(sessions),
        weeks=phrase("every_weeks", count=series.every),
        last=last,
    )


# -- buttons ---------------------------------------------------------------------------------------------------------


def buttons(session: Session, others: int = 0) -> tuple[Button, ...]:
    """Move and cancel; all of a series too, when there are others in it."""
    found: tuple[Button, ...] = (move_button(session), cancel_button(session))
    return (*found, (f"/session all {session.id}", phrase("button_cancel_all"))) if others else found


def move_button(session: Session) -> Button:
    """The way to another time."""
    return (f"/session move {session.id}", phrase("button_move"))


def cancel_button(session: Session) -> Button:
    """Let it not take place."""
    return (f"/session cancel {session.id}", phrase("button_cancel"))


def on_button(session: Session) -> Button:
    """Let it take place after all."""
    return (f"/session put {session.id} {stamp(session.at)}", phrase("button_on_again"))


def back_button(was: Session, zone: str) -> Button:
    """Back to where it was."""
    return put_button(was, was.at, zone)


def put_button(session: Session, at: datetime, zone: str) -> Button:
    """To an instant, named on the reader's clock."""
    return (f"/session put {session.id} {stamp(at)}", phrase("button_put", at=local_time(at, zone)))


# -- a word ----------------------------------------------------------------------------------------------------------


def told_word(note: Note, coach: str) -> Notification:
    """A coach's word on what a client did, and three ways to answer it."""
    answers = tuple((f"/word {note.id} {reply}", phrase(f"word_{reply}")) for reply in WORD_REPLIES)
    return Notification(person="", phrase=phrase("told_word", coach=coach, text=note.text), buttons=answers)
