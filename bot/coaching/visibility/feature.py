"""What the feature adds: `private`, `whosees`, `accesslog`, and what dialogues say on what the coach sees."""

from bot.coaching.shared.cards import Command, Feature, Shown
from bot.coaching.visibility import commands
from bot.coaching.visibility.placeholders import PLACEHOLDERS
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import alone, anything

FEATURE = Feature(
    name="visibility",
    commands=(
        # It counts everywhere: taken for an answer, a private entry would be shown to the coach.
        Command(
            verb="private",
            who=Who.CLIENT,
            run=commands.private,
            in_free_text=anything,
            needs=frozenset({Need.LAST_ANSWER}),
            shown=Shown.FIRST,
        ),
        Command(verb="whosees", who=Who.CLIENT, run=commands.whosees, shape=alone),
        Command(verb="accesslog", who=Who.CLIENT, run=commands.accesslog, shape=alone, needs=frozenset({Need.ACCESS})),
    ),
    placeholders=PLACEHOLDERS,
)
