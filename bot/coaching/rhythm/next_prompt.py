"""When the next prompt is due: one pure plan, which the moment of sending only asks again.

`next_occurrence` walks the open days and takes, on each, the earliest of those rows of `slots.ROWS` that have a place
there and room within the caps. `catch_up` decides late prompts by the same walk, so that plan and recheck cannot
disagree. All instants are aware and in UTC, all dates and hours local; nothing here reads a clock.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from bot.coaching.rhythm.backoff import Quiet, Slowdown, policy
from bot.coaching.rhythm.caps import admits, own_day_of, room_to_remind
from bot.coaching.rhythm.items import ONE_TAP, Row, replays
from bot.coaching.rhythm.slots import ROWS, SILENT
from bot.coaching.rhythm.timetable import Calendar, Hours, Timetable, calendar
from bot.model.occurrences import Occurrence
from bot.model.people.preferences import Pace

REMIND_AFTER = timedelta(hours=24)
EXPIRE_AFTER = timedelta(hours=72)
_DAY = timedelta(days=1)
# Longer than any row's period with its lateness: beyond pauses and holidays, what is not due by then never is.
_HORIZON = timedelta(weeks=10)
_FAR = 60  # prompts that are looked through for the one that asks about an item


class Reason(StrEnum):
    """Why a planned prompt is not sent."""

    ASKED = "asked"
    CAPPED = "capped"
    CHANGED = "changed"
    MERGED = "merged"
    PAUSED = "paused"
    SETTLED = "settled"
    SLOWED = "slowed"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Send it now, as it stands now."""

    occurrence: Occurrence


@dataclass(frozen=True, kw_only=True, slots=True)
class Later:
    """It still makes sense, but not before this instant; plan again, since another prompt may come first."""

    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Drop:
    """It is not sent any more; plan again."""

    reason: Reason


Catch = Send | Later | Drop


def next_occurrence(timetable: Timetable, now: datetime) -> Occurrence | None:
    """Return the next prompt, never due before `now`; None while nothing will come of itself.

    An hour of today that has passed unasked is made up for at once while the window is open: after a change of zone,
    an outage, a clock set forward. What was missed on an earlier day goes at the start of the next window; what a
    holiday or another prompt moved goes at the chosen hour. A slot inside a pause is dropped.
    """
    look = calendar(timetable, now)
    rows = _rows(timetable)
    if not rows:
        return None
    found = (_choose(look, rows, day) for day in _open_days(look))
    return next((planned for planned in found if planned is not None), None)


def catch_up(occurrence: Occurrence, timetable: Timetable, now: datetime) -> Catch:
    """Decide about a planned prompt at the moment it is due, or whenever its turn is noticed.

    Anything but `Send` means: plan again with `next_occurrence`. `Send` carries the prompt afresh, with the items that
    are open now and as one tap if that holds now.
    """
    row = next((row for row in ROWS if row.slot == occurrence.slot), None)
    today = calendar(timetable, now).today
    if row is not None and today <= occurrence.local_date + _DAY * row.late:
        end = occurrence.local_date + _DAY * (row.late + 1)
        for planned in _follow(timetable, now, sent):
            if (planned.slot, planned.local_date) == (occurrence.slot, occurrence.local_date):
                return Send(occurrence=planned) if planned.due_at <= now else Later(due_at=planned.due_at)
            if planned.due_at.date() > end:
                break
    return Drop(reason=_why(occurrence, row, timetable, now))


def upcoming(timetable: Timetable, now: datetime, weeks: int) -> list[Occurrence]:
    """Return what would be sent in the `weeks` after `now` if the client answered each prompt."""
    end = now + timedelta(weeks=weeks)
    found: list[Occurrence] = []
    for planned in _follow(timetable, now, answered):
        if planned.due_at > end:
            break
        found.append(planned)
    return found


def days_asked(timetable: Timetable, now: datetime, items: Collection[str]) -> Mapping[str, date]:
    """Return the local day on which each of the items is asked about, if the client answers what comes before.

    Items that are not asked about within the horizon of the plan are left out.
    """
    look = calendar(timetable, now)
    found: dict[str, date] = {}
    if replays(timetable):
        found = {due.item: day for day, due in look.falls if due.item in items and day >= look.today}
    following = _follow(timetable, now, answered) if set(items) - found.keys() else iter(())
    for planned in islice(following, _FAR):
        day = _local_day(timetable, planned)
        asked = () if planned.slot in SILENT else planned.items
        found |= {item: day for item in asked if item in items and item not in found}
        if not set(items) - found.keys():
            break
    return found


def next_window(timetable: Timetable, at: datetime) -> datetime | None:
    """Return `at` if a prompt may go out then, else the start of the next window; None in a pause without end.

    What follows an answer given at night waits for this; the answer itself belongs to its prompt's `local_date`.
    """
    look = calendar(timetable, at)
    for day in _open_days(look):
        hours = look.hours(day, timetable.at)
        if hours is not None and at < hours.closes:
            return max(at, hours.opens)
    return None


def reminder_at(timetable: Timetable, sent_at: datetime) -> datetime | None:
    """Return when the prompt sent at `sent_at` is reminded of: at their hour on the next open day; None for never.

    `timetable` already holds that prompt as asked and opened. There is none while slowed down, in the minimal rhythm,
    past the prompt's expiry, on or after the day of the next prompt, and where the caps leave no room.
    """
    if timetable.slowdown is not Slowdown.NORMAL or timetable.pace is Pace.MINIMAL:
        return None
    remind_at = _next_hour(timetable, sent_at)
    if remind_at is None:
        return None
    look = calendar(timetable, remind_at)
    following = next_occurrence(timetable, sent_at)
    if following and _local_day(timetable, following) <= look.today:
        return None
    return remind_at if room_to_remind(look, _rows(timetable)) else None


def _next_hour(timetable: Timetable, at: datetime) -> datetime | None:
    """Return the client's hour on the next open day, if that comes before a prompt of now has expired."""
    look = calendar(timetable, at)
    for day in (look.today + _DAY * ahead for ahead in range(1, EXPIRE_AFTER.days + 1)):
        hours = look.hours(day, timetable.at) if look.open(day) else None
        if hours is not None:
            # Where clocks go back, the same hour three days on is more than 72 hours away.
            return hours.slot if hours.slot <= at + EXPIRE_AFTER else None
    return None


def expiry_at(sent_at: datetime, next_due: datetime | None) -> datetime:
    """Return when a prompt expires: 72 hours after it was sent, or when the next one comes."""
    expires = sent_at + EXPIRE_AFTER
    return expires if next_due is None else min(expires, next_due)


def under(timetable: Timetable, quiet: Quiet) -> Timetable:
    """Return the timetable under the back-off that a client's silence calls for."""
    held = policy(quiet, minimal=timetable.pace is Pace.MINIMAL)
    return replace(
        timetable,
        slowdown=held.slowdown,
        one_tap=held.one_tap,
        word=held.message,
        word_since=quiet.counted[-1] if held.message and quiet.counted else None,
    )


def sent(timetable: Timetable, occurrence: Occurrence) -> Timetable:
    """Return the timetable after the prompt went out at its `due_at`; what asks nothing leaves all items unasked."""
    asked = frozenset(() if occurrence.slot in SILENT else occurrence.items)
    return replace(
        timetable,
        asked=timetable.asked | {(occurrence.slot, occurrence.local_date)},
        opened=(*timetable.opened, _local_day(timetable, occurrence)),
        due=tuple(due for due in timetable.due if due.item not in asked),
    )


def answered(timetable: Timetable, occurrence: Occurrence) -> Timetable:
    """Return the timetable after the prompt went out and was answered: the quiet is over, a slowdown stays."""
    return replace(sent(timetable, occurrence), one_tap=False, word=None, word_since=None)


def _local_day(timetable: Timetable, occurrence: Occurrence) -> date:
    return calendar(timetable, occurrence.due_at).today


def _rows(timetable: Timetable) -> list[Row]:
    return [row for row in ROWS if timetable.slowdown in row.during and row.applies(timetable)]


def _follow(
    timetable: Timetable, now: datetime, after: Callable[[Timetable, Occurrence], Timetable]
) -> Iterator[Occurrence]:
    while (planned := next_occurrence(timetable, now)) is not None:
        yield planned
        timetable, now = after(timetable, planned), planned.due_at


def _open_days(look: Calendar) -> Iterator[date]:
    """Yield the open days from today on; the horizon lies beyond the last closure that will end."""
    table = look.table
    ends = [pause.last for pause in table.pauses if pause.last is not None]
    last = max((look.today, *ends, *table.holidays)) + _HORIZON
    day = look.today
    while day <= last:
        if look.open(day):
            yield day
        day += _DAY


def _choose(look: Calendar, rows: list[Row], day: date) -> Occurrence | None:
    """Choose what goes out first on an open day, if anything does; at one hour the first in precedence."""
    found: dict[str, Occurrence] = {}
    goes: list[Row] = []
    for row in rows:
        own_day = own_day_of(look, row, day)
        if own_day is None or not admits(look, rows, row, own_day, day, goes):
            continue
        due_at = _moment(look, row, own_day, day)
        if due_at is None:
            continue
        goes = [other for other in goes if not (row.leads(look, day) and other.carried)] + [row]
        found[row.slot] = _occurrence(look, row, own_day, day, due_at)
    return min((found[row.slot] for row in goes), key=lambda each: each.due_at, default=None)


def _occurrence(look: Calendar, row: Row, own_day: date, day: date, due_at: datetime) -> Occurrence:
    dialogue, items = row.dialogue(look.table), row.items(look, own_day, day)
    return Occurrence(
        dialogue=dialogue,
        local_date=own_day,
        slot=row.slot,
        due_at=due_at,
        items=items[:1] if dialogue == ONE_TAP else items,
    )


def _moment(look: Calendar, row: Row, own_day: date, day: date) -> datetime | None:
    """Return the instant on `day` at which the row's slot of `own_day` is filled; None if it is not."""
    table = look.table
    at = row.hour(look, own_day)
    hours = look.hours(day, at)
    if hours is None or look.now >= hours.closes:
        return None
    missed = _missed(look, own_day, look.hours(own_day, at)) if own_day < day else None
    meant = missed or hours.slot
    if meant < look.now and (own_day == table.anchor or (table.starts is not None and meant < table.starts)):
        return None
    return max(look.now, hours.slot if missed is None else hours.opens)


def _missed(look: Calendar, own_day: date, hours: Hours | None) -> datetime | None:
    """Return the instant of a slot that passed on an open day without any prompt, as in an outage."""
    if hours is None or not look.open(own_day) or own_day in look.table.opened or hours.slot > look.now:
        return None
    return hours.slot


def _why(occurrence: Occurrence, row: Row | None, timetable: Timetable, now: datetime) -> Reason:
    look = calendar(timetable, now)
    if (occurrence.slot, occurrence.local_date) in timetable.asked:
        return Reason.ASKED
    if look.paused(look.today) or look.paused(occurrence.local_date):
        return Reason.PAUSED
    if row is None:
        return Reason.CHANGED
    return _why_row(occurrence, row, look)


def _why_row(occurrence: Occurrence, row: Row, look: Calendar) -> Reason:
    table = look.table
    if table.slowdown not in row.during:
        return Reason.SLOWED
    if occurrence.items and not {due.item for due in table.due} & set(occurrence.items):
        return Reason.SETTLED
    if look.today > occurrence.local_date + _DAY * row.late:
        return Reason.STALE
    if not row.applies(table) or not row.due(look, occurrence.local_date):
        return Reason.CHANGED
    if not admits(look, _rows(table), row, occurrence.local_date, look.today, ()):
        return Reason.CAPPED
    following = next_occurrence(table, look.now)
    carried = following is not None and _local_day(table, following) == look.today
    return Reason.MERGED if carried else Reason.STALE
