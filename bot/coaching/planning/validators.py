"""What an answer of planning may not be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.planning.rules import RUNG, STEPS, goal_at, rungs_given, same_words
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def a_rung(value: Any, given: Given) -> Phrase | None:
    """One sentence, unlike those of the other levels."""
    goal = goal_at(given)
    text = goal.signs if value == "signs" and goal is not None and goal.signs else value
    if len(text) > RUNG:
        return phrase("wrong_too_long", limit=RUNG)
    return phrase("wrong_same_rung") if any(same_words(text, other) for other in _others(given)) else None


def _others(given: Given) -> list[str]:
    """The other levels; while one is being changed, its own old words are not among them."""
    others = {key: said for key, said in given.values.items() if key != given.asking}
    return list(rungs_given(replace(given, values=others)).values())


def three_steps(value: Any, given: Given) -> Phrase | None:
    """The first few steps, each a line."""
    if len(value) > STEPS:
        return phrase("misread_list_long", limit=STEPS)
    return phrase("wrong_too_long", limit=RUNG) if any(len(step["text"]) > RUNG for step in value) else None


VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {"a_rung": a_rung, "three_steps": three_steps}
