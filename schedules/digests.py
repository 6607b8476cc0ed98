"""Finds coaches whose weekly digest has come due."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.messages.incoming import DigestDue
from schedules.due import SLICE, Receive, hand_over
from storage.database.open import Database
from storage.people import people


async def tick(database: Database, receive: Receive, now: datetime) -> int:
    """Hand over every digest due by `now` (UTC); returns how many there were."""
    events = await database.read(partial(_due, now=now))
    await hand_over(receive, events, now)
    return len(events)


def _due(connection: Connection, now: datetime) -> list[DigestDue]:
    return [
        DigestDue(key=f"digest:{person}:{at.isoformat()}", person=person)
        for person, at in people.due_digests(connection, now, SLICE)
    ]
