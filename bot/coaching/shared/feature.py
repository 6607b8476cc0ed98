"""What all features stand on: questions about any answer, checks of any text, names, and the last word."""

from bot.coaching.shared.cards import Feature
from bot.coaching.shared.fallback import what_this_is
from bot.coaching.shared.placeholders import PLACEHOLDERS
from bot.coaching.shared.predicates import PREDICATES
from bot.coaching.shared.validators import VALIDATORS

FEATURE = Feature(
    name="shared",
    predicates=PREDICATES,
    validators=VALIDATORS,
    placeholders=PLACEHOLDERS,
    fallbacks=(what_this_is,),
)
