"""What the dialogues of relationship and planning say, ask and check: gaps, options, predicates, validators."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.coaching.planning.lines import ladder_lines
from bot.coaching.planning.outcomes import approved, steps_of
from bot.coaching.planning.rules import (
    FEW,
    RUNG,
    STEPS,
    goal_at,
    goal_text,
    is_whole,
    kept_from_coach,
    ladder_at,
    rungs_given,
    rungs_shown,
    same_words,
    stays_alone,
)
from bot.coaching.shared.placeholders import client_of, coach_of, other_side_of
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import on_button

# -- gaps ------------------------------------------------------------------------------------------------------------


def _goal(given: Given) -> str:
    found = goal_at(given)
    return found.text if found else ""


def _goal_in_words(given: Given) -> Phrase:
    due = given.get("due")
    text = " ".join(goal_text(given).split())
    if not text:
        return phrase("goal_without_words")
    return phrase("goal_by_day", goal=text, day=date.fromisoformat(due)) if due else phrase("one_text", text=text)


def _goal_count(given: Given) -> int:
    return 1 + sum(goal.id != given.item for goal in given.plan_here.active_goals)


def _lines(lines: list[Phrase]) -> Any:
    return phrase("in_lines", lines=lines) if lines else ""


def _rungs(given: Given) -> Any:
    return _lines(ladder_lines(rungs_shown(given).items()))


def _who_reads_ladder(given: Given) -> Phrase:
    if given.is_coach_here:
        return phrase("ladder_for_client", client=client_of(given))
    if kept_from_coach(given, goal_at(given)):
        return phrase("ladder_for_you")
    return phrase("ladder_for_coach", coach=coach_of(given))


def _ladder_next(given: Given) -> Phrase:
    return phrase("ladder_holds_now") if stays_alone(given) else phrase("ladder_waits_for", other=coach_of(given))


def _ladder_agreed(given: Given) -> Phrase:
    ladder = ladder_at(given)
    done = ladder is not None and (ladder.alone or (ladder.client_ok if given.is_coach_here else ladder.coach_ok))
    return phrase("ladder_holds_now") if done else phrase("ladder_waits_for", other=other_side_of(given))


def _step(number: int) -> Callable[[Given], str]:
    def name(given: Given) -> str:
        steps = steps_of(given)
        return steps[number - 1]["text"] if len(steps) >= number else ""

    return name


def _plan_in_words(given: Given) -> Phrase:
    """The plan said back: the steps, and what to do when the obstacle comes, as one sentence."""
    lines = [phrase("plan_noted", goal=_goal(given))]
    for number, step in enumerate(steps_of(given), 1):
        day = step["day"] or given.get(f"due_{number}")
        due = phrase("due_clause", due=date.fromisoformat(day)) if day else ""
        lines.append(phrase("plan_step", number=number, step=step["text"], due=due))
    obstacle, answer = given.get("obstacle"), given.get("if_then")
    if obstacle and answer:
        lines.append(phrase("plan_if_then", obstacle=obstacle.rstrip("."), answer=answer.rstrip(".")))
    return phrase("in_lines", lines=lines)


def _approved_words(given: Given) -> Any:
    return _lines([phrase("one_text", text=text) for text in approved(given).values()])


def _sender(given: Given) -> Phrase:
    return phrase(
        "sponsor_sent_by_me" if given.get("sender") == "me" else "sponsor_sent_by_coach", coach=coach_of(given)
    )


GAPS: Mapping[str, Callable[[Given], Any]] = {
    "goal": _goal,
    "goal_in_words": _goal_in_words,
    "goal_count": _goal_count,
    "rungs_in_words": _rungs,
    "ladder_draft": _rungs,
    "who_reads_ladder": _who_reads_ladder,
    "ladder_next": _ladder_next,
    "ladder_agreed": _ladder_agreed,
    "step_1": _step(1),
    "step_2": _step(2),
    "step_3": _step(3),
    "plan_in_words": _plan_in_words,
    "approved_words": _approved_words,
    "sender_in_words": _sender,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _active_goals(given: Given) -> tuple[tuple[str, Any], ...]:
    return tuple((goal.id, on_button(goal.text)) for goal in given.plan_here.active_goals)


def _rung_options(given: Given) -> tuple[tuple[str, Any], ...]:
    """The ladder's sentences on buttons; where there are none yet, the levels keep their plain names."""
    return tuple((f"{level:+d}", on_button(sentence)) for level, sentence in sorted(rungs_shown(given).items()))


def _signs_of_goal(given: Given) -> tuple[tuple[str, Any], ...]:
    goal = goal_at(given)
    return (("signs", on_button(goal.signs)),) if goal is not None and goal.signs else ()


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "active_goals": _active_goals,
    "rungs": _rung_options,
    "signs_of_goal": _signs_of_goal,
}


# -- predicates ------------------------------------------------------------------------------------------------------


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
    return len(steps) >= number and not steps[number - 1]["day"]


def for_sponsor(given: Given) -> bool:
    """The goal that the loop is at was chosen for the sponsor."""
    chosen = given.get("which") or []
    return given.item in chosen and "none" not in chosen


def any_for_sponsor(given: Given) -> bool:
    """The words of at least one goal are approved."""
    return bool(approved(given))


def several_goals(given: Given) -> bool:
    """More than one goal is worked on: with one alone there is nothing to choose; one that was chosen stays chosen."""
    return given.key("goal") in given.values or len(given.plan_here.active_goals) > 1


def many_goals(given: Given) -> bool:
    """With this one there are more goals than usually work."""
    return _goal_count(given) > FEW


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "ladder_whole": ladder_whole,
    "ladder_holds": ladder_holds,
    "needs_baseline": needs_baseline,
    "step_undated": step_undated,
    "for_sponsor": for_sponsor,
    "any_for_sponsor": any_for_sponsor,
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
