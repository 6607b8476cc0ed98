"""What clients set themselves, as rows of the plan: asked on its day, at the hour of its cue or the client's own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.coaching.commitments.rules import DUE_TODAY, TOMORROW
from bot.coaching.rhythm.backoff import Slowdown
from bot.coaching.rhythm.timetable import Calendar, Due, Timetable, fits
from bot.model.people.preferences import Pace
from bot.understanding.dates.clock import hour_in

ONE_TAP = "one-tap"
AT_CUE = "at-cue"
AFTER_PAUSE = "after-pause"
ABOUT_ITEMS = (DUE_TODAY, AFTER_PAUSE, ONE_TAP, TOMORROW)  # dialogues about their own items and no others
DUE_TODAY_LATE = 2

NOON = time(12)  # whoever is asked no earlier hears of a plan the working day before
AFTERNOON = time(16, 30)  # when it is asked how a plan went that came back in the morning

AT_FULL_PACE = frozenset({Slowdown.NORMAL})
UNTIL_STOPPED = frozenset({Slowdown.NORMAL, Slowdown.HALVED, Slowdown.FORTNIGHTLY})
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One kind of prompt.

    `slot` names its place in the plan, and its dialogue too unless one tap replaces it. `late`: for how many days after
    its own day it still makes sense. `during`: under which slowdowns it goes out at all. `applies`: a cheap test that
    spares the rest. `due`: whether it has a place of its own on a local date. `items`: what it asks about, given its
    own day and the day on which it goes out. `routine`: one tap can replace it. `keeps_place`: its place within a
    week's cap is kept from other rows. `own`: it asks about what the client set themselves, so it goes out on its day
    whatever the caps say, and counts first. `carries`: it leads with what is due that day, and stands in for the rows
    that are `carried`. `beside`: it belongs to a session, and may be the second thread of a day. `silent`: it asks
    nothing, and takes nobody's place. `asks` names its dialogue where that is another than the slot.
    """

    slot: str
    late: int
    during: frozenset[Slowdown]
    applies: Callable[[Timetable], bool]
    due: Callable[[Calendar, date], bool]
    items: Callable[[Calendar, date, date], tuple[str, ...]]
    routine: bool = False
    keeps_place: bool = False
    own: bool = False
    carries: bool = False
    carried: bool = False
    beside: bool = False
    silent: bool = False
    asks: str = ""

    def dialogue(self, table: Timetable) -> str:
        """Return the name of the dialogue that fills this row's place."""
        return ONE_TAP if self.routine and table.one_tap else self.asks or self.slot

    def leads(self, look: Calendar, day: date) -> bool:
        """Say whether what goes out in its place on a day asks about all that is due; one tap asks about one item."""
        return self.carries and (self.dialogue(look.table) == self.slot or len(self.items(look, day, day)) == 1)

    def hour(self, look: Calendar, own_day: date) -> time:
        """Return the local hour meant for the row: the chosen one, unless its date has an hour outside quiet time."""
        table = look.table
        if self.slot == AT_CUE:
            return min((due.cue for due in cued(look, own_day) if due.cue is not None), default=table.at)
        for dated in table.dated:
            if dated.dialogue == self.slot and dated.day == own_day and dated.at is not None:
                quiet = {"quiet_from": table.quiet_from, "quiet_until": table.quiet_until}
                return dated.at if fits(dated.at, **quiet) else table.at
        return table.at


def no_items(_look: Calendar, _own_day: date, _day: date) -> tuple[str, ...]:
    """Nothing: it asks about no items."""
    return ()


def all_items(look: Calendar, _own_day: date, day: date) -> tuple[str, ...]:
    """Everything that fell due unasked, but for what a pause still holds and what has an hour that is yet to come."""
    later = [due for due in cued(look, day) if due.cue is not None and due.cue > look.table.at]
    fallen = [due for falls, due in look.falls if falls <= day and not (due in later and replays(look.table))]
    if look.held and look.back_since(day) > 1:
        fallen += [due for pause, due in look.held if pause.last is not None and pause.last < day]
        fallen.sort(key=lambda due: due.day)
    return tuple(due.item for due in fallen)


def cue_hour(cue: str, locale: str) -> time | None:
    """The hour at which somebody means to do it, where their words name one outside the quiet hours."""
    at = hour_in(cue, locale) if cue else None
    return at if at is not None and fits(at) else None


def replays(table: Timetable) -> bool:
    """Say whether plans come back on their day: at full pace, and not in the smallest rhythm."""
    return table.slowdown in AT_FULL_PACE and table.pace is not Pace.MINIMAL


def _after_pause_due(look: Calendar, day: date) -> bool:
    return (
        bool(look.held)
        and look.back_since(day) == 2
        and look.open(day)
        and any(pause.last is not None and pause.last < day for pause, _ in look.held)
    )


def _after_pause_items(look: Calendar, own_day: date, _day: date) -> tuple[str, ...]:
    """What fell due up to the pause's end; what falls due since is asked about in its own time."""
    ends = [pause.last for pause, _ in look.held if pause.last is not None and pause.last < own_day]
    before = [due for falls, due in look.falls if falls <= max(ends)]
    held = [due for pause, due in look.held if pause.last in ends]
    return tuple(due.item for due in sorted(before + held, key=lambda due: due.day))


def cued(look: Calendar, day: date) -> tuple[Due, ...]:
    """The items that fall on a day and have an hour of their own."""
    return tuple(due for falls, due in look.falls if falls == day and due.cue is not None)


def _due_today(look: Calendar, day: date) -> bool:
    return any(falls == day and due.cue is None for falls, due in look.falls)


def _due_today_items(look: Calendar, own_day: date, day: date) -> tuple[str, ...]:
    late = (due for falls, due in look.falls if 0 < (day - falls).days <= DUE_TODAY_LATE)
    now = (due for falls, due in look.falls if falls == day and due.cue is None)
    return tuple(due.item for due in (*late, *now))


def _at_cue_items(look: Calendar, own_day: date, _day: date) -> tuple[str, ...]:
    return tuple(due.item for due in cued(look, own_day))


def _ahead(look: Calendar, day: date) -> tuple[Due, ...]:
    """What falls on the next open day, and was not promised on this one."""
    following = look.next_open(day + _DAY)
    if following is None or not look.open(day):
        return ()
    fallen = (due for falls, due in look.falls if falls == following and due.cue is None)
    return tuple(due for due in fallen if due.since is None or look.day_of(due.since) < day)


def _tomorrow_items(look: Calendar, own_day: date, _day: date) -> tuple[str, ...]:
    return tuple(due.item for due in _ahead(look, own_day))


ITEMS: tuple[Row, ...] = (
    Row(
        slot=DUE_TODAY,
        late=DUE_TODAY_LATE,
        during=AT_FULL_PACE,
        applies=lambda table: bool(table.due) and table.pace is not Pace.MINIMAL,
        due=_due_today,
        items=_due_today_items,
        own=True,
        carried=True,
    ),
    Row(
        slot=AT_CUE,
        asks=DUE_TODAY,
        late=DUE_TODAY_LATE,
        during=AT_FULL_PACE,
        applies=lambda table: any(due.cue for due in table.due) and table.pace is not Pace.MINIMAL,
        due=lambda look, day: bool(cued(look, day)),
        items=_at_cue_items,
        own=True,
    ),
    Row(
        slot=TOMORROW,
        late=0,
        during=AT_FULL_PACE,
        applies=lambda table: bool(table.due) and table.at >= NOON and table.pace is not Pace.MINIMAL,
        due=lambda look, day: bool(_ahead(look, day)),
        items=_tomorrow_items,
        own=True,
        silent=True,
    ),
    Row(
        slot=AFTER_PAUSE,
        late=3,
        during=UNTIL_STOPPED,
        applies=lambda table: bool(table.pauses and table.due) and table.pace is not Pace.MINIMAL,
        due=_after_pause_due,
        items=_after_pause_items,
        own=True,
    ),
)
