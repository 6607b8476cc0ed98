"""Ends previews that a coach has left alone."""

from datetime import datetime
from functools import partial

from bot.conversation.preview import end_idle
from storage.database.open import Database


async def tick(database: Database, now: datetime) -> int:
    """Give back the chats of previews that began more than a day before `now`; returns how many."""
    return await database.transact(partial(end_idle, now=now))
