"""An engagement's plan as one side may see it: what the other side keeps is taken out, without a trace.

Whether goals are shown at all is the word of `bot.coaching.visibility`.
"""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from bot.model.plan import Goal, Plan

# Notes of a coach that are meant for the client: said, promised or proposed to them, asked of them.
_TOLD = ("word", "promise", "question", "proposal")
T = TypeVar("T", bound=Any)


def as_coach(plan: Plan, *, goals: bool) -> Plan:
    """The plan for the coach: goals that the client keeps leave no gap in the numbers, withheld fields are empty."""
    if not goals:
        return replace(plan, goals=(), habits=())
    shown = [_shown(goal) for goal in plan.goals if not goal.hidden]
    return replace(plan, habits=(), goals=tuple(replace(goal, number=number) for number, goal in enumerate(shown, 1)))


def as_client(plan: Plan, *, closed: bool = False) -> Plan:
    """The plan for the client: the coach's own notes are gone, but for what was meant for them.

    The coach's final levels are rated apart: the client reads them in the closing report, and from then on (`closed`).
    """
    seen = replace(plan, notes=tuple(note for note in plan.notes if note.kind in _TOLD))
    return seen if closed or plan.closed is not None else replace(seen, goals=tuple(map(_without_theirs, plan.goals)))


def without_kept(plan: Plan, day: date) -> Plan:
    """The client's plan as a chat may show it that a coach's code has bound: nothing that was kept up to that day."""
    goals = (g for g in plan.goals if not g.hidden or g.made > day)
    return replace(plan, goals=tuple(_shown(goal) if goal.made <= day else goal for goal in goals))


def _without_theirs(goal: Goal) -> Goal:
    return replace(goal, levels=tuple(level for level in goal.levels if level.by != "coach" or not level.final))


def _shown(goal: Goal) -> Goal:
    """A ladder of the client alone goes with its levels, and so does what is withheld; of the rest, fields may be."""
    own = {ladder.version for ladder in goal.ladders if ladder.alone}
    return _blanked(
        replace(
            goal,
            ladders=tuple(ladder for ladder in goal.ladders if not ladder.alone),
            levels=tuple(_blanked(x) for x in goal.levels if "value" not in x.withheld and x.ladder not in own),
            milestones=tuple(_blanked(each) for each in goal.milestones if "text" not in each.withheld),
        )
    )


def _blanked(record: T) -> T:
    """A record with its withheld fields as empty as their kind allows."""
    kept = {name: "" if isinstance(getattr(record, name), str) else None for name in record.withheld}
    return replace(record, **kept, withheld=()) if kept else record
