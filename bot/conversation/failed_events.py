"""Events that raise: kept, said in the log, answered kindly, and, where the clock brought them, tried again.

What people sent is kept as failed and waits for `throughline inbox retry`. What fell due is put off and tried again by
itself after each of `WAITS`; when the last try has raised too, it is kept as failed: an occurrence is dropped with that
reason and the next one planned, a digest waits for its week, a timer or an errand for the replay. Nothing here reads
what may have been the cause, or else does without it; so one poison event never holds up another.
"""

import logging
import traceback
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from bot.conversation import due_events, joining
from bot.conversation.due_events import Due
from bot.engine.library import Library
from bot.messages.incoming import Event, Inbound, Outcome, Receipt
from storage.conversation import conversations
from storage.database.open import Database
from storage.errors import StorageError, UnitError, Unreadable
from storage.meta import verify_keys

FAILED = Receipt(outcome=Outcome.FAILED)
DUPLICATE = Receipt(outcome=Outcome.DUPLICATE)
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
_DATABASE = (StorageError, SQLAlchemyError, OSError)
_OWN_FAULT = (Unreadable, UnitError, IntegrityError, DataError)  # of the event or of its rows, not of the database

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionChosen:
    """How a failure was put down: new or seen before, after so many tries, and when it is tried again."""

    new: bool
    tries: int = 1
    again_at: datetime | None = None


def of_the_database(error: Exception) -> bool:
    """Whether the database, and not the event, is at fault: then nothing was taken, and the event may come again."""
    return isinstance(error, _DATABASE) and not isinstance(error, _OWN_FAULT)


async def keep(database: Database, event: Event, now: datetime, error: Exception, library: Library) -> Receipt:
    """Put an event that raised away at the instant `now` (UTC), and say so in one line without anybody's words.

    Raises what the database raises when it cannot store that.
    """
    if isinstance(error, Unreadable):
        await database.transact(verify_keys)  # if nothing opens any more it is not the event's fault
    reason = place_of(error)
    if isinstance(event, Inbound):
        kept = await _keep_said(database, event, now, reason, library)
    else:
        kept = await database.transact(partial(put_off, event=event, now=now, reason=reason))
        if kept.again_at is None:
            await _give_up(database, event, now, reason)
    _tell(event, kept, reason)
    return FAILED if kept.new else DUPLICATE


def _tell(event: Event, kept: RetentionChosen, reason: str) -> None:
    kind = event.content.sort if isinstance(event, Inbound) else event.sort
    told = {"kind": kind, "reason": reason, "tries": kept.tries}
    if not isinstance(event, Inbound):
        told["key"] = due_events.thing_of(event)
    if kept.again_at is not None:
        _log.warning("a due event raised and is tried again", extra=told | {"again_at": kept.again_at.isoformat()})
    elif kept.new:
        _log.error("an event raised and is kept as failed: `throughline inbox list`", extra=told)


def place_of(error: Exception) -> str:
    """What was raised and where; not its message, which may hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


# -- what people sent ------------------------------------------------------------------------------------------------


async def _keep_said(
    database: Database, event: Inbound, now: datetime, reason: str, library: Library
) -> RetentionChosen:
    said = partial(_keep_and_say, event=event, now=now, reason=reason)
    try:
        return await database.transact(partial(said, library=library))
    except Exception as error:
        if of_the_database(error):
            raise
    return await database.transact(partial(said, library=None))  # who it was cannot be read either


def _keep_and_say(
    connection: Connection, event: Inbound, now: datetime, reason: str, library: Library | None
) -> RetentionChosen:
    """Keep an event that raised, say one kind line, and let those behind it pass."""
    if conversations.fail_again(connection, event.key, reason=reason):
        return RetentionChosen(new=True)
    lane = event.address.lane
    if not conversations.fail(connection, event.key, at=now, kind=Event, event=event, reason=reason, lane=lane):
        return RetentionChosen(new=False)
    if library is not None:
        joining.say(connection, event, "failed", now, library)
    return RetentionChosen(new=True)


# -- what fell due ---------------------------------------------------------------------------------------------------


def put_off(connection: Connection, event: Due, now: datetime, reason: str) -> RetentionChosen:
    """Let a due thing that raised wait for its next try; none is left when `again_at` is None."""
    key = due_events.thing_of(event)
    tries = conversations.fail_due(
        connection,
        key,
        at=now,
        kind=Event,
        event=replace(event, key=key),
        reason=reason,
        person=event.person,
        limit=len(WAITS),
    )
    if tries > len(WAITS):
        return RetentionChosen(new=True, tries=tries)
    again_at = now + WAITS[tries - 1]
    due_events.put_off(connection, event, again_at)
    return RetentionChosen(new=True, tries=tries, again_at=again_at)


async def _give_up(database: Database, event: Due, now: datetime, reason: str) -> None:
    """Keep what was tried often enough from coming due again."""
    try:
        await database.transact(partial(due_events.let_go, event=event, now=now, reason=f"failed: {reason}"))
    except Exception as error:
        if of_the_database(error):
            raise
        await database.transact(partial(due_events.put_off, event=event, until=None))
