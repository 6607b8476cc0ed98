"""What the dialogues of planning ask of answers: the questions of their branches, and what an answer may not be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.coaching.habits.said import rule_in
from bot.coaching.planning.outcomes import steps_of
from bot.coaching.planning.rules import (
    FEW,
    RUNG,
    STEPS,
    goal_at,
    goal_count,
    is_whole,
    ladder_at,
    rungs_given,
    same_words,
)
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def ladder_whole(given: Given) -> bool:
    """Every level has its sentence."""
    return is_whole(rungs_given(given))


def ladder_holds(given: Given) -> bool:
    """The ladder that was written here holds by now."""
    for item in given.lists.get("goal_to_climb", ()):
        at = given.inside("rungs", item)
        if at.goal is not None and any(ladder.active and ladder.rungs == rungs_given(at) for ladder in at.goal.ladders):
            return True
    return False


def needs_baseline(given: Given) -> bool:
    """The client confirms a ladder without having said where they are."""
    ladder = ladder_at(given)
    return not given.is_coach_here and ladder is not None and ladder.baseline is None


def step_undated(given: Given, number: int) -> bool:
    """The step of that number was listed without a day."""
    steps = steps_of(given)
    return len(steps) >= number and not (steps[number - 1]["day"] or rule_in(steps[number - 1]))


def several_goals(given: Given) -> bool:
    """More than one goal is worked on: with one alone there is nothing to choose; one that was chosen stays chosen."""
    return given.key("goal") in given.values or len(given.plan_here.active_goals) > 1


def many_goals(given: Given) -> bool:
    """With this one there are more goals than usually work."""
    return goal_count(given) > FEW


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "ladder_whole": ladder_whole,
    "ladder_holds": ladder_holds,
    "needs_baseline": needs_baseline,
    "step_undated": step_undated,
    "many_goals": many_goals,
    "several_goals": several_goals,
}


# -- validators ------------------------------------------------------------------------------------------------------


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
