"""How habits are counted: what there was to do in a week, what was done of it, and which week is asked about.

A week is the client's working week. Paused days, rests and holidays leave both numbers; a week of which nothing was
told is unknown, and in no figure. No streaks.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from math import ceil

from bot.model.facts import Facts
from bot.model.habits.values import Counted, DaysOff, Habit, HabitRule
from bot.model.habits.weeks import week_of
from bot.model.people.preferences import Pause, Preferences

HABIT_TODAY = "habit-today"  # the dialogue that asks about a habit on its day
ASKED_AT = time(16, 30)  # when a day is mostly over
AHEAD = timedelta(days=21)  # for so long its days are put on the agenda
SHOWN_WEEKS = 4  # answered weeks in the figure that people are shown
MOST_TIMES = 14  # a week
_DAY = timedelta(days=1)
_WEEK = 7


def days_off(wishes: Preferences, pauses: Iterable[Pause]) -> DaysOff:
    """What a client's weeks are counted by."""
    rests = tuple((pause.first, pause.last) for pause in pauses)
    return DaysOff(working_days=wishes.working_days, holidays=wishes.holidays, pauses=rests)


def off_of(facts: Facts) -> DaysOff:
    """The same, from facts."""
    return days_off(facts.wishes, facts.pauses)


# -- what there was to do --------------------------------------------------------------------------------------------


def comes_on(rule: HabitRule, day: date) -> bool:
    """Say whether a rule has that day; one of so many times a week has none of its own."""
    if day.weekday() in rule.weekdays:
        return True
    last = (day + _DAY).month != day.month
    return any(day.day == wanted or (last and day.day < wanted) for wanted in rule.month_days)


def applicable(habit: Habit, week: date, off: DaysOff) -> int:
    """How often it was to be done in the week that begins on a day."""
    rule, days = _rule_in(habit, week), [week + _DAY * n for n in range(_WEEK)]
    counting = [day for day in days if _counts(habit, day, off)]
    if rule.on_days:
        return sum(comes_on(rule, day) for day in counting)
    working = sum(day.weekday() in off.working_days for day in days)
    left = sum(day.weekday() in off.working_days for day in counting)
    return ceil(rule.times * left / working)


def _rule_in(habit: Habit, week: date) -> HabitRule:
    """The rule that held at the end of a week."""
    ends = week + _DAY * (_WEEK - 1)
    held = [turn.rule for turn in habit.turns if turn.rule is not None and turn.since <= ends]
    return held[-1] if held else habit.rule


def _counts(habit: Habit, day: date, off: DaysOff) -> bool:
    """Whether a day is one on which the habit was meant at all."""
    if day < habit.made or day in off.holidays or any(t.kind == "end" and t.since <= day for t in habit.turns):
        return False
    return not any(first <= day and (last is None or day <= last) for first, last in (*off.pauses, *_rests(habit)))


def _rests(habit: Habit) -> Iterator[tuple[date, date | None]]:
    """Each rest, its first day and its last: it ends as it said, or before the day on which it goes on."""
    for place, turn in enumerate(habit.turns):
        if turn.kind == "rest":
            after = [later.since - _DAY for later in habit.turns[place + 1 :] if later.kind == "on"]
            yield turn.since, min((end for end in (*after[:1], turn.until) if end is not None), default=None)


# -- what was done of it ---------------------------------------------------------------------------------------------


def told_in(habit: Habit, week: date) -> int | None:
    """How often it was done in a week, as told so far; None where nothing was told.

    A number for the week holds instead of all that was told before it; single days come on top. A day counts once for a
    habit with days of its own.
    """
    told = [count for count in habit.counts if week <= count.day < week + _DAY * _WEEK]
    if not told:
        return None
    whole = max((place for place, count in enumerate(told) if not count.single), default=-1)
    singles = told[whole + 1 :]
    once = {count.day: count.done for count in singles}
    more = sum(once.values()) if _rule_in(habit, week).on_days else sum(count.done for count in singles)
    return (told[whole].done if whole >= 0 else 0) + more


def is_told(habit: Habit, week: date, off: DaysOff) -> bool:
    """Whether all of a week was told: by a number for it, or day by day."""
    told = [count for count in habit.counts if week <= count.day < week + _DAY * _WEEK]
    days = len({count.day for count in told if count.single})
    whole = any(not count.single for count in told)
    return whole or (_rule_in(habit, week).on_days and 0 < applicable(habit, week, off) <= days)


def weeks_told(habit: Habit, today: date, off: DaysOff) -> tuple[Counted, ...]:
    """The answered weeks in which there was something to do, the oldest first.

    A week that still runs is one of them once all of it was told; more than there was to do counts as all of it.
    """
    weeks = sorted({week_of(count.day, off.working_days) for count in habit.counts})
    return tuple(counted for week in weeks if (counted := _counted(habit, week, today, off)) is not None)


def _counted(habit: Habit, week: date, today: date, off: DaysOff) -> Counted | None:
    of, done = applicable(habit, week, off), told_in(habit, week)
    if not of or done is None or not (week + _DAY * _WEEK <= today or is_told(habit, week, off)):
        return None
    return Counted(week=week, done=min(done, of), of=of)


def shown(habit: Habit, today: date, off: DaysOff) -> tuple[Counted, ...]:
    """The weeks of the figure that people are shown."""
    return weeks_told(habit, today, off)[-SHOWN_WEEKS:]


def kept_days(habit: Habit) -> tuple[date, ...]:
    """The days on which it was told that some of it was done."""
    return tuple(count.told for count in habit.counts if count.done and count.told is not None)


# -- which week is asked about ---------------------------------------------------------------------------------------


def asked_week(day: date, off: DaysOff) -> date:
    """The first day of the week that a check-in of that day asks about: its own on its last working day, or the last.

    A week that still runs for some days would be asked about too early.
    """
    week = week_of(day, off.working_days)
    days = [week + _DAY * n for n in range(_WEEK)]
    working = [each for each in days if each.weekday() in off.working_days and each not in off.holidays]
    return week if not working or day >= working[-1] else week - _DAY * _WEEK


def to_ask(habits: Iterable[Habit], day: date, off: DaysOff) -> tuple[Habit, ...]:
    """The habits that a check-in of that day asks about: those with something to do that was not told in full."""
    week = asked_week(day, off)
    return tuple(h for h in habits if applicable(h, week, off) and not is_told(h, week, off) and not h.ended)


def to_ask_today(habits: Iterable[Habit], day: date, off: DaysOff) -> tuple[Habit, ...]:
    """The habits that want to be asked about on their days, have that one, and of which nothing was told for it."""
    wanting = (habit for habit in live(habits, day) if habit.asks_each_day)
    return tuple(habit for habit in wanting if _is_meant(habit, day, off) and not _tells_of(habit, day, off))


def _is_meant(habit: Habit, day: date, off: DaysOff) -> bool:
    return comes_on(_rule_in(habit, week_of(day, off.working_days)), day) and _counts(habit, day, off)


def _tells_of(habit: Habit, day: date, off: DaysOff) -> bool:
    """Something was told of that very day, or the number of its whole week."""
    week = week_of(day, off.working_days)
    singles = any(count.single and count.day == day for count in habit.counts)
    return singles or any(not c.single and week <= c.day < week + _DAY * _WEEK for c in habit.counts)


def days_to_ask(habits: Iterable[Habit], today: date, off: DaysOff) -> tuple[date, ...]:
    """The days ahead, today among them, on which some habit is to be asked about."""
    known = tuple(habits)
    days = [today + _DAY * n for n in range(AHEAD.days)]
    return tuple(day for day in days if day.weekday() in off.working_days and to_ask_today(known, day, off))


def own_habits(facts: Facts) -> tuple[Habit, ...]:
    """The habits of somebody's coaching that runs; what was kept in one that has ended is asked about no more."""
    running = {engagement.id for engagement in facts.engagements if engagement.state == "active"}
    return tuple(habit for habit in facts.habits if habit.engagement in running)


def going(facts: Facts) -> tuple[Habit, ...]:
    """Those of them that are neither over nor at rest."""
    return live(own_habits(facts), facts.today)


def live(habits: Iterable[Habit], today: date) -> tuple[Habit, ...]:
    """The habits that are neither over nor at rest."""
    return tuple(habit for habit in habits if not habit.ended and not habit.rests(today))


def holds_from(habit: Habit, today: date, off: DaysOff) -> date:
    """From which day a change holds: today, or the next week where this one was told of already."""
    week = week_of(today, off.working_days)
    return week + _DAY * _WEEK if is_told(habit, week, off) else today
