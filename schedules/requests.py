"""Gives people their data, and deletes it: what was asked for in the chat, carried out beside the conversation.

Exports are read and built outside the writer; erasing goes in slices.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.coaching.own_data.export import ALLOWED, as_json, as_text, screened
from bot.engine.library import Library
from bot.messages.outgoing import Document, Message
from bot.model.export import Exported
from bot.rendering.wording import Wording
from storage import audit
from storage.database.open import Database
from storage.erasure import erase_person
from storage.export import everything_of
from storage.outbox import rows as outbox
from storage.people import people, requests
from storage.people.requests import Request

_log = logging.getLogger("throughline")
LAST_WORDS = timedelta(minutes=15)  # how long an erasure waits for what is still on its way to the person
FILES_LIVE = timedelta(hours=24)


async def tick(database: Database, library: Library, wake: Callable[[], None], now: datetime) -> int:
    """Carry out what waits at `now` (UTC); returns how many requests were. One that raises waits behind the others.

    Nobody is erased in the round in which their copy is made: it is to leave first, also when the host has slept.
    """
    done = 0
    copied: set[str] = set()
    for request in await database.read(requests.waiting):
        if request.kind == requests.ERASE and request.person in copied:
            continue
        copied |= {request.person} if request.kind == requests.EXPORT else set()
        try:
            done += await _carry_out(database, library, request, now)
        except Exception:
            _log.exception("a request about data (%s) could not be carried out", request.kind)
            await database.transact(partial(requests.put_off, wanted=request.id))
    if done:
        wake()
    return done


async def _carry_out(database: Database, library: Library, request: Request, now: datetime) -> bool:
    if request.kind == requests.EXPORT:
        made = await database.read(partial(_files, request=request, library=library, now=now))
        return await database.transact(partial(_hand_over, request=request, made=made, now=now))
    soon = now - request.at < LAST_WORDS
    if soon and await database.read(partial(requests.still_told, person=request.person)):
        return False
    former = library.wordings["en"].say("former_coach")
    await erase_person(database, request.person, now=now, actor=request.person, former=former)
    return True


# -- exports ---------------------------------------------------------------------------------------------------------


def _files(connection: Connection, request: Request, library: Library, now: datetime) -> list[Message]:
    """What is sent: one file to read, one for programs."""
    known, place = people.person(connection, request.person), requests.where_asked(connection, request)
    if known is None or place is None:
        return []
    zone = ZoneInfo(known.home)
    found = everything_of(connection, known.id, now.astimezone(zone).date(), ALLOWED)
    if place.private_from is not None:
        found = screened(found, place.private_from.astimezone(zone).date())
    wording = library.wording_of(known.language, known.locale, None)
    return _messages(found, wording)


def _messages(found: Exported, wording: Wording) -> list[Message]:
    stem = f"throughline-{found.day}"
    read = Document(name=f"{stem}.txt", media="text/plain", text=as_text(found, wording))
    for_programs = Document(name=f"{stem}.json", media="application/json", text=as_json(found))
    return [
        Message(text=wording.say("export_here"), file=read),
        Message(text=wording.say("export_for_programs"), file=for_programs),
    ]


def _hand_over(connection: Connection, request: Request, made: list[Message], now: datetime) -> bool:
    place = requests.where_asked(connection, request)
    if not requests.take(connection, request.id):
        return False
    for number, message in enumerate(made if place is not None else ()):
        outbox.add(
            connection,
            message,
            dedup=f"export:{request.id}#{number}",
            lane=place.lane if place is not None else 0,
            address=request.address,
            person=request.person,
            kind="reply",
            urgency=outbox.REPLY,
            due_at=now,
            expires_at=now + FILES_LIVE,
        )
    audit.note(
        connection,
        at=now,
        role="own",
        actor=request.person,
        verb=audit.EXPORTED,
        kind="everything",
        subject=request.person,
    )
    return True
