"""Deletes stored dialogue versions that nobody is in the middle of any more."""

from datetime import datetime, timedelta
from functools import partial

from storage.conversation import versions
from storage.database.open import Database

KEPT = timedelta(days=30)  # longer than an ended dialogue can be revised


async def tick(database: Database, now: datetime) -> int:
    """Delete unused versions older than a month before `now`; returns how many."""
    return await database.transact(partial(versions.drop_unused_versions, before=now - KEPT))
