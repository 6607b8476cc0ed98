"""What fills the gaps of texts about the rhythm."""

from bot.coaching.settings.placeholders import pace_in_words
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def comeback(given: Given) -> Phrase:
    """How it goes on after a silence, as the client chose."""
    return phrase(f"comeback_{given.get('restart') or 'none'}", pace=pace_in_words(given))
