"""How habits are counted: what there was to do in a week, what was done of it, and which week is asked about.

A week is the client's working week. Paused days, rests and holidays leave both numbers; a week of which nothing was
told is unknown, and in no figure. No streaks.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from math import ceil

from bot.model.facts import Facts
from bot.model.habits.values import Counted, DaysOff, Habit, HabitCount, HabitRule
from bot.model.habits.weeks import week_of
from bot.model.people.preferences import Pace, Pause, Preferences

HABIT_TODAY = "habit-today"  # the dialogue that asks about a habit on its day
HABIT_WEEK = "habit-week"  # the one that counts the week of those that are kept from the coach
ASKED_AT = time(16, 30)  # when a day is mostly over
AHEAD = timedelta(days=21)  # for so long its days are put on the agenda
FEWEST = 3  # of its days, however far apart they lie
SHOWN_WEEKS = 4  # answered weeks in the figure that people are shown
MOST_TIMES = 14  # a week
_DAY = timedelta(days=1)
_WEEK = 7
_LONGEST = 120  # days in which every rule comes, several times over


def days_off(wishes: Preferences, pauses: Iterable[Pause]) -> DaysOff:
    """What a client's weeks are counted by."""
    rests = tuple((pause.first, pause.last) for pause in pauses)
    rarely = wishes.pace is Pace.FORTNIGHTLY
    return DaysOff(working_days=wishes.working_days, holidays=wishes.holidays, pauses=rests, fortnightly=rarely)


def off_of(facts: Facts) -> DaysOff:
    """The same, from facts."""
    return days_off(facts.wishes, facts.pauses)


# -- what there was to do --------------------------------------------------------------------------------------------


def comes_on(rule: HabitRule, day: date) -> bool:
    """Say whether a rule has that day, in whichever weeks it comes; one of so many times a week has none of its own."""
    if day.weekday() in rule.weekdays:
        return not rule.nth or _is_nth(day, rule.nth)
    last = (day + _DAY).month != day.month
    return any(day.day == wanted or (last and (not wanted or day.day < wanted)) for wanted in rule.month_days)


def _is_nth(day: date, nth: int) -> bool:
    """Whether a day is the nth of its weekday in its month, or the last."""
    week = timedelta(days=_WEEK)
    return (day + week).month != day.month if nth < 0 else (day.day - 1) // _WEEK + 1 == nth


def first_day(rule: HabitRule, since: date) -> date:
    """The day on which a habit with days of its own comes first, counted from a day on."""
    return next(day for day in (since + _DAY * n for n in range(_LONGEST)) if comes_on(rule, day))


def applicable(habit: Habit, week: date, off: DaysOff) -> int:
    """How often it was to be done in the week that begins on a day."""
    rule, since = _rule_in(habit, week)
    if not _has_week(rule, since, week, off):
        return 0
    days = [week - _DAY * n for n in range(1 - _WEEK, _length(rule) - _WEEK + 1)]
    counting = [day for day in days if _counts(habit, day, off)]
    if rule.on_days:
        return sum(comes_on(rule, day) for day in counting)
    working = sum(day.weekday() in off.working_days for day in days)
    left = sum(day.weekday() in off.working_days for day in counting)
    return ceil(rule.times * left / working)


def _rule_in(habit: Habit, week: date) -> tuple[HabitRule, date]:
    """The rule that held at the end of a week, and since when."""
    ends = week + _DAY * (_WEEK - 1)
    held = [(turn.rule, turn.since) for turn in habit.turns if turn.rule is not None and turn.since <= ends]
    return held[-1] if held else (habit.rule, habit.made)


def _has_week(rule: HabitRule, since: date, week: date, off: DaysOff) -> bool:
    """Whether a rule has a week: of those that come every other week each second one, from the first of its days on.

    What has no days of its own has as many weeks as there are in between, and is counted at the end of the last.
    """
    if rule.every == 1:
        return True
    first = first_day(rule, since) if rule.on_days else since + _DAY * _WEEK * (rule.every - 1)
    apart = (week - week_of(first, off.working_days)).days // _WEEK
    return apart >= 0 and apart % rule.every == 0


def week_counting(habit: Habit, day: date, off: DaysOff) -> date:
    """The week in which what is done on a day is counted."""
    week = week_of(day, off.working_days)
    weeks = [week + _DAY * _WEEK * n for n in range(_length(_rule_in(habit, week)[0]) // _WEEK)]
    return next((each for each in weeks if _has_week(*_rule_in(habit, each), each, off)), week)


def next_day(habit: Habit, today: date, off: DaysOff) -> date | None:
    """The next of its own days on which it is meant; None where it has none, or none soon."""
    ahead = (today + _DAY * n for n in range(_LONGEST))
    return next((day for day in ahead if _is_meant(habit, day, off)), None)


def weeks_in(habit: Habit, week: date) -> int:
    """How many weeks are counted as one, up to that one."""
    return _length(_rule_in(habit, week)[0]) // _WEEK


def _length(rule: HabitRule) -> int:
    """How many days are counted as one, up to the end of a week that the rule has."""
    return _WEEK if rule.on_days else _WEEK * rule.every


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
    told, rule = _told_of(habit, week), _rule_in(habit, week)[0]
    if not told:
        return None
    whole = max((place for place, count in enumerate(told) if not count.single), default=-1)
    singles = told[whole + 1 :]
    once = {count.day: count.done for count in singles}
    more = sum(once.values()) if rule.on_days else sum(count.done for count in singles)
    return (told[whole].done if whole >= 0 else 0) + more


def _told_of(habit: Habit, week: date) -> list[HabitCount]:
    """What was told of a week, and of those before it that are counted with it."""
    rule, since = _rule_in(habit, week)
    begins = week - _DAY * (_length(rule) - _WEEK)
    if begins < week:  # what was told by an earlier rule stands in its own weeks
        begins = max(begins, since - _DAY * (_WEEK - 1))
    return [count for count in habit.counts if begins <= count.day < week + _DAY * _WEEK]


def is_told(habit: Habit, week: date, off: DaysOff) -> bool:
    """Whether all of a week was told: by a number for it, or day by day."""
    told = _told_of(habit, week)
    days = len({count.day for count in told if count.single})
    whole = any(not count.single for count in told)
    return whole or (_rule_in(habit, week)[0].on_days and 0 < applicable(habit, week, off) <= days)


def weeks_told(habit: Habit, today: date, off: DaysOff) -> tuple[Counted, ...]:
    """The answered weeks in which there was something to do, the oldest first.

    A week that still runs is one of them once all of it was told; more than there was to do counts as all of it.
    """
    rules = (habit.rule, *(turn.rule for turn in habit.turns if turn.rule is not None))
    most = max(_length(rule) for rule in rules) // _WEEK
    told = {week_of(count.day, off.working_days) for count in habit.counts}
    weeks = sorted({week + _DAY * _WEEK * n for week in told for n in range(most)})
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
    found = [(habit, week_asked(habit, day, off)) for habit in habits if not habit.ended]
    return tuple(habit for habit, week in found if applicable(habit, week, off) and not is_told(habit, week, off))


def week_asked(habit: Habit, day: date, off: DaysOff) -> date:
    """The week of a habit that a check-in of that day asks about.

    Whoever is asked every other week is asked about the week between, where there was nothing to do in the last one.
    What is still to come, such as a Sunday on a Friday, is asked about a week later.
    """
    week = asked_week(day, off)
    between = week - _DAY * _WEEK
    if applicable(habit, week, off):
        return between if _is_ahead(habit, week, day, off) else week
    missed = off.fortnightly or _is_ahead(habit, between, day - _DAY * _WEEK, off)
    return between if missed and applicable(habit, between, off) else week


def _is_ahead(habit: Habit, week: date, day: date, off: DaysOff) -> bool:
    """Whether all of its days in a week lie behind a day."""
    days = [each for each in (week + _DAY * n for n in range(_WEEK)) if _is_meant(habit, each, off)]
    return bool(days) and days[0] > day


def to_ask_today(habits: Iterable[Habit], day: date, off: DaysOff) -> tuple[Habit, ...]:
    """The habits that want to be asked about on their days, have that one, and of which nothing was told for it."""
    wanting = (habit for habit in live(habits, day) if habit.asks_each_day)
    return tuple(habit for habit in wanting if _is_meant(habit, day, off) and not _tells_of(habit, day, off))


def _is_meant(habit: Habit, day: date, off: DaysOff) -> bool:
    week = week_of(day, off.working_days)
    rule, since = _rule_in(habit, week)
    return comes_on(rule, day) and _has_week(rule, since, week, off) and _counts(habit, day, off)


def _tells_of(habit: Habit, day: date, off: DaysOff) -> bool:
    """Something was told of that very day, or the number of its whole week."""
    week = week_of(day, off.working_days)
    singles = any(count.single and count.day == day for count in habit.counts)
    return singles or any(not c.single and week <= c.day < week + _DAY * _WEEK for c in habit.counts)


def days_to_ask(habits: Iterable[Habit], today: date, off: DaysOff) -> tuple[date, ...]:
    """The days ahead, today among them, on which some habit is to be asked about."""
    known = tuple(habit for habit in habits if habit.asks_each_day)
    days = [today + _DAY * n for n in range(_LONGEST if known else 0)]
    found = [day for day in days if day.weekday() in off.working_days and to_ask_today(known, day, off)]
    near = [day for day in found if day < today + AHEAD]
    return tuple(near if len(near) >= FEWEST else found[:FEWEST])


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
