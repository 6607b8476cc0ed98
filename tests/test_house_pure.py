"""`make quick` takes the tests that open nothing: who belongs to them, and that they are held to it."""

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.pure import has_none, watched


def _a_database() -> None:
    sqlite3.connect(":memory:").close()


def _a_server() -> None:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))


def _a_process() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.mark.opens
@pytest.mark.parametrize(
    ("opening", "heard"),
    [(_a_database, "sqlite3.connect"), (_a_server, "socket.bind"), (_a_process, "subprocess.Popen")],
)
def test_what_is_opened_is_noticed(opening: Callable[[], None], heard: str) -> None:
    with watched() as seen:
        opening()
    assert heard in seen


def test_a_plain_test_is_pure_by_itself(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert request.node.get_closest_marker("pure")


async def test_a_coroutine_is_not(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("pure")


def test_a_file_without_plain_tests_need_not_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "test_x.py"
    file.write_text("async def test_a(town) -> None:\n    pass\n")
    assert has_none(file)
    file.write_text("class TestA:\n    def test_a(self) -> None:\n        pass\n")
    assert not has_none(file)
