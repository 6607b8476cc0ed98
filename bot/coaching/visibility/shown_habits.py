"""Habits as whoever reads in place of the client may see them: a private one leaves no trace."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bot.model.habits.values import Habit


def shown_habits(habits: Collection[Habit], engagement: str, *, status: bool, words: bool) -> tuple[Habit, ...]:
    """Those of an engagement that are not private, where `status` is shown; without `words`, those are left out."""
    if not status:
        return ()
    own = [habit for habit in habits if habit.engagement == engagement and not habit.private]
    return tuple(replace(habit, number=0, text=habit.text if words else "", run="") for habit in own)


def counted_days(habits: Collection[Habit]) -> set[date]:
    """The days on which something was told of these."""
    return {count.told for habit in habits for count in habit.counts if count.told is not None}
