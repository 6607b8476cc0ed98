"""Settings: how somebody is asked, in which language, and where they are reached."""

from bot.coaching.settings.commands import language, settings, settings_of_coach
from bot.coaching.settings.outcomes import OUTCOMES
from bot.coaching.settings.placeholders import OPTIONS, PLACEHOLDERS
from bot.coaching.settings.predicates import PREDICATES
from bot.coaching.shared.cards import Command, Feature
from bot.model.roles import Who
from bot.understanding.commands import few, one_word

FEATURE = Feature(
    name="settings",
    commands=(
        Command(verb="settings", who=Who.CLIENT, run=settings, shape=few),
        Command(verb="settings", who=Who.COACH, run=settings_of_coach, shape=few),
        Command(verb="language", who=Who.EITHER, run=language, shape=one_word),
    ),
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    options=OPTIONS,
    placeholders=PLACEHOLDERS,
)
