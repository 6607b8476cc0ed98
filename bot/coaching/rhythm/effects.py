"""From rows to a client's timetable, and the next occurrence written down where the tick will find it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.coaching.rhythm.backoff import Quiet, Slowdown
from bot.coaching.rhythm.next_prompt import next_occurrence, under
from bot.coaching.rhythm.timetable import Due, Timetable, Travel
from bot.local_time import local_day
from bot.model.facts import Preferences
from bot.model.occurrences import Occurrence
from storage.people import people
from storage.people.people import Known
from storage.programme import agenda, commitments, occurrences
from storage.serialise import dump, load

MEMORY = timedelta(days=40)  # the longest that a rhythm looks back


def quiet_of(wishes: Preferences) -> Quiet:
    """How quiet a client has been."""
    return Quiet(unanswered=wishes.unanswered, slowdown=Slowdown(wishes.slowdown), counted=wishes.misses)


def with_quiet(wishes: Preferences, quiet: Quiet) -> Preferences:
    """The wishes with that silence noted."""
    return replace(wishes, unanswered=quiet.unanswered, slowdown=quiet.slowdown.value, misses=quiet.counted)


def timetable(connection: Connection, known: Known, now: datetime) -> Timetable:
    """The timetable of a client as rows have it."""
    wishes = known.wishes
    since = now.date() - MEMORY
    remembered = occurrences.memory(connection, known.id, since)
    quiet = quiet_of(wishes)
    if wishes.travel_zone and wishes.travel_until:
        travel = Travel(zone=wishes.travel_zone, until=wishes.travel_until)
    else:
        travel = None
    table = Timetable(
        zone=known.home,
        at=wishes.at,
        anchor=wishes.since if wishes.begun else local_day(now, known.home),
        pace=wishes.pace,
        weekday=wishes.weekday,
        working_days=wishes.working_days,
        holidays=wishes.holidays,
        pauses=people.pauses(connection, known.id),
        travel=travel,
        focus=wishes.focus,
        daily_until=wishes.daily_until,
        due=_dues(connection, known.id),
        dated=agenda.dated(connection, known.id, since),
        opened=remembered.opened,
        asked=remembered.asked,
        starts=known.rhythm_since or known.began,
    )
    return under(table, quiet)


def _dues(connection: Connection, person: str) -> tuple[Due, ...]:
    return tuple(Due(item=row.id, day=row.due, since=row.dated_at) for row in commitments.dated(connection, person))


def replan(connection: Connection, known: Known, now: datetime) -> Occurrence | None:
    """Work out the next occurrence of a client and store it; none while they have stopped, are held or no client."""
    wishes = known.wishes
    if wishes.stopped or wishes.held or not wishes.begun:
        people.set_plan(connection, known.id, None, None)
        return None
    planned = next_occurrence(timetable(connection, known, now), now)
    if planned is None:
        people.set_plan(connection, known.id, None, None)
    else:
        people.set_plan(connection, known.id, planned.due_at, dump(Occurrence, planned))
    return planned


def planned(known: Known) -> Occurrence | None:
    """The occurrence that was written down, or None."""
    found: Occurrence | None = load(Occurrence, known.plan) if known.plan else None
    return found
