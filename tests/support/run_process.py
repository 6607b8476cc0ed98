"""A `throughline run` in a process of its own: started, asked how it is, stopped, killed.

It is forked from a process that has loaded everything; with `AsOperators` it is started as operators start it.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import COMMAND, ROOT, Forked, forker, streams
from tests.support.town import KEY


@dataclass
class Process:
    """A `throughline run` that can be asked how it is, stopped, and killed."""

    folder: Path
    environment: dict[str, str]
    port: int
    under_way: "Forked | subprocess.Popen[bytes] | None" = None
    _logs: int = 0

    async def command(self, *arguments: str, code: int = 0) -> str:
        """Run another command beside it, which ends with that code; what it prints."""
        out, log = self.folder / "command.out", self.folder / "command.err"
        made = await asyncio.to_thread(self._begin, arguments, out, log)
        assert await asyncio.to_thread(made.wait) == code, log.read_text()
        assert "Traceback" not in log.read_text()
        return out.read_text()

    async def start(self) -> None:
        """Start it, and wait until it serves."""
        await self.spawn("run")
        await self.serves()

    async def serves(self) -> None:
        """Wait until it serves."""
        for _ in range(600):
            if await self.ready() is not None:
                return
            assert self.under_way is not None
            assert self.under_way.poll() is None, await self.log()
            await asyncio.sleep(0.05)
        raise AssertionError("it does not serve")

    async def spawn(self, *arguments: str) -> None:
        """The command, under way."""
        self._logs += 1
        self.under_way = await asyncio.to_thread(self._begin, arguments, Path(os.devnull), self._log)

    def _begin(self, arguments: tuple[str, ...], out: Path, log: Path) -> "Forked | subprocess.Popen[bytes]":
        with streams(out, log) as given:
            return forker().begin(COMMAND, *arguments, folder=self.folder, environment=self._given, streams=given)

    @property
    def _given(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        return {**kept, "HTTP_PORT": str(self.port), **self.environment}

    @property
    def _log(self) -> Path:
        return self.folder / f"log{self.port}-{self._logs}.txt"

    async def log(self) -> str:
        """What it logged, once it has ended."""
        assert self.under_way is not None
        await asyncio.to_thread(self.under_way.wait)
        return self._log.read_text()

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


class AsOperators(Process):
    """One that is started as operators start it: by a Python of its own."""

    def _begin(self, arguments: tuple[str, ...], out: Path, log: Path) -> "Forked | subprocess.Popen[bytes]":
        environment = {**self._given, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bot", *arguments]
        with streams(out, log) as (come, said, logged):
            return subprocess.Popen(command, cwd=self.folder, env=environment, stdin=come, stdout=said, stderr=logged)


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
async def process(folder: Path, kind: type[Process] = Process, **environment: str) -> AsyncIterator[Process]:
    """A process that is not started yet, on a database of its own; killed at the end if it still runs."""
    made = kind(folder=folder, environment={"ENCRYPTION_KEYS": KEY, **environment}, port=free_port())
    try:
        yield made
    finally:
        if made.under_way is not None and made.under_way.poll() is None:
            made.under_way.kill()
            await asyncio.to_thread(made.under_way.wait)


async def code_for_a_coach(run: Process) -> str:
    """A code from the command line."""
    return (await run.command("invite", "coach", "--name", "Dana", "--timezone", "Europe/Berlin")).splitlines()[-1]


def code_in(text: str) -> str:
    """The code that a text holds."""
    found = re.search(r"[0-9a-f]{32}", text)
    assert found is not None, text
    return found.group()
