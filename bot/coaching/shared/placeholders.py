"""What fills gaps in the texts of any feature."""

from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def coach_of(given: Given) -> str | Phrase:
    """The coach of the engagement that the dialogue is about."""
    found = given.engagement_here
    return found.coach_name if found else phrase("your_coach")
