"""`python -m tests.faults.process`: starts real serving processes by forking, so that a start costs no imports.

It reads one order a line (JSON), forks, and lets the child run `bot.cli.serve.run` with the environment, the clock and
the moment of death that the order names; it prints the pid of each child, and later how the child ended. Nothing of the
product is loaded anew or left out: settings, lock, migration, database, dialogues, platforms and jobs are made in the
child as ever. The children die with it.
"""

import ctypes
import json
import logging
import os
import resource
import select
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from bot.app import Delivering, Edges
from bot.cli import serve
from bot.clock import MovedClock, real_clock
from bot.delivery.deliver import STEPS
from bot.delivery.retry_delays import Tempo
from bot.gcra import UNPACED
from bot.messages import Fate, Messenger, Parcel
from bot.platforms import PACES
from storage.database.open import Database
from storage.database.units import T, Unit

_PR_SET_PDEATHSIG = 1


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

    def __init__(self, death: Death, told: int) -> None:
        super().__init__()
        self._death = death
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line of the log."""
        if record.getMessage().startswith("serving"):
            self._death.armed = True
            os.write(self._told, json.dumps({"serves": os.getpid()}).encode() + b"\n")


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


def _live(order: dict[str, Any]) -> None:
    """Be a serving process until the end."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    told = os.dup(1)
    for source, number in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(source, number)
    if order["disk"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["disk"], order["disk"]))
    death = Death(order["point"], order["nth"])
    logging.getLogger("throughline").addHandler(Announcer(death, told))
    paces = PACES if order["paced"] else dict.fromkeys(PACES, UNPACED)
    clock = MovedClock(datetime.fromisoformat(order["now"]) - real_clock()) if order["now"] else real_clock
    edges = Edges(
        clock=clock,
        database=lambda inner: MortalDatabase(inner, death, order["fails"]),
        messenger=lambda inner: MortalMessenger(inner, death),
        delivering=Delivering(paces=paces, tempo=Tempo(**order["tempo"]), step=death.passes),
    )
    serve.run(edges)


def _born(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _live(order)
        code = 0
    except Exception as error:
        sys.stderr.write(f"{error}\n")
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Take orders until standard input ends."""
    waker, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    orders = b""
    while True:
        ready, _, _ = select.select([0, waker], [], [])
        if waker in ready:
            os.read(waker, 4096)
            _tell_of_the_dead()
        if 0 in ready:
            read = os.read(0, 65536)
            if not read:
                return
            *whole, orders = (orders + read).split(b"\n")
            for line in whole:
                _say({"order": json.loads(line)["order"], "pid": _born(json.loads(line))})


def _tell_of_the_dead() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _say({"dead": pid, "code": os.waitstatus_to_exitcode(status), "at": datetime.now(UTC).isoformat()})


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
