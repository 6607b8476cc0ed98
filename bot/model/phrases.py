"""Phrases: what is said, before it is put into somebody's language."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Late:
    """A value that is known once the records are written: a one-time code, or the moment of the next prompt."""

    what: Literal["code", "next_prompt"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """An entry of the catalogue and what fills its gaps; said in the language of whoever reads it."""

    key: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def late(self) -> frozenset[Late]:
        """The values in it, and in the phrases in it, that are not known yet."""
        return frozenset().union(*map(_late, self.params.values()))


Words = str | Phrase  # what is said: ready to read, or still waiting for a late value


def _late(value: Any) -> frozenset[Late]:
    match value:
        case Late():
            return frozenset((value,))
        case Phrase():
            return value.late
        case list() | tuple():
            return frozenset().union(*map(_late, value))
        case _:
            return frozenset()


def phrase(key: str, /, **params: Any) -> Phrase:
    """A phrase with its gaps filled: strings, numbers, dates, times, late values, phrases or lists of phrases."""
    return Phrase(key, params)
