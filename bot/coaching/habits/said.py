"""Answers about habits: what was said, and by which rule."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.coaching.habits.rules import asked_week, off_of, week_asked
from bot.model.habits.values import Habit, HabitRule
from bot.model.replies import Given


def rule_of(value: Mapping[str, Any]) -> HabitRule:
    """The rule of an answer."""
    days = {name: tuple(value.get(name, ())) for name in ("weekdays", "month_days")}
    return HabitRule(times=value.get("times", 0), every=value.get("every", 1), nth=value.get("nth", 0), **days)


def rule_in(entry: Mapping[str, Any]) -> HabitRule | None:
    """The rule of an entry of a list; None for what is done once."""
    return rule_of(entry["habit"]) if entry.get("habit") else None


def said(given: Given) -> tuple[str, HabitRule] | None:
    """What somebody wants to do again and again, as they said it last; None before they have."""
    what, instead = given.get("what"), given.get("instead")
    newest = instead or what
    if newest is None:
        return None
    return newest["text"] or (what or {}).get("text", ""), rule_of(newest)


def is_rare(given: Given, question: str) -> bool:
    """The rule that answers this question has a day that some months have not."""
    value = given.get(question)
    return value is not None and rule_of(value).rare


def stands(given: Given) -> bool:
    """A habit was said, and a rule that is rare was said yes to."""
    newest, yes = ("instead", "rare_instead") if given.get("instead") else ("what", "rare")
    return said(given) is not None and (not is_rare(given, newest) or given.get(yes) == "yes")


def day_here(given: Given) -> date:
    """The day that the dialogue belongs to."""
    return given.day or given.facts.today


def habit_here(given: Given) -> Habit | None:
    """The habit that the loop is at."""
    return given.facts.habit(given.item)


def week_here(given: Given) -> date:
    """The first day of the week that is asked about."""
    found, day, off = habit_here(given), day_here(given), off_of(given.facts)
    return week_asked(found, day, off) if found else asked_week(day, off)
