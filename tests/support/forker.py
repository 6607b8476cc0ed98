"""`python -m tests.support.forker FD`: begins real processes of ours by forking, so that a start costs no imports.

It takes one order a message from the socket FD (JSON, with the three standard streams), forks, and lets the child call
what the order names, in the folder and the environment that it names. It says the pid of each child, and later how the
child ended. Nothing of the product is left out: what a start reads, locks, migrates and opens is done in the child. The
children die with it. The other end of the socket: `tests.support.forked`.
"""

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

_PR_SET_PDEATHSIG = 1
_OURS = ("bot", "handlers", "schedules", "storage")
# Loaded where they are needed first, and by every process that serves; what starts threads is not among them.
_OTHERS = ("alembic.command", "telegram", "slack_bolt", "rich.live", "tests.faults.process")
_LONGEST = 1 << 20  # bytes of an order


class Orders:
    """The socket over which orders come; a child has its end of it too, to tell what the order's maker waits for."""

    line: socket.socket

    @classmethod
    def tell(cls, **what: Any) -> None:
        """One message to whoever gave the orders."""
        cls.line.send(json.dumps(what).encode())


def load() -> None:
    """Load all modules of the product, and those of others that a start would wait for."""
    for name in _OURS:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if "migrations" not in found.name:
                importlib.import_module(found.name)
    for name in _OTHERS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded by now stays in every child


def become(order: dict[str, Any], streams: list[int]) -> Callable[..., None]:
    """Stand where the order says, in this very process; returns what is to be called."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    os.chdir(order["folder"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    sys.argv = ["throughline", *order["arguments"]]
    module, _, name = order["call"].partition(":")
    called: Callable[..., None] = getattr(importlib.import_module(module), name)
    return called


def next_child() -> tuple[Callable[..., None], dict[str, Any]] | None:
    """Take orders until there are no more, and return None; in each child, what it is to call, and with what."""
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([Orders.line, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_of_the_dead()
        if Orders.line in ready:
            message, streams, _, _ = socket.recv_fds(Orders.line, _LONGEST, 3)
            if not message:
                return None
            order = json.loads(message)
            pid = os.fork()
            if pid == 0:
                return become(order, streams), order["given"]
            for stream in streams:
                os.close(stream)
            Orders.tell(order=order["order"], pid=pid)


def _tell_of_the_dead() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        Orders.tell(dead=pid, code=os.waitstatus_to_exitcode(status))


def main() -> None:
    """Fork until the socket is closed; a child returns here, and ends as a process of its own does."""
    Orders.line = socket.socket(fileno=int(sys.argv[1]))
    load()
    found = next_child()
    if found is not None:
        called, given = found
        called(**given)


if __name__ == "__main__":
    from tests.support import forker  # what is called in a child finds the socket in the module of that name

    forker.main()
