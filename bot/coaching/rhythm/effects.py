"""From rows to a client's timetable, and the next occurrence written down where the tick will find it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.coaching.commitments.rules import DUE_TODAY
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.backoff import Quiet, Slowdown, missed, restored
from bot.coaching.rhythm.commands import PROGRAMME
from bot.coaching.rhythm.items import AFTERNOON, NOON, cue_hour
from bot.coaching.rhythm.next_prompt import EXPIRE_AFTER, next_occurrence, under
from bot.coaching.rhythm.quiet_hours import CLOSES, ERRAND_AT
from bot.coaching.rhythm.timetable import Due, Timetable, Travel
from bot.coaching.visibility.table import shows_activity
from bot.engine.state import Run
from bot.model.occurrences import Occurrence
from bot.model.people.answers import Audience
from bot.model.people.preferences import Pause, Preferences
from bot.model.phrases import phrase
from bot.model.records import Paused, Restored, Resumed, Stopped, Travelled
from bot.model.records_plan import Scheduled, Unscheduled
from bot.model.replies import Notification
from bot.time_zones import instant, local_day
from bot.transaction.before_yes import note_waiting, without_yes
from bot.transaction.card import Effects, Ladder
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import timers
from storage.outbox import rows as outbox
from storage.people import engagements, people
from storage.people.people import Known
from storage.programme import agenda, commitments, occurrences
from storage.programme.commitments import Planned
from storage.programme.plans import plan_of
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
        due=_dues(connection, known),
        dated=agenda.dated(connection, known.id, since, agreed=partial(_agreed, connection, known)),
        opened=remembered.opened,
        asked=remembered.asked,
        starts=known.rhythm_since or known.began,
    )
    return under(table, quiet)


def timetable_of(unit: UnitOfWork) -> Timetable:
    """The timetable of the one whose event this is, read once for as long as nothing changes it."""
    if unit.timetable is None:
        unit.timetable = timetable(unit.connection, unit.known, unit.now)
    found: Timetable = unit.timetable
    return found


def _agreed(connection: Connection, known: Known) -> list[str]:
    """The engagements that the client has said yes to."""
    return [of for of, kinds in engagements.consents(connection, known.id).items() if PROGRAMME in kinds]


def _dues(connection: Connection, known: Known) -> tuple[Due, ...]:
    """What is due of what the coach may know of; what is kept has messages of its own."""
    found = commitments.dated(connection, known.id)
    return tuple(due_of(made, known) for made in found if made.audience is not Audience.PRIVATE)


def due_of(made: Planned, known: Known) -> Due:
    """A commitment with a day, as it is asked about."""
    return Due(item=made.id, day=made.due, since=made.dated_at, cue=cue_hour(made.cue, known.locale))


def replan(connection: Connection, known: Known, now: datetime, table: Timetable | None = None) -> Occurrence | None:
    """Work out the next occurrence of a client and store it; none while they have stopped, are held or no client.

    `table` is their timetable where it was read already, and nothing has changed since.
    """
    wishes = known.wishes
    if wishes.stopped or wishes.held or not wishes.begun:
        people.set_plan(connection, known.id, None, None)
        return None
    planned = next_occurrence(table or timetable(connection, known, now), now)
    if planned is None:
        people.set_plan(connection, known.id, None, None)
    else:
        people.set_plan(connection, known.id, planned.due_at, dump(Occurrence, planned))
    return planned


def planned(known: Known) -> Occurrence | None:
    """The occurrence that was written down, or None."""
    found: Occurrence | None = load(Occurrence, known.plan) if known.plan else None
    return found


# -- records ---------------------------------------------------------------------------------------------------------


def _travelled(unit: UnitOfWork, record: Travelled) -> None:
    unit.wish(travel_zone=record.zone or None, travel_until=record.until)


def _paused(unit: UnitOfWork, record: Paused) -> None:
    rest(unit, Pause(first=record.first, last=record.last))


def rest(unit: UnitOfWork, pause: Pause) -> None:
    """Ask nothing on the days of a pause, and remind of nothing."""
    people.add_pause(unit.connection, unit.known.id, pause, unit.today)
    if pause.covers(unit.today):
        outbox.cancel_prompts(unit.connection, unit.known.id, "paused", unit.now)
    for timer in timers.of_person(unit.connection, unit.known.id):
        if timer.kind == "remind" and pause.covers(local_day(timer.due_at, unit.known.zone_at(timer.due_at))):
            timers.disarm(unit.connection, timer.token, timer.kind)


def _resumed(unit: UnitOfWork, record: Resumed) -> None:
    people.end_pauses(unit.connection, unit.known.id, unit.today, ahead=record.ahead)
    wishes = unit.known.wishes
    unit.wish(stopped=False, stopped_on=None, held=None, since=wishes.since if wishes.begun else unit.today)


def _restored(unit: UnitOfWork, record: Restored) -> None:
    unit.known = replace(unit.known, wishes=with_quiet(unit.known.wishes, restored(quiet_of(unit.known.wishes))))
    unit.wish()


def _stopped(unit: UnitOfWork, record: Stopped) -> None:
    if not unit.known.wishes.stopped:
        unit.wish(stopped=True, stopped_on=unit.today)
        tell_coaches(unit, "client_stopped")
    outbox.cancel_prompts(unit.connection, unit.known.id, "stopped", unit.now)
    timers.drop_timers_of(unit.connection, unit.known.id, "remind")


def count_miss(unit: UnitOfWork, day: date) -> None:
    """A prompt of that local day stayed without any answer; after the sixth, asking ends and the coach hears of it."""
    before = quiet_of(unit.known.wishes)
    paused = any(pause.covers(day) for pause in people.pauses(unit.connection, unit.known.id))
    after = missed(before, day, paused=paused)
    unit.known = replace(unit.known, wishes=with_quiet(unit.known.wishes, after))
    if after.slowdown is Slowdown.STOPPED is not before.slowdown:
        unit.known = replace(unit.known, wishes=replace(unit.known.wishes, given_up=unit.today))
        tell_coaches(unit, "client_given_up")
    unit.wish()


def tell_coaches(unit: UnitOfWork, key: str) -> None:
    """One line to each coach to whom the client shows how things stand."""
    for coached in engagements.engagements_as_client(unit.connection, unit.known.id):
        engagement = coached.engagement
        if shows_activity(engagement):
            told = phrase(key, client=engagement.client_name)
            unit.afterwards.append(Notification(person=engagement.coach, phrase=told))


def _scheduled(unit: UnitOfWork, record: Scheduled) -> None:
    other = people.person(unit.connection, record.person or unit.known.id)
    wanted = record.sent or wants(plan_of(unit.connection, record.engagement).programme, record.dialogue)
    if other is None or not wanted:
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
    if other.id == unit.known.id:
        return
    waits = without_yes(unit, other.id, record.engagement)
    if waits is not None:
        note_waiting(unit, waits)
    if not record.errand:
        replan(unit.connection, other, unit.now)


def _unscheduled(unit: UnitOfWork, record: Unscheduled) -> None:
    agenda.unschedule(
        unit.connection,
        engagement=record.engagement,
        dialogue=record.dialogue,
        person=record.person,
        items=record.items,
    )


def _ladder(unit: UnitOfWork, run: Run) -> Ladder | None:
    """How a plan went that came back is asked once, in the afternoon or an hour after its own; else as usual."""
    wishes, zone = unit.known.wishes, unit.known.zone_at(unit.now)
    items = {item for listed in run.lists.values() for item in listed}
    found = [c for c in commitments.open_commitments(unit.connection, unit.known.id) if c.id in items]
    cues = [at for c in found if (at := cue_hour(c.cue, unit.known.locale)) is not None]
    if not run.occurrence or not found or not (cues or wishes.at < NOON):
        return None
    asked_again = min(max([AFTERNOON, *map(_an_hour_later, cues)]), CLOSES)
    remind = instant(unit.today, asked_again, zone)
    return Ladder(remind=remind if remind is not None and remind > unit.now else None, expire=unit.now + EXPIRE_AFTER)


def _an_hour_later(at: time) -> time:
    return at.replace(hour=at.hour + 1)  # a cue lies before the quiet hours


EFFECTS = Effects(
    name="rhythm",
    ladders={DUE_TODAY: _ladder},
    once={
        Travelled: _travelled,
        Paused: _paused,
        Resumed: _resumed,
        Restored: _restored,
        Stopped: _stopped,
        Scheduled: _scheduled,
        Unscheduled: _unscheduled,
    },
)
