"""The beginning of an engagement: the welcome, the first picture, the working agreement."""

from bot.coaching.relationship.commands import COMMANDS
from bot.coaching.relationship.fallback import over_or_stopped
from bot.coaching.relationship.leads_to import FOLLOW_UPS
from bot.coaching.relationship.outcomes import OUTCOMES
from bot.coaching.relationship.placeholders import PLACEHOLDERS
from bot.coaching.relationship.predicates import is_agreed
from bot.coaching.relationship.rules import agreement_to_confirm
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="relationship",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates={"is_agreed": is_agreed},
    lists={"agreement_to_confirm": agreement_to_confirm},
    placeholders=PLACEHOLDERS,
    follow_ups=FOLLOW_UPS,
    fallbacks=(over_or_stopped,),
)
