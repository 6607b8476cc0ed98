"""A word of their own in everything that everybody writes: it turns up with whom it is meant for, and nowhere else.

Two weeks are held twice: in Telegram on SQLite and in Slack on PostgreSQL. Looked at is what the platforms' servers
received (texts, buttons, pages, forms, metadata, files, captions and alt texts), what every command is handed, what was
logged, and what the metrics say.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.conversation.load_facts import facts, with_needs
from bot.features import COMMANDS, needs_of
from bot.logs import set_up_logs
from bot.running.metrics import Metrics
from storage.people import people
from tests.conftest import postgres_database
from tests.support.received import metadata_of, received
from tests.support.seats import SlackSeat, seat_on
from tests.support.town import Person, Town, town_on
from tests.support.two_weeks import MEANT_FOR, MUST_BE_READ, a_fortnight


@dataclass(frozen=True)
class Notification:
    """Everything that left: what each has read, what was for nobody, the log, the metrics, and Slack's metadata."""

    read: dict[str, str]
    nobodys: str
    log: str
    metrics: str
    metadata: list[Any]


pytestmark = pytest.mark.opens
SHARED = pytest.param("slack-postgresql", marks=pytest.mark.long)


@pytest.fixture(scope="module", params=("telegram-sqlite", "slack-sqlite", SHARED))
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Notification:
    """The fortnight, held once for all tests; logs are written as they are in earnest, at their most talkative."""
    platform, _, database = request.param.partition("-")
    folder = tmp_path_factory.mktemp("canaries")
    with _database(request, database, folder) as url, _logged(folder / "log"):
        found = asyncio.run(_played(platform, url))
    return Notification(log=(folder / "log").read_text(), **found)


@contextmanager
def _database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """A fresh one that lives as long as the story."""
    if kind == "sqlite":
        file = folder / "throughline.db"
        file.write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        yield f"sqlite:///{file}"
        return
    template = request.getfixturevalue("postgres_template")
    admin = request.getfixturevalue("postgres_admin")
    admin.execute(f"CREATE DATABASE canaries TEMPLATE {template} STRATEGY file_copy")
    yield postgres_database(request.getfixturevalue("postgres_url"), "canaries")
    admin.execute("DROP DATABASE canaries WITH (FORCE)")


@contextmanager
def _logged(log: Path) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with log.open("w") as stream, contextlib.redirect_stderr(stream):
        set_up_logs(level="debug", form="json", secrets=())
        try:
            yield
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)


async def _played(platform: str, url: str) -> dict[str, Any]:
    metrics = Metrics()
    async with seat_on(platform) as seat:
        town = town_on(url, seat)
        town.observer = metrics
        async with town.open():
            await a_fortnight(town)
            if isinstance(seat, SlackSeat):
                await _opens_pages_and_forms(town, seat)
            known = {user: await handed(town, person) for user, person in town.people.items()}
            for user in ("dana", "kim"):  # makes practice clients of them, so last
                await town.people[user].says("/preview ana")
                await town.people[user].says("/client ana")
            heard = received(town)
            assert heard.keys() <= town.people.keys() | {""}
            page = (await metrics.page(town.app.database, {}, {}, town.clock())).decode()
    return {
        "read": {user: heard[user] + known[user] for user in town.people},
        "nobodys": heard.get("", ""),
        "metrics": page,
        "metadata": metadata_of(seat.fake) if isinstance(seat, SlackSeat) else [],
    }


async def _opens_pages_and_forms(town: Town, seat: SlackSeat) -> None:
    """What only Slack has: everybody looks at their page and opens a form."""
    for user in town.people:
        await seat.person(user).opens_home()
        await seat.fake.settled()
        await seat.person(user).runs("/throughline settings")
        await town.settled()
        seat.person(user).closes()
        await town.people[user].says("cancel")


async def handed(town: Town, person: Person) -> str:
    """All facts that any command of theirs is handed."""
    place = await person.place()

    def found(connection: Connection) -> str:
        known = people.person(connection, place.person)
        assert known is not None
        base = facts(connection, known, town.clock())
        return "\n".join(repr(with_needs(connection, known, base, needs_of(verb))) for verb in COMMANDS)

    told: str = await town.app.database.read(found)
    return told


def test_a_word_reaches_nobody_for_whom_it_is_not_meant(told: Notification) -> None:
    read = {user: text.casefold() for user, text in told.read.items()}
    seen = {word: {user for user, text in read.items() if word in text} for word in MEANT_FOR}
    assert {word: users - MEANT_FOR[word] for word, users in seen.items() if users - MEANT_FOR[word]} == {}


def test_and_those_for_whom_it_is_meant_do_read_it(told: Notification) -> None:
    assert {(word, user) for word, user in MUST_BE_READ if word not in told.read[user].casefold()} == set()


def test_no_log_no_metric_and_nothing_for_everybody_holds_anybodys_word(told: Notification) -> None:
    for text in (told.log, told.metrics, told.nobodys):
        assert text
        assert [word for word in MEANT_FOR if word in text.casefold()] == []
    assert "throughline_events_total" in told.metrics
    assert not any(name in told.metrics for name in ("Ana", "Dana"))


def test_slacks_metadata_is_the_number_in_the_outbox_and_nothing_else(told: Notification, request: Any) -> None:
    payloads = [entry["event_payload"] for entry in told.metadata]
    assert all(payload.keys() == {"outbox"} and isinstance(payload["outbox"], int) for payload in payloads)
    assert {entry["event_type"] for entry in told.metadata} <= {"throughline"}
    assert (len(payloads) > 100) == ("slack" in request.node.callspec.id)


def test_names_of_other_coaches_clients_are_nowhere(told: Notification) -> None:
    """Words and buttons as people read them; ids may hold any two letters."""
    assert "Cy" not in _words(told.read["dana"])
    assert "Ben" not in _words(told.read["kim"])
    assert not _words(told.read["ana"]) & {"Ben", "Eva", "Dee"}


def _words(text: str) -> set[str]:
    return set(text.replace("\\n", " ").replace("'", " ").replace('"', " ").replace(":", " ").replace(",", " ").split())
