"""The questions that the branches of the agreement ask."""

from bot.model.replies import Given


def is_agreed(given: Given) -> bool:
    """The coach has agreed to the version drafted here, so the client may have read it."""
    return bool(given.get("agree") == "yes")
