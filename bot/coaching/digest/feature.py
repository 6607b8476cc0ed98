"""What the feature adds: a coach's commands to look clients up, and the client's to see the same."""

from bot.coaching.digest import commands
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import a_client, alone

_PRACTICE = frozenset({Need.PRACTICE})

FEATURE = Feature(
    name="digest",
    commands=(
        Command(verb="clients", who=Who.COACH, run=commands.clients, needs=_PRACTICE, shown=Shown.FIRST),
        Command(
            verb="client",
            who=Who.COACH,
            about=commands.client,
            when_unconfirmed=True,
            when_covering=True,
            in_free_text=a_client,
            shown=Shown.FIRST,
        ),
        Command(verb="digest", who=Who.COACH, run=commands.digest, needs=_PRACTICE, shown=Shown.FIRST),
        Command(
            verb="whatmycoachsees",
            who=Who.CLIENT,
            run=commands.what_my_coach_sees,
            shape=alone,
            needs=frozenset({Need.HISTORY}),
        ),
    ),
)
