"""Habits as lines: for the client, and for whoever sees them. A number always stands with what it is a part of."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.coaching.habits.rules import applicable, first_day, is_told, shown, told_in, week_counting, weeks_in
from bot.coaching.shared.lines import on_one_line, phrase_list
from bot.model.habits.records import HabitTold
from bot.model.habits.values import DaysOff, Habit, HabitCount, HabitRule, summed
from bot.model.people.preferences import Pace, Preferences
from bot.model.phrases import Phrase, phrase

_WORKING, _EVERY_DAY = tuple(range(5)), tuple(range(7))


def rule_words(rule: HabitRule) -> Phrase:
    """When a habit comes."""
    if rule.every > 1:
        return _rarely(rule)
    if rule.weekdays in (_WORKING, _EVERY_DAY):
        return phrase("habit_weekdays" if rule.weekdays == _WORKING else "habit_daily")
    if rule.weekdays:
        return _nth(rule) if rule.nth else _named(rule)
    if rule.month_days == (0,):
        return phrase("habit_last_day")
    if rule.month_days:
        days = phrase_list([phrase("habit_month_day", day=day) for day in rule.month_days])
        return phrase("habit_monthly", days=days)
    return phrase("habit_times", count=rule.times)


def _named(rule: HabitRule) -> Phrase:
    found: Phrase = phrase_list([phrase(f"weekday_{day}") for day in rule.weekdays])
    return found


def _nth(rule: HabitRule) -> Phrase:
    return phrase("habit_nth_last" if rule.nth < 0 else f"habit_nth_{rule.nth}", day=_named(rule))


def _rarely(rule: HabitRule) -> Phrase:
    """Every other week, or after more of them; and then on which days, or how often."""
    weeks = phrase("habit_other_week") if rule.every == 2 else phrase("habit_every_weeks", weeks=rule.every)
    if rule.weekdays:
        return phrase("habit_rarely_on", weeks=weeks, days=_named(rule))
    return weeks if rule.times == 1 else phrase("habit_rarely_times", weeks=weeks, times=rule.times)


def habit_words(text: str | Phrase, rule: HabitRule, since: date | None = None) -> Phrase:
    """What is done, and when; in which weeks, too, where that follows from since when."""
    said = phrase("habit_and_rule", habit=text, rule=rule_words(rule))
    if since is None or rule.every == 1 or not rule.on_days:
        return said
    return phrase("habit_from", habit=said, day=first_day(rule, since))


def asked_words(wishes: Preferences, rule: HabitRule) -> Phrase:
    """When it is asked how many it were."""
    return phrase(f"habit_asked_{_asked(wishes, rule)}", day=phrase(f"weekday_{wishes.weekday}"))


def _asked(wishes: Preferences, rule: HabitRule) -> str:
    if wishes.pace is Pace.FORTNIGHTLY or (rule.every == 2 and not rule.on_days):
        return "fortnightly"
    if rule.every > 1:
        return "rarely"
    return "monthly" if rule.month_days or rule.nth else "weekly"


def asked_of_habits(wishes: Preferences) -> Phrase:
    """The same in a sentence of its own, of whatever comes again among several things."""
    often = "fortnightly" if wishes.pace is Pace.FORTNIGHTLY else "weekly"
    return phrase(f"habits_asked_{often}", day=phrase(f"weekday_{wishes.weekday}"))


def figure(habit: Habit, today: date, off: DaysOff) -> Phrase:
    """What was done, of how many, over the last answered weeks."""
    weeks = shown(habit, today, off)
    if not weeks:
        return phrase("habit_uncounted")
    done, of = summed(weeks)
    return phrase("habit_figure", done=done, of=of, count=len(weeks))


def so_far(habit: Habit, week: date, off: DaysOff) -> Phrase | str:
    """What was told of a week that is not told in full; nothing where it was not told of, or in full."""
    done = told_in(habit, week)
    return "" if done is None or is_told(habit, week, off) else phrase("habit_so_far", done=done)


def week_line(habit: Habit, more: Iterable[HabitTold], week: date, off: DaysOff) -> Phrase:
    """What was done in a week, of how many, with what is told of it just now."""
    fresh = (HabitCount(day=told.day, done=told.done, single=told.single) for told in more)
    counted = replace(habit, counts=(*habit.counts, *fresh))
    of = applicable(habit, week, off)
    done = told_in(counted, week) or 0
    weeks = weeks_in(habit, week)
    return phrase(
        "habit_number_weeks" if weeks > 1 else "habit_number",
        habit=on_one_line(habit.text),
        done=min(done, of) if of else done,
        of=of,
        weeks=weeks,
    )


def habit_line(habit: Habit, today: date, off: DaysOff, *, own: bool = False) -> Phrase:
    """A habit on one line; to its `own` client with its number, and with whether it is shown to the coach."""
    text = on_one_line(habit.text) or phrase("words_not_shown")
    return phrase(
        "habit_line_own" if own else "habit_line",
        number=habit.number,
        habit=habit_words(text, habit.newest_rule),
        figure=figure(habit, today, off),
        now=_this_week(habit, today, off),
        rests=phrase("habit_rests") if habit.rests(today) else "",
        hidden=phrase("hidden_clause") if habit.private else "",
    )


def _this_week(habit: Habit, today: date, off: DaysOff) -> Phrase | str:
    week = week_counting(habit, today, off)
    done = told_in(habit, week)
    if done is None or is_told(habit, week, off) or not applicable(habit, week, off):
        return ""
    weeks = weeks_in(habit, week)
    return phrase("habit_now_weeks" if weeks > 1 else "habit_now", done=done, weeks=weeks)


def habit_lines(habits: Iterable[Habit], today: date, off: DaysOff, *, own: bool = False) -> list[Phrase]:
    """The habits that are not over, below their heading; nothing without any."""
    lines = [habit_line(habit, today, off, own=own) for habit in habits if not habit.ended]
    return [phrase("habits_heading"), *lines] if lines else []
