"""What the questions on values say and offer: the values themselves, and those that are left."""

from collections.abc import Callable
from typing import Any

from bot.coaching.assessment.rules import RANKED, VALUES, picked
from bot.coaching.shared.lines import phrase_list
from bot.model.phrases import phrase
from bot.model.replies import Given

Options = tuple[tuple[str, Any], ...]


def values_in_words(given: Given) -> Any:
    """The values as they were ranked, or as they were picked."""
    ranked = tuple(given.get(question) for question in RANKED if given.get(question))
    shown = [phrase(f"value_{value}") for value in ranked or picked(given)]
    return phrase_list(shown) if shown else ""


def all_values(given: Given) -> Options:
    """Every value there is to pick."""
    return _options(VALUES)


def picked_values(given: Given) -> Options:
    """The values that were picked at first."""
    return _options(tuple(given.get("values") or ()))


def left_after(*ranked: str) -> Callable[[Given], Options]:
    """The values that the questions before have given no rank."""

    def options(given: Given) -> Options:
        taken = {given.get(question) for question in ranked}
        return _options(tuple(value for value in picked(given) if value not in taken))

    return options


def _options(values: tuple[str, ...]) -> Options:
    return tuple((value, phrase(f"value_{value}")) for value in values)
