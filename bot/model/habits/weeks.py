"""The working week of somebody: it begins after its longest rest."""

from datetime import date, timedelta

_WEEK = 7
# With two equally long breaks in a week, it begins after the one that ends nearest to the weekend.
_LIKELY_FIRST_WEEKDAYS = (0, 6, 5, 1, 2, 3, 4)


def first_weekday(working_days: frozenset[int]) -> int:
    """Find the working day after the longest break of the week; Monday where every day is one."""

    def break_before(day: int) -> int:
        return next((back for back in range(_WEEK) if (day - 1 - back) % _WEEK in working_days), _WEEK)

    return max((day for day in _LIKELY_FIRST_WEEKDAYS if day in working_days), key=break_before)


def week_of(day: date, working_days: frozenset[int]) -> date:
    """The first day of the working week that a day belongs to."""
    return day - timedelta(days=(day.weekday() - first_weekday(working_days)) % _WEEK)
