"""What the dialogues of planning say of goals, ladders and steps, and what they offer to choose from."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.coaching.habits.lines import habit_words
from bot.coaching.habits.said import rule_in
from bot.coaching.planning.lines import ladder_lines
from bot.coaching.planning.outcomes import steps_of
from bot.coaching.planning.rules import (
    goal_at,
    goal_count,
    goal_text,
    kept_from_coach,
    ladder_at,
    rungs_shown,
    stays_alone,
)
from bot.coaching.shared.placeholders import client_of, coach_of, other_side_of
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import on_button

# -- placeholders ----------------------------------------------------------------------------------------------------


def _goal(given: Given) -> str:
    found = goal_at(given)
    return found.text if found else ""


def _goal_in_words(given: Given) -> Phrase:
    due = given.get("due")
    text = " ".join(goal_text(given).split())
    if not text:
        return phrase("goal_without_words")
    return phrase("goal_by_day", goal=text, day=date.fromisoformat(due)) if due else phrase("one_text", text=text)


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
        rule = rule_in(step)
        what = habit_words(step["text"], rule, given.facts.today) if rule is not None else step["text"]
        lines.append(phrase("plan_step", number=number, step=what, due=due))
    obstacle, answer = given.get("obstacle"), given.get("if_then")
    if obstacle and answer:
        lines.append(phrase("plan_if_then", obstacle=obstacle.rstrip("."), answer=answer.rstrip(".")))
    return phrase("in_lines", lines=lines)


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "goal": _goal,
    "goal_in_words": _goal_in_words,
    "goal_count": goal_count,
    "rungs_in_words": _rungs,
    "ladder_draft": _rungs,
    "who_reads_ladder": _who_reads_ladder,
    "ladder_next": _ladder_next,
    "ladder_agreed": _ladder_agreed,
    "step_1": _step(1),
    "step_2": _step(2),
    "step_3": _step(3),
    "plan_in_words": _plan_in_words,
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
