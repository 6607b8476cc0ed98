"""Sessions, what is asked around them, notes and briefs, and what a client thinks through between them."""

from bot.coaching.rhythm.leads_to import ROUTINE
from bot.coaching.sessions import leads_to, outcomes, placeholders
from bot.coaching.sessions.commands import COMMANDS
from bot.coaching.shared.cards import Feature

FEATURE = Feature(
    name="sessions",
    commands=COMMANDS,
    outcomes=outcomes.OUTCOMES,
    predicates=placeholders.PREDICATES,
    options=placeholders.OPTIONS,
    placeholders=placeholders.PLACEHOLDERS,
    follow_ups={"coachs-note": leads_to.noted, **dict.fromkeys(ROUTINE, leads_to.angle_offer)},
)
