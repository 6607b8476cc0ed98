"""How a goal and its milestones stand: what was first said of them, and then every change in the order it was made."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date

from bot.model.plan import Goal, Milestone
from bot.model.records_plan import GoalChanged, GoalMade, MilestoneMade, MilestoneTold

# What a change may set; None leaves it as it was.
CHANGEABLE = tuple(
    field.name for field in fields(GoalChanged) if field.name not in ("key", "goal", "kind", "by", "reason", "withheld")
)


def first_goal(made: GoalMade, *, wanted: str, number: int, day: date) -> Goal:
    """A goal as it was made on a local day."""
    return Goal(
        id=wanted,
        number=number,
        engagement=made.engagement,
        text=made.text,
        made=day,
        state=made.state,
        due=made.due,
        weight=made.weight,
        ready=made.ready,
        noticed_by=made.noticed_by,
        signs=made.signs,
        why=made.why,
        withheld=made.withheld,
    )


def changed(goal: Goal, change: GoalChanged) -> tuple[Goal, int]:
    """The goal after a change, and by how many days its date moved; only an adjustment to a later day is slippage.

    What is said anew is shown or withheld as it was said this time; what was not mentioned stays as it was.
    """
    said = {name: getattr(change, name) for name in CHANGEABLE if getattr(change, name) is not None}
    days = (said["due"] - goal.due).days if "due" in said and goal.due is not None else 0
    slipped = days if change.kind == "adjusted" and days > 0 else 0
    kept = {name for name in goal.withheld if name not in said}
    found = replace(
        goal,
        **said,
        moved=goal.moved + bool(slipped),
        moved_days=goal.moved_days + slipped,
        withheld=tuple(sorted(kept | set(change.withheld))),
    )
    return found, days


def first_milestone(made: MilestoneMade, *, wanted: str, number: int) -> Milestone:
    """A milestone as it was made."""
    return Milestone(id=wanted, number=number, text=made.text, due=made.due, withheld=made.withheld)


def told(milestone: Milestone, word: MilestoneTold, day: date) -> tuple[Milestone, int]:
    """The milestone after a word on it said on a local day, and by how many days its date moved."""
    due = word.due or milestone.due
    days = (due - milestone.due).days if due is not None and milestone.due is not None else 0
    done = milestone.done if word.done is None else day if word.done else None
    found = replace(
        milestone,
        due=due,
        done=done,
        text=word.text or milestone.text,
        moved=milestone.moved + (days > 0),
        moved_days=milestone.moved_days + max(days, 0),
    )
    return found, days


def slippage(goals: Iterable[Goal]) -> tuple[int, int]:
    """How often dates of goals and milestones moved to a later day, and by how many days in all."""
    parts: list[Goal | Milestone] = []
    for goal in goals:
        parts += (goal, *goal.milestones)
    return sum(part.moved for part in parts), sum(part.moved_days for part in parts)
