"""What happens when the next release is put in place: a migration cut off half-way, old code beside new.

The next release is made here: a copy of the code with one more migration, which adds what releases may add.
"""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

from storage.database.migrate import SCRIPTS, newest_revision
from tests.faults.counting import Counts
from tests.faults.databases import peek
from tests.faults.lives import Host, nursery
from tests.faults.people import until
from tests.faults.world import World
from tests.support.forked import ROOT, Forker
from tests.support.run_process import free_port

_CODE = ("bot", "handlers", "schedules", "storage", "tests")
_NEXT = """\"\"\"One table and one column more.\"\"\"

import os
import signal

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("next_release", sa.Column("id", sa.Integer(), primary_key=True))
    if os.environ.get("DIES_HALF_WAY"):
        os.kill(os.getpid(), signal.SIGKILL)
    op.add_column("outbox", sa.Column("next_release", sa.String(), nullable=True))
"""


@asynccontextmanager
async def _next_release(host: Host) -> AsyncIterator[Host]:
    """The same installation, for processes of the next release."""
    before = newest_revision(SCRIPTS)
    assert before is not None
    number = f"{int(before) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        for name in _CODE:
            shutil.copytree(ROOT / name, Path(folder) / name, ignore=shutil.ignore_patterns("__pycache__"))
        migration = Path(folder) / "storage" / "migrations" / "versions" / f"{number}_next.py"
        migration.write_text(_NEXT.format(number=number, before=before))
        with closing(Forker(Path(folder))) as newer:
            async with nursery(newer) as made:
                yield replace(host, nursery=made)


def _revision(world: World) -> str:
    return str(peek(world.host.url, "select version_num from alembic_version")[0][0])


async def half_a_migration(world: World) -> Counts:
    """The next release dies in its migration: the old one finds all as it was, and the next try succeeds."""
    before = _revision(world)
    async with _next_release(world.host) as newer:
        world.week_begins()
        dying = await newer.begins(now=world.now, DIES_HALF_WAY="1")
        assert await dying.end_by_itself() == -signal.SIGKILL
        assert _revision(world) == before
        assert not peek(world.host.url, "select count(*) from next_release"), "half of it is there"
        await world.stops(await world.begins())
        world.week_begins()
        await world.stops(await newer.begins(now=world.now))
        assert _revision(world) > before
        logged = len(world.host.log)
        assert await (await world.begins()).end_by_itself() == 1
        said = world.host.log[logged:].strip()
        assert "newer than this program" in said
        assert len(said.splitlines()) == 1, said
    return await world.counts()


async def old_code_beside_new(world: World) -> Counts:
    """Two old processes are replaced by two new ones, one by one, in the middle of a week; the first migrates."""
    before = _revision(world)
    async with _next_release(world.host) as newer:
        world.week_begins()
        old = [await world.begins(), await world.begins(HTTP_PORT=str(free_port()))]
        await until(lambda: any(one.checked_in for one in world.people), 30, "it has begun")
        new = [await newer.begins(now=world.now, HTTP_PORT=str(free_port()))]
        await until(lambda: _revision(world) > before, 30, "the new one migrates under the old ones")
        await asyncio.sleep(2)
        assert all(life.alive for life in old), f"the migration ended an old one: {world.host.log[-400:]}"
        assert await old[0].end(signal.SIGTERM) == 0
        new.append(await newer.begins(now=world.now))
        await new[1].has_served(1)
        assert await old[1].end(signal.SIGTERM) == 0
        await world.quiet()
        for life in new:
            assert await life.end(signal.SIGTERM) == 0
        world.week_begins()
        await world.stops(await newer.begins(now=world.now))
    return await world.counts()
