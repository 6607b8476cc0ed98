"""The coach's next digest, written down where the tick will find it."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.time_zones import instant, local_day
from storage.people import coaches, people
from storage.people.people import Known

_DAYS = 15  # a week may lack its day altogether, where a zone changed sides of the date line


def plan_digest(connection: Connection, known: Known, now: datetime) -> datetime:
    """Work out when the coach's next digest is due, where they live, and store it."""
    chosen = coaches.wishes(connection, known.id)
    due = next_digest(known.home, chosen.weekday, chosen.at, now)
    people.change_person(connection, known.id, digest_at=due)
    return due


def next_digest(zone: str, weekday: int, at: time, now: datetime) -> datetime:
    """The next instant (UTC) after `now` at which it is `at` on that weekday (Monday = 0) in the coach's zone."""
    day: date = local_day(now, zone)
    for ahead in range(_DAYS):
        on = day + timedelta(days=ahead)
        due = instant(on, at, zone) if on.weekday() == weekday else None
        if due is not None and due > now:
            return due
    return now + timedelta(days=7)
