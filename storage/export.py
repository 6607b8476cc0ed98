"""Everything that is a person's own, read out of the tables; who may take out what is the caller's to say."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.model.export import Exported
from storage import audit
from storage.columns import Sealed, UtcDateTime
from storage.database.encryption import unseal
from storage.ownership import Key, owned_rows
from storage.people import engagements, people
from storage.tables.schema import metadata

# Columns that say nothing to a person: keys of other tables, and how the system runs.
_INTERNAL = frozenset(
    {"person", "lane", "run", "key", "version", "plan", "slot", "next_at", "digest_at", "rhythm_since", "page"}
)


def everything_of(connection: Connection, person: str, day: date, wanted: Sequence[str]) -> Exported:
    """Those of the wanted sections of a person that hold something, in that order; empty for somebody unknown."""
    known = people.person(connection, person)
    if known is None:
        return Exported(day=day.isoformat())
    tables = metadata().tables
    found = owned_rows(connection, metadata(), [("person", (person,))])
    rows = {name: _rows(connection, tables[name], found.get(name, set()), person) for name in wanted if name in tables}
    rows["engagement"] = [_engaged(c.engagement) for c in engagements.engagements_as_client(connection, person)]
    rows["roster"] = [_coached(c.engagement) for c in engagements.engagements_as_coach(connection, person)]
    rows["access"] = [
        {"day": entry.at.date().isoformat(), "who": entry.role, "what": entry.kind}
        for entry in audit.accesses(connection, person)
    ]
    rows["note"] = _notes(connection, tables["note"], person) if "note" in tables else []
    sections = {name: rows[name] for name in wanted if rows.get(name)}
    return Exported(day=day.isoformat(), sections=sections)


def _rows(connection: Connection, table: Table, keys: set[Key], person: str) -> list[dict[str, Any]]:
    """The person's own rows of a table: those with an owner are taken only when they are that owner."""
    columns = list(table.primary_key.columns)
    wanted = select(table).order_by(*columns)
    if "person" in table.columns:
        wanted = wanted.where(table.c.person == person)
    rows = connection.execute(wanted).mappings()
    return [_row(connection, table, dict(row)) for row in rows if tuple(row[c.name] for c in columns) in keys]


def _notes(connection: Connection, table: Table, person: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c.coach == person).order_by(table.c.at)).mappings()
    return [_row(connection, table, dict(row)) for row in rows]


def _row(connection: Connection, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    others = row.get("by") == "coach" and table.name in ("level", "adjustment")
    return {
        column.name: _value(connection, column.type, row[column.name])
        for column in table.columns
        if column.name not in _INTERNAL and not (others and isinstance(column.type, Sealed))
    }


def _value(connection: Connection, kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Sealed):
        return _read(unseal(connection, value))
    if isinstance(kind, UtcDateTime) and isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else value


def _read(text: str) -> Any:
    """What was sealed: most bodies are JSON, names are plain."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return {k: v for k, v in found.items() if k not in _INTERNAL} if isinstance(found, dict) else text


def _engaged(engagement: Any) -> dict[str, Any]:
    return {
        "id": engagement.id,
        "coach": engagement.coach_name,
        "state": engagement.state,
        "your_coach_sees": engagement.visible,
        "agreed": sorted(engagement.consents),
    }


def _coached(engagement: Any) -> dict[str, Any]:
    return {"id": engagement.id, "client": engagement.client_name, "state": engagement.state}
