"""Keeps the lanes of what is under way leased, for as long as it is: a lease need not outlast a call.

So a lease is short, and a sender that was killed holds its chats for seconds. One that stood still renews before it
looks for leases that ran out, lest it takes itself for dead.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from bot.conversation.failed_events import place_of
from storage.database.open import Database
from storage.outbox import claims
from storage.outbox.claims import Claim

_log = logging.getLogger(__name__)
BEATS = 3.0  # in a lease


class Heartbeat:
    """Renews the leases of claims while they are held."""

    def __init__(self, database: Database, lease: float) -> None:
        self._database = database
        self._lease = lease
        self._held: dict[int, int] = {}  # lanes, and the fence under which each is ours
        self._beating: asyncio.Task[None] | None = None

    @contextmanager
    def holding(self, held: Iterable[Claim]) -> Iterator[None]:
        """Keep these leased meanwhile."""
        lanes = {claim.lane: claim.fence for claim in held}
        self._held |= lanes
        if self._held and self._beating is None:
            self._beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            for lane, fence in lanes.items():
                if self._held.get(lane) == fence:
                    del self._held[lane]
            if not self._held and self._beating is not None:
                self._beating.cancel()
                self._beating = None

    async def renew(self) -> None:
        """Renew what is held, where the fence is still ours."""
        held = dict(self._held)
        if not held:
            return
        try:
            await self._database.transact(partial(claims.renew, held=held, lease=timedelta(seconds=self._lease)))
        except Exception as error:  # the leases run out then, and whoever comes first settles the rows
            _log.warning("leases cannot be renewed just now", extra={"reason": place_of(error)})

    async def _beat(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(self._lease / BEATS)
                await self.renew()
