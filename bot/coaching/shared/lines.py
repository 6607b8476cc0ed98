"""Phrases put together, and words as they stand within a line."""

from typing import Any

from bot.model.facts import Commitment, Facts
from bot.model.phrases import Phrase, phrase
from bot.rendering.shortening import shortened

_TITLE = 60  # characters of a commitment or goal in a line


def on_one_line(text: str) -> str:
    """Words on one line, shortened."""
    return shortened(" ".join(text.split()), _TITLE)


def title(commitment: Commitment) -> str:
    """The words of a commitment on one line, shortened; empty where they are not shown."""
    return on_one_line(commitment.text)


def phrase_list(parts: list[Phrase]) -> Any:
    """Phrases on one line, parted by commas."""
    return phrase("and_then", first=parts[0], rest=phrase_list(parts[1:])) if len(parts) > 1 else parts[0]


def after_closing(facts: Facts) -> Phrase | None:
    """What to say to a client whose last engagement has ended; None while one runs."""
    ended = facts.ended
    return phrase("after_closing", coach=ended.coach_name) if ended is not None else None
