"""Putting on somebody's agenda what lies ahead of an engagement by itself.

A deed is an entry of the agenda without a dialogue: what is to happen at that hour, whether or not a chat is open.
"""

from datetime import date, time, timedelta

from sqlalchemy import Connection

from bot.time_zones import instant
from storage.people import engagements, people
from storage.people.people import Known
from storage.programme import agenda

BEGIN, END = "begin-closing", "end-engagement"
_DAY = timedelta(days=1)
_WORKDAYS = 14  # days looked ahead for a working one


def errand(
    connection: Connection,
    other: Known,
    engagement: str,
    dialogue: str,
    day: date,
    *,
    hour: time | None = None,
    items: tuple[str, ...] = (),
) -> None:
    """Put something on somebody's agenda outside the rhythm, at their chosen hour unless another one is named."""
    at = instant(day, hour or other.wishes.at, other.home)
    agenda.schedule(
        connection, person=other.id, engagement=engagement, dialogue=dialogue, day=day, due_at=at, items=items
    )


def working_day(other: Known, day: date) -> date:
    """That day, or the first one after it on which this client works."""
    wishes = other.wishes
    ahead = (day + _DAY * n for n in range(_WORKDAYS))
    return next((d for d in ahead if d.weekday() in wishes.working_days and d not in wishes.holidays), day)


def client_of(connection: Connection, engagement: str) -> Known | None:
    """The client of an engagement as stored."""
    return people.person(connection, engagements.parties(connection, engagement)[1])
