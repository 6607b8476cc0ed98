"""Commitments: made, gone over in check-ins, reported at any time, and taken back."""

from bot.coaching.commitments.commands import COMMANDS
from bot.coaching.commitments.fallback import taken_for_what_it_is
from bot.coaching.commitments.outcomes import OUTCOMES
from bot.coaching.commitments.placeholders import OPTIONS, PLACEHOLDERS, told_afterwards
from bot.coaching.commitments.predicates import PREDICATES
from bot.coaching.commitments.rules import LISTS, STANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="commitments",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    lists=LISTS,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
    fallbacks=(taken_for_what_it_is,),
    stands=STANDS,
    follow_ups={"own-commitment": told_afterwards},
)
