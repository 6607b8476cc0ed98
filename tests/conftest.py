"""Fixtures that many tests share."""

import gc
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from storage.database.encryption import KeyRing
from storage.database.migrate import upgrade
from storage.database.open import Database, open_database
from tests.support import laws  # noqa: F401 (it sets how deep they are looked into)
from tests.support.postgres import postgres_server
from tests.support.pure import has_none, held_to_it, mark_pure
from tests.support.seats import seat_on
from tests.support.town import Town, town_on

if TYPE_CHECKING:
    import psycopg

SHARED_MEMORY = Path("/dev/shm")
if "TMPDIR" not in os.environ and SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > 4 * 2**30:
    # Waiting for a disk five thousand times over is not what the tests are about; test_sqlite shows that SQLite waits.
    os.environ["TMPDIR"] = tempfile.tempdir = str(SHARED_MEMORY)

DATABASES = ("sqlite", "postgresql")
TOWNS = 1
AT_HOME = ("sqlite", "console")
BY_TURNS = (  # with the other database goes the other way in
    ("sqlite", "telegram"),
    ("postgresql", "slack-http"),
    ("sqlite", "slack"),
    ("postgresql", "telegram-webhook"),
)
ONE_STORY = {"test_visibility_canaries.py", "test_simulated_demo.py", "test_engine_leaving.py"}
_NUMBERS = count()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread single tests over the workers; a file whose tests share a long story stays on one."""
    from xdist.scheduler import LoadScopeScheduling

    class ByStory(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if Path(file).name in ONE_STORY else nodeid

    return ByStory(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: nobody looks through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Behaviour is shown on SQLite at a console; `make long` shows all of it on every ground.

    `make test` has a part of that: on PostgreSQL the first town of each file and what is not `long_on_postgresql`, and
    each conversation on one other ground than the console, by turns.
    """
    opened: Counter[Path] = Counter()
    held: defaultdict[Path, dict[str, int]] = defaultdict(dict)
    for item in items:
        mark_pure(item)
        given = getattr(getattr(item, "callspec", None), "params", {})
        if given.get("url") == "postgresql":
            town = "town" in getattr(item, "fixturenames", ())
            opened[item.path] += town
            if (town and opened[item.path] > TOWNS) or item.get_closest_marker("long_on_postgresql"):
                item.add_marker(pytest.mark.long)
        if "ground" in given and given["ground"] != AT_HOME:
            turn = held[item.path].setdefault(item.name.partition("[")[0], len(held[item.path]))
            if given["ground"] != BY_TURNS[turn % len(BY_TURNS)]:
                item.add_marker(pytest.mark.long)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`-m pure` does not load files that have no such test."""
    if "pure" in config.getoption("markexpr").split() and collection_path.is_file() and has_none(collection_path):
        return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Pure tests are held to it from their fixtures on."""
    with held_to_it(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Pure tests are held to it."""
    with held_to_it(item):
        return (yield)


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    return KeyRing.from_text(Fernet.generate_key().decode())


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The `postgres` database of a throwaway server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_admin(postgres_url: str) -> "Iterator[psycopg.Connection]":
    """A connection of the server's owner, outside any transaction."""
    import psycopg

    with closing(psycopg.connect(postgres_url, autocommit=True)) as connection:
        yield connection


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, postgres_admin: "psycopg.Connection") -> str:
    """The name of a migrated PostgreSQL database to copy."""
    postgres_admin.execute("CREATE DATABASE template")
    upgrade(postgres_database(postgres_url, "template"))
    return "template"


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated database, once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_fresh")
    return url


@pytest.fixture
def sqlite_fresh(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite file."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'throughline.db')}"


@pytest.fixture
def postgresql_fresh(postgres_url: str, postgres_admin: "psycopg.Connection", postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"test_{next(_NUMBERS)}"
    postgres_admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}" STRATEGY file_copy'.encode())
    yield postgres_database(postgres_url, name)
    postgres_admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
async def database(url: str, keys: KeyRing) -> AsyncIterator[Database]:
    """A fresh, migrated, open database, once on SQLite and once on PostgreSQL."""
    async with open_database(url, keys=keys) as opened:
        yield opened


@pytest.fixture
async def town(url: str) -> AsyncIterator[Town]:
    """A town at consoles, once on SQLite and once on PostgreSQL."""
    async with town_on(url).open() as opened:
        yield opened


@pytest.fixture(params=("console", "telegram", "slack"))
async def seat(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    """A seat at the console, in Telegram and in Slack."""
    async with seat_on(request.param) as found:
        yield found


@pytest.fixture(params=(AT_HOME, *BY_TURNS, ("postgresql", "console")), ids="-".join)
async def ground(request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """A town that is not open yet, on every platform and both databases."""
    database, platform = request.param
    url = request.getfixturevalue(f"{database}_fresh")
    async with seat_on(platform) as found:
        yield town_on(url, found)


@pytest.fixture
async def everywhere(ground: Town) -> AsyncIterator[Town]:
    """An open town on every platform and both databases."""
    async with ground.open() as opened:
        yield opened


def postgres_database(url: str, name: str) -> str:
    """The same server's URL, with another database."""
    return url.replace("/postgres?", f"/{name}?")
