"""`session`: a coach books, either side sees, moves and cancels. Pure, from a reading and the facts to a reply."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.rules import MINUTES, Series, in_series, recurring, series_end, session_id, when
from bot.coaching.sessions.switch import are_off, off_with, turned
from bot.coaching.sessions.words import (
    Button,
    Zones,
    back_button,
    booked,
    buttons,
    cancel_button,
    on_button,
    put_button,
)
from bot.coaching.shared.find_client import Found, about_client
from bot.coaching.shared.roles import is_client
from bot.local_time import local_time
from bot.messages import DateKind, DateReading, Reading
from bot.model.facts import ClientView, Engagement, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan, Session
from bot.model.records_sessions import SessionCancelled, SessionMoved, SessionSet
from bot.model.replies import Reply

_LENGTH = re.compile(r"\b(\d{2,3})\s*min", re.IGNORECASE)
_SHORTEST, _LONGEST = 15, 480  # minutes
_LISTED = 3
_FARTHEST = timedelta(days=730)
_STAMP = "%Y%m%dT%H%M"
_LATER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One engagement as one of the two sees it: `zones` are the own and the other's."""

    engagement: Engagement
    plan: Plan
    by: str
    zones: Zones
    facts: Facts

    @property
    def other(self) -> str:
        """The name of the other one."""
        return self.engagement.client_name if self.by == "coach" else self.engagement.coach_name

    @property
    def ahead(self) -> tuple[Session, ...]:
        """What is planned."""
        return self.plan.planned_sessions(self.facts.now)

    def session(self, wanted: str) -> Session | None:
        """The session of that id."""
        return next((s for s in self.plan.sessions if s.id == wanted), None)

    def words(self, session: Session) -> Phrase:
        """When it is, on both clocks."""
        return when(session.at, *self.zones)


def session(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """Everything about sessions: a button's own words first, then the coach's sentence, then the client's."""
    words = reading.rest.split()
    act = _ACTS.get(reading.means(words[0])) if words else None
    side = _side_of(words[1], facts) if act is not None and len(words) > 1 else None
    if act is not None and side is not None and not side.plan.sessions_off:
        return act(side, words[1:], now)
    if facts.person.coach and (words or not is_client(facts)):
        return _coachs(reading, facts, now)
    if is_client(facts):
        return _clients(reading, facts, now)
    return Reply(says=(phrase("no_role"),))


# -- whose sessions --------------------------------------------------------------------------------------------------


def _sides(facts: Facts) -> list[Side]:
    """Every running engagement of this person, as a coach or as a client."""
    zones = {view.engagement.id: view.zone for view in facts.practice}
    found = []
    for own in facts.engagements:
        by = "coach" if own.coach == facts.person.id else "client"
        if own.state != "active" or (by == "coach" and not own.confirmed):
            continue
        other = own.coach_zone if by == "client" else zones.get(own.id, own.client_zone)
        pair = (facts.person.zone, other)
        found.append(Side(engagement=own, plan=facts.plan_of(own.id), by=by, zones=pair, facts=facts))
    return found


def _side_of(wanted: str, facts: Facts) -> Side | None:
    """The engagement that has that session; nobody else's."""
    return next((side for side in _sides(facts) if side.session(wanted) is not None), None)


# -- the coach -------------------------------------------------------------------------------------------------------


def _coachs(reading: Reading, facts: Facts, now: datetime) -> Reply:
    own = {side.engagement.id: side for side in _sides(facts) if side.by == "coach"}
    if not reading.rest.strip():
        return _all_of(list(own.values()), now)

    def with_client(view: ClientView, found: Found) -> Reply:
        side = own.get(view.engagement.id)
        if side is None:
            return Reply(says=(phrase("session_not_yet", client=view.engagement.client_name),))
        return _with_client(side, found.rest, reading, now)

    return about_client("session", reading.rest, facts, with_client, more=True)


def _with_client(side: Side, rest: str, reading: Reading, now: datetime) -> Reply:
    words = [reading.means(word) for word in rest.split()]
    switched = turned(side.engagement, words[0], off=side.plan.sessions_off) if len(words) == 1 else None
    if switched is not None or side.plan.sessions_off:
        return switched or are_off(side.engagement)
    if not words:
        return _shown(side)
    if words[0] == "cancel":
        return _cancelled(side, side.ahead[:1]) if side.ahead else _none(side)
    if words[0] == "move":
        return _moved_to(side, reading, now)
    return _booked(side, rest, reading, now)


def _all_of(sides: list[Side], now: datetime) -> Reply:
    """What is planned with everybody."""
    ahead = sorted(((s, side) for side in sides for s in side.ahead[:2]), key=lambda pair: pair[0].at)
    off = off_with([side.engagement for side in sides if side.plan.sessions_off])
    if not ahead:
        return Reply(says=off if off and len(sides) == 1 else (phrase("sessions_none_coach"), *off))
    lines = [phrase("session_of", who=side.other, at=side.words(found)) for found, side in ahead]
    return Reply(says=(phrase("in_lines", lines=[phrase("sessions_heading"), *lines]), phrase("session_how"), *off))


def _booked(side: Side, rest: str, reading: Reading, now: datetime) -> Reply:
    start = reading.dates[0] if reading.dates else DateReading(kind=DateKind.NONE)
    wrong = _wrong(start, side, now)
    if wrong is not None or start.at is None:
        return Reply(says=(wrong or phrase("session_what_hour", who=side.other),))
    minutes = _minutes(rest, side)
    if not reading.every:
        made: tuple[Session, ...] = (
            Session(
                id=session_id(side.engagement.id, start.at, now.isoformat()),
                engagement=side.engagement.id,
                at=start.at,
                minutes=minutes,
            ),
        )
    else:
        made = _series(side, start.at, reading, minutes, now)
    if not made:
        return Reply(says=(phrase("session_series_empty"),))
    return _set(side, made, now)


def _series(side: Side, first: datetime, reading: Reading, minutes: int, now: datetime) -> tuple[Session, ...]:
    zone = side.facts.person.zone
    wall = local_time(first, zone).replace(tzinfo=None)
    key = session_id(side.engagement.id, first, now.isoformat())
    series = Series(key=key, every=reading.every, zone=zone, first=wall)
    said = reading.dates[1].day if len(reading.dates) > 1 else None
    until = min(said or series_end(side.plan, wall.date()), wall.date() + _FARTHEST)
    return recurring(series, until, engagement=side.engagement.id, minutes=minutes)


def _set(side: Side, made: tuple[Session, ...], now: datetime) -> Reply:
    others = len(made) - 1
    return Reply(
        says=(phrase("session_set", who=side.other, booked=booked(made, side.zones)),),
        records=(SessionSet(sessions=made, by=side.by),),
        buttons=buttons(made[0], others),
        files=(calendar_sheet(made, now),),
    )


def _minutes(rest: str, side: Side) -> int:
    """As long as was said, or as the one before."""
    found = _LENGTH.search(rest)
    if found is not None:
        return min(max(int(found[1]), _SHORTEST), _LONGEST)
    return side.plan.sessions[-1].minutes if side.plan.sessions else MINUTES


def _wrong(start: DateReading, side: Side, now: datetime) -> Phrase | None:
    if start.kind is DateKind.PAST or (start.at is not None and start.at <= now):
        return phrase("session_past")
    if start.kind is not DateKind.FUTURE or start.day is None:
        return phrase("session_unread")
    if start.day > side.facts.today + _FARTHEST:
        return phrase("wrong_far_date")
    return phrase("session_what_hour", who=side.other) if start.at is None else None


# -- the client ------------------------------------------------------------------------------------------------------


def _clients(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """What comes next, with each coach; with a day and an hour, the next one moves there."""
    sides = [side for side in _sides(facts) if side.by == "client"]
    booked_ones = [side for side in sides if side.ahead]
    off = [side.engagement for side in sides if side.plan.sessions_off]
    if not booked_ones and off:
        return Reply(says=tuple(phrase("sessions_off_client", coach=own.coach_name) for own in off))
    if not booked_ones:
        return Reply(says=(phrase("sessions_none_client"),))
    words = reading.rest.split()
    if not words:
        return _clients_list(booked_ones)
    nearest = min(booked_ones, key=lambda side: side.ahead[0].at)
    if reading.means(words[0]) == "cancel":
        return _cancelled(nearest, nearest.ahead[:1])
    return _moved_to(nearest, reading, now)


def _clients_list(sides: list[Side]) -> Reply:
    if len(sides) == 1:
        return _shown(sides[0])
    shown = [_shown(side) for side in sides]
    says = tuple(said for reply in shown for said in reply.says)
    nearest = min(sides, key=lambda side: side.ahead[0].at)
    return Reply(says=says, buttons=buttons(nearest.ahead[0]))


# -- both ------------------------------------------------------------------------------------------------------------


def _shown(side: Side) -> Reply:
    ahead = side.ahead
    if not ahead:
        return _none(side)
    lines = [phrase("session_of", who=side.other, at=side.words(found)) for found in ahead[:_LISTED]]
    more = len(ahead) - _LISTED
    lines += [phrase("sessions_more", count=more)] if more > 0 else []
    others = len([s for s in ahead if s.series and s.series == ahead[0].series]) - 1
    return Reply(says=(phrase("in_lines", lines=lines),), buttons=buttons(ahead[0], max(others, 0)))


def _none(side: Side) -> Reply:
    return Reply(says=(phrase("sessions_none", who=side.other, name=side.other.split()[0]),))


def _moved_to(side: Side, reading: Reading, now: datetime) -> Reply:
    """The next session moves to the instant that was said; without one, ways to say it."""
    if not side.ahead:
        return _none(side)
    found = side.ahead[0]
    start = reading.dates[0] if reading.dates else DateReading(kind=DateKind.NONE)
    if start.kind is DateKind.FUTURE and start.day is not None and start.at is None:
        start = replace(start, at=_same_hour(found, start.day, side.zones[0]))
    wrong = _wrong(start, side, now)
    if wrong is not None or start.at is None:
        how = _how_to_move(side, found)
        return how if start.kind is DateKind.NONE else replace(how, says=(wrong, *how.says) if wrong else how.says)
    return _moved(side, found, start.at, now)


def _same_hour(found: Session, day: date, zone: str) -> datetime:
    """The hour that the session had, on another day."""
    wall = local_time(found.at, zone)
    return wall.replace(year=day.year, month=day.month, day=day.day).astimezone(UTC)


def _how_to_move(side: Side, found: Session) -> Reply:
    said = phrase(f"session_move_how_{side.by}", at=side.words(found), name=side.other.split()[0])
    later = tuple(put_button(found, _later(found.at, by, side.zones[0]), side.zones[0]) for by in _LATER)
    return Reply(says=(said,), buttons=later)


def _later(at: datetime, by: timedelta, zone: str) -> datetime:
    """Later on the wall clock of that zone, so that a week later is the same hour."""
    return (local_time(at, zone) + by).astimezone(UTC) if by >= timedelta(days=1) else at + by


def _moved(side: Side, found: Session, at: datetime, now: datetime) -> Reply:
    if found.state == "planned" and found.at == at:
        return Reply(says=(phrase("session_same", at=side.words(found)),))
    if at <= now:
        return Reply(says=(phrase("session_past"),))
    moved = replace(found, at=at, state="planned", moved=found.moved + 1)
    on_again = found.state == "cancelled"
    said = phrase(
        "session_on_again" if on_again else "session_moved", who=side.other, at=side.words(moved), was=side.words(found)
    )
    return Reply(
        says=(said,),
        records=(SessionMoved(engagement=side.engagement.id, session=found.id, at=at, by=side.by),),
        buttons=(cancel_button(moved) if on_again else back_button(found, side.zones[0]),),
        files=(calendar_sheet(_with(side.plan, moved), now),),
    )


def _cancelled(side: Side, found: tuple[Session, ...]) -> Reply:
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
    return _how_to_move(side, found)


def _act_cancel(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    return _cancelled(side, (found,)) if found and found.at > now else Reply(says=(phrase("session_gone"),))


def _act_all(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    if found is None:
        return Reply(says=(phrase("session_gone"),))
    ahead = tuple(s for s in in_series(side.plan, found) if s.at > now)
    return _cancelled(side, ahead) if ahead else Reply(says=(phrase("session_gone"),))


def _act_put(side: Side, words: list[str], now: datetime) -> Reply:
    found = side.session(words[0])
    at = _instant(words[1]) if len(words) > 1 else None
    held = found is not None and found.state == "planned" and found.at <= now
    if found is None or at is None or held or at > now + _FARTHEST:
        return Reply(says=(phrase("session_gone"),))
    return _moved(side, found, at, now)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


_ACTS: Mapping[str, Callable[[Side, list[str], datetime], Reply]] = {
    "move": _act_move,
    "cancel": _act_cancel,
    "all": _act_all,
    "put": _act_put,
}
SESSION_COMMANDS = {"session": session}
