"""What fills the gaps of texts about the rhythm."""

from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def comeback(given: Given) -> Phrase:
    """How it goes on after a silence, as the client chose."""
    pace = phrase(f"pace_{given.get('pace') or given.facts.wishes.pace}")
    return phrase(f"comeback_{given.get('restart') or 'none'}", pace=pace)
