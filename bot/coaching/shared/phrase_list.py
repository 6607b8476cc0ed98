"""Phrases put together."""

from typing import Any

from bot.model.phrases import Phrase, phrase


def phrase_list(parts: list[Phrase]) -> Any:
    """Phrases on one line, parted by commas."""
    return phrase("and_then", first=parts[0], rest=phrase_list(parts[1:])) if len(parts) > 1 else parts[0]
