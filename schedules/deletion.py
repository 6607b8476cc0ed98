"""Forgets what has been kept long enough: messages, what could be taken back, ended engagements, codes, the audit.

The shortest of the times that apply wins: ours, or what the client chose. Each step looks for its rows beside the
writer and deletes them in slices.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.coaching.shared.retention_period import KEPT_AFTER_THE_END
from bot.coaching.undo.commands import UNDO_WITHIN
from bot.engine.library import Library
from storage import expired_rows
from storage.database.open import Database
from storage.erasure import SLICE, erase_engagement, erase_person
from storage.ownership import batches

MESSAGES = timedelta(days=90)  # what the bot said and what came in; the chats keep their own history
AUDIT = timedelta(days=730)  # consents and deletions
CODES = timedelta(days=30)  # a code after it has expired

Finder = Callable[[Connection], list[expired_rows.Old]]


async def tick(database: Database, library: Library, now: datetime) -> int:
    """Delete everything that is due for it at `now` (UTC); returns how many rows there were."""
    gone = await _forget(database, partial(expired_rows.old_messages, before=now - MESSAGES))
    gone += await _forget(database, partial(expired_rows.old_codes, before=now - CODES))
    gone += await _forget(database, partial(expired_rows.old_changes, before=now - UNDO_WITHIN))
    gone += await _forget(database, partial(expired_rows.old_audit, before=now - AUDIT))
    return gone + await _ended(database, library, now)


async def _forget(database: Database, find: Finder) -> int:
    """Delete what is found, until nothing more is."""
    gone = 0
    while found := await database.read(find):
        before = gone
        for old in found:
            for some in batches(old.keys, SLICE):
                gone += await database.transact(partial(expired_rows.drop, table=old.table, keys=some))
        if gone == before:  # held by something else: it is looked for again next time
            break
    return gone


async def _ended(database: Database, library: Library, now: datetime) -> int:
    """Erase clients whose last engagement ended long enough ago, and single engagements of those who go on."""
    former = library.wordings["en"].say("former_coach")
    await database.transact(partial(expired_rows.mark_closed, today=now.date()))
    gone = 0
    for ended in await database.read(partial(expired_rows.ended, today=now.date(), longest=KEPT_AFTER_THE_END)):
        if ended.alone:
            counts = await erase_person(
                database, ended.client, now=now, actor=expired_rows.RETENTION, former=former, vacuum=False
            )
        else:
            counts = await erase_engagement(database, ended.engagement)
        gone += sum(counts.values())
    if gone:
        await database.vacuum()
    return gone
