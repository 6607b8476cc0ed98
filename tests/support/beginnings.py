"""Beginnings that many tests share: a new town plays each of them once, and its like take over what came of it."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from tests.support.seats import ConsoleSeat

if TYPE_CHECKING:
    from tests.support.town import Person, Town

P, R = ParamSpec("P"), TypeVar("R")
_SQLITE = "sqlite:///"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    """What a town was when its beginning had been played; of what was returned, people by their names."""

    database: sqlite3.Connection
    now: datetime
    made: int
    people: "tuple[Person, ...]"
    sent: tuple[Any, ...]
    returned: Any


_KEPT: dict[tuple[Any, ...], _Kept] = {}


def written(url: str) -> int:
    """How much has been written to a database since it was opened; -1 where that cannot be seen."""
    if not url.startswith(_SQLITE):
        return -1
    log = Path(f"{url.removeprefix(_SQLITE)}-wal")
    return log.stat().st_size if log.exists() else 0


def played_once(
    play: "Callable[Concatenate[Town, P], Awaitable[R]]",
) -> "Callable[Concatenate[Town, P], Awaitable[R]]":
    """A story that begins a town; in one where nothing has happened yet, it is not played a second time."""

    @wraps(play)
    async def begun(town: "Town", *args: P.args, **wishes: P.kwargs) -> R:
        if not _is_new(town):
            return await play(town, *args, **wishes)
        beginning = (play.__module__, play.__qualname__, args, tuple(sorted(wishes.items())))
        if beginning not in _KEPT:
            returned = await play(town, *args, **wishes)
            _KEPT[beginning] = _keep(town, returned)
            return returned
        found: R = _take_over(town, _KEPT[beginning])
        return found

    return begun


def _is_new(town: "Town") -> bool:
    """At consoles, on SQLite, set as all are, and nobody has done or stored anything."""
    return (
        isinstance(town.seat, ConsoleSeat)
        and town.is_usual
        and not town.people
        and written(town.settings.database) == town.at_opening >= 0
    )


def _file(town: "Town") -> str:
    return town.settings.database.removeprefix(_SQLITE)


def _keep(town: "Town", returned: Any) -> _Kept:
    copy = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(_file(town))) as source:
        source.backup(copy)
    return _Kept(
        database=copy,
        now=town.clock.now,
        made=town.seat.made,
        people=tuple(_copied(person) for person in town.people.values()),
        sent=tuple(town.sent),
        returned=_by_name(returned),
    )


def _take_over(town: "Town", kept: _Kept) -> Any:
    with closing(sqlite3.connect(_file(town))) as target:
        kept.database.backup(target)
    town.clock.now, town.seat.made = kept.now, kept.made
    for person in kept.people:
        town.people[person.user] = _copied(person, town=town)
    town.sent += kept.sent
    return _in_person(town, kept.returned)


def _copied(person: "Person", **more: Any) -> "Person":
    lists = {name: list(getattr(person, name)) for name in ("read", "numbers", "receipts")}
    return replace(person, **lists, **more)


@dataclass(frozen=True, slots=True)
class _Someone:
    """Stands for a person, who is another one in each town."""

    user: str


def _by_name(returned: Any) -> Any:
    from tests.support.town import Person

    if isinstance(returned, Person):
        return _Someone(returned.user)
    return tuple(_by_name(each) for each in returned) if isinstance(returned, tuple) else returned


def _in_person(town: "Town", returned: Any) -> Any:
    if isinstance(returned, _Someone):
        return town.people[returned.user]
    return tuple(_in_person(town, each) for each in returned) if isinstance(returned, tuple) else returned
