"""Reckoning with days: weeks, months and their ends, and the feasts that move."""

import calendar
from datetime import date, timedelta

from bot.understanding.dates.words import FORTNIGHT, MONTH, QUARTER, WEEK, WORKDAY, YEAR


def coming(day: date, weekday: int) -> date:
    """The first such weekday (Monday 0) after a day."""
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7)


def in_week(day: date, weeks: int, weekday: int) -> date:
    """A weekday (Monday 0) of the calendar week that is `weeks` after that of a day."""
    return day + timedelta(days=7 * weeks + weekday - day.weekday())


def shift(day: date, unit: int, count: int) -> date:
    """`count` units on; the last of a month stays within the month."""
    if unit == WORKDAY:
        for _ in range(count):
            day += timedelta(days=1 if day.weekday() < 4 else 7 - day.weekday())
        return day
    if unit < MONTH:
        return day + timedelta(days=count * {WEEK: 7, FORTNIGHT: 14}.get(unit, 1))
    months = day.year * 12 + day.month - 1 + count * {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def period(day: date, unit: int) -> tuple[date, date, date]:
    """First, middle and last day of the week (to its Friday), month, quarter or year of a day."""
    if unit <= FORTNIGHT:
        monday = in_week(day, 0 if day.weekday() < 5 else 1, 0)
        return monday, monday + timedelta(days=2), monday + timedelta(days=4)
    length = {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    month = (day.month - 1) // length * length + 1
    last = month + length - 1
    middle = date(day.year, month + length // 2, 15 if length < 12 else 1)
    return date(day.year, month, 1), middle, date(day.year, last, month_length(day.year, last))


def next_period(today: date, unit: int, count: int) -> date:
    """A day in the period `count` on; on a weekend the week that begins is both this one and the next."""
    if unit == WEEK:
        return in_week(today, count, 0)
    return shift(today.replace(day=1) if unit >= MONTH else today, unit, count)


def feast(which: int, year: int) -> date:
    """A holiday by its value in the lexicon: month * 100 + day, or the number of one that moves."""
    if which > 100:
        return date(year, which // 100, which % 100)
    if which in (2, 3):  # the fourth Thursday of November, and the day after
        return date(year, 11, 22 + (3 - date(year, 11, 22).weekday()) % 7 + which - 2)
    return _easter(year) + timedelta(days={4: -2, 5: 1}.get(which, 0))


def _easter(year: int) -> date:
    """Western Easter (the "anonymous Gregorian" rule, Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    back = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    month, day = divmod(epact + back - 7 * ((year % 19 + 11 * epact + 22 * back) // 451) + 114, 31)
    return date(year, month, day + 1)
