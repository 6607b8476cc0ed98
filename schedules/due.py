"""Finds prompts and timers that have come due and hands each to the conversation, as an event like any other."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.messages import ErrandDue, Event, PromptDue, Receipt, TimerDue
from storage import agenda, people, timers
from storage.database import Database

Receive = Callable[[Event, datetime], Awaitable[Receipt]]
SLICE = 64  # as many as one commit takes
_TURNS = 1_000  # slices in one tick; what is left waits for the next


async def tick(database: Database, receive: Receive, now: datetime) -> int:
    """Hand over everything due by `now` (UTC), in slices; returns how many events there were."""
    seen: set[str] = set()
    for _ in range(_TURNS):
        events = [e for e in await database.read(partial(due_events, now=now)) if e.key not in seen]
        if not events:
            break
        seen.update(event.key for event in events)
        await asyncio.gather(*(receive(event, now) for event in events))
    return len(seen)


def due_events(connection: Connection, now: datetime) -> list[PromptDue | TimerDue | ErrandDue]:
    """What is due by `now`: timers first, since they may close what a prompt would wait for."""
    rung = [
        TimerDue(
            key=f"timer:{row.token}:{row.kind}:{row.due_at.isoformat()}",
            person=row.person,
            kind=row.kind,
            token=row.token,
        )
        for row in timers.ringing(connection, now, SLICE)
    ]
    if rung:
        return list(rung)
    errands = [
        ErrandDue(key=f"errand:{row.id}:{row.due_at.isoformat()}", person=row.person, errand=row.id)
        for row in agenda.errands(connection, now, SLICE)
    ]
    if errands:
        return list(errands)
    return [
        PromptDue(key=f"prompt:{person}:{at.isoformat()}", person=person)
        for person, at in people.due_prompts(connection, now, SLICE)
    ]
