"""Goals as they are read: the sentence of the level first, numbers last."""

from collections.abc import Iterable
from datetime import date

from bot.coaching.planning.gas import attainment, standing
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Milestone, Plan

_SCORED = 2  # goals; of one alone the number says no more than its level
SHOWN = ("active", "draft", "reached")


def goal_lines(plan: Plan, today: date) -> tuple[Phrase, ...]:
    """Every goal that is not retired; empty without goals. How far they have come is told in sentences, never by T.

    For the client and, from `ClientView.plan`, for the coach: what either may not see is not in `plan`.
    """
    shown = sorted((goal for goal in plan.goals if goal.state in SHOWN), key=lambda goal: goal.number)
    if not shown:
        return ()
    lines: list[Phrase] = [phrase("goals_heading")]
    for goal in shown:
        lines += one_goal(goal, today)
    return tuple(lines)


def one_goal(goal: Goal, today: date) -> list[Phrase]:
    """One goal: its words, where it stands on its ladder, its next step."""
    lines = [
        phrase(
            "goal_line",
            number=goal.number,
            goal=goal.text,
            due=phrase("due_clause", due=goal.due) if goal.due else "",
            moved=phrase("slipped_clause", count=goal.moved, days=goal.moved_days) if goal.moved else "",
            state=phrase(f"goal_state_{goal.state}"),
            hidden=phrase("hidden_clause") if goal.hidden else "",
        )
    ]
    lines += _ladder_lines(goal)
    step = next_step(goal)
    if step is not None:
        lines.append(step_line(step, today))
    return lines


def _ladder_lines(goal: Goal) -> list[Phrase]:
    level, ladder = standing(goal), goal.ladder
    if ladder is not None and level is not None:
        came = ladder.baseline is not None and ladder.baseline != level
        return [
            phrase(
                "goal_stands_since" if came else "goal_stands",
                level=phrase(f"level_{level}"),
                sentence=ladder.rungs[level],
                since=phrase(f"level_{ladder.baseline}"),
            )
        ]
    if ladder is not None:
        return [phrase("goal_no_level")]
    drafted = goal.drafted
    if drafted is None or goal.state not in ("active", "draft"):
        return []
    if not drafted.whole or drafted.client_ok is drafted.coach_ok is None:
        return [phrase("ladder_unfinished")]
    return [phrase("ladder_waits_client" if drafted.client_ok is None else "ladder_waits_coach")]


def next_step(goal: Goal) -> Milestone | None:
    """The milestone that comes next: the earliest one that is not done."""
    ahead = [step for step in goal.milestones if step.done is None]
    return min(ahead, key=lambda step: (step.due or date.max, step.number), default=None)


def step_line(step: Milestone, today: date) -> Phrase:
    """A milestone with its day, and how far it has slipped."""
    late = step.due is not None and step.due < today and step.done is None
    return phrase(
        "step_done" if step.done else "step_late" if late else "step_next",
        step=step.text,
        due=phrase("due_clause", due=step.due) if step.due else "",
        moved=phrase("slipped_clause", count=step.moved, days=step.moved_days) if step.moved else "",
    )


def score_lines(plan: Plan) -> list[Phrase]:
    """T by the client's levels, and by the coach's where there are any, for the closing report; from two goals on."""
    found = {by: attainment(plan.goals, by) for by in ("client", "coach")}
    return [
        phrase(
            f"gas_{by}",
            count=seen.goals,
            baseline=f"{seen.baseline:.1f}",
            current=f"{seen.current:.1f}",
            change=f"{seen.change:+.1f}",
        )
        for by, seen in found.items()
        if seen is not None and seen.goals >= _SCORED
    ]


def ladder_lines(rungs: Iterable[tuple[int, str]]) -> list[Phrase]:
    """A ladder, the best level first."""
    return [
        phrase("rung_line", level=phrase(f"level_{level}"), sentence=sentence)
        for level, sentence in sorted(rungs, reverse=True)
    ]
