"""What the feature adds: a coach's commands to look clients up, and the client's to see the same."""

from bot.coaching.digest.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="digest",
    commands=COMMANDS,
)
