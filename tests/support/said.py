"""Sentences as they stand in the catalogue, for tests of what happens and not of how it is worded."""

from typing import Any

from bot.engine.tree import Say, every_node
from tests.support.town import shipped


def said(key: str, *, language: str = "en", **params: Any) -> str:
    """A phrase, by its key."""
    return shipped().wordings[language].say(key, **params)


def begins(dialogue: str, statement: str, *, language: str = "en") -> str:
    """How a statement of a dialogue begins, up to the first thing that is put into it."""
    nodes = every_node(shipped().newest(dialogue, language).nodes)
    text = next(node.text for node in nodes if isinstance(node, Say) and node.id == statement)
    return text.partition("{")[0]
