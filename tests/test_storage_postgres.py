"""PostgreSQL under the units: connections that are cut, deadlocks, and the throwaway server of the tests."""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from storage.database.encryption import KeyRing
from storage.database.open import open_database
from storage.errors import CommitUncertain
from tests.support.tables import OWN, THINGS, add, names


async def test_a_connection_cut_between_units_goes_unnoticed(
    postgresql_fresh: str, postgres_admin: Any, keys: KeyRing
) -> None:
    async with open_database(postgresql_fresh, keys=keys) as database:
        await database.transact(OWN.create_all)
        await asyncio.gather(*(database.transact(add(f"a{n}")) for n in range(20)))
        postgres_admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        await asyncio.gather(*(database.transact(add(f"b{n}")) for n in range(20)))
        assert len(await database.read(names)) == 40


async def test_a_connection_cut_in_mid_unit_runs_the_unit_again(
    postgresql_fresh: str, postgres_admin: Any, keys: KeyRing
) -> None:
    runs = []

    def cut_once(connection: Connection) -> None:
        add("one")(connection)
        runs.append(1)
        if len(runs) == 1:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            postgres_admin.execute("SELECT pg_terminate_backend(%s)", [pid])
        add("two")(connection)

    async with open_database(postgresql_fresh, keys=keys) as database:
        await database.transact(OWN.create_all)
        await database.transact(cut_once)
        assert (len(runs), await database.read(names)) == (2, ["one", "two"])


async def test_a_connection_lost_during_commit_leaves_it_uncertain(postgresql_fresh: str, keys: KeyRing) -> None:
    runs = []

    def cut_at_commit(connection: Connection) -> None:
        runs.append(1)
        add("one")(connection)

    async with open_database(postgresql_fresh, keys=keys) as database:
        await database.transact(OWN.create_all)
        await database.transact(
            lambda connection: connection.exec_driver_sql(
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
                " CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED"
                " FOR EACH ROW EXECUTE FUNCTION cut()"
            ).close()
        )
        with pytest.raises(CommitUncertain):
            await database.transact(cut_at_commit)
        assert len(runs) == 1
        assert await database.read(names) == []


async def test_deadlocks_are_run_again(postgresql_fresh: str, keys: KeyRing) -> None:
    both = threading.Barrier(2)
    tries: dict[str, int] = {}

    def lock(first: str, second: str) -> Callable[[Connection], None]:
        def unit(connection: Connection) -> None:
            tries[first] = tries.get(first, 0) + 1
            update = THINGS.update().values(name=THINGS.c.name)
            connection.execute(update.where(THINGS.c.name == first))
            if tries[first] == 1:
                both.wait(10)
            connection.execute(update.where(THINGS.c.name == second))

        return unit

    async with open_database(postgresql_fresh, keys=keys) as database:
        await database.transact(OWN.create_all)
        await database.transact(add("a"))
        await database.transact(add("b"))
        await asyncio.gather(database.transact(lock("a", "b")), database.transact(lock("b", "a")))
        assert sorted(tries.values()) == [1, 2]


@pytest.mark.opens
def test_a_throwaway_server_goes_with_whoever_asked_for_it() -> None:
    code = (
        "import sys, time; from tests.support.postgres import postgres_server\n"
        "with postgres_server() as url: print(url.split('host=')[1], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        folder = Path(holder.stdout.readline().decode().strip())
        assert (folder / ".s.PGSQL.5432").exists()
        holder.kill()
    for _ in range(300):
        if not folder.exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"{folder} is left behind")
