"""No statement of the hot path looks through a table that grows: an index brings it to the few rows that it wants."""

import importlib
import pkgutil
from typing import Any

from sqlalchemy import Connection

import storage
from storage.database.compiled_sql import Fixed
from storage.database.encryption import KeyRing
from storage.database.open import open_database

SMALL = {"data_request"}  # what waits is carried out within seconds
# What looks for rows of one state, of which there are few, and nothing else narrower.
BY_STATE = {("outbox.uncertain", name) for name in ("_LEASE_OVER", "_ANY_SENDING", "_DOUBTFUL")}


def statements() -> list[tuple[str, str, Fixed]]:
    """Every fixed statement of the storage room, with its module and its name."""
    found = []
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if not module.name.startswith("storage.migrations"):
            room, short = importlib.import_module(module.name), module.name.removeprefix("storage.")
            found += [(short, name, it) for name, it in vars(room).items() if isinstance(it, Fixed)]
    return found


async def test_every_fixed_statement_finds_its_rows_by_an_index(sqlite_fresh: str, keys: KeyRing) -> None:
    def plans(connection: Connection) -> dict[tuple[str, str], list[str]]:
        driver: Any = connection.connection.dbapi_connection
        found = {}
        for module, name, statement in statements():
            sql = statement._for(connection)._sql
            rows = driver.execute(f"explain query plan {sql}", [None] * sql.count("?")).fetchall()
            found[module, name] = [str(row[3]) for row in rows]
        return found

    async with open_database(sqlite_fresh, keys=keys) as database:
        found = await database.transact(plans)
    assert len(found) > 60
    for (module, name), steps in found.items():
        for step in steps:
            scanned = step.split()[1] if step.startswith("SCAN") else ""
            assert scanned in {"", "bots", "CONSTANT", *SMALL}, (module, name, step)
            assert "ix_outbox_open" not in step or (module, name) in BY_STATE, (module, name, step)
