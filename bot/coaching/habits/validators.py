"""What an answer about a habit must be besides readable."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.habits.rules import MOST_TIMES
from bot.coaching.habits.said import rule_of
from bot.coaching.shared.validators import LINE
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def a_habit(value: Any, given: Given) -> Phrase | None:
    """Something to do, in a line, not oftener than can be counted; when it is said anew, its words may stay."""
    if len(value["text"]) > LINE:
        return phrase("wrong_too_long", limit=LINE)
    if not value["text"] and not given.get("what"):
        return phrase("habit_needs_words")
    return a_rule(value, given)


def a_rule(value: Any, given: Given) -> Phrase | None:
    """Not oftener than can be counted."""
    return phrase("habit_too_often", limit=MOST_TIMES) if rule_of(value).times > MOST_TIMES else None


VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {"a_habit": a_habit, "a_rule": a_rule}
