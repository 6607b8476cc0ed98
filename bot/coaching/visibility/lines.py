"""How the coach is named to a client."""

from bot.coaching.visibility.table import own_engagement
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase


def own_coach(facts: Facts) -> str | Phrase:
    """The coach of the client who speaks."""
    engagement = own_engagement(facts)
    return engagement.coach_name if engagement is not None else phrase("your_coach")
