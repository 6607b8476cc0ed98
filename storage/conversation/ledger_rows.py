"""Rows as the ledger keeps them: looked at before and after an event, compared, and put back as they were.

What is worked out from other rows (how a commitment stands) is left out: it is worked out again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Date, Table, Time, and_, bindparam, delete, insert, select, update

from bot.model.people.preferences import Preferences
from storage.columns import Sealed, UtcDateTime
from storage.conversation.ledger import Change
from storage.database.compiled_sql import Fixed
from storage.database.encryption import seal, unseal
from storage.serialise import dump, load
from storage.tables.schema import metadata

Row = dict[str, Any]
Key = tuple[Any, ...]
Image = dict[tuple[str, Key], Row]

# Everything that one run wrote stands in these, those that others refer to first.
OF_RUN = (
    "answer", "earlier_answer", "goal", "milestone", "adjustment", "level", "commitment", "report", "rating", "remark",
    "habit", "habit_entry", "note",
)  # fmt: skip
_ORDER = (
    *OF_RUN, "run", "prompt", "occurrence", "person", "pause", "engagement", "phase", "agenda", "consent",
    "session", "away", "coach", "left_signal", "programme",
)  # fmt: skip
_DERIVED: Mapping[str, frozenset[str]] = {
    "commitment": frozenset({"standing", "due", "dated_at", "asked", "body"}),
    "goal": frozenset({"state", "due", "weight", "ready", "moved", "moved_days", "body"}),
    "milestone": frozenset({"due", "done", "moved", "moved_days", "body"}),
    "adjustment": frozenset({"days"}),
    "habit": frozenset({"asked"}),
    "session": frozenset({"moved"}),
}
# Of these only some columns are what somebody chose; the rest is how the system runs.
_CHOSEN: Mapping[str, frozenset[str]] = {
    "person": frozenset({"name", "home", "language", "locale", "rhythm_since"}),
    "engagement": frozenset({"phase", "ends", "call_wanted", "programme", "sessions_off"}),
    "occurrence": frozenset({"state"}),
    "run": frozenset({"state", "body"}),
    "prompt": frozenset({"state", "closed"}),
}
_WISH = "wishes."
# What the bot notes among the wishes by itself; all else there somebody has chosen.
_NOTED = frozenset({"unanswered", "misses", "answer_times", "keep_days"})
# What has moved on by itself does not stand in the way, and stays as it has become.
_GIVES_WAY = frozenset({"agenda", "occurrence", "run", "prompt", "earlier_answer"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """The rows of a table in which a column has a value."""

    table: str
    column: str
    value: str


def of_run(run: str, occurrence: str = "") -> tuple[Watched, ...]:
    """All that a run has written, with the run itself and the occurrence that brought it."""
    own = tuple(Watched(table=name, column="run", value=run) for name in OF_RUN)
    brought = (Watched(table="occurrence", column="id", value=occurrence),) if occurrence else ()
    return (*own, Watched(table="run", column="id", value=run), *brought)


def look(connection: Connection, watched: Iterable[Watched]) -> Image:
    """How those rows stand now."""
    found: Image = {}
    for each in watched:
        table = _table(each.table)
        for row in _select(each.table, each.column).all(connection, wanted=each.value):
            found[each.table, _key(table, row)] = _row(connection, table, row)
    return found


def compared(before: Image, after: Image) -> tuple[Change, ...]:
    """What differs, in the order in which rows refer to each other."""
    found = [
        change
        for name, key in {**before, **after}
        if (change := _change(name, key, before.get((name, key)), after.get((name, key)))) is not None
    ]
    return tuple(sorted(found, key=lambda change: _ORDER.index(change.table)))


def _change(name: str, key: Key, before: Row | None, after: Row | None) -> Change | None:
    if before is None or after is None:
        return Change(table=name, key=key, before=before, after=after)
    differ = [c for c in before if before[c] != after[c] and c not in _DERIVED.get(name, ())]
    if not differ:
        return None
    return Change(table=name, key=key, before={c: before[c] for c in differ}, after={c: after[c] for c in differ})


def reverted(image: Image, changes: Iterable[Change]) -> Image:
    """Those rows as they would stand without these changes."""
    found = dict(image)
    for change in changes:
        known = (change.table, change.key)
        if change.before is None:
            found.pop(known, None)
        elif known in found or change.after is None:
            found[known] = {**found.get(known, {}), **change.before}
    return found


def stands(connection: Connection, changes: Iterable[Change]) -> bool:
    """Whether everything still is as these changes left it, so that they can be taken back."""
    return all(_stands(connection, change) for change in changes if change.table not in _GIVES_WAY)


def _stands(connection: Connection, change: Change) -> bool:
    now = _now(connection, change)
    if now is None or change.after is None:
        return (now is None) == (change.after is None)
    ignored = _DERIVED.get(change.table, frozenset())
    return all(now.get(c) == value for c, value in change.after.items() if c not in ignored)


def restore(connection: Connection, changes: tuple[Change, ...]) -> None:
    """Put the rows back as they were before these changes; what gives way is left where it has moved on."""
    wanted = [c for c in changes if c.table not in _GIVES_WAY or _stands(connection, c)]
    for change in reversed(wanted):
        if change.before is None:
            connection.execute(delete(_table(change.table)).where(_is(change)))
    for change in wanted:
        if change.before is not None:
            _put_back(connection, change, change.before)


def _put_back(connection: Connection, change: Change, before: Mapping[str, Any]) -> None:
    table = _table(change.table)
    values = {c: _stored(connection, table.c[c], v) for c, v in before.items() if not c.startswith(_WISH)}
    wishes = {c.removeprefix(_WISH): v for c, v in before.items() if c.startswith(_WISH)}
    if wishes:
        kept = json.loads(connection.execute(select(table.c.wishes).where(_is(change))).scalar_one())
        values["wishes"] = json.dumps({**kept, **wishes}, ensure_ascii=False, separators=(",", ":"))
    if change.after is None:
        connection.execute(insert(table).values(**values))
    else:
        connection.execute(update(table).where(_is(change)).values(**values))


def _now(connection: Connection, change: Change) -> Row | None:
    table = _table(change.table)
    row = connection.execute(select(table).where(_is(change))).first()
    return None if row is None else _row(connection, table, row)


# -- one row ---------------------------------------------------------------------------------------------------------


@cache
def _table(name: str) -> Table:
    return metadata().tables[name]


@cache
def _select(name: str, column: str) -> Fixed:
    table = _table(name)
    return Fixed(select(table).where(table.c[column] == bindparam("wanted")))


def _key(table: Table, row: Any) -> Key:
    return tuple(getattr(row, column.name) for column in table.primary_key.columns)


def _is(change: Change) -> Any:
    columns = _table(change.table).primary_key.columns
    return and_(*(column == value for column, value in zip(columns, change.key, strict=True)))


def _row(connection: Connection, table: Table, row: Any) -> Row:
    chosen = _CHOSEN.get(table.name)
    found = {
        column.name: _plain(connection, column, getattr(row, column.name))
        for column in table.columns
        if chosen is None or column.name in chosen
    }
    if table.name == "person":
        wishes = json.loads(dump(Preferences, load(Preferences, row.wishes)))
        found |= {f"{_WISH}{name}": _sorted(value) for name, value in wishes.items() if name not in _NOTED}
    return found


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _plain(connection: Connection, column: Column[Any], value: Any) -> Any:
    """A value as JSON has it; what is sealed is opened, since the whole entry is sealed, and keys may change."""
    if isinstance(value, bytes):
        return unseal(connection, value)
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _stored(connection: Connection, column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Sealed):
        return seal(connection, value)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Time):
        return time.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
