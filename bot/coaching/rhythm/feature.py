"""When the bot writes of itself: rest and return, another city, and how to go on after a silence."""

from bot.coaching.rhythm import leads_to
from bot.coaching.rhythm.commands import COMMANDS
from bot.coaching.rhythm.hours import VALIDATORS
from bot.coaching.rhythm.outcomes import OUTCOMES
from bot.coaching.rhythm.placeholders import PLACEHOLDERS
from bot.coaching.rhythm.predicates import PREDICATES
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="rhythm",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    validators=VALIDATORS,
    placeholders=PLACEHOLDERS,
    follow_ups=leads_to.FOLLOW_UPS,
    fallbacks=(leads_to.welcomed_back,),
)
