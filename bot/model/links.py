"""What an invitation can point to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The target, the phrase that hands it on (empty: none), and the platforms beside which it is offered as a spare.

    The phrase may have the gaps `link`, `code` and `coach`.
    """

    to: str
    how_to_join: str = ""
    spare_for: frozenset[str] = frozenset()
