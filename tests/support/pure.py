"""Which tests are pure: they open no database, no server, no socket and no process, and are held to it.

A test is pure by itself unless it is a coroutine, asks for a fixture that opens something, or bears the mark `opens`.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OPENING_FIXTURES = {"url", "ground", "seat", "postgres_url", "postgres_template", "sqlite_fresh", "sqlite_template"}
OPENING_EVENTS = {
    "sqlite3.connect",
    "socket.bind",
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
}
_PLAIN_TEST = re.compile(r"^\s*def test_", re.MULTILINE)


class _Watch:
    """What is opened while somebody watches; an audit hook cannot be taken off again."""

    def __init__(self) -> None:
        self.on = False
        self.seen: set[str] = set()
        sys.addaudithook(self._heard)

    def _heard(self, event: str, _: object) -> None:
        if self.on and event in OPENING_EVENTS:
            self.seen.add(event)


_WATCH = _Watch()


def mark_pure(item: pytest.Item) -> None:
    """Mark a test as pure if nothing says otherwise."""
    opens = OPENING_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("opens")
    if not opens and not inspect.iscoroutinefunction(getattr(item, "function", None)):
        item.add_marker(pytest.mark.pure)


@contextmanager
def watched() -> Iterator[set[str]]:
    """What is opened within, as the names of audit events."""
    _WATCH.seen.clear()
    _WATCH.on = True
    try:
        yield _WATCH.seen
    finally:
        _WATCH.on = False


@contextmanager
def held_to_it(item: pytest.Item) -> Iterator[None]:
    """Fail a pure test that opens something."""
    if not item.get_closest_marker("pure"):
        yield
        return
    with watched() as seen:
        yield
    if seen:
        pytest.fail(f"not pure ({', '.join(sorted(seen))}): mark it with @pytest.mark.opens", pytrace=False)


def has_none(file: Path) -> bool:
    """Whether a file has no plain test at all, so that looking for pure ones need not load it."""
    return file.name.startswith("test_") and file.suffix == ".py" and not _PLAIN_TEST.search(file.read_text("utf-8"))
