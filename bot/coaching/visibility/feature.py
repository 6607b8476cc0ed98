"""What the feature adds: `private`, `whosees`, `accesslog`, and what dialogues say on what the coach sees."""

from bot.coaching.shared.cards import Feature
from bot.coaching.visibility.commands import COMMANDS
from bot.coaching.visibility.placeholders import PLACEHOLDERS

FEATURE = Feature(
    name="visibility",
    commands=COMMANDS,
    placeholders=PLACEHOLDERS,
)
