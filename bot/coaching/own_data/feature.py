"""What the feature adds: `export` and `delete`, and which consents there are to take back."""

from bot.coaching.own_data.commands import COMMANDS
from bot.coaching.own_data.consents import consents_given, what_goes, who_hears
from bot.coaching.own_data.outcomes import delete
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="own_data",
    commands=COMMANDS,
    outcomes={"delete": delete},
    options={"consents_given": consents_given},
    placeholders={"what_goes": what_goes, "who_hears": who_hears},
)
