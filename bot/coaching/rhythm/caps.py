"""The caps: how many threads a day and a week may see, and whose place is whose.

What clients set themselves is asked on its day and counts first; what belongs to a session may be a day's second
thread; all else takes what is left, and waits where nothing is.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.coaching.rhythm.items import AT_CUE, Row
from bot.coaching.rhythm.slots import LIGHTENING, OWN, SILENT, still_daily
from bot.coaching.rhythm.timetable import Calendar
from bot.model.people.preferences import Pace

_A_WEEK, _A_WEEK_DAILY, _A_WEEK_MINIMAL = 3, 5, 1
_AT_CUE = frozenset({AT_CUE})
_BESIDE = 2  # threads of a day, where one is a session's
_DAY = timedelta(days=1)


def week_cap(look: Calendar, day: date) -> int:
    """Return how many threads and reminders the bot may open in the week of `day`.

    A week that began in the daily rhythm keeps its cap to the end, or its check-in would find no place.
    """
    pace = look.table.pace
    if pace is Pace.MINIMAL:
        return _A_WEEK_MINIMAL
    return _A_WEEK_DAILY if pace is Pace.DAILY and still_daily(look.table, look.week(day)) else _A_WEEK


def own_day_of(look: Calendar, row: Row, day: date) -> date | None:
    """Return the day whose slot the row would fill on `day`: its latest that is unasked and not too late."""
    for back in range(row.late + 1):
        own_day = day - _DAY * back
        if own_day < look.table.anchor:
            return None
        if row.due(look, own_day) and not look.paused(own_day):
            return None if (row.slot, own_day) in look.table.asked else own_day
    return None


def admits(look: Calendar, rows: Sequence[Row], row: Row, own_day: date, day: date, before: Sequence[Row]) -> bool:
    """Say whether a row has room on `day`, behind those of higher precedence that go out on the same day."""
    if row.own:
        return True
    if not _day_has_room(look, row, day, before):
        return False
    leads = row.leads(look, day) and any(other.own for other in before)
    return leads or _room(look, rows, row, day) > _places_kept(look, rows, row, own_day, day)


def room_to_remind(look: Calendar, rows: Sequence[Row]) -> bool:
    """Say whether a reminder has room today: on no other thread's day, and at nobody's cost."""
    day = look.today
    kept = sum(_still_comes(look, other, day) for other in rows if other.keeps_place)
    left = _left(look, day) - _own_to_come(look, rows, day)
    return not _threads(look, day) and left > kept


def _day_has_room(look: Calendar, row: Row, day: date, before: Sequence[Row]) -> bool:
    """One thread a day; one of a session may be the second, beside what clients set themselves or a check-in."""
    if row.beside:
        own = _asked_on(look, day, OWN)
        return _threads(look, day) - own + sum(other.beside for other in before) < _BESIDE
    if _threads(look, day) - (_asked_on(look, day, _AT_CUE) if row.carries else 0):
        return False
    return all(_goes_with(look, row, other, day) for other in before)


def _goes_with(look: Calendar, row: Row, other: Row, day: date) -> bool:
    """Whether a row may go out on the day of another: it leads with its items, or comes before a session's hour.

    A plan with an hour of its own comes back at that hour, beside a check-in.
    """
    if other.silent or (other.slot == AT_CUE and row.carries):
        return True
    if other.own:
        return row.leads(look, day) and other.carried
    return row.carries and other.beside and row.hour(look, day) < other.hour(look, day)


def _room(look: Calendar, rows: Sequence[Row], row: Row, day: date) -> int:
    """Count what is left of the week's cap for a row.

    A session's threads are not counted against by what clients set themselves, nor a check-in by a preparation.
    """
    left = _left(look, day)
    if look.table.pace is Pace.MINIMAL:
        return left
    if row.beside:
        return left + _asked_in_week(look, day, OWN)
    if row.carries:
        left += _asked_in_week(look, day, LIGHTENING)
    return left - _own_to_come(look, rows, day)


def _threads(look: Calendar, day: date) -> int:
    return look.table.opened.count(day) - _asked_on(look, day, SILENT)


def _left(look: Calendar, day: date) -> int:
    return week_cap(look, day) - look.opened_in_week(day) + _asked_in_week(look, day, SILENT)


def _own_to_come(look: Calendar, rows: Sequence[Row], day: date) -> int:
    """Count the threads of the client's own that are still to come after `day` in its week, led by no other."""
    own = [row for row in rows if row.own and not row.silent]
    leading = [row for row in rows if row.carries]
    return sum(
        own_day_of(look, row, later) == later and not (row.carried and _led(look, leading, later))
        for later in (look.rest_of_week(day) if own else ())
        for row in own
    )


def _led(look: Calendar, leading: Sequence[Row], day: date) -> bool:
    return any(row.leads(look, day) and row.due(look, day) for row in leading)


def _asked_on(look: Calendar, day: date, slots: frozenset[str]) -> int:
    return sum(slot in slots and other == day for slot, other in look.table.asked)


def _asked_in_week(look: Calendar, day: date, slots: frozenset[str]) -> int:
    return sum(slot in slots and look.week(other) == look.week(day) for slot, other in look.table.asked)


def _places_kept(look: Calendar, rows: Sequence[Row], row: Row, own_day: date, day: date) -> int:
    """Count the places in the week's cap that are kept for other prompts; a row in its own week yields to none."""
    if row.keeps_place and look.week(own_day) == look.week(day):
        return 0
    keeping = (other for other in rows if other.keeps_place)
    return sum(_still_comes(look, other, day, apart_from=own_day if other is row else None) for other in keeping)


def _still_comes(look: Calendar, row: Row, day: date, *, apart_from: date | None = None) -> bool:
    own_days = (own_day_of(look, row, later) for later in look.rest_of_week(day))
    return any(own_day is not None and own_day != apart_from for own_day in own_days)
