"""What tests of entrances share: everything that is stored of others, and ids of theirs to try."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.app import functions
from storage.people import engagements
from storage.tables.people import PromptRow, table_of
from storage.tables.schema import metadata
from tests.support.beginnings import played_once
from tests.support.received import received
from tests.support.town import Person, Town

SECRET = "okapia"
THEIRS = ("ana", "dana")  # who is to be left alone; Kim may well hear what Cy does, and Cy what Kim does
# Tables in which every event leaves its own trace, whoever it comes from.
TRACES = {"dialogue_version", "inbox", "outbox", "lane", "lease", "meta", "budget", "conversation", "code_try"}
TRACES |= {"run", "prompt", "timer"}
# Every command there is; a preview makes a practice client of a coach, so what follows it would show nothing.
VERBS = sorted(functions().commands.keys() - {"preview"})


@played_once
async def two_practices(town: Town) -> None:
    """Dana coaches Ana, Kim coaches Cy; Ana has a secret that Dana may read, and Dana one that nobody else may."""
    ana = await town.client("ana")
    await town.client("cy", coach="kim")
    await ana.says(f"/commit Hand over the {SECRET} plan by Wednesday")
    await ana.says("8")
    await ana.says("skip")
    await town.people["dana"].says(f"/note ana {SECRET} weighs on them")


def rows(connection: Connection, person: str) -> dict[str, list[Any]]:
    """Every row of every table but the traces of events, those of one person's own left out."""
    found: dict[str, list[Any]] = {}
    for table in metadata().sorted_tables:
        if table.name not in TRACES:
            all_rows = connection.execute(select(table)).mappings().all()
            found[table.name] = sorted(repr(row) for row in all_rows if person not in map(str, row.values()))
    return found


async def state(town: Town, but: Person) -> dict[str, list[Any]]:
    """What is stored of everybody else."""
    place = await but.place()
    found: dict[str, list[Any]] = await town.app.database.read(partial(rows, person=place.person))
    return found


async def engagement_of(town: Town, user: str) -> str:
    """The engagement in which somebody is the client."""
    place = await town.people[user].place()
    found = await town.app.database.read(partial(engagements.engagements_as_client, wanted=place.person))
    return found[0].engagement.id


def _tokens(connection: Connection, person: str) -> list[tuple[str, str]]:
    table = table_of(PromptRow)
    found = connection.execute(select(table.c.token, table.c.state).where(table.c.person == person))
    return sorted((row.token, row.state) for row in found)


async def prompts_of(town: Town, user: str) -> list[tuple[str, str]]:
    """The token and the state of every prompt of somebody."""
    place = await town.people[user].place()
    found: list[tuple[str, str]] = await town.app.database.read(partial(_tokens, person=place.person))
    return found


def commands_on_buttons(person: Person) -> list[str]:
    """Every command that a button has offered to somebody."""
    return sorted({c.value for message in person.read for c in message.choices if c.value.startswith("/")})


@asynccontextmanager
async def untouched(town: Town, intruder: Person) -> AsyncIterator[None]:
    """Whatever is done meanwhile changes nothing of others, reaches neither Ana nor Dana, and shows no secret."""
    before = await state(town, intruder), {user: await prompts_of(town, user) for user in THEIRS}
    heard = received(town)
    yield
    await town.settled()
    after = await state(town, intruder), {user: await prompts_of(town, user) for user in THEIRS}
    assert after == before
    now = received(town)
    assert {user: now.get(user) for user in THEIRS} == {user: heard.get(user) for user in THEIRS}
    assert [user for user, text in now.items() if SECRET in text and user not in THEIRS] == []
