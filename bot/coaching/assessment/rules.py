"""The values that can be picked, and how many are left at each step of sorting them: eight, five, three."""

from collections.abc import Callable
from typing import Any

from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given

VALUES = (
    *("achievement", "autonomy", "belonging", "challenge", "clarity", "community", "courage", "creativity"),
    *("curiosity", "excellence", "fairness", "family", "growth", "health", "honesty", "humour"),
    *("impact", "independence", "kindness", "legacy", "mastery", "order", "security", "service"),
)
EIGHT, FIVE = 8, 5
RANKED = ("first", "second", "third")  # the questions that put the last values in order


def narrowest(given: Given) -> str:
    """The question whose answer is what is left of the values."""
    return "five" if given.get("five") else "values"


def picked(given: Given) -> tuple[str, ...]:
    """What is left of the values: the five where eight were narrowed down."""
    return tuple(given.get(narrowest(given)) or ())


def more_than(given: Given, question: str, count: int) -> bool:
    """Whether more values than that were picked."""
    return len(given.get(question) or ()) > count


def third_is_open(given: Given) -> bool:
    """Whether there is a third value to be ranked."""
    return given.get("second") is not None and len(picked(given)) > 2


def at_most(limit: int) -> Callable[[Any, Given], Phrase | None]:
    """A check that refuses more values than that."""

    def check(value: Any, given: Given) -> Phrase | None:
        return phrase("wrong_many_values", limit=limit) if len(value) > limit else None

    return check
