"""Runs the date parser in a process of its own, which can be ended: its time on odd text has no bound.

The child is a fresh interpreter (nothing is forked) that knows none of the parent's settings or secrets: it is started
without the environment and told by one JSON line what to read. It ends when its input ends, so also when the parent is
killed; and a timer of its own ends it when it is stuck and nobody is left to end it.
"""

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import TextIO

from bot.messages.readings import DateKind, DateReading
from bot.understanding.dates.read import by_rules, read_date

ReadDate = Callable[..., DateReading]

_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")  # all that the child may see of the parent's environment
_NONE = DateReading(kind=DateKind.NONE)


class DateWorker:
    """Reads dates without ever holding up the event loop.

    `deadline` (seconds) counts once the child is ready, `start_deadline` until it is. `reader` is what the child calls,
    with the signature of `read_date`; it must be a top-level function of an importable module, else ValueError.
    """

    def __init__(self, *, deadline: float = 2.0, start_deadline: float = 30.0, reader: ReadDate = read_date) -> None:
        self._deadline = deadline
        self._start_deadline = start_deadline
        self._reader = _address(reader)
        self._lock = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while there is none."""
        return self._child.pid if self._child else None

    async def read(self, text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading:
        """Like `read_date`; what the rules can settle never leaves this process.

        NONE when the child is too slow, dies twice or cannot be started, and after `close`.
        """
        reading = by_rules(text, now=now, zone=zone, locale=locale)
        if reading is not None:
            return reading
        request = json.dumps({"text": text, "now": now.isoformat(), "zone": zone, "locale": locale})
        async with self._lock:
            for _ in range(2):  # a child that died since the last request deserves one successor
                with contextlib.suppress(OSError, EOFError):
                    return await self._ask(request)
        return _NONE

    async def close(self) -> None:
        """End the child and wait for it; safe to call twice."""
        self._closed = True
        async with self._lock:
            await self._end()

    async def _ask(self, request: str) -> DateReading:
        """One request and its answer; whatever goes wrong on the way, no half-read child is left behind."""
        if self._closed:
            return _NONE
        try:
            async with asyncio.timeout(self._start_deadline):
                child = self._child or await self._start()
            async with asyncio.timeout(self._deadline):
                return _decoded(await _exchange(child, request))
        except (TimeoutError, ValueError):
            await self._end()
            return _NONE
        except BaseException:
            await self._end()
            raise

    async def _start(self) -> asyncio.subprocess.Process:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self._child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"from {__name__} import serve; serve()",
            self._reader,
            str(self._deadline),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
        )
        await _line(self._child)
        return self._child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if child.stdin:
            child.stdin.close()
        await asyncio.shield(child.wait())


async def _exchange(child: asyncio.subprocess.Process, request: str) -> str:
    if child.stdin is None:
        raise EOFError
    child.stdin.write(request.encode("ascii") + b"\n")
    await child.stdin.drain()
    return await _line(child)


async def _line(child: asyncio.subprocess.Process) -> str:
    line = await child.stdout.readline() if child.stdout else b""
    if not line.endswith(b"\n"):
        raise EOFError
    return line.decode("ascii")


def _address(reader: ReadDate) -> str:
    """Where a child finds the function: "package.module:name"."""
    module, name = getattr(reader, "__module__", ""), getattr(reader, "__qualname__", "")
    if not module or module == "__main__" or not name.isidentifier():
        raise ValueError("the reader must be a top-level function of an importable module")
    return f"{module}:{name}"


def _encoded(reading: DateReading) -> str:
    return json.dumps(
        {
            "kind": reading.kind.value,
            "day": reading.day and reading.day.isoformat(),
            "at": reading.at and reading.at.isoformat(),
            "phrase": reading.phrase,
            "stretch": reading.stretch and [day.isoformat() for day in reading.stretch],
        }
    )


def _decoded(line: str) -> DateReading:
    said = json.loads(line)
    stretch = said["stretch"]
    return DateReading(
        kind=DateKind(said["kind"]),
        day=date.fromisoformat(said["day"]) if said["day"] else None,
        at=datetime.fromisoformat(said["at"]) if said["at"] else None,
        phrase=said["phrase"],
        stretch=(date.fromisoformat(stretch[0]), date.fromisoformat(stretch[1])) if stretch else None,
    )


def serve() -> None:
    """The child's life: say that it is ready, then answer line by line until the input ends."""
    address, deadline = sys.argv[1], float(sys.argv[2])
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii", buffering=1)
    sys.stdout = sys.stderr  # what a library prints is no answer
    module, name = address.split(":")
    reader: ReadDate = getattr(importlib.import_module(module), name)
    importlib.import_module("dateparser").parse("1 January", languages=["en"])  # its first call loads its data
    answers.write("ready\n")
    for line in sys.stdin:
        _limit(deadline + 1)
        _answer(line, reader, answers)
        _limit(0)


def _limit(seconds: float) -> None:
    """Let the system end this process after so long, however deep it is in somebody's C code; 0 for not."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(line: str, reader: ReadDate, answers: TextIO) -> None:
    said = json.loads(line)
    now = datetime.fromisoformat(said["now"])
    answers.write(_encoded(reader(said["text"], now=now, zone=said["zone"], locale=said["locale"])) + "\n")
