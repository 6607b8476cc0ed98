"""Lives of a serving process, each begun, and ended by a signal or its own death; see `tests.faults.process`."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.support.forked import Forked, Forker, forker, streams
from tests.support.run_process import free_port
from tests.support.town import KEY

_LONGEST_START = 30.0  # seconds
# Seconds, for `bot.delivery.retry_delays.Tempo`: the same steps, without the minutes between them.
QUICK = {"lease": 8.0, "deadline": 6.0, "apart": 0.5, "unresolved": 30.0, "quiet": 1.0}


@dataclass(slots=True)
class Life:
    """One process, from its start to its end."""

    process: Forked
    ended: "asyncio.Future[int]"
    serves: "asyncio.Future[None]"

    @property
    def alive(self) -> bool:
        """Whether it still runs, as far as was heard."""
        return not self.ended.done()

    def gets(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to take one."""
        self.process.send_signal(number)

    async def end(self, number: signal.Signals = signal.SIGKILL, within: float = 20.0) -> int:
        """End it; its exit code, which is minus the signal that killed it."""
        self.gets(number)
        return await asyncio.wait_for(asyncio.shield(self.ended), within)

    async def has_served(self, seconds: float) -> None:
        """Wait until it has served for so long, or is gone."""
        either: list[asyncio.Future[Any]] = [self.serves, self.ended]
        await asyncio.wait(either, timeout=_LONGEST_START, return_when=asyncio.FIRST_COMPLETED)
        if self.alive:
            await asyncio.wait([self.ended], timeout=seconds)

    async def end_by_itself(self, within: float = 30.0) -> int:
        """Wait until it has ended; its exit code."""
        return await asyncio.wait_for(asyncio.shield(self.ended), within)


@dataclass(slots=True)
class Nursery:
    """Where processes come from."""

    forker: Forker
    lives: list[Life] = field(default_factory=list)

    async def begin(self, folder: Path, log: Path, environment: dict[str, str], **given: Any) -> Life:
        """A new process, in that folder and environment; `given` is what `tests.faults.process.live` is given."""
        made = await asyncio.to_thread(self._begin, folder, log, environment, given)
        self.lives.append(Life(made, asyncio.wrap_future(made.ended), asyncio.wrap_future(made.serves)))
        return self.lives[-1]

    def _begin(self, folder: Path, log: Path, environment: dict[str, str], given: dict[str, Any]) -> Forked:
        with streams(Path(os.devnull), log) as ours:
            return self.forker.begin(
                "tests.faults.process:live", folder=folder, environment=environment, streams=ours, **given
            )


@asynccontextmanager
async def nursery(of: Forker | None = None) -> AsyncIterator[Nursery]:
    """What it makes is gone when the block ends."""
    made = Nursery(of or forker())
    try:
        yield made
    finally:
        for life in made.lives:
            life.gets(signal.SIGKILL)
        await asyncio.gather(*(life.ended for life in made.lives))


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
            self.folder,
            self.folder / "log.txt",
            kept | ours | self.environment | environment,
            now=now.isoformat() if now else "",
            point=point,
            nth=nth,
            fails=fails,
            disk=disk,
            paced=self.paced,
            tempo=self.tempo,
        )
