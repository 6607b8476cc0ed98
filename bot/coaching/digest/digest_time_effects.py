"""The coach's next digest, written down where the tick will find it."""

from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.digest.digest_time import next_digest
from storage.people import coaches, people
from storage.people.people import Known


def plan_digest(connection: Connection, known: Known, now: datetime) -> datetime:
    """Work out when the coach's next digest is due, where they live, and store it."""
    chosen = coaches.wishes(connection, known.id)
    due = next_digest(known.home, chosen.weekday, chosen.at, now)
    people.change_person(connection, known.id, digest_at=due)
    return due
