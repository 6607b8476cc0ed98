"""What a coach's clients are asked over the whole time, and how it is changed."""

from bot.coaching.programme import change
from bot.coaching.programme.commands import COMMANDS
from bot.coaching.programme.lines import line_now
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="programme",
    commands=COMMANDS,
    outcomes=change.OUTCOMES,
    validators=change.VALIDATORS,
    options=change.OPTIONS,
    placeholders={"line_now": line_now},
)
