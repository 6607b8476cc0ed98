"""The sponsor: what they wish, what they may read, and a report in the client's own words."""

from bot.coaching.shared.cards import Feature
from bot.coaching.sponsor.commands import COMMANDS
from bot.coaching.sponsor.leads_to import FOLLOW_UPS
from bot.coaching.sponsor.outcomes import OUTCOMES
from bot.coaching.sponsor.placeholders import PLACEHOLDERS
from bot.coaching.sponsor.predicates import PREDICATES
from bot.coaching.sponsor.report import goals_for_sponsor

FEATURE = Feature(
    name="sponsor",
    commands=COMMANDS,
    outcomes=OUTCOMES,
    predicates=PREDICATES,
    lists={"goals_for_sponsor": goals_for_sponsor},
    placeholders=PLACEHOLDERS,
    follow_ups=FOLLOW_UPS,
)
