"""Signals from what was planned: goals, milestones and sessions.

What stands still or runs late, or has no next session.
"""

from datetime import date
from itertools import pairwise

from bot.coaching.digest.signal_kinds import (
    Found,
    NotEnough,
    Row,
    Signal,
    day_of,
    days_since,
    level_of,
    this_week,
)
from bot.coaching.habits.rules import kept_days
from bot.coaching.shared.lines import on_one_line
from bot.model.commitments.values import Standing
from bot.model.people.client_view import ClientView
from bot.model.phrases import phrase
from bot.model.plan import Goal, Milestone

_ENOUGH_STEPS = 2  # with one milestone alone, a share would jump from nothing to all


def stall(view: ClientView, today: date) -> Found:
    """Nothing done, no habit kept and no change of level on an active goal: amber from 28 days on, red from 42.

    What was done towards a goal counts for that goal alone; of what names none that is shown, nobody can tell, and it
    counts for all.
    """
    goals = view.plan.active_goals
    if not goals:
        return NotEnough(kind="stall", have=0, need=1)
    shown = {goal.id for goal in view.plan.goals}
    done = [
        (c.reported, {c.goal} & shown)
        for c in view.commitments
        if c.standing is Standing.DONE and c.reported is not None
    ]
    done += [(day, {habit.goal} & shown) for habit in view.habits for day in kept_days(habit)]
    moved = [(goal, _moves(goal, [day for day, of in done if not of or goal.id in of], today)) for goal in goals]
    still = [(days_since(max(days), today, view.pauses), goal) for goal, days in moved]
    count, worst = max(still, key=lambda pair: pair[0])
    return Signal(kind="stall", level=level_of(count, 28, 42), params={"goal": _named(worst), "count": count})


def _moves(goal: Goal, done: list[date], today: date) -> list[date]:
    """The days on which something moved: at the latest when the goal was made."""
    steps = [step.done for step in goal.milestones if step.done is not None]
    own = [level for level in goal.levels if level.by == "client"]
    changes = [b.day for a, b in pairwise(own) if (a.value, a.ladder) != (b.value, b.ladder)]
    first = [own[0].day] if own and goal.ladder and own[0].value != goal.ladder.baseline else []
    return [day for day in (goal.made, *done, *steps, *changes, *first) if day <= today] or [today]


def behind(view: ClientView, today: date) -> Found:
    """The share of a goal's time that is over, less the share of its dated milestones that is done: 0.25, or 0.50.

    Nobody is behind whose milestones were all done by their days.
    """
    timed = [goal for goal in view.plan.active_goals if goal.due is not None and goal.due > goal.made]
    ready = [goal for goal in timed if len(_dated(goal)) >= _ENOUGH_STEPS]
    if not ready:
        return NotEnough(kind="behind", have=max((len(_dated(g)) for g in timed), default=0), need=_ENOUGH_STEPS)
    gap, worst = max(((_gap(goal, view, today), goal) for goal in ready), key=lambda pair: pair[0])
    params = {
        "goal": _named(worst),
        "elapsed": round(100 * _elapsed(worst, view, today)),
        "done": sum(step.done is not None for step in _dated(worst)),
        "count": len(_dated(worst)),
    }
    return Signal(kind="behind", level=level_of(round(gap, 6), 0.25, 0.5), params=params)


def _elapsed(goal: Goal, view: ClientView, today: date) -> float:
    """How much of the time from its making to its day is over, pauses left out of both; at most all of it."""
    due = goal.due or today
    whole = days_since(goal.made, due, view.pauses)
    return min(days_since(goal.made, min(today, due), view.pauses) / whole, 1.0) if whole else 1.0


def _gap(goal: Goal, view: ClientView, today: date) -> float:
    steps = _dated(goal)
    if not any(step.done is None and step.due is not None and step.due < today for step in steps):
        return 0.0
    return _elapsed(goal, view, today) - sum(step.done is not None for step in steps) / len(steps)


def _dated(goal: Goal) -> list[Milestone]:
    return [step for step in goal.milestones if step.due is not None]


def milestone(view: ClientView, today: date) -> Found:
    """A milestone of an active goal is more than seven days late, or more than 21."""
    steps = [(goal, step) for goal in view.plan.active_goals for step in goal.milestones if step.due is not None]
    if not steps:
        return NotEnough(kind="milestone", have=0, need=1)
    late = [
        (days_since(step.due, today, view.pauses), step.text)
        for _, step in steps
        if step.done is None and step.due is not None
    ]
    count, text = max(late, default=(0, ""))
    return Signal(
        kind="milestone", level=level_of(count, 8, 22), params={"milestone": on_one_line(text), "count": count}
    )


def session_gap(view: ClientView, today: date) -> Found:
    """More than 35 days since the last session, or more than 56, and none booked; nothing while sessions are off."""
    days = [day_of(session.at, view) for session in view.plan.sessions if session.state != "cancelled"]
    last = max((day for day in days if day < today), default=None)
    if last is None or view.plan.sessions_off:
        return NotEnough(kind="session_gap", have=0, need=1)
    count = days_since(last, today, view.pauses)
    booked = any(day >= today for day in days)
    level = None if booked else level_of(count, 36, 57)
    return Signal(kind="session_gap", level=level, params={"day": last, "count": count})


def level_up(view: ClientView, today: date) -> Found:
    """This week the client saw a goal higher on its ladder than before."""
    most, found = 0, None
    for goal in view.plan.active_goals:
        values = _values(goal)
        most = max(most, len(values))
        if len(values) >= 2 and values[-1] > values[-2] and goal.level and this_week(goal.level.day, today):
            found = goal
    if most < 2:
        return NotEnough(kind="level_up", have=most, need=2)
    if found is None or found.level is None:
        return Signal(kind="level_up")
    params = {"goal": _named(found), "level": phrase(f"level_{found.level.value}")}
    return Signal(kind="level_up", good=True, params=params, of=f"{found.id} {found.level.day}")


def reached(view: ClientView, today: date) -> Found:
    """A milestone of an active goal was reached this week."""
    steps = [step for goal in view.plan.active_goals for step in goal.milestones if this_week(step.done, today)]
    newest = max(steps, key=lambda step: (step.done or date.min, step.number), default=None)
    if newest is None:
        return Signal(kind="reached")
    return Signal(kind="reached", good=True, params={"milestone": on_one_line(newest.text)}, of=newest.id)


def _values(goal: Goal) -> list[int]:
    """The levels on the ladder that holds, as the client gave them: where they began, and since."""
    ladder = goal.ladder
    if ladder is None:
        return []
    first = [] if ladder.baseline is None else [ladder.baseline]
    return first + [level.value for level in goal.levels if level.ladder == ladder.version and level.by == "client"]


def _named(goal: Goal) -> str:
    return on_one_line(goal.text)


SIGNALS = (
    Row(kind="session_gap", place=50, find=session_gap, digest=True),
    Row(kind="stall", place=70, find=stall),
    Row(kind="behind", place=80, find=behind),
    Row(kind="milestone", place=90, find=milestone),
)
POSITIVES = (
    Row(kind="level_up", place=10, find=level_up, digest=True),
    Row(kind="reached", place=15, find=reached, digest=True),
)
