"""A serving process for the fault suite: `bot.cli.serve.run` with the clock and the moment of death that are ordered.

It is begun by `tests.support.forker`. Nothing of the product is loaded anew or left out: settings, lock, migration,
database, dialogues, platforms and jobs are made as ever.
"""

import logging
import os
import resource
import signal
import sys
from datetime import datetime
from typing import Any

from bot.app import Delivering, Edges
from bot.cli import serve
from bot.clock import MovedClock, real_clock
from bot.delivery.deliver import STEPS
from bot.delivery.retry_delays import Tempo
from bot.gcra import UNPACED
from bot.messages.sending import Fate, Messenger, Parcel
from bot.platforms import PACES
from storage.database.open import Database
from storage.database.units import T, Unit
from tests.support.forker import Orders


class Death:
    """Kills this very process, -9, at the nth passing of one point since it serves; points: see `POINTS`."""

    def __init__(self, point: str, nth: int) -> None:
        self._point = point
        self._left = nth
        self.armed = False

    def passes(self, point: str) -> None:
        """The process is at that point."""
        if point != self._point or not self.armed:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Announcer(logging.Handler):
    """Hears the log say that the process serves, and passes that on."""

    def __init__(self, death: Death) -> None:
        super().__init__()
        self._death = death

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line of the log."""
        if record.getMessage().startswith("serving"):
            self._death.armed = True
            Orders.tell(serves=os.getpid())


class MortalDatabase(Database):
    """The database, whose users may die around each commit; or whose nth write fails with a full disk."""

    def __init__(self, inner: Database, death: Death, fails: int) -> None:
        self._inner = inner
        self._death = death
        self._fails = fails

    async def transact(self, unit: Unit[T], /) -> T:
        """Run the unit: die before its commit, or after it."""
        self._fails -= 1
        made = await self._inner.transact(_failing(unit) if self._fails == 0 else self._mortal(unit))
        self._death.passes("committed")
        return made

    def _mortal(self, unit: Unit[T]) -> Unit[T]:
        def mortal(connection: Any) -> T:
            self._death.passes("beginning")
            made = unit(connection)
            self._death.passes("written")
            return made

        return mortal

    async def read(self, unit: Unit[T], /) -> T:
        """Read as ever."""
        return await self._inner.read(unit)

    async def vacuum(self) -> None:
        """Vacuum as ever."""
        await self._inner.vacuum()

    async def close(self) -> None:
        """Close it."""
        await self._inner.close()


def _failing(unit: Unit[T]) -> Unit[T]:
    def failing(connection: Any) -> T:
        unit(connection)
        raise OSError(28, "No space left on device")

    return failing


class MortalMessenger:
    """A messenger whose user may die before a message leaves, or when it has arrived and nobody knows."""

    def __init__(self, inner: Messenger, death: Death) -> None:
        self._inner = inner
        self._death = death

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def send(self, parcel: Parcel) -> Fate:
        """Send it."""
        self._death.passes("calling")
        fate = await self._inner.send(parcel)
        self._death.passes("called")
        return fate


# Around every commit and every call, and the steps that delivery names itself.
POINTS = ("beginning", "written", "committed", "calling", "called", *STEPS)


def live(*, now: str, point: str, nth: int, fails: int, disk: int, paced: bool, tempo: dict[str, float]) -> None:
    """Be a serving process until the end; what is given: `tests.faults.lives.Host`."""
    if disk:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
    death = Death(point, nth)
    logging.getLogger("throughline").addHandler(Announcer(death))
    paces = PACES if paced else dict.fromkeys(PACES, UNPACED)
    edges = Edges(
        clock=MovedClock(datetime.fromisoformat(now) - real_clock()) if now else real_clock,
        database=lambda inner: MortalDatabase(inner, death, fails),
        messenger=lambda inner: MortalMessenger(inner, death),
        delivering=Delivering(paces=paces, tempo=Tempo(**tempo), step=death.passes),
    )
    try:
        serve.run(edges)
    except Exception as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
