"""The facts that a run is walked with: without what it wrote itself, and without what it must not depend on.

Its answers count at once, so the next event finds them among the facts; else a question would vanish because of the
very answer that led to it. What is asked for the coach to see knows nothing of what is kept from the coach.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.engine.state import Run
from bot.model.commitments.records import Reported
from bot.model.facts import Facts
from bot.model.plan import Goal, Plan
from bot.model.records import Record
from bot.model.records_plan import GoalChanged, LadderConfirmed, LadderMade, LevelGiven, MilestoneMade, MilestoneTold

_OF_A_GOAL = GoalChanged | LadderConfirmed | LadderMade | LevelGiven | MilestoneMade


def having_written(run: Run, records: tuple[Record, ...], facts: Facts) -> Run:
    """The run, with what it now changes as that stood before the first change by this run."""
    told = {record.commitment for record in records if isinstance(record, Reported)} - run.found.keys()
    found = {each.id: each for each in facts.commitments if each.id in told}
    goals = {goal.id: goal for goal in _meant(records, facts) if goal.id not in run.goals and goal.run != run.id}
    return replace(run, wrote=True, found=run.found | found, goals=run.goals | goals)


def _meant(records: Iterable[Record], facts: Facts) -> Iterable[Goal]:
    """The goals that these records say something of."""
    wanted = {record.goal for record in records if isinstance(record, _OF_A_GOAL)}
    steps = {record.milestone for record in records if isinstance(record, MilestoneTold)}
    if not wanted and not steps:
        return ()
    known = (goal for plan in facts.plans.values() for goal in plan.goals)
    return (goal for goal in known if goal.id in wanted or any(step.id in steps for step in goal.milestones))


def known_to(run: Run, facts: Facts) -> Facts:
    """The facts that a run goes by: shared ones and the things that it names, all of them if it is hidden itself."""
    return before_run(facts if run.hidden else facts.shown_with(_named(run)), run)


def _named(run: Run) -> frozenset[str]:
    return frozenset((*run.found, *run.goals, *(item for listed in run.lists.values() for item in listed)))


def before_run(facts: Facts, run: Run) -> Facts:
    """The facts as they would be if nothing had come of a run."""
    if not run.wrote:
        return facts
    stood = {each.id: each for each in facts.commitments if each.run != run.id} | run.found
    commitments = tuple(sorted(stood.values(), key=lambda each: each.number))
    habits = tuple(habit.without(run.id) for habit in facts.habits if habit.run != run.id)
    plans = {k: _before(plan, run) for k, plan in facts.plans.items()}
    return replace(facts, commitments=commitments, habits=habits, plans=plans)


def _before(plan: Plan, run: Run) -> Plan:
    return replace(plan, goals=tuple(run.goals.get(goal.id, goal) for goal in plan.goals if goal.run != run.id))
