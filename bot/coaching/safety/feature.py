"""What the feature adds: the answer to words of danger, and to every text while nothing is asked after it."""

from bot.coaching.safety.crisis import crisis, not_now, while_held
from bot.coaching.shared.cards import Command, Feature, Shown
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import alone

FEATURE = Feature(
    name="safety",
    commands=(
        Command(verb="crisis", who=Who.EITHER, run=crisis, needs=frozenset({Need.HELPLINES}), shown=Shown.NEVER),
        Command(verb="notnow", who=Who.CLIENT, run=not_now, shape=alone, shown=Shown.NEVER),
    ),
    fallbacks=(while_held,),
)
