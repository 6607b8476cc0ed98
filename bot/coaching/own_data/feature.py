"""What the feature adds: `export` and `delete`, and which consents there are to take back."""

from bot.coaching.own_data import commands
from bot.coaching.own_data.consents import consents_given, what_goes, who_hears
from bot.coaching.own_data.outcomes import delete
from bot.coaching.shared.cards import Command, Feature
from bot.model.needs import Need
from bot.model.roles import Who
from bot.understanding.commands import alone

FEATURE = Feature(
    name="own_data",
    commands=(
        Command(verb="export", who=Who.EITHER, run=commands.export, shape=alone, needs=frozenset({Need.HISTORY})),
        Command(verb="delete", who=Who.EITHER, run=commands.delete, shape=alone),
    ),
    outcomes={"delete": delete},
    options={"consents_given": consents_given},
    placeholders={"what_goes": what_goes, "who_hears": who_hears},
)
