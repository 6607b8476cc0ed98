"""Phrases: what is said, before it is put into somebody's language."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the catalogue and what fills its gaps; said in the language of whoever reads it."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)


def phrase(key: str, /, **params: Any) -> Phrase:
    """A phrase with its gaps filled: strings, numbers, dates, times, phrases or lists of phrases."""
    return Phrase(key, params)
