"""The prompts that a plan chooses from, as a table: one row for each dialogue the bot may open by itself.

Rows stand in order of precedence: when several fall due on one day, the first goes out and the rest is carried by it,
moves on, or is dropped. The prompts with rules of their own stand here; the others come from the agenda, and the head
of each dialogue (`coaching: slot:`) says behind which prompt it stands. The algorithm knows none of them by name.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from bot.coaching.programme.headers import DURING, HEADERS, Header, Slot
from bot.coaching.rhythm.backoff import Slowdown, Word
from bot.coaching.rhythm.items import AT_FULL_PACE, ITEMS, UNTIL_STOPPED, Row, all_items, no_items
from bot.coaching.rhythm.timetable import Calendar, Timetable
from bot.engine.dialogue.load import DialogueError
from bot.model.people.preferences import Pace

WEEKLY = "weekly-checkin"
DAILY = "daily-checkin"
LIGHTENING = frozenset(name for name, header in HEADERS.items() if header.slot is not None and header.slot.lightens)

_HALVED_AT_MOST = frozenset({Slowdown.NORMAL, Slowdown.HALVED})
_ALWAYS = frozenset(Slowdown)
_COMING_BACK_WEEKS = 2
_FIRST = timedelta(days=14)


def weekly_period(table: Timetable) -> int:
    """Return after how many weeks the weekly check-in comes again; backing off never makes it more frequent."""
    chosen = 2 if table.pace is Pace.FORTNIGHTLY else 1
    return chosen if table.slowdown is Slowdown.NORMAL else 2 * chosen


def still_daily(table: Timetable, day: date) -> bool:
    """Say whether the daily rhythm still holds on a local day."""
    return table.daily_until is None or day <= table.daily_until


def _has_dated(slot: str) -> Callable[[Timetable], bool]:
    return lambda table: any(dated.dialogue == slot for dated in table.dated)


def _dated_on(slot: str) -> Callable[[Calendar, date], bool]:
    return lambda look, day: any(dated.dialogue == slot and dated.day == day for dated in look.table.dated)


def _dated_items(slot: str) -> Callable[[Calendar, date, date], tuple[str, ...]]:
    def items(look: Calendar, own_day: date, _day: date) -> tuple[str, ...]:
        here = (dated for dated in look.table.dated if dated.dialogue == slot and dated.day == own_day)
        return tuple(item for dated in here for item in dated.items)

    return items


def _weekly_applies(table: Timetable) -> bool:
    return table.word not in (Word.COMING_BACK, Word.LAST_NOTE)


def _weekly_due(look: Calendar, day: date) -> bool:
    """On the chosen day of its weeks; within a day of a preparation only what is due is asked about, by itself."""
    if day.weekday() != look.weekday:
        return False
    table = look.table
    if (
        _daily_at_first(table, day)
        or look.near(LIGHTENING, day)
        or (table.pace is Pace.FORTNIGHTLY and look.weeks_between(table.anchor, day) % 2)
    ):
        return False
    last = look.last_asked.get(WEEKLY)
    if last is None or last == day:
        return look.weeks_between(table.anchor, day) % weekly_period(table) == 0
    return look.weeks_between(last, day) >= weekly_period(table)


def _daily_at_first(table: Timetable, day: date) -> bool:
    """In the first fortnight a check-in of every day is one tap, and none of the week stands beside it."""
    return table.pace is Pace.DAILY and still_daily(table, day) and day < table.anchor + _FIRST


def _coming_back_due(look: Calendar, day: date) -> bool:
    """Fresh starts help: the first working day of a week, and again a fortnight later at the earliest."""
    if day.weekday() != look.first_weekday or day <= (look.table.word_since or look.table.anchor):
        return False
    last = look.last_asked.get(Word.COMING_BACK)
    return last is None or last == day or look.weeks_between(last, day) >= _COMING_BACK_WEEKS


def _daily_due(look: Calendar, day: date) -> bool:
    if not still_daily(look.table, day) or (_daily_at_first(look.table, day) and look.near(LIGHTENING, day)):
        return False
    if look.table.slowdown is Slowdown.NORMAL:
        return True
    before = look.previous_open(day)
    return before is None or all((slot, before) not in look.table.asked for slot in (DAILY, WEEKLY))


def _daily_review_due(look: Calendar, day: date) -> bool:
    until, last = look.table.daily_until, look.last_asked.get("daily-review")
    return until is not None and day > until and (last is None or last <= until or last == day)


def _last_note_due(look: Calendar, day: date) -> bool:
    since, last = look.table.word_since or look.table.anchor, look.last_asked.get(Word.LAST_NOTE)
    return day > since and (last is None or last <= since or last == day)


def _focus_applies(table: Timetable) -> bool:
    return table.focus and not table.one_tap and table.pace is not Pace.MINIMAL


_OWN: tuple[Row, ...] = (
    Row(
        slot=Word.LAST_NOTE.value,
        late=0,
        during=_ALWAYS,
        applies=lambda table: table.word is Word.LAST_NOTE,
        due=_last_note_due,
        items=no_items,
    ),
    *ITEMS,
    Row(
        slot=WEEKLY,
        late=3,
        during=UNTIL_STOPPED,
        applies=_weekly_applies,
        due=_weekly_due,
        items=all_items,
        routine=True,
        keeps_place=True,
        carries=True,
    ),
    Row(
        slot=Word.COMING_BACK.value,
        late=3,
        during=UNTIL_STOPPED,
        applies=lambda table: table.word is Word.COMING_BACK,
        due=_coming_back_due,
        items=no_items,
        keeps_place=True,
    ),
    Row(
        slot="daily-review",
        late=0,
        during=_HALVED_AT_MOST,
        applies=lambda table: table.pace is Pace.DAILY and table.daily_until is not None,
        due=_daily_review_due,
        items=no_items,
    ),
    Row(
        slot="monday-focus",
        late=0,
        during=AT_FULL_PACE,
        applies=_focus_applies,
        due=lambda look, day: day.weekday() == look.first_weekday,
        items=no_items,
    ),
    Row(
        slot=DAILY,
        late=0,
        during=_HALVED_AT_MOST,
        applies=lambda table: table.pace is Pace.DAILY and _weekly_applies(table),
        due=_daily_due,
        items=no_items,
        routine=True,
    ),
)
_DURING = dict(zip(DURING, (AT_FULL_PACE, _HALVED_AT_MOST, UNTIL_STOPPED, _ALWAYS), strict=True))


def _on_agenda(slot: str, header: Slot) -> Row:
    """A prompt that belongs to one date, as the agenda has it."""
    has_dated = _has_dated(slot)

    def applies(table: Timetable) -> bool:
        return has_dated(table) and not (header.not_minimal and table.pace is Pace.MINIMAL)

    return Row(
        slot=slot,
        late=header.late,
        during=_DURING[header.during],
        applies=applies,
        due=_dated_on(slot),
        items=_dated_items(slot),
        keeps_place=header.keeps_place,
        beside=header.beside,
    )


def in_order(headers: Mapping[str, Header]) -> tuple[Row, ...]:
    """The rows of their own with those of headers behind the prompts that they name; without one, before all.

    Raises DialogueError for a prompt that nobody has, and for two behind one.
    """
    agenda = {name: _on_agenda(name, header.slot) for name, header in headers.items() if header.slot is not None}
    after = {name: header.slot.after for name, header in headers.items() if header.slot is not None}
    behind: dict[str, str] = {}
    for name, other in after.items():
        if other in behind:
            raise DialogueError(f"'{name}' and '{behind[other]}' both come after '{other}': put one behind the other")
        behind[other] = name
    found = [row for start in ("", *(own.slot for own in _OWN)) for row in _from(start, behind, agenda)]
    lost = sorted(agenda.keys() - {row.slot for row in found})
    if lost:
        raise DialogueError(f"'{lost[0]}' comes after '{after[lost[0]]}', which is no prompt here: mend 'after'")
    return tuple(found)


def _from(start: str, behind: Mapping[str, str], agenda: Mapping[str, Row]) -> Iterator[Row]:
    """A row of its own, and the chain of those that come behind it."""
    yield from (own for own in _OWN if own.slot == start)
    name = behind.get(start)
    while name is not None:
        yield agenda[name]
        name = behind.get(name)


ROWS = in_order(HEADERS)
OWN = frozenset(row.slot for row in ROWS if row.own and not row.silent)  # the slots of what clients set themselves
SILENT = frozenset(row.slot for row in ROWS if row.silent)
