"""What belongs to whom, found by walking the tables' metadata, so that a table added later cannot be forgotten.

A column refers to a table when it is a foreign key to it, or bears its name (`run`, `occurrence`; a text column `lane`
holds the lane's key). A row belongs to the person in its column `person`, or, where it has none, to every person that
it refers to; an engagement belongs to its client. Whatever refers to a row that belongs to somebody belongs to them
too, so a coach's note on a client is the client's as much as the coach's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, select
from sqlalchemy.types import TypeDecorator

from storage.errors import StorageError
from storage.outbox.rows import LOOKS

# Tables in which nobody's own things stand: the canary, installations of the app, paces and leases.
NOBODYS = frozenset({"meta", "workspace", "oauth_state", "budget", "lease"})
# Tables that outlive the people in them: what was agreed to and deleted, without content (see `storage.audit`).
OUTLIVING = frozenset({"audit"})
# Where not the column `person` alone tells whose a row is.
_OWNERS = {"engagement": ("client",), "invite": ("coach", "person", "used_by")}
# Columns that hold the id of a person without being a foreign key.
_ALIASES = {"used_by": "person"}
_ALWAYS = frozenset({"person", "engagement", "lane"})
_AT_ONCE = 400  # values in one statement

Key = tuple[Any, ...]
Found = dict[str, set[Key]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A column that refers to another table's column."""

    column: Column[Any]
    target: Column[Any]


class UnknownTableError(StorageError):
    """Nobody said whose a table is: give it a column that refers to its owner, or add it to `NOBODYS`."""


def links(table: Table) -> tuple[Link, ...]:
    """Every column of a table that makes its rows belong to somebody; the owners of a row before all else."""
    found = tuple(_links(table))
    owners = _OWNERS.get(table.name) or (("person",) if "person" in table.columns else ())
    return tuple(
        link for link in found if not owners or link.target.table.name != "person" or link.column.name in owners
    )


def _links(table: Table) -> Iterator[Link]:
    foreign = [(column, key) for column in table.columns for key in column.foreign_keys]
    for column, key in foreign:
        yield Link(column=column, target=key.column)
    # A record of two (a ladder, an agreement) does not go with whoever's dialogue it was written in.
    strict = bool(foreign) and "person" not in table.columns
    for column in table.columns:
        name = _ALIASES.get(column.name, column.name)
        named = table.metadata.tables.get(name)
        if column.foreign_keys or named is None or named is table or (strict and name not in _ALWAYS):
            continue
        keys = [c for c in named.columns if c.primary_key or (c.name == "key" and c.unique)]
        fitting = [c for c in keys if _is_text(c) == _is_text(column)]
        if len(fitting) == 1 and len(named.primary_key.columns) == 1:
            yield Link(column=column, target=fitting[0])


def _is_text(column: Column[Any]) -> bool:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return isinstance(kind, String)


def personal(metadata: MetaData) -> list[Table]:
    """The tables in which things of people stand, those that are referred to before those that refer to them.

    Raises UnknownTableError for a table whose rows belong neither to a person, an engagement or a lane, nor to nobody.
    """
    found = [table for table in metadata.sorted_tables if table.name not in NOBODYS | OUTLIVING]
    reached = {"person", "lane"}
    while more := {t.name for t in found if t.name not in reached and _reaches(t, reached)}:
        reached |= more
    lost = sorted(table.name for table in found if table.name not in reached)
    if lost:
        raise UnknownTableError(f"Nobody said whose the table {lost[0]} is: see storage.ownership.")
    return found


def _reaches(table: Table, reached: set[str]) -> bool:
    return any(link.target.table.name in reached for link in links(table))


def owned_rows(connection: Connection, metadata: MetaData, start: Iterable[tuple[str, Key]]) -> Found:
    """The primary keys of all rows that belong to the rows of `start` (table and primary key), those included.

    The lanes of addresses found belong to it too, if nobody else has an address there.
    """
    tables = personal(metadata)
    found: Found = defaultdict(set)
    values: dict[Column[Any], set[Any]] = defaultdict(set)
    targets = _targets(tables)
    for name, key in start:
        _add(connection, metadata.tables[name], [key], found, values, targets)
    grown = True
    while grown:
        grown = False
        for table in tables:
            new = _referring(connection, table, values, found[table.name])
            grown = _add(connection, table, new, found, values, targets) or grown
        lanes = _own_lanes(connection, metadata, found) - found["lane"]
        grown = _add(connection, metadata.tables["lane"], lanes, found, values, targets) or grown
    return {name: keys for name, keys in found.items() if keys}


def _targets(tables: Iterable[Table]) -> dict[str, list[Column[Any]]]:
    found: dict[str, list[Column[Any]]] = defaultdict(list)
    for table in tables:
        for link in links(table):
            if link.target not in found[link.target.table.name]:
                found[link.target.table.name].append(link.target)
    return found


def _referring(connection: Connection, table: Table, values: dict[Column[Any], set[Any]], known: set[Key]) -> set[Key]:
    keys = list(table.primary_key.columns)
    new: set[Key] = set()
    for link in links(table):
        for some in batches(values.get(link.target, ()), _AT_ONCE):
            new |= {tuple(row) for row in connection.execute(select(*keys).where(link.column.in_(some)))}
    return new - known


def _add(
    connection: Connection,
    table: Table,
    new: Iterable[Key],
    found: Found,
    values: dict[Column[Any], set[Any]],
    targets: dict[str, list[Column[Any]]],
) -> bool:
    """Note rows, and the values by which others refer to them; True if there were any."""
    new = set(new)
    found[table.name] |= new
    keys = list(table.primary_key.columns)
    for column in targets.get(table.name, ()):
        if len(keys) == 1 and column is keys[0]:
            values[column] |= {key[0] for key in new}
            continue
        for some in batches(new, _AT_ONCE):
            rows = connection.execute(select(column).where(keys[0].in_([key[0] for key in some])))
            values[column] |= {row[0] for row in rows if row[0]}
    return bool(new)


def _own_lanes(connection: Connection, metadata: MetaData, found: Found) -> set[Key]:
    address = metadata.tables["address"]
    mine = [key[0] for key in found["address"]]
    if not mine:
        return set()
    lanes = {row.lane for row in connection.execute(select(address.c.lane).where(address.c.id.in_(mine)))}
    shared = select(address.c.lane).where(address.c.lane.in_(lanes), address.c.id.not_in(mine))
    own = lanes - {row.lane for row in connection.execute(shared)}
    lane = metadata.tables["lane"]
    keys = [f"{row.key}{LOOKS}" for row in connection.execute(select(lane.c.key).where(lane.c.id.in_(own)))]
    return {(each,) for each in own} | {
        (row.id,) for row in connection.execute(select(lane.c.id).where(lane.c.key.in_(keys)))
    }


def batches(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The values in lists of at most `size`."""
    walk = iter(values)
    while some := list(islice(walk, size)):
        yield some
