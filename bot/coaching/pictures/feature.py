"""What the feature adds: `pictures`, for a client of their own progress, for a coach of a client's."""

from bot.coaching.pictures import commands
from bot.coaching.shared.cards import Command, Feature
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone, never

_HISTORY = frozenset({Need.HISTORY})

FEATURE = Feature(
    name="pictures",
    commands=(
        Command(verb="pictures", who=Who.CLIENT, run=commands.own, shape=alone, in_free_text=never, needs=_HISTORY),
        Command(
            verb="pictures",
            who=Who.COACH,
            about=commands.of_client,
            shape=a_client,
            in_free_text=a_client,
            needs=_HISTORY,
        ),
    ),
)
