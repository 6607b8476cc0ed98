"""A conversation as it stands when a text is to be understood, read outside the transaction of its event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.load_facts import facts
from bot.engine.dialogue.tree import Kind
from bot.engine.library import Library
from bot.engine.state import State
from bot.engine.step import waiting
from bot.messages.incoming import Inbound, TextEdited, TextSent
from bot.model.facts import Facts
from bot.understanding.reading import Waiting
from storage.conversation import conversations
from storage.conversation.conversations import Runs
from storage.outbox import rows as outbox
from storage.people import people

LibraryFor = Callable[[Connection, Runs], Library]


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A conversation as it stood when a text was read: what it waited for, and the number of its last event."""

    version: int
    facts: Facts | None
    waiting: Waiting | None
    hangs_on: str = ""


def snapshot_of(connection: Connection, inbound: Inbound, now: datetime, *, library: LibraryFor) -> Snapshot:
    """What a conversation waits for, as whoever reads a text needs to know it."""
    who = people.who(connection, inbound.address)
    if who is None:
        return Snapshot(version=0, facts=None, waiting=None)
    place, known = who
    version, runs = conversations.state(connection, known.id)
    found = facts(connection, known, now + place.shift, at=place)
    made = library(connection, runs)
    hangs_on = ""
    if isinstance(inbound.content, TextSent) and inbound.content.hangs_on:
        hangs_on = outbox.token_of_message(connection, place.lane, inbound.content.hangs_on)
    awaited = _awaited(State(facts=found, runs=runs), made, hangs_on)
    if isinstance(inbound.content, TextEdited):
        awaited = Waiting(kind=Kind.TEXT, takes_date=True)
    return Snapshot(version=version, facts=found, waiting=awaited, hangs_on=hangs_on)


def _awaited(state: State, library: Library, hangs_on: str) -> Waiting | None:
    """What a text would answer, as whoever reads it needs to know it: the prompt it replies to, or the open one."""
    run = state.asking(hangs_on) or state.open
    stop = waiting(state, library, run)
    if stop is None or run is None:
        return None
    labels = tuple(word for option in stop.ask.options for word in (option.label, *option.also))
    return Waiting(
        kind=stop.ask.kind,
        dialogue=run.dialogue,
        takes_date=bool(stop.ask.date_for),
        labels=labels,
        asked=tuple(key.rpartition(".")[2] for key in run.answers),
        passing=stop.ask.passing,
        takes_habit=stop.ask.several and stop.ask.kind is Kind.TEXT,
    )
