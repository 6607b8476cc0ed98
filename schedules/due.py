"""Finds prompts and timers that have come due and hands each to the conversation, as an event like any other."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.coaching.rhythm import effects as rhythm_effects
from bot.messages.incoming import ErrandDue, Event, PromptDue, Receipt, TimerDue
from storage.conversation import timers
from storage.database.open import Database
from storage.errors import Unreadable
from storage.people import people
from storage.programme import agenda

Receive = Callable[[Event, datetime], Awaitable[Receipt]]
Finder = Callable[[Connection, datetime], list[PromptDue | TimerDue | ErrandDue]]
SLICE = 64  # as many as one commit takes
_TURNS = 1_000  # slices in one tick; what is left waits for the next
_NONE = timedelta(0)


async def tick(database: Database, receive: Receive, now: datetime, *, spread: timedelta = _NONE) -> int:
    """Hand over everything due by `now` (UTC), in slices; returns how many events there were.

    With a `spread` each client's prompts come later by a part of it, always the same one for the same client.
    """
    seen: set[str] = set()
    for _ in range(_TURNS):
        moved = await database.transact(partial(spread_out, now=now, spread=spread)) if spread else 0
        if moved:
            continue
        events = await database.read(partial(due_events, now=now, seen=seen))
        if not events:
            break
        seen.update(event.key for event in events)
        await hand_over(receive, events, now)
    return len(seen)


async def hand_over(receive: Receive, events: Sequence[Event], now: datetime) -> None:
    """Let each event be taken in; one that raises keeps none of the others from it, and is raised in the end."""
    receipts = await asyncio.gather(*(receive(event, now) for event in events), return_exceptions=True)
    for receipt in receipts:
        if isinstance(receipt, BaseException):
            raise receipt


def due_events(
    connection: Connection, now: datetime, seen: Collection[str] = ()
) -> list[PromptDue | TimerDue | ErrandDue]:
    """What is due by `now` but for those `seen`: timers first, since they may close what a prompt would wait for."""
    finders: tuple[Finder, ...] = (_timers, _errands, _prompts)
    for find in finders:
        found = [event for event in find(connection, now) if event.key not in seen]
        if found:
            return found
    return []


def _timers(connection: Connection, now: datetime) -> list[PromptDue | TimerDue | ErrandDue]:
    return [
        TimerDue(
            key=f"timer:{row.token}:{row.kind}:{row.due_at.isoformat()}",
            person=row.person,
            kind=row.kind,
            token=row.token,
        )
        for row in timers.ringing(connection, now, SLICE)
    ]


def _errands(connection: Connection, now: datetime) -> list[PromptDue | TimerDue | ErrandDue]:
    return [
        ErrandDue(key=f"errand:{row.id}:{row.due_at.isoformat()}", person=row.person, errand=row.id)
        for row in agenda.errands(connection, now, SLICE)
    ]


def _prompts(connection: Connection, now: datetime) -> list[PromptDue | TimerDue | ErrandDue]:
    return [
        PromptDue(key=f"prompt:{person}:{at.isoformat()}", person=person)
        for person, at in people.due_prompts(connection, now, SLICE)
    ]


def spread_out(connection: Connection, now: datetime, spread: timedelta) -> int:
    """Put a slice of the prompts that are due off by each client's own part; returns how many were not put off before.

    A prompt that stands exactly at its planned instant has not been.
    """
    moved = 0
    for person, at in people.due_prompts(connection, now, SLICE):
        try:
            known = people.person(connection, person, lock=True)
            planned = rhythm_effects.planned(known) if known is not None else None
        except Unreadable:
            continue  # the event that it becomes is put away
        if known is not None and planned is not None and planned.due_at == at == known.next_at:
            people.set_plan(connection, person, at + part_of(person, spread), known.plan)
            moved += 1
    return moved


def part_of(person: str, spread: timedelta) -> timedelta:
    """A client's own part of a spread, at least a microsecond, from a hash of their id."""
    number = int.from_bytes(hashlib.sha256(person.encode()).digest()[:4])
    return max(timedelta(microseconds=1), spread * (number / 2**32))
