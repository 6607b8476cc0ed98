"""What a client reads whose coaching has ended."""

from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase


def after_closing(facts: Facts) -> Phrase | None:
    """What to say to a client whose last engagement has ended; None while one runs."""
    ended = facts.ended
    return phrase("after_closing", coach=ended.coach_name) if ended is not None else None
