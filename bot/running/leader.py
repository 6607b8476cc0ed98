"""One of several processes does what only one may: chosen through the database, replaced within seconds when it dies.

Theory of operation. A lease in the database, by its clock, is renewed long before it runs out. A process counts itself
as chosen only for as long as its last renewal surely holds, on its own steady clock, which also runs while it is
stopped: one that wakes after a SIGSTOP knows that it is no longer chosen before it does anything else.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from math import inf

from sqlalchemy.exc import DBAPIError

from storage.database.open import Database
from storage.errors import StorageError
from storage.outbox import leases

SPAN, EVERY, SURE = 5.0, 1.5, 4.0  # seconds: a lease, between renewals, and how long we count on one

_log = logging.getLogger(__name__)
_TROUBLE = (StorageError, DBAPIError, OSError)


class Lead:
    """Whether this process, known as `holder`, is the one chosen for `name`; `run` has to run beside."""

    def __init__(self, database: Database, name: str, holder: str) -> None:
        self._database = database
        self._name = name
        self._holder = holder
        self._sure_until = 0.0
        self._changed = asyncio.Event()

    @property
    def chosen(self) -> bool:
        """Whether it is this process's turn, surely."""
        return asyncio.get_running_loop().time() < self._sure_until

    async def run(self) -> None:
        """Ask for the lease and renew it, for ever; cancel to stop, and another process may have it at once."""
        try:
            while True:
                await self.ask()
                await asyncio.sleep(EVERY)
        finally:
            self._sure_until = 0.0
            self._changed.set()
            with contextlib.suppress(*_TROUBLE):
                await self._database.transact(partial(leases.give_up, name=self._name, holder=self._holder))

    async def ask(self) -> None:
        """Ask once; when the database does not answer, what we have runs out by itself."""
        began, before = asyncio.get_running_loop().time(), self.chosen
        take = partial(leases.take, name=self._name, holder=self._holder, span=timedelta(seconds=SPAN))
        try:
            ours = await self._database.transact(take)
        except _TROUBLE as error:
            _log.warning("%s: the lease cannot be renewed: %s", self._name, type(error).__name__)
            return
        self._sure_until = began + SURE if ours else 0.0
        if ours != before:
            _log.info("%s: %s", self._name, "this process does it now" if ours else "another process does it")
        self._changed.set()

    async def hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work while this process is chosen, from the beginning each time that it is; for ever."""
        while True:
            await self._until(chosen=True)
            doing = asyncio.ensure_future(work())
            lost = asyncio.ensure_future(self._until(chosen=False))
            try:
                await asyncio.wait([doing, lost], return_when=asyncio.FIRST_COMPLETED)
                if doing.done():
                    doing.result()
            finally:
                for task in (doing, lost):
                    task.cancel()
                await asyncio.gather(doing, lost, return_exceptions=True)

    async def _until(self, *, chosen: bool) -> None:
        while self.chosen != chosen:
            self._changed.clear()
            left = self._sure_until - asyncio.get_running_loop().time()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), max(left, 0.01) if self.chosen else None)


class Alone:
    """A process that has the database for itself is always chosen."""

    chosen = True

    async def run(self) -> None:
        """Nothing to renew."""
        await asyncio.sleep(inf)

    async def hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work."""
        await work()
