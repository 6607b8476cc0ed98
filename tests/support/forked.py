"""Processes that `tests.support.forker` begins for us: a start of the product without its imports."""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from threading import Thread
from typing import IO, Any

ROOT = Path(__file__).parents[2]
Streams = tuple[int, int, int]
COMMAND = "bot.__main__:main"
_ORDERS = count(1)
_LONGEST_START = 30.0  # seconds


@dataclass(slots=True)
class Forked:
    """A process that was begun, as `subprocess.Popen` shows it; `ended` and `serves` may be waited for."""

    pid: int
    ended: "Future[int]" = field(default_factory=Future)
    serves: "Future[None]" = field(default_factory=Future)
    stdin: IO[bytes] | None = None
    stdout: IO[bytes] | None = None
    stderr: IO[bytes] | None = None

    @property
    def returncode(self) -> int | None:
        """How it ended: its exit code, minus the signal that killed it, None while it runs."""
        return self.ended.result() if self.ended.done() else None

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; TimeoutError if it takes longer than so many seconds."""
        return self.ended.result(timeout)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there to take one."""
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, -9."""
        self.send_signal(signal.SIGKILL)


class Forker:
    """The maker of processes from the code in a folder; they are gone when it is."""

    def __init__(self, root: Path = ROOT) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._maker = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forker", str(theirs.fileno())],
                cwd=root,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the tests: the processes go when they are done
            )
        self._born: dict[int, Future[Forked]] = {}
        self._children: dict[int, Forked] = {}
        Thread(target=self._listen, daemon=True).start()

    def begin(
        self,
        call: str = COMMAND,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        streams: Streams,
        **given: Any,
    ) -> Forked:
        """A process in that folder that calls "module:function" with what is given, and has those arguments."""
        number, made = next(_ORDERS), Future[Forked]()
        self._born[number] = made
        order = {
            "order": number,
            "call": call,
            "arguments": arguments,
            "given": given,
            "folder": str(folder),
            "environment": dict(environment),
        }
        socket.send_fds(self._line, [json.dumps(order).encode()], streams)
        return made.result(_LONGEST_START)

    def close(self) -> None:
        """End it, and all that it made."""
        self._maker.kill()
        self._maker.wait()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while heard := self._line.recv(65_536):
                self._hear(json.loads(heard))

    def _hear(self, said: dict[str, Any]) -> None:
        if "order" in said:
            child = self._children[said["pid"]] = Forked(said["pid"])
            self._born.pop(said["order"]).set_result(child)
        elif "serves" in said:
            self._children[said["serves"]].serves.set_result(None)
        else:
            self._children.pop(said["dead"]).ended.set_result(said["code"])


@cache
def forker() -> Forker:
    """The one for all tests of this process."""
    made = Forker()
    atexit.register(made.close)
    return made


@contextlib.contextmanager
def streams(out: Path, err: Path) -> Iterator[Streams]:
    """Standard streams of a process that reads nothing and writes to the ends of two files."""
    with open(os.devnull, "rb") as nothing, out.open("ab") as said, err.open("ab") as logged:
        yield nothing.fileno(), said.fileno(), logged.fileno()


def piped(*arguments: str, folder: Path, environment: Mapping[str, str]) -> Forked:
    """`throughline` with those arguments, its standard streams in our hands."""
    (come, stdin), (stdout, went), (stderr, wrong) = os.pipe(), os.pipe(), os.pipe()
    try:
        made = forker().begin(COMMAND, *arguments, folder=folder, environment=environment, streams=(come, went, wrong))
    finally:
        for end in (come, went, wrong):
            os.close(end)
    made.stdin = os.fdopen(stdin, "wb", buffering=0)
    made.stdout, made.stderr = os.fdopen(stdout, "rb", buffering=0), os.fdopen(stderr, "rb", buffering=0)
    return made
