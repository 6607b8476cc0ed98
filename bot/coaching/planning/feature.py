"""Planning: goals, their ladders and first steps, and the phases that an engagement goes through."""

from bot.coaching.planning.commands import COMMANDS
from bot.coaching.planning.leads_to import FOLLOW_UPS
from bot.coaching.planning.outcomes import OUTCOMES
from bot.coaching.planning.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.planning.predicates import PREDICATES, VALIDATORS
from bot.coaching.planning.rules import LISTS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="planning",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    validators=VALIDATORS,
    lists=LISTS,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
    follow_ups=FOLLOW_UPS,
)
