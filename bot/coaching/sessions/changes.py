"""A session is shown, moved or cancelled, by either side; with a client they can be off altogether. Pure."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.coaching.sessions.booking import Side, wrong_start
from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.lines import (
    STAMP,
    Button,
    back_button,
    buttons,
    cancel_button,
    on_button,
    put_button,
)
from bot.coaching.sessions.rules import FARTHEST, LATER, LISTED, in_series
from bot.coaching.shared.client_ref import ref_of
from bot.messages.readings import DateKind, DateReading, Reading
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan, Session
from bot.model.records_sessions import SessionCancelled, SessionMoved, SessionsTurned
from bot.model.replies import Notification, Reply
from bot.time_zones import local_time


def shown(side: Side) -> Reply:
    """The sessions ahead of one engagement, the nearest with buttons."""
    ahead = side.ahead
    if not ahead:
        return none_ahead(side)
    lines = [phrase("session_of", who=side.other, at=side.words(found)) for found in ahead[:LISTED]]
    more = len(ahead) - LISTED
    lines += [phrase("sessions_more", count=more)] if more > 0 else []
    others = len([s for s in ahead if s.series and s.series == ahead[0].series]) - 1
    return Reply(says=(phrase("in_lines", lines=lines),), buttons=buttons(ahead[0], max(others, 0)))


def none_ahead(side: Side) -> Reply:
    """Nothing is booked."""
    return Reply(says=(phrase("sessions_none", who=side.other, name=side.other.split()[0]),))


def moved_to(side: Side, reading: Reading, now: datetime) -> Reply:
    """The next session moves to the instant that was said; without one, ways to say it."""
    if not side.ahead:
        return none_ahead(side)
    found = side.ahead[0]
    start = reading.dates[0] if reading.dates else DateReading(kind=DateKind.NONE)
    if start.kind is DateKind.FUTURE and start.day is not None and start.at is None:
        start = replace(start, at=_same_hour(found, start.day, side.zones[0]))
    wrong = wrong_start(start, side, now)
    if wrong is not None or start.at is None:
        how = how_to_move(side, found)
        return how if start.kind is DateKind.NONE else replace(how, says=(wrong, *how.says) if wrong else how.says)
    return moved(side, found, start.at, now)


def _same_hour(found: Session, day: date, zone: str) -> datetime:
    """The hour that the session had, on another day."""
    wall = local_time(found.at, zone)
    return wall.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def how_to_move(side: Side, found: Session) -> Reply:
    """Ways to say when else, and a button for each likely time."""
    said = phrase(f"session_move_how_{side.by}", at=side.words(found), name=side.other.split()[0])
    later = tuple(put_button(found, _later(found.at, by, side.zones[0]), side.zones[0]) for by in LATER)
    return Reply(says=(said,), buttons=later)


def _later(at: datetime, by: timedelta, zone: str) -> datetime:
    """Later on the wall clock of that zone, so that a week later is the same hour."""
    return (local_time(at, zone) + by).astimezone(UTC) if by >= timedelta(days=1) else at + by


def moved(side: Side, found: Session, at: datetime, now: datetime) -> Reply:
    """A session moves to that instant, or takes place after all; a button takes it back."""
    if found.state == "planned" and found.at == at:
        return Reply(says=(phrase("session_same", at=side.words(found)),))
    if at <= now:
        return Reply(says=(phrase("session_past"),))
    changed = replace(found, at=at, state="planned", moved=found.moved + 1)
    on_again = found.state == "cancelled"
    said = phrase(
        "session_on_again" if on_again else "session_moved",
        who=side.other,
        at=side.words(changed),
        was=side.words(found),
    )
    return Reply(
        says=(said,),
        records=(SessionMoved(engagement=side.engagement.id, session=found.id, at=at, by=side.by),),
        buttons=(cancel_button(changed) if on_again else back_button(found, side.zones[0]),),
        files=(calendar_sheet(_with(side.plan, changed), now),),
    )


def cancelled(side: Side, found: tuple[Session, ...]) -> Reply:
    """Sessions do not take place; a single one can be put back by a button."""
    now = side.facts.now
    gone = tuple(replace(s, state="cancelled", moved=s.moved + 1) for s in found if s.state == "planned")
    if not gone:
        return Reply(says=(phrase("session_cancelled_already"),))
    one = len(gone) == 1
    said = (
        phrase("session_cancelled", who=side.other, at=side.words(gone[0]))
        if one
        else phrase("sessions_cancelled", who=side.other, count=len(gone), at=side.words(gone[0]))
    )
    back: tuple[Button, ...] = (on_button(gone[0]),) if one else ()
    return Reply(
        says=(said,),
        records=(SessionCancelled(engagement=side.engagement.id, sessions=tuple(s.id for s in gone), by=side.by),),
        buttons=back,
        files=(calendar_sheet(_with(side.plan, *gone), now),),
    )


def _with(plan: Plan, *changed: Session) -> tuple[Session, ...]:
    """All of the series as they are now, the changed ones in place."""
    by_id = {each.id: each for each in changed}
    return tuple(by_id.get(each.id, each) for each in in_series(plan, changed[0]))


# -- buttons ---------------------------------------------------------------------------------------------------------


def _act_move(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    if found is None or found.state != "planned" or found.at <= now:
        return Reply(says=(phrase("session_gone"),))
    return how_to_move(side, found)


def _act_cancel(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    return cancelled(side, (found,)) if found and found.at > now else Reply(says=(phrase("session_gone"),))


def _act_all(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    if found is None:
        return Reply(says=(phrase("session_gone"),))
    ahead = tuple(s for s in in_series(side.plan, found) if s.at > now)
    return cancelled(side, ahead) if ahead else Reply(says=(phrase("session_gone"),))


def _act_put(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    at = _instant(words[1]) if len(words) > 1 else None
    held = found is not None and found.state == "planned" and found.at <= now
    if found is None or at is None or held or at > now + FARTHEST:
        return Reply(says=(phrase("session_gone"),))
    return moved(side, found, at, now)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


ACTS: Mapping[str, Callable[[Side, list[str], datetime], Reply]] = {
    "move": _act_move,
    "cancel": _act_cancel,
    "all": _act_all,
    "put": _act_put,
}


# -- off altogether --------------------------------------------------------------------------------------------------


def turned(engagement: Engagement, word: str, *, off: bool) -> Reply | None:
    """What `session NAME off` or `session NAME on` comes to, and None for any other word; `off`: as it is now."""
    if word not in ("on", "off"):
        return None
    wanted, client = word == "off", engagement.client_name
    if wanted is off:
        return are_off(engagement) if off else Reply(says=(phrase("sessions_on_already", client=client),))
    said = phrase(f"told_sessions_{word}", coach=engagement.coach_name)
    told = Notification(person=engagement.client, phrase=said, about="sessions")
    return Reply(
        says=(phrase(f"sessions_turned_{word}", client=client),),
        records=(SessionsTurned(engagement=engagement.id, off=wanted),),
        tells=(told,),
        buttons=(_button(engagement, off=wanted),),
    )


def are_off(engagement: Engagement) -> Reply:
    """What the coach reads of sessions that are off, with the one tap that turns them on."""
    said = phrase("sessions_off_coach", client=engagement.client_name, name=engagement.client_name.split()[0])
    return Reply(says=(said,), buttons=(_button(engagement, off=True),))


def off_with(engagements: Collection[Engagement]) -> tuple[Phrase, ...]:
    """One line that names the clients with whom sessions are off; nothing where there are none."""
    names = ", ".join(sorted(engagement.client_name for engagement in engagements))
    return (phrase("sessions_off_with", names=names),) if names else ()


def _button(engagement: Engagement, *, off: bool) -> tuple[str, Phrase]:
    word = "on" if off else "off"
    return f"/session {ref_of(engagement.id)} {word}", phrase(f"button_sessions_{word}")
