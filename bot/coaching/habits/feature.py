"""Habits: made, counted once a week or on their days, at rest, smaller, over."""

from bot.coaching.habits.fallback import habit_out_of_the_blue
from bot.coaching.habits.outcomes import LISTS, OUTCOMES, STANDS
from bot.coaching.habits.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.habits.predicates import PREDICATES
from bot.coaching.habits.validators import VALIDATORS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="habits",
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    validators=VALIDATORS,
    lists=LISTS,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
    fallbacks=(habit_out_of_the_blue,),
    stands=STANDS,
)
