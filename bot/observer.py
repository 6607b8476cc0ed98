"""The port through which the parts tell what happens to whoever counts it; only fixed words and numbers pass."""

from typing import Protocol


class Observer(Protocol):
    """Counts what happens; must neither raise nor wait."""

    def taken(self, kind: str, outcome: str, answers: int) -> None:
        """An event of that kind came to this outcome, and so many answers were taken with it."""
        ...


class Silent:
    """Counts nothing."""

    def taken(self, kind: str, outcome: str, answers: int) -> None:
        """Let it pass."""


SILENT = Silent()
