"""A client's timetable, and the calendar that it makes when seen at one moment.

`Timetable` holds plain values, filled from tables. `Calendar` answers what the rules in `prompts` and `rhythm` ask of
it: which days are open, which week a day belongs to, when a local day's window opens and closes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.coaching.rhythm.backoff import Slowdown, Word
from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS
from bot.model.habits.weeks import first_weekday
from bot.model.occurrences import Dated
from bot.model.people.preferences import Pace, Pause
from bot.time_zones import end_of_day, instant, local_day, zone_named

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK = 7
_MONDAY_TO_FRIDAY = frozenset(range(5))
_FRIDAY = 4
_MIDNIGHT = time(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Travel:
    """Another zone up to and including the local date `until` (as that zone counts it); it reverts by itself."""

    zone: str
    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """An open commitment with a date that has not been asked about since it fell due.

    `since` is the instant at which it got that date: a prompt's hour that had passed by then does not ask about it.
    `cue` is the local hour at which the client means to do it, None where they named none outside quiet time.
    """

    item: str
    day: date
    since: datetime | None = None
    cue: time | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """All that a plan needs to know of a client; days are local dates, hours are local wall-clock times.

    `weekday` and `working_days` count from Monday = 0. `at` is the chosen hour; it must lie in the window from
    `quiet_until` to `quiet_from` (equal: no quiet hours; `quiet_from` 00:00: until midnight). `anchor` is the day the
    client began: fortnights are counted from its week, and hours that had passed on it are not made up for.
    `starts` is the instant since which this rhythm holds (a chosen day or hour, not a zone): hours before it are not
    made up for either. `daily_until` is the last day of the daily rhythm before the client is asked about it.

    `opened` holds the local dates of threads the bot opened and of reminders, once for each (14 days are enough);
    `asked` holds (slot, local date) of the occurrences sent (35 days are enough, and "last-note" and "daily-review"
    since `word_since` and `daily_until`). `word` is what the back-off policy wants said, `word_since` the date of the
    miss that brought it about.

    Raises ValueError for an unknown zone, a week without working days, and an hour or quiet hours that do not fit.
    """

    zone: str
    at: time
    anchor: date
    pace: Pace = Pace.WEEKLY
    weekday: int = _FRIDAY
    working_days: frozenset[int] = _MONDAY_TO_FRIDAY
    quiet_from: time = CLOSES
    quiet_until: time = OPENS
    holidays: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()
    travel: Travel | None = None
    focus: bool = False
    daily_until: date | None = None
    slowdown: Slowdown = Slowdown.NORMAL
    one_tap: bool = False
    word: Word | None = None
    word_since: date | None = None
    due: tuple[Due, ...] = ()
    dated: tuple[Dated, ...] = ()
    opened: tuple[date, ...] = ()
    asked: frozenset[tuple[str, date]] = frozenset()
    starts: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse values that no plan could keep."""
        zone_named(self.zone)
        if self.travel is not None:
            zone_named(self.travel.zone)
        if not self.working_days or not all(0 <= day < _WEEK for day in self.working_days):
            raise ValueError("working_days must hold at least one weekday, Monday = 0")
        if not 0 <= self.weekday < _WEEK:
            raise ValueError("weekday must be 0 (Monday) to 6")
        if not fits(self.at, quiet_from=self.quiet_from, quiet_until=self.quiet_until):
            raise ValueError("the chosen hour must lie outside the quiet hours")


def fits(at: time, *, quiet_from: time = CLOSES, quiet_until: time = OPENS) -> bool:
    """Say whether a local hour may be chosen: inside the window between the quiet hours, its end excluded.

    Raises ValueError if the window itself would run past midnight.
    """
    if quiet_from == quiet_until:
        return True
    if quiet_from == _MIDNIGHT:
        return at >= quiet_until
    if quiet_from < quiet_until:
        raise ValueError("the window between the quiet hours must lie within one day")
    return quiet_until <= at < quiet_from


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """One local day in UTC: the window [opens, closes) and the hour meant for a prompt inside it."""

    opens: datetime
    slot: datetime
    closes: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """A timetable seen at the instant `now`.

    `travel` is set only while it lasts, `travel_ends` is the instant at which it does; `falls` and `held` sort the due
    items: by the day on which each is asked about, and by the pause that holds it.
    """

    table: Timetable
    now: datetime
    today: date
    travel: Travel | None
    travel_ends: datetime | None
    first_weekday: int
    weekday: int
    last_asked: dict[str, date]
    falls: tuple[tuple[date, Due], ...] = ()
    held: tuple[tuple[Pause, Due], ...] = ()

    def paused(self, day: date) -> bool:
        """Say whether the client paused on `day`."""
        return any(pause.covers(day) for pause in self.table.pauses)

    def works(self, day: date) -> bool:
        """Say whether `day` is a working day and no holiday, pauses aside."""
        return day.weekday() in self.table.working_days and day not in self.table.holidays

    def open(self, day: date) -> bool:
        """Say whether a prompt may go out on `day`."""
        return self.works(day) and not self.paused(day)

    def next_working(self, day: date) -> date:
        """Return `day` or the first working day after it, pauses aside."""
        while not self.works(day):
            day += _DAY
        return day

    def next_open(self, day: date) -> date | None:
        """Return `day` or the first open day after it; None if there is none in a fortnight."""
        later = (day + _DAY * ahead for ahead in range(2 * _WEEK))
        return next((other for other in later if self.open(other)), None)

    def day_of(self, at: datetime) -> date:
        """Return the local day of an instant, where the client is now."""
        return local_day(at, self.table.zone if self.travel is None else self.travel.zone)

    def previous_open(self, day: date) -> date | None:
        """Return the last open day before `day`; None if there is none in a fortnight."""
        earlier = (day - _DAY * back for back in range(1, 2 * _WEEK + 1))
        return next((other for other in earlier if self.open(other)), None)

    def week(self, day: date) -> date:
        """Return the first day of the working week that `day` belongs to."""
        return day - _DAY * ((day.weekday() - self.first_weekday) % _WEEK)

    def rest_of_week(self, day: date) -> Iterator[date]:
        """Yield the open days after `day` in its week."""
        left = _WEEK - 1 - (day - self.week(day)).days
        return (later for later in (day + _DAY * ahead for ahead in range(1, left + 1)) if self.open(later))

    def weeks_between(self, earlier: date, later: date) -> int:
        """Return how many working weeks lie between two days, negative if they are the other way round."""
        return (self.week(later) - self.week(earlier)).days // _WEEK

    def near(self, slots: frozenset[str], day: date) -> bool:
        """Say whether one of these was asked, or is to be, within a day of `day`, or on the last open day before it."""
        asked = (other for name, other in self.table.asked if name in slots)
        dated = (dated.day for dated in self.table.dated if dated.dialogue in slots)
        before = self.previous_open(day)
        return any(abs(other - day) <= _DAY or other == before for other in (*asked, *dated))

    def opened_in_week(self, day: date) -> int:
        """Count the threads and reminders that went out in the week of `day`."""
        week = self.week(day)
        return sum(0 <= (other - week).days < _WEEK for other in self.table.opened)

    def back_since(self, day: date) -> int:
        """Count the open days from the end of the last pause through `day`, up to three; zero if none has ended."""
        ends = [pause.last for pause in self.table.pauses if pause.last is not None and pause.last < day]
        if not ends:
            return 0
        count, other = 0, max(ends)
        while other < day and count <= 2:
            other += _DAY
            count += self.open(other)
        return count

    def hours(self, day: date, at: time) -> Hours | None:
        """Return the window of `day` and its hour `at`; None if the zone, or a journey home, leaves no such window."""
        table = self.table
        zone = self.travel.zone if self.travel is not None and day <= self.travel.until else table.zone
        slot, opens, closes = self._bounds(day, at, zone)
        if slot is None or opens is None:
            return None
        if closes <= slot:
            opens, slot, closes = _after_leap(opens, slot, end_of_day(day, zone), self._left_after(at))
        if self.travel_ends is not None and self.travel is not None and day > self.travel.until:
            opens, slot = max(opens, self.travel_ends), max(slot, self.travel_ends)
        return Hours(opens=opens, slot=slot, closes=closes) if slot < closes else None

    def _bounds(self, day: date, at: time, zone: str) -> tuple[datetime | None, datetime | None, datetime]:
        table = self.table
        slot = instant(day, at, zone)
        if table.quiet_from == table.quiet_until:
            return slot, instant(day, _MIDNIGHT, zone), end_of_day(day, zone)
        closes = None if table.quiet_from == _MIDNIGHT else instant(day, table.quiet_from, zone)
        return slot, instant(day, table.quiet_until, zone), closes or end_of_day(day, zone)

    def _left_after(self, at: time) -> timedelta:
        """Return how long the window lasts after its hour `at` on an ordinary day."""
        table = self.table
        end = _MIDNIGHT if table.quiet_from == table.quiet_until else table.quiet_from
        return (datetime.combine(date.min, end) - datetime.combine(date.min, at)) % _DAY


def calendar(table: Timetable, now: datetime) -> Calendar:
    """Lay out a timetable as it stands at `now` (aware)."""
    travel = table.travel
    if travel is not None and local_day(now, travel.zone) > travel.until:
        travel = None
    first = first_weekday(table.working_days)
    last_asked: dict[str, date] = {}
    for slot, day in table.asked:
        last_asked[slot] = max(day, last_asked.get(slot, day))
    bare = Calendar(
        table=table,
        now=now,
        today=local_day(now, table.zone if travel is None else travel.zone),
        travel=travel,
        travel_ends=None if travel is None else end_of_day(travel.until, travel.zone),
        first_weekday=first,
        weekday=min(table.working_days, key=lambda day: (day - table.weekday) % _WEEK),
        last_asked=last_asked,
    )
    return _with_due_items(bare) if table.due else bare


def _after_leap(
    opens: datetime, slot: datetime, day_ends: datetime, left: timedelta
) -> tuple[datetime, datetime, datetime]:
    """Mend a window whose end was leapt over: it keeps what was left after the hour, but stays within its date.

    A leap over midnight leaves nothing after the hour: the date's last minute stands in for it.
    """
    if slot < day_ends:
        return opens, slot, min(slot + left, day_ends)
    last = day_ends - _MINUTE
    return min(opens, last), last, day_ends


def _with_due_items(look: Calendar) -> Calendar:
    falls: list[tuple[date, Due]] = []
    held: list[tuple[Pause, Due]] = []
    for due in sorted(look.table.due, key=lambda due: due.day):
        day = _askable(look, due)
        pause = next((each for each in look.table.pauses if each.covers(due.day) or each.covers(day)), None)
        if pause is None:
            falls.append((day, due))
        else:
            held.append((pause, due))
    return replace(look, falls=tuple(falls), held=tuple(held))


def _askable(look: Calendar, due: Due) -> date:
    """Find the first working day whose hour asks about the item: its own day or later, and after it was dated."""
    zone = look.table.zone if look.travel is None else look.travel.zone
    dated = due.day if due.since is None else local_day(due.since, zone)
    day = look.next_working(max(due.day, dated))
    if due.since is None or dated < due.day:
        return day
    hours = look.hours(day, due.cue or look.table.at)
    return day if hours is not None and hours.slot >= due.since else look.next_working(day + _DAY)
