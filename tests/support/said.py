"""Sentences as they stand in the catalogue, for tests of what happens and not of how it is worded."""

from typing import Any

from tests.support.town import shipped


def said(key: str, *, language: str = "en", **params: Any) -> str:
    """A phrase, by its key."""
    return shipped().wordings[language].say(key, **params)
