"""Carrying out records that take effect once: consents, wishes, pauses, codes. Promises are written elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from typing import Any

from bot.coaching.digest.digest_time_effects import plan_digest
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.backoff import restored
from bot.coaching.rhythm.effects import quiet_of, replan, with_quiet
from bot.local_time import instant, local_day
from bot.model.facts import Pause
from bot.model.records import (
    Paused,
    PreferencesChanged,
    Restored,
    Resumed,
    Stopped,
    Travelled,
)
from bot.model.records_plan import (
    ProgrammeSet,
    Scheduled,
    Unscheduled,
)
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import timers
from storage.outbox import rows as outbox
from storage.people import people
from storage.programme import agenda, programmes
from storage.programme.plans import plan_of

ERRAND_AT = time(9)


def preferences_changed(unit: UnitOfWork, record: PreferencesChanged) -> None:
    """What hangs on settings: the day of a coach's digest."""
    if record.zone and unit.known.coach:
        plan_digest(unit.connection, unit.known, unit.now)


def _travelled(unit: UnitOfWork, record: Travelled) -> None:
    unit.wish(travel_zone=record.zone or None, travel_until=record.until)


def _paused(unit: UnitOfWork, record: Paused) -> None:
    rest = Pause(first=record.first, last=record.last)
    people.add_pause(unit.connection, unit.known.id, rest, unit.today)
    if rest.covers(unit.today):
        outbox.cancel_prompts(unit.connection, unit.known.id, "paused", unit.now)
    for timer in timers.of_person(unit.connection, unit.known.id):
        if timer.kind == "remind" and rest.covers(local_day(timer.due_at, unit.known.zone_at(timer.due_at))):
            timers.disarm(unit.connection, timer.token, timer.kind)


def _resumed(unit: UnitOfWork, record: Resumed) -> None:
    people.end_pauses(unit.connection, unit.known.id, unit.today, ahead=record.ahead)
    wishes = unit.known.wishes
    unit.wish(stopped=False, held=None, since=wishes.since if wishes.begun else unit.today)


def _restored(unit: UnitOfWork, record: Restored) -> None:
    unit.known = replace(unit.known, wishes=with_quiet(unit.known.wishes, restored(quiet_of(unit.known.wishes))))
    unit.wish()


def _stopped(unit: UnitOfWork, record: Stopped) -> None:
    unit.wish(stopped=True)
    outbox.cancel_prompts(unit.connection, unit.known.id, "stopped", unit.now)
    timers.drop_timers_of(unit.connection, unit.known.id, "remind")


def _programme_set(unit: UnitOfWork, record: ProgrammeSet) -> None:
    if record.engagement:
        programmes.keep_for_engagement(unit.connection, record.engagement, record.programme)
    else:
        programmes.keep_for_coach(unit.connection, unit.known.id, record.programme)


def _scheduled(unit: UnitOfWork, record: Scheduled) -> None:
    other = people.person(unit.connection, record.person or unit.known.id)
    if other is None or not wants(plan_of(unit.connection, record.engagement).programme, record.dialogue):
        return
    hour = record.at or ERRAND_AT
    agenda.schedule(
        unit.connection,
        person=other.id,
        engagement=record.engagement,
        dialogue=record.dialogue,
        day=record.day,
        at=record.at,
        due_at=(instant(record.day, hour, other.home) or unit.now) if record.errand else None,
        items=record.items,
    )
    if other.id != unit.known.id and not record.errand:
        replan(unit.connection, other, unit.now)


def _unscheduled(unit: UnitOfWork, record: Unscheduled) -> None:
    agenda.unschedule(
        unit.connection,
        engagement=record.engagement,
        dialogue=record.dialogue,
        person=record.person,
        items=record.items,
    )


RECORDS: dict[type, Callable[[UnitOfWork, Any], None]] = {
    Travelled: _travelled,
    Paused: _paused,
    Resumed: _resumed,
    Restored: _restored,
    Stopped: _stopped,
    Scheduled: _scheduled,
    ProgrammeSet: _programme_set,
    Unscheduled: _unscheduled,
}
