"""Settings: how somebody is asked, in which language, and where they are reached."""

from bot.coaching.settings import rhythm_rounds
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
    validators={"a_rhythm": rhythm_rounds.a_rhythm},
    lists=rhythm_rounds.LISTS,
    stands=rhythm_rounds.STANDS,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
)
