"""The card on which a feature says what its records bring about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from bot.engine.effects import WriteRecords
from bot.engine.library import Library
from bot.engine.state import Run
from bot.messages.outgoing import Message
from bot.model.records import Record
from bot.transaction.unit_of_work import UnitOfWork
from storage.people.people import Known
from storage.programme.agenda import Entry

NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """When an open prompt is reminded of, if at all, and when it is no longer waited for (UTC)."""

    remind: datetime | None
    expire: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Waited:
    """A message that waited: who reads it, what it was made of, when, and of whom it tells, by engagement."""

    reader: Known
    origin: tuple[str, ...]
    made: datetime
    about: tuple[str, ...]
    now: datetime
    library: Library


@dataclass(frozen=True, kw_only=True, slots=True)
class Anew:
    """The same message as it would be made now, and of whom it tells then."""

    message: Message
    about: tuple[str, ...]


Compose = Callable[[Connection, Waited], Anew | None]
OfRecord = Mapping[type[Record], Callable[[UnitOfWork, Any], None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """What one feature does with records, runs and entries of the agenda; a feature may have several.

    `once` owns a kind of record: two owners are refused. `also` comes after the owner, in the order of the list.
    `of_run` replaces what the run wrote before where records of `of_run_kinds` have changed, `taken_back` removes it
    again. `run_began` and `run_ended` (with how it
    ended) are by dialogue; `deeds` are entries of the agenda without a dialogue, each of which finishes its entry;
    `ladders` are those of dialogues that are not reminded of as the others are, read as their first question is put;
    `held_back` says of an entry by dialogue that it is not to be opened now, `opened` is told once it was. `composes`
    makes anew, by what its origin begins with, a message that tells a coach of clients who share otherwise by now.
    """

    name: str
    once: OfRecord = field(default_factory=lambda: NOTHING)
    also: OfRecord = field(default_factory=lambda: NOTHING)
    of_run: Callable[[UnitOfWork, WriteRecords], None] | None = None
    of_run_kinds: tuple[type[Record], ...] = ()
    taken_back: Callable[[UnitOfWork, str], None] | None = None
    run_began: Mapping[str, Callable[[UnitOfWork, Run], None]] = field(default_factory=lambda: NOTHING)
    run_ended: Mapping[str, Callable[[UnitOfWork, Run, str], None]] = field(default_factory=lambda: NOTHING)
    ladders: Mapping[str, Callable[[UnitOfWork, Run], Ladder | None]] = field(default_factory=lambda: NOTHING)
    deeds: Mapping[str, Callable[[UnitOfWork, Entry], None]] = field(default_factory=lambda: NOTHING)
    held_back: Mapping[str, Callable[[UnitOfWork, Entry], bool]] = field(default_factory=lambda: NOTHING)
    opened: Mapping[str, Callable[[UnitOfWork, Entry], None]] = field(default_factory=lambda: NOTHING)
    composes: Mapping[str, Compose] = field(default_factory=lambda: NOTHING)
