"""A practice: who joins it, who is away and who reads meanwhile, who takes over, and how a client reaches the coach."""

from bot.coaching.practice import outcomes, placeholders, predicates
from bot.coaching.practice.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="practice",
    commands=COMMANDS,
    outcomes=outcomes.OUTCOMES,
    predicates=predicates.PREDICATES,
    lists=outcomes.LISTS,
    placeholders=placeholders.PLACEHOLDERS,
)
