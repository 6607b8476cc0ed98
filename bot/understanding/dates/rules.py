"""Which day is it? One rule for each pattern of `date_search`, from the tokens it matched to a day.

A rule raises ValueError or OverflowError for a day that no calendar has.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.understanding.dates.calendar import coming, feast, in_week, month_length, next_period, period, shift
from bot.understanding.dates.lexer import Token
from bot.understanding.dates.values import Found, Moment, has, value
from bot.understanding.dates.words import DAY, FORTNIGHT, HOUR, MINUTE, MONTH, QUARTER, WEEK, WORKDAY, YEAR


def _relative(core: Sequence[Token], moment: Moment) -> Found:
    days = value(core, "R")
    return Found(day=moment.today + timedelta(days=days), past=days < 0)


def _ago(core: Sequence[Token], moment: Moment) -> Found:
    return Found(day=shift(moment.today, value(core, "U"), -value(core, "DdA")), past=True)


def _ahead(core: Sequence[Token], moment: Moment) -> Found:
    unit, count = value(core, "U"), value(core, "DdA", 1)
    if has(core, "I"):
        unit, count = MINUTE, 30
    if unit > HOUR:
        return Found(day=shift(moment.today, unit, count))
    instant = moment.now + timedelta(minutes=count * (60 if unit == HOUR else 1))
    return Found(day=instant.astimezone(moment.zone).date(), instant=instant)


def _lasting(core: Sequence[Token], moment: Moment) -> Found:
    """ "Two weeks" from today on are fourteen days; their end, as a day, is the one after them."""
    found = _ahead(core, moment)
    if found.day is None or found.instant or found.day <= moment.today:
        return found
    return replace(found, stretch=(moment.today, found.day - timedelta(days=1)))


def _offset(core: Sequence[Token], moment: Moment) -> Found:
    base = moment.today + timedelta(days=value(core, "R"))
    if has(core, "Ww"):
        base = _weekday(core, moment).day or base
    return Found(day=shift(base, value(core, "U"), value(core, "DdA", 1)))


def _weekday(core: Sequence[Token], moment: Moment) -> Found:
    today, weekday = moment.today, value(core, "Ww")
    if has(core, "L"):
        return Found(day=coming(today, weekday) - timedelta(days=7 if weekday != today.weekday() else 14), past=True)
    if has(core, "a"):
        return Found(day=coming(today, weekday) + timedelta(days=7))
    if has(core, "N") and moment.language not in ("es", "pt"):
        return Found(day=in_week(today, 1, weekday))
    if has(core, "T") and not has(core, "C") and weekday == today.weekday():
        return Found(day=today)
    return Found(day=coming(today, weekday), step=WEEK)


def _week(core: Sequence[Token], moment: Moment) -> Found:
    weeks = 2 if has(core, "a") else 1 if has(core, "NC") else 0
    return Found(day=in_week(moment.today, weeks, value(core, "Ww")))


def _edge(core: Sequence[Token], moment: Moment) -> Found:
    if year := value(core, "Y"):
        return Found(day=date(year, 12, 31) if core[0].kind == "E" else date(year, 1, 1))
    unit, count = value(core, "U"), 1 if has(core, "NC") else -1 if has(core, "L") else 0
    which = {"S": 0, "G": 1}.get(core[0].kind, 2)
    day = period(next_period(moment.today, unit, count), unit)[which]
    if day < moment.today and not count:
        day = period(next_period(moment.today, unit, 1), unit)[which]
    return Found(day=day, past=count < 0)


def _whole_unit(core: Sequence[Token], moment: Moment) -> Found:
    unit, count = value(core, "U"), 2 if has(core, "a") else 1 if has(core, "NC") else 0
    if has(core, "L"):
        return Found(day=shift(moment.today, unit, -1), past=True)
    if unit in (DAY, WORKDAY, FORTNIGHT):
        return Found(day=shift(moment.today, unit, count))
    base = next_period(moment.today, unit, count) if count else moment.today
    first, _, last = period(base, unit)
    through = first + timedelta(days=6) if unit == WEEK else last
    return Found(day=last, stretch=(first, through))


def _weekend(core: Sequence[Token], moment: Moment) -> Found:
    weeks = 1 if has(core, "NC") else -1 if has(core, "L") else 0
    sunday = in_week(moment.today, weeks, 6)
    return Found(day=sunday, past=weeks < 0, step=WEEK, stretch=(sunday - timedelta(days=1), sunday))


def _bound(core: Sequence[Token], moment: Moment) -> Found:
    unit = value(core, "B")
    return Found(day=period(next_period(moment.today, unit, 1) if has(core, "N") else moment.today, unit)[2])


def _month(core: Sequence[Token], moment: Moment) -> Found:
    return _named(core, moment, value(core, "Mm"), MONTH)


def _quarter(core: Sequence[Token], moment: Moment) -> Found:
    return _named(core, moment, 3 * value(core, "Q") - 2, QUARTER)


def _named(core: Sequence[Token], moment: Moment, month: int, unit: int) -> Found:
    """A month or quarter by its name: this year's or next year's, whichever is not over."""
    today, year = moment.today, value(core, "Y")
    running = not year and period(today, unit) == period(date(today.year, month, 1), unit)
    which = 0 if core[0].kind == "S" or (core[0].kind in "bv" and not running) else 1 if core[0].kind == "G" else 2
    day = period(date(year or today.year, month, 1), unit)[which]
    if not year and (day < today or (running and has(core, "N"))):
        day = period(date(today.year + 1, month, 1), unit)[which]
    if has(core, "U"):  # "the first week of", "the last week of"
        return Found(day=day if has(core, "L") else day.replace(day=min(7 * value(core, "Oo"), day.day)), step=YEAR)
    if has(core, "L"):
        day = period(date(today.year - (day.year == today.year or month >= today.month), month, 1), unit)[2]
    whole = core[0].kind not in "ESGlbv"
    return Found(day=day, past=has(core, "L"), step=YEAR, stretch=(period(day, unit)[0], day) if whole else None)


def _nth(core: Sequence[Token], moment: Moment) -> Found:
    """The 15th: of this month, or of the next that has one and is not past."""
    number, today = value(core, "OoD"), moment.today
    first = today.replace(day=1)
    if has(core, "NL"):
        month = shift(first, MONTH, -1 if has(core, "L") else 1)
        return Found(day=month.replace(day=number), past=has(core, "L"))
    months = (shift(first, MONTH, count) for count in range(4))
    days = (month.replace(day=number) for month in months if number <= month_length(month.year, month.month))
    return Found(day=next(day for day in days if day >= today), step=MONTH)


def _placed(core: Sequence[Token], moment: Moment) -> Found:
    """The first Monday of December, the last Friday of this month."""
    if has(core, "Mm"):
        last = _month(core[2:], moment).day or moment.today
    else:
        last = period(next_period(moment.today, MONTH, 1 if has(core, "N") else 0), MONTH)[2]
    weekday = value(core, "Ww")
    if has(core, "L"):
        return Found(day=last - timedelta(days=(last.weekday() - weekday) % 7), step=MONTH)
    first = last.replace(day=1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (value(core, "Oo") - 1))
    return Found(day=day if day <= last else None, step=MONTH)


def _holiday(core: Sequence[Token], moment: Moment) -> Found:
    said, today = value(core, "Y"), moment.today
    year = said or today.year
    day = feast(value(core, "V"), year)
    if not said and day < today:
        day = feast(value(core, "V"), year + 1)
    return Found(day=day, step=YEAR)


def _today(_core: Sequence[Token], moment: Moment) -> Found:
    return Found(day=moment.today)


def _recurring(_core: Sequence[Token], _moment: Moment) -> Found:
    return Found(recurring=True)


def _calendar(core: Sequence[Token], _moment: Moment) -> Found:
    """The date as dateparser is to read it: day, month and year alone, without weekday or article."""
    if has(core, "Xz"):
        numeric = next(token for token in core if token.kind in "Xz")
        return Found(spelt=numeric.word, expected=numeric.value, step=YEAR)
    words = [str(token.value) if token.kind in "ODoY" else token.word for token in core if token.kind in "ODoYMm"]
    return Found(spelt=" ".join(words), expected=value(core, "Mm") * 100 + value(core, "ODo"), step=YEAR)


RESOLVE: Mapping[str, Callable[[Sequence[Token], Moment], Found]] = {
    "recurring": _recurring,
    "ago": _ago,
    "offset": _offset,
    "ahead": _ahead,
    "calendar": _calendar,
    "placed": _placed,
    "nth": _nth,
    "week": _week,
    "weekday": _weekday,
    "edge": _edge,
    "month": _month,
    "quarter": _quarter,
    "unit": _whole_unit,
    "weekend": _weekend,
    "holiday": _holiday,
    "bound": _bound,
    "part": _today,
    "relative": _relative,
    "bare": _lasting,
    "close": _today,
    "clock": _today,
}
