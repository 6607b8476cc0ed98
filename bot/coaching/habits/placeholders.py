"""Habits in words, for the dialogues on them; and what there is to choose from."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.habits.lines import asked_words, habit_words, rule_words, so_far, week_line
from bot.coaching.habits.outcomes import habits_told, smaller, today
from bot.coaching.habits.rules import applicable, going, off_of, weeks_in
from bot.coaching.habits.said import day_here, habit_here, said, week_here
from bot.coaching.shared.lines import on_one_line
from bot.model.habits.records import HabitChanged, HabitTold
from bot.model.habits.weeks import week_of
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import on_button

_MOST_SHOWN = 8


def _in_words(given: Given) -> Any:
    found = said(given)
    return habit_words(on_one_line(found[0]), found[1], given.facts.today) if found else ""


def _asked(given: Given) -> Any:
    found = said(given)
    return asked_words(given.facts.wishes, found[1]) if found else ""


def _rare_days(given: Given) -> Any:
    found = said(given)
    return max(found[1].month_days, default=31) if found else 31


def of_here(given: Given) -> int:
    """How often there was to be done what the loop is at, in the week that is asked about."""
    habit = habit_here(given)
    return applicable(habit, week_here(given), off_of(given.facts)) if habit else 0


def _week(given: Given) -> Any:
    current = week_of(day_here(given), given.facts.wishes.working_days)
    habit = habit_here(given)
    weeks = weeks_in(habit, week_here(given)) if habit else 1
    if weeks > 1:
        return phrase("habit_these_weeks" if week_here(given) == current else "habit_last_weeks", weeks=weeks)
    return phrase("habit_this_week" if week_here(given) == current else "habit_last_week")


def _so_far(given: Given) -> Any:
    habit = habit_here(given)
    return so_far(habit, week_here(given), off_of(given.facts)) if habit else ""


def _title(given: Given) -> str:
    habit = habit_here(given)
    return on_one_line(habit.text) if habit else ""


def counted_lines(given: Given) -> list[Phrase]:
    """What was counted of each habit in a check-in, and of how many."""
    lines = []
    for told in habits_told(given):
        habit = given.facts.habit(told.habit) if isinstance(told, HabitTold) else None
        if habit is not None and isinstance(told, HabitTold):
            of = applicable(habit, told.day, off_of(given.facts))
            lines.append(phrase("habit_told", habit=on_one_line(habit.text), done=told.done, of=of))
    return lines


def _smaller_told(given: Given) -> Any:
    """What a habit is from now on, once it was made smaller."""
    changed = smaller(given)
    turn = changed[0] if changed else None
    habit = given.facts.habit(turn.habit) if isinstance(turn, HabitChanged) else None
    if habit is None or not isinstance(turn, HabitChanged) or turn.rule is None:
        return phrase("habit_rule_stays")
    return phrase("habit_rule", habit=on_one_line(habit.text), rule=rule_words(turn.rule), day=turn.since)


def _today_told(given: Given) -> Any:
    """How the week of each habit stands of which something was said."""
    off, told = off_of(given.facts), [record for record in today(given) if isinstance(record, HabitTold)]
    week = week_of(day_here(given), off.working_days)
    known = [(given.facts.habit(record.habit), record) for record in told]
    lines = [week_line(habit, (record,), week, off) for habit, record in known if habit is not None]
    return phrase("in_lines", lines=lines) if lines else phrase("habit_rule_stays")


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "habit": _title,
    "habit_of": of_here,
    "habit_week": _week,
    "habit_so_far": _so_far,
    "habit_in_words": _in_words,
    "habit_asked": _asked,
    "habit_smaller_told": _smaller_told,
    "habits_today_told": _today_told,
    "habit_day": lambda given: phrase(f"weekday_{day_here(given).weekday()}"),
    "habit_rare_day": _rare_days,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _counts(given: Given) -> tuple[tuple[str, Any], ...]:
    return tuple((str(n), str(n)) for n in range(of_here(given) + 1))


def _smaller(given: Given) -> tuple[tuple[str, Any], ...]:
    """So many times a week, each less than now."""
    habit = habit_here(given)
    rule = habit.newest_rule if habit else None
    now = (rule.times or len(rule.weekdays)) if rule else 0
    return tuple((str(n), phrase("habit_times", count=n)) for n in range(1, min(now, 8)))


def _open_things(given: Given) -> tuple[tuple[str, Any], ...]:
    """Commitments and habits that could wait for the new one."""
    facts = given.facts
    things = [(c.id, c.text) for c in facts.open_commitments]
    things += [(h.id, h.text) for h in going(facts)]
    return tuple((wanted, on_button(text)) for wanted, text in things[:_MOST_SHOWN])


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "habit_counts": _counts,
    "habit_smaller": _smaller,
    "open_things": _open_things,
}
