"""Settings: how somebody is asked, in which language, and where they are reached."""

from bot.coaching.settings.commands import COMMANDS
from bot.coaching.settings.outcomes import OUTCOMES
from bot.coaching.settings.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.settings.predicates import PREDICATES
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="settings",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
)
