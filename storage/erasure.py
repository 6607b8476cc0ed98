"""Erasing a person whole, in slices that leave the writer free, until nothing of theirs is in the database files.

What belongs to them is found by `storage.ownership`; deleted cells are overwritten (`secure_delete`), freed pages are
given back by a vacuum outside any batch, and the write-ahead log is truncated. On PostgreSQL the rows go, and the
server's own vacuum, log and backups follow their own schedule. A coach whose clients stay leaves a row without name,
address or settings, so that the clients' own records hold together; it goes with the last of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from bot.messages.outgoing import Message
from bot.model.people.preferences import Preferences
from storage import audit
from storage.conversation import conversations, versions
from storage.database.encryption import seal, unseal
from storage.database.open import Database
from storage.errors import Unreadable
from storage.ownership import Key, batches, owned_rows, personal
from storage.people import engagements, people
from storage.programme import absences, programmes
from storage.serialise import dump, opened
from storage.tables.outbox import OutboxRow
from storage.tables.people import AddressRow, ConversationRow, EngagementRow, InviteRow, PersonRow, table_of
from storage.tables.schema import metadata
from storage.tables.sessions import AwayRow

SLICE = 64  # rows in one transaction: milliseconds of the writer
_ROUNDS = 10  # of looking again for what was written meanwhile

Doomed = list[tuple[Table, list[Key]]]


async def erase_person(
    database: Database, person: str, *, now: datetime, actor: str, former: str, vacuum: bool = True
) -> dict[str, int]:
    """Erase everything of a person; returns how many rows of which table went, nothing for somebody unknown.

    `actor` is who wanted it: an id, or `audit.OPERATOR`; `former` is what a coach who leaves clients behind is called
    from now on. Without `vacuum` the caller sees to that. May be stopped and run again. Raises DatabaseBusy if a long
    read keeps the log: run it again then.
    """
    known = metadata()
    personal(known)
    gone: Counter[str] = Counter()
    shut = await database.transact(partial(_shut, person=person, former=former))
    if shut is None:
        return {}
    gone["outbox"] += await _unmention(database, person, shut.names)
    for _ in range(_ROUNDS):
        found = await database.read(partial(_doomed, person=person, known=known))
        left = await _delete_all(database, found, gone)
        if not left and not await database.read(partial(_doomed, person=person, known=known)):
            break
    await database.transact(partial(_close_book, person=person, actor=actor, now=now))
    for coach in shut.coaches:
        await database.transact(partial(_drop_husk, person=coach, known=known))
    if vacuum:
        await database.vacuum()
    return {name: count for name, count in sorted(gone.items()) if count}


async def erase_engagement(database: Database, engagement: str) -> dict[str, int]:
    """Erase what hangs on one engagement, and nothing else of its client; its vacuum is left to the caller."""
    gone: Counter[str] = Counter()
    known = metadata()

    def doomed(connection: Connection) -> Doomed:
        return _ordered(known, owned_rows(connection, known, [("engagement", (engagement,))]))

    for _ in range(_ROUNDS):
        found = await database.read(doomed)
        if not await _delete_all(database, found, gone):
            break
    return {name: count for name, count in sorted(gone.items()) if count}


# -- before ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shut:
    """What others may hold of a person: messages with one of these names, in the hands of these coaches."""

    names: list[str]
    coaches: list[str]


def _shut(connection: Connection, person: str, former: str) -> _Shut | None:
    """Nothing is sent, asked or shown any more from here on; None for somebody unknown."""
    known = people.person(connection, person)
    if known is None:
        return None
    invited = connection.execute(select(col(InviteRow.name)).where(col(InviteRow.used_by) == person)).scalars()
    names = [known.name, *engagements.names_of(connection, person), *(unseal(connection, name) for name in invited)]
    connection.execute(update(AddressRow).where(col(AddressRow.person) == person).values(state="closed"))
    quiet = {"next_at": None, "plan": None, "digest_at": None, "rhythm_since": None}
    connection.execute(update(PersonRow).where(col(PersonRow.id) == person).values(**quiet))
    mine = (col(EngagementRow.client) == person) | (col(EngagementRow.coach) == person)
    absences.leave(connection, person)
    coached = connection.execute(select(col(EngagementRow.id), col(EngagementRow.coach)).where(mine)).all()
    over = {"state": "closed", "visible": "none", "call_wanted": None, "sharing": col(EngagementRow.sharing) + 1}
    connection.execute(update(EngagementRow).where(mine).values(**over))
    for engagement, coach in coached:
        _drop_runs(connection, coach, engagement)
        if coach == person:
            programmes.without_words(connection, engagement)
    coaches = {coach for _, coach in coached}
    if person in coaches:
        _without_a_face(connection, person, former)
    return _Shut(names=sorted({name for name in names if name.strip()}), coaches=sorted(coaches - {person}))


def _drop_runs(connection: Connection, coach: str, engagement: str) -> None:
    """A dialogue that the coach is in the middle of, about this engagement, is over."""
    _, runs = conversations.state(connection, coach)
    kept = tuple(run for run in runs if run.engagement != engagement)
    if kept != runs:
        conversations.save_state(connection, coach, kept)


def _without_a_face(connection: Connection, person: str, former: str) -> None:
    connection.execute(
        update(PersonRow)
        .where(col(PersonRow.id) == person)
        .values(
            name=seal(connection, former), home="UTC", coach=False, hold=None, wishes=dump(Preferences, Preferences())
        )
    )


# -- messages to others ----------------------------------------------------------------------------------------------


async def _unmention(database: Database, person: str, names: Sequence[str]) -> int:
    """Delete what is stored of messages to a client's coaches that name them; returns how many."""
    word = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE) if names else None
    gone, after = 0, 0
    while word is not None:
        rows, after = await database.read(partial(_naming, person=person, word=word, after=after))
        for some in batches(rows, SLICE):
            gone += await database.transact(partial(_delete_messages, rows=some))
        if not after:
            break
    return gone


def _naming(connection: Connection, person: str, word: re.Pattern[str], after: int) -> tuple[list[int], int]:
    """The rows of one slice of the coaches' messages that hold a name, and where the next slice begins; 0: none."""
    coached = select(col(EngagementRow.coach)).where(
        col(EngagementRow.client) == person, col(EngagementRow.coach) != person
    )
    named = select(col(AwayRow.cover)).join(EngagementRow, col(EngagementRow.cover) == col(AwayRow.id))
    named = named.where(col(EngagementRow.client) == person)
    coaches = coached.union(audit.readers(person), named)  # those who have handed the client over, too
    wanted = (
        select(col(OutboxRow.id), col(OutboxRow.body))
        .where(col(OutboxRow.person).in_(coaches), col(OutboxRow.id) > after, col(OutboxRow.state) != "sending")
        .order_by(col(OutboxRow.id))
        .limit(5 * SLICE)
    )
    rows = connection.execute(wanted).all()
    found = [key for key, body in rows if _names(connection, body, word)]
    return found, rows[-1][0] if rows else 0


def _names(connection: Connection, body: bytes, word: re.Pattern[str]) -> bool:
    """Whether a name stands in a message; what cannot be read may hold it, too."""
    try:
        return word.search(_text(opened(connection, Message, body))) is not None
    except Unreadable:
        return True


def _text(message: Message) -> str:
    return repr(replace(message, token=""))


def _delete_messages(connection: Connection, rows: list[int]) -> int:
    return int(connection.execute(delete(OutboxRow).where(col(OutboxRow.id).in_(rows))).rowcount)


# -- deleting --------------------------------------------------------------------------------------------------------


def _doomed(connection: Connection, person: str, known: MetaData) -> Doomed:
    """What is left of a person, children first; a row that others' records refer to stays, without a face."""
    found = owned_rows(connection, known, [("person", (person,))])
    if connection.execute(select(col(PersonRow.id)).where(col(PersonRow.id) == person)).first() is None or _needed(
        connection, known, person, found
    ):
        found.pop("person", None)
    return _ordered(known, found)


def _needed(connection: Connection, known: MetaData, person: str, found: dict[str, set[Key]]) -> bool:
    """Whether a row that stays refers to the person."""
    of_person = table_of(PersonRow).c.id
    for table in known.tables.values():
        for column in table.columns:
            if any(key.column is of_person for key in column.foreign_keys):
                keys = list(table.primary_key.columns)
                rows = connection.execute(select(*keys).where(column == person))
                if any(tuple(row) not in found.get(table.name, ()) for row in rows):
                    return True
    return False


def _drop_husk(connection: Connection, person: str, known: MetaData) -> None:
    """A coach who was erased, and whose last client has gone now, goes too."""
    talks_with = connection.execute(
        select(col(ConversationRow.person)).where(col(ConversationRow.person) == person)
    ).first()
    if talks_with is None and not _needed(connection, known, person, {}):
        connection.execute(delete(PersonRow).where(col(PersonRow.id) == person))


def _ordered(known: MetaData, found: dict[str, set[Key]]) -> Doomed:
    return [(table, sorted(found[table.name])) for table in reversed(known.sorted_tables) if found.get(table.name)]


async def _delete_all(database: Database, found: Doomed, gone: Counter[str]) -> bool:
    """Delete in slices; True if something was written meanwhile that has to go first."""
    again = False
    for table, keys in found:
        for some in batches(keys, SLICE):
            try:
                gone[table.name] += await database.transact(_deletion(table, some))
            except IntegrityError:
                again = True
    return again


def _deletion(table: Table, keys: list[Key]) -> Callable[[Connection], int]:
    columns = list(table.primary_key.columns)
    wanted: Any = columns[0].in_([key[0] for key in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)

    def unit(connection: Connection) -> int:
        return int(connection.execute(delete(table).where(wanted)).rowcount)

    return unit


def _close_book(connection: Connection, person: str, actor: str, now: datetime) -> None:
    """What is left: that somebody was deleted, when, and on whose word."""
    audit.forget(connection, person)
    role = audit.OPERATOR if actor == audit.OPERATOR else "own"
    audit.note(connection, at=now, role=role, actor=actor, verb=audit.ERASED, kind="everything", subject=person)
    versions.drop_unused_versions(connection, now)
