"""What the answers about one's own data come to."""

from bot.model.records import DataAsked, Record
from bot.model.replies import Given


def delete(given: Given) -> tuple[Record, ...]:
    """Everything of the person's goes, when they said so twice."""
    return (DataAsked(kind="erase"),) if given.get("sure") is True and given.get("really") == "delete" else ()
