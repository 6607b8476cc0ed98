"""Databases of the fault suite: fresh ones, looked into from outside while processes live on them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from bot.clock import real_clock
from storage.database.encryption import KeyRing
from storage.database.migrate import upgrade
from storage.database.open import open_database
from storage.database.urls import database_file, parse_url
from storage.people import invites
from tests.support.postgres import postgres_server
from tests.support.town import KEY

_NUMBERS = count(1)


@dataclass(slots=True)
class Shelf:
    """Where fresh databases come from; PostgreSQL only if a server is given."""

    folder: Path
    server: str = ""

    def fresh(self, kind: str) -> tuple[str, Path]:
        """The URL of a new, migrated database of that kind, and a folder of its own."""
        number = next(_NUMBERS)
        folder = self.folder / f"{kind}-{number}"
        folder.mkdir()
        url = f"sqlite:///{folder}/throughline.db"
        if kind == "postgresql":
            with closing(psycopg.connect(self.server, autocommit=True)) as admin:
                admin.execute(f"CREATE DATABASE faults_{number}".encode())
            url = self.server.replace("/postgres?", f"/faults_{number}?")
        upgrade(url)
        return url, folder


@contextmanager
def shelf(folder: Path, *, server: bool, **settings: str) -> Iterator[Shelf]:
    """A shelf, with a PostgreSQL server that goes when the block ends."""
    if not server:
        yield Shelf(folder)
        return
    with postgres_server(**settings) as url:
        yield Shelf(folder, url)


def peek(url: str, question: str) -> list[Any]:
    """The rows that a question finds just now; nothing where the database cannot be asked."""
    file = database_file(parse_url(url))
    try:
        if file is not None:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as connection:
                return connection.execute(question).fetchall()
        with closing(psycopg.connect(url, autocommit=True, connect_timeout=5)) as server:
            return server.execute(question.encode()).fetchall()
    except (sqlite3.Error, psycopg.Error):
        return []


def poke(url: str, statement: str) -> None:
    """Change something in a SQLite file on which no process lives."""
    with closing(sqlite3.connect(_file(url), isolation_level=None)) as connection:
        connection.execute(statement)


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Hold a SQLite file, so that nobody else can write."""
    with closing(sqlite3.connect(_file(url), isolation_level=None, timeout=30)) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")


def _file(url: str) -> Path:
    file = database_file(parse_url(url))
    assert file is not None
    return file


def size_of(url: str) -> int:
    """How large a SQLite file is, in bytes."""
    return _file(url).stat().st_size


def save(url: str) -> Path:
    """A backup of a SQLite file."""
    file = _file(url)
    saved = file.with_suffix(".saved")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(saved)) as target:
        source.backup(target)
    return saved


def restore(url: str, saved: Path) -> None:
    """Put a backup in the place of the file."""
    file = _file(url)
    for end in ("", "-wal", "-shm"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    saved.rename(file)


def on_their_way(url: str) -> int:
    """How many rows are being sent, as far as the database knows."""
    return sum(number for (number,) in peek(url, "select count(*) from outbox where state = 'sending'"))


def settled(url: str) -> bool:
    """Whether nothing waits to be sent, and nobody wonders about anything."""
    found = peek(url, "select count(*) from outbox where finished is null")
    return bool(found) and found[0][0] == 0


async def coach_code(url: str, name: str = "Dana", zone: str = "Europe/Berlin") -> str:
    """A code with which a coach joins."""
    code = invites.new_code()
    invited = partial(invites.add_invite, role="coach", coach=None, name=name, zone=zone)
    until = real_clock() + timedelta(days=90)
    async with open_database(url, keys=KeyRing.from_text(KEY)) as database:
        await database.transact(partial(invited, code=code, expires_at=until))
    return code
