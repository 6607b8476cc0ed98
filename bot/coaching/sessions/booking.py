"""A session is booked: one engagement as one of its two sides sees it, and what a coach's words come to. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.lines import Zones, booked, buttons
from bot.coaching.sessions.rules import (
    FARTHEST,
    LONGEST,
    MINUTES,
    SHORTEST,
    Series,
    recurring,
    series_end,
    session_id,
    when,
)
from bot.messages.readings import DateKind, DateReading, Reading
from bot.model.facts import Facts
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan, Session
from bot.model.records_sessions import SessionSet
from bot.model.replies import Reply
from bot.time_zones import local_time

_LENGTH = re.compile(r"\b(\d{2,3})\s*min", re.IGNORECASE)


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


def sides_of(facts: Facts) -> list[Side]:
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


def side_with(wanted: str, facts: Facts) -> Side | None:
    """The engagement that has that session; nobody else's."""
    return next((side for side in sides_of(facts) if side.session(wanted) is not None), None)


# -- booking ---------------------------------------------------------------------------------------------------------


def book(side: Side, rest: str, reading: Reading, now: datetime) -> Reply:
    """The session or the series that a coach's words name, or what is wrong with them."""
    start = reading.dates[0] if reading.dates else DateReading(kind=DateKind.NONE)
    wrong = wrong_start(start, side, now)
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
    until = min(said or series_end(side.plan, wall.date()), wall.date() + FARTHEST)
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
        return min(max(int(found[1]), SHORTEST), LONGEST)
    return side.plan.sessions[-1].minutes if side.plan.sessions else MINUTES


def wrong_start(start: DateReading, side: Side, now: datetime) -> Phrase | None:
    """What is wrong with an instant as a session's beginning; None when nothing is."""
    if start.kind is DateKind.PAST or (start.at is not None and start.at <= now):
        return phrase("session_past")
    if start.kind is not DateKind.FUTURE or start.day is None:
        return phrase("session_unread")
    if start.day > side.facts.today + FARTHEST:
        return phrase("wrong_far_date")
    return phrase("session_what_hour", who=side.other) if start.at is None else None
