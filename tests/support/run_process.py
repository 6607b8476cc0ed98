"""A `throughline run` in a process of its own, as operators run it: started, asked how it is, stopped, killed."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.town import KEY

ROOT = Path(__file__).parents[2]


@dataclass
class Process:
    """A `throughline run` that can be asked how it is, stopped, and killed."""

    folder: Path
    environment: dict[str, str]
    port: int
    under_way: asyncio.subprocess.Process | None = None

    async def command(self, *arguments: str) -> str:
        """Run another command beside it."""
        made = await self.spawn(*arguments)
        out, log = await made.communicate()
        assert made.returncode == 0, log.decode()
        return out.decode()

    async def start(self) -> None:
        """Start it, and wait until it serves."""
        self.under_way = await self.spawn("run")
        for _ in range(300):
            if await self.ready() is not None:
                return
            assert self.under_way.returncode is None, await self.log()
            await asyncio.sleep(0.05)
        raise AssertionError("it does not serve")

    async def spawn(self, *arguments: str) -> asyncio.subprocess.Process:
        """The command, under way."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT), "HTTP_PORT": str(self.port), **self.environment},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def log(self) -> str:
        """What it logged, once it has ended."""
        assert self.under_way is not None
        _, log = await self.under_way.communicate()
        return log.decode()

    async def ready(self) -> tuple[int, dict[str, str]] | None:
        """What `/readyz` says; None while nobody answers."""
        return await readiness(self.port)

    async def becomes(self, status: int, within: float = 20.0) -> dict[str, Any]:
        """Wait until `/readyz` answers so."""
        return await becomes(self.port, status, within)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; its exit code, and its log."""
        assert self.under_way is not None
        self.under_way.send_signal(number)
        async with asyncio.timeout(20):
            log = await self.log()
        return self.under_way.returncode or 0, log


async def readiness(port: int) -> tuple[int, dict[str, str]] | None:
    """What `/readyz` says at a port; None while nobody answers."""

    def ask() -> tuple[int, dict[str, str]] | None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return None

    return await asyncio.to_thread(ask)


async def becomes(port: int, status: int, within: float = 20.0) -> dict[str, Any]:
    """Wait until `/readyz` at a port answers so."""
    found: Any = None
    for _ in range(int(within / 0.1)):
        found = await readiness(port)
        if found is not None and found[0] == status:
            return dict(found[1])
        await asyncio.sleep(0.1)
    raise AssertionError(f"/readyz says {found}, not {status}")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextlib.asynccontextmanager
async def process(folder: Path, **environment: str) -> AsyncIterator[Process]:
    """A process that is not started yet, on a database of its own; killed at the end if it still runs."""
    made = Process(folder=folder, environment={"ENCRYPTION_KEYS": KEY, **environment}, port=free_port())
    try:
        yield made
    finally:
        if made.under_way is not None and made.under_way.returncode is None:
            made.under_way.kill()
            await made.under_way.wait()


async def code_for_a_coach(run: Process) -> str:
    """A code from the command line."""
    return (await run.command("invite", "coach", "--name", "Dana", "--timezone", "Europe/Berlin")).splitlines()[-1]


def code_in(text: str) -> str:
    """The code that a text holds."""
    found = re.search(r"[0-9a-f]{32}", text)
    assert found is not None, text
    return found.group()
