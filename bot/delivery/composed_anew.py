"""Messages that waited while a client changed what they share: composed anew, once; after that a line stands there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.engine.library import Library
from bot.features import COMPOSES
from bot.messages.outgoing import Message
from bot.model.phrases import phrase
from bot.time_zones import local_day
from bot.transaction.card import Anew, Waited
from storage.database.open import Database
from storage.outbox import sharing
from storage.people import engagements, people
from storage.people.people import Known


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """What a row says from now on, and under which states of sharing."""

    message: Message
    about: str


Compose = Callable[[Connection, Any, datetime], Composed | None]  # of a row that waits


async def compose_waiting(database: Database, compose: Compose, now: datetime) -> None:
    """Compose, beside the writer, what tells of somebody who shares otherwise by now; it waits in its lane again."""
    for row in await database.read(sharing.to_compose):
        made = await database.read(partial(_made, compose=compose, row=row, now=now))
        await database.transact(partial(_put_in_place, row=row, made=made, now=now))


def _made(connection: Connection, *, compose: Compose, row: Any, now: datetime) -> Composed | None:
    return compose(connection, row, now)


def _put_in_place(connection: Connection, *, row: Any, made: Composed | None, now: datetime) -> None:
    if made is None:
        sharing.let_be(connection, row, "whoever it was for is gone", now)
    else:
        sharing.composed(connection, row, made.message, made.about)


def composed_anew(connection: Connection, row: Any, now: datetime, *, library: Library) -> Composed | None:
    """What a row that waited is to say, read from what is shared now; None for a reader who is gone."""
    reader = people.person(connection, row.person or "")
    if reader is None:
        return None
    found = _again(connection, row, reader, now, library) if row.composed == 0 else None
    if found is not None:
        return Composed(message=found.message, about=sharing.about(connection, found.about))
    wording = library.wording_of(reader.language, reader.locale, local_day(now, reader.home))
    names = [name for each in sharing.told_of(row.about) if (name := engagements.called(connection, each))]
    line = phrase("told_out_of_date", clients=", ".join(names) or wording.say("join_somebody"))
    return Composed(message=Message(text=wording.render(line)), about="")


def _again(connection: Connection, row: Any, reader: Known, now: datetime, library: Library) -> Anew | None:
    kind, *origin = row.origin.split() or ("",)
    compose = COMPOSES.get(kind)
    told = sharing.told_of(row.about)
    waited = Waited(reader=reader, origin=tuple(origin), made=row.due_at, about=told, now=now, library=library)
    return compose(connection, waited) if compose is not None else None
