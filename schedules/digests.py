"""Finds coaches whose weekly digest has come due."""

import asyncio
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.messages import DigestDue
from schedules.due import SLICE, Receive
from storage import people
from storage.database import Database


async def tick(database: Database, receive: Receive, now: datetime) -> int:
    """Hand over every digest due by `now` (UTC); returns how many there were."""
    events = await database.read(partial(_due, now=now))
    await asyncio.gather(*(receive(event, now) for event in events))
    return len(events)


def _due(connection: Connection, now: datetime) -> list[DigestDue]:
    return [
        DigestDue(key=f"digest:{person}:{at.isoformat()}", person=person)
        for person, at in people.due_digests(connection, now, SLICE)
    ]
