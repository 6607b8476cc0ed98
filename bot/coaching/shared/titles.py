"""A commitment's or a goal's words as they stand within a line."""

from bot.model.facts import Commitment
from bot.rendering.shortening import shortened

_TITLE = 60  # characters of a commitment or goal in a line


def on_one_line(text: str) -> str:
    """Words on one line, shortened."""
    return shortened(" ".join(text.split()), _TITLE)


def title(commitment: Commitment) -> str:
    """The words of a commitment on one line, shortened; empty where they are not shown."""
    return on_one_line(commitment.text)
