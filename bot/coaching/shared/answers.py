"""Reading answers as they are kept."""

from datetime import date


def day_of(value: str | None) -> date | None:
    """An answered date."""
    return date.fromisoformat(value) if value else None
