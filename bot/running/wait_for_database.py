"""Waits at the start for a database that is away, as while its server restarts beside us, and not for ever."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from storage.errors import CommitUncertain, DatabaseAway, DatabaseBusy

T = TypeVar("T")
_PAUSES = (0.5, 1.0, 2.0, 5.0)  # seconds between tries, the last one from then on
_AWAY = (DatabaseAway, DatabaseBusy, CommitUncertain, OperationalError, InterfaceError, OSError)

_log = logging.getLogger("throughline")


async def when_there(work: Callable[[], Awaitable[T]], *, patience: float, stop: asyncio.Event) -> T | None:
    """What `work` returns, tried again while the database is away; None if `stop` is set meanwhile.

    Raises DatabaseAway, in one line, after `patience` seconds, and at once whatever else `work` raises.
    """
    began = asyncio.get_running_loop().time()
    tried = 0
    while not stop.is_set():
        try:
            return await work()
        except _AWAY as error:
            why = str(error) if isinstance(error, DatabaseAway | DatabaseBusy) else type(error).__name__
            left = patience - (asyncio.get_running_loop().time() - began)
            if left <= 0:
                raise DatabaseAway(f"The database was waited for {patience:.0f} s and is still away: {why}") from None
            _log.warning("the database is away; waiting for it up to %.0f s more", left, extra={"reason": why})
            pause = min(_PAUSES[min(tried, len(_PAUSES) - 1)], left)
        tried += 1
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
    return None
