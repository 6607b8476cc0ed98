"""The sources of dialogues that somebody is in the middle of, or was not long ago, by their hash."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from storage.database.compiled_sql import Fixed, insert_if_new
from storage.database.encryption import seal, unseal
from storage.tables.people import DialogueRow, PersonRow, RunRow, table_of

_dialogue = table_of(DialogueRow)
_run = table_of(RunRow)
_person = table_of(PersonRow)


_KEEP_VERSION = Fixed(
    lambda dialect: insert_if_new(_dialogue, dialect).values(
        {name: bindparam(name) for name in ("version", "name", "source", "stored", "person", "worded")}
    )
)


def keep_version(
    connection: Connection, version: str, name: str, source: str, at: datetime, *, person: str | None = None
) -> None:
    """Store the source of a dialogue that somebody has begun; once. What holds the words of a `person` is sealed."""
    worded = seal(connection, source) if person is not None else None
    plain = source if person is None else ""
    _KEEP_VERSION.run(connection, version=version, name=name, source=plain, stored=at, person=person, worded=worded)


def versions(connection: Connection, wanted: set[str]) -> dict[str, str]:
    """The stored sources of these versions."""
    if not wanted:
        return {}
    rows = connection.execute(select(_dialogue).where(_dialogue.c.version.in_(sorted(wanted))))
    return {row.version: row.source if row.worded is None else unseal(connection, row.worded) for row in rows}


def language_of(connection: Connection, run: str) -> str:
    """The language of whoever holds a run."""
    found = select(_person.c.language).join(_run, _run.c.person == _person.c.id).where(_run.c.id == run)
    return str(connection.execute(found).scalar() or "en")


def drop_unused_versions(connection: Connection, before: datetime) -> int:
    """Delete the versions that no run refers to, other than in weeks long gone; returns how many."""
    live = select(_run.c.version).where((_run.c.ended.is_(None)) | (_run.c.ended > before))
    gone = delete(_dialogue).where(_dialogue.c.stored < before, _dialogue.c.version.not_in(live))
    return int(connection.execute(gone).rowcount)
