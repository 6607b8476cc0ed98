"""Records of habits: made, told of, changed. What a run wrote of them is replaced when it is written again."""

from dataclasses import dataclass
from datetime import date

from bot.model.habits.values import HabitRule


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitMade:
    """A habit; `key` tells several of one run apart. A goal of another engagement is left out."""

    key: str
    text: str
    rule: HabitRule
    engagement: str
    goal: str = ""
    each_day: bool = False
    private: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitTold:
    """How often it was done in the week of `day`, or on that very day (`single`)."""

    key: str
    habit: str
    done: int
    day: date
    single: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HabitChanged:
    """It rests up to `until`, goes on, ends, gets another rule, or is asked otherwise, from a day on."""

    key: str
    habit: str
    kind: str
    since: date
    until: date | None = None
    rule: HabitRule | None = None
    each_day: bool = False


HabitRecord = HabitMade | HabitTold | HabitChanged
