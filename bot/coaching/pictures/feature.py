"""What the feature adds: `pictures`, for a client of their own progress, for a coach of a client's."""

from bot.coaching.pictures.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="pictures",
    commands=COMMANDS,
)
