"""What operators do from the command line with messages and with people's data: counted, never shown."""

import asyncio
import json
import stat
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.cli import operator
from bot.settings import SettingsError
from storage.errors import StorageError
from storage.people import people
from storage.tables.outbox import OutboxRow
from storage.tables.people import table_of
from tests.support.town import KEY, Town, town_on

_outbox = table_of(OutboxRow)


@pytest.fixture
def environment(sqlite_fresh: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The commands work on this town's database."""
    monkeypatch.setenv("DATABASE_URL", sqlite_fresh)
    monkeypatch.setenv("ENCRYPTION_KEYS", KEY)
    return sqlite_fresh


async def a_town(url: str) -> Town:
    """Ana has been asked something, and three messages to her did not simply go out."""
    async with town_on(url).open() as town:
        ana = await town.client("ana", called="Ana Zebrafinch")
        for line in ("commit call the zebrafinch bank by Wednesday", "8", "skip"):
            await ana.says(line)
        odd = {1: {"held": "an old backup", "state": "pending"}, 2: {"state": "unknown"}, 3: {"state": "dead"}}
        for number, values in odd.items():
            late = {"due_at": town.clock() - timedelta(hours=3), "finished": None, "reason": "seen in a test"}
            statement = update(_outbox).where(_outbox.c.id == number).values(**late, **values)
            await town.app.database.transact(lambda c, statement=statement: c.execute(statement).rowcount)
        return town


async def test_the_list_shows_ids_states_and_reasons_and_no_content(environment: str) -> None:
    await a_town(environment)
    lines = await _apart(operator.odd_messages)
    assert [line.split()[:2] for line in lines] == [["3", "dead"], ["2", "unknown"], ["1", "held"]]
    assert "seen in a test" in lines[0]
    assert not [word for word in ("zebrafinch", "Ana", "bank", "console:ana") if word in str(lines)]


async def test_release_lets_go_what_is_held_and_nothing_else(environment: str) -> None:
    await a_town(environment)
    assert await _apart(operator.release_held, [2, 3]) == "None of these is held."
    assert await _apart(operator.release_held, [1]) == "1 released."
    assert not [line for line in await _apart(operator.odd_messages) if "held" in line]


async def test_all_that_is_held_can_be_released_at_once(environment: str) -> None:
    await a_town(environment)
    assert await _apart(operator.release_held, None) == "1 released."
    assert await _apart(operator.release_held, None) == "0 released."


async def test_an_export_is_written_for_its_owners_eyes_and_only_counted_on_the_screen(
    environment: str, tmp_path: Path
) -> None:
    await a_town(environment)
    told = await _apart(operator.export_somebody, "console:ana", tmp_path / "ana.json")
    assert "commitment: 1" in told
    assert "zebrafinch" not in told.casefold()
    for name in ("ana.json", "ana.txt"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert "zebrafinch bank" in (tmp_path / "ana.txt").read_text()
    assert json.loads((tmp_path / "ana.json").read_text())["person"][0]["name"] == "Ana Zebrafinch"
    with pytest.raises(SettingsError, match="cannot be written"):
        await _apart(operator.export_somebody, "console:ana", tmp_path / "ana.json")


async def test_the_client_can_read_that_the_operator_took_a_copy(environment: str, tmp_path: Path) -> None:
    await a_town(environment)
    await _apart(operator.export_somebody, "console:ana", tmp_path / "ana.json")
    async with town_on(environment).open() as town:
        ana = town.meet("ana")
        await ana.says("accesslog")
        ana.reads("the operator", "a copy of all your data")


async def test_an_erasure_tells_numbers_and_what_it_cannot_reach(environment: str) -> None:
    await a_town(environment)
    lines = await _apart(operator.erase_somebody, "console:ana")
    assert "person: 1" in lines
    assert "backups" in lines[-1]
    async with town_on(environment).open() as town:
        ana = town.meet("ana")
        await ana.says("progress")
        ana.reads("I don't know you yet")
    with pytest.raises(StorageError, match="Nobody is called"):
        await _apart(operator.erase_somebody, "console:ana")


async def test_a_name_that_fits_two_people_is_refused(environment: str) -> None:
    async with town_on(environment).open() as town:
        await town.client("ana")
        place = await town.people["ana"].place()
        found = await town.app.database.read(partial(people.person, wanted=place.person))
        assert found is not None
    with pytest.raises(StorageError, match="Nobody"):
        await _apart(operator.export_somebody, "telegram:ana", Path("unused.json"))


async def _apart(command: object, *given: object) -> object:
    """Run a command as the command line does: in a thread and an event loop of its own."""
    return await asyncio.to_thread(command, *given)  # type: ignore[arg-type]
