"""Lives of a serving process, each begun, and ended by a signal or its own death; see `tests.faults.process`."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.run_process import ROOT, free_port
from tests.support.town import KEY

_ORDERS = count(1)
_LONGEST_START = 30.0  # seconds
# Seconds, for `bot.delivery.retry_delays.Tempo`: the same steps, without the minutes between them.
QUICK = {"lease": 8.0, "deadline": 6.0, "apart": 0.5, "unresolved": 30.0, "quiet": 1.0}


@dataclass(slots=True)
class Life:
    """One process, from its start to its end."""

    pid: int
    ended: "asyncio.Future[int]"
    serves: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def alive(self) -> bool:
        """Whether it still runs, as far as was heard."""
        return not self.ended.done()

    def gets(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to take one."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def end(self, number: signal.Signals = signal.SIGKILL, within: float = 20.0) -> int:
        """End it; its exit code, which is minus the signal that killed it."""
        self.gets(number)
        return await asyncio.wait_for(asyncio.shield(self.ended), within)

    async def has_served(self, seconds: float) -> None:
        """Wait until it has served for so long, or is gone."""
        serving: asyncio.Future[Any] = asyncio.ensure_future(self.serves.wait())
        either: list[asyncio.Future[Any]] = [serving, self.ended]
        try:
            await asyncio.wait(either, timeout=_LONGEST_START, return_when=asyncio.FIRST_COMPLETED)
        finally:
            serving.cancel()
        if self.alive:
            await asyncio.wait([self.ended], timeout=seconds)

    async def end_by_itself(self, within: float = 30.0) -> int:
        """Wait until it has ended; its exit code."""
        return await asyncio.wait_for(asyncio.shield(self.ended), within)


@dataclass(slots=True)
class Nursery:
    """Where processes come from."""

    maker: asyncio.subprocess.Process
    _born: dict[int, "asyncio.Future[Life]"] = field(default_factory=dict)
    _lives: dict[int, Life] = field(default_factory=dict)

    async def begin(self, **order: Any) -> Life:
        """A new process by that order."""
        number = next(_ORDERS)
        made = self._born[number] = asyncio.get_running_loop().create_future()
        assert self.maker.stdin is not None
        self.maker.stdin.write(json.dumps({"order": number, **order}).encode() + b"\n")
        await self.maker.stdin.drain()
        return await asyncio.wait_for(made, 30)

    async def listen(self) -> None:
        """Hear of births and deaths, for ever."""
        assert self.maker.stdout is not None
        async for line in self.maker.stdout:
            said = json.loads(line)
            if "order" in said:
                life = Life(said["pid"], asyncio.get_running_loop().create_future())
                self._lives[life.pid] = life
                self._born.pop(said["order"]).set_result(life)
            elif "serves" in said:
                self._lives[said["serves"]].serves.set()
            else:
                self._lives.pop(said["dead"]).ended.set_result(said["code"])


@asynccontextmanager
async def nursery(root: Path = ROOT) -> AsyncIterator[Nursery]:
    """A maker of processes from the code in that folder, gone with all that it made when the block ends."""
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.faults.process"),
        cwd=root,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    made = Nursery(maker)
    listening = asyncio.create_task(made.listen())
    try:
        yield made
    finally:
        maker.kill()
        await maker.wait()
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


@dataclass(slots=True)
class Host:
    """One installation: a folder, a database, settings; processes live on it one after the other, or together."""

    nursery: Nursery
    folder: Path
    url: str
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    paced: bool = False
    tempo: dict[str, float] = field(default_factory=lambda: QUICK)

    @property
    def log(self) -> str:
        """What all its lives have logged so far."""
        path = self.folder / "log.txt"
        return path.read_text() if path.exists() else ""

    async def begins(
        self,
        *,
        now: datetime | None = None,
        point: str = "",
        nth: int = 0,
        fails: int = 0,
        disk: int = 0,
        **environment: str,
    ) -> Life:
        """A life whose clock stands at `now` at its start (UTC), which dies at the nth passing of a point.

        Its write number `fails` fails; no file of it grows beyond `disk` bytes.
        """
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        ours = {"HTTP_PORT": str(self.port), "DATABASE_URL": self.url, "ENCRYPTION_KEYS": KEY, "LOG_LEVEL": "info"}
        return await self.nursery.begin(
            environment=kept | ours | self.environment | environment,
            folder=str(self.folder),
            log=str(self.folder / "log.txt"),
            now=now.isoformat() if now else "",
            point=point,
            nth=nth,
            fails=fails,
            disk=disk,
            paced=self.paced,
            tempo=self.tempo,
        )
