"""What is promised in one go: one thing with its plan, or several in one line, each with its own day. Pure.

And when a check-in asks for such a thing: where nothing is open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.coaching.commitments.rules import still_open
from bot.coaching.habits.rules import going
from bot.coaching.habits.said import rule_in
from bot.coaching.visibility.table import is_active
from bot.model.habits.values import HabitRule
from bot.model.people.preferences import Pace
from bot.model.plan import Goal, Plan
from bot.model.replies import Given

MOST = 5  # promises of one line, each of which may be asked for its day
STEP_AHEAD = timedelta(days=14)  # a milestone that comes within so many days is a next step
_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class NewCommitment:
    """One new commitment: what, and by when; or what comes again and again, by which rule."""

    text: str
    due: date | None
    rule: HabitRule | None = None


def promised(given: Given) -> tuple[NewCommitment, ...]:
    """The new commitments, in the order in which they were said; none where nothing was."""
    what = given.get("what")
    if not what or isinstance(what, dict):  # a habit
        return ()
    if isinstance(what, str):
        return (NewCommitment(text=promised_text(given), due=promised_day(given)),)
    return tuple(_listed(given, entry, number) for number, entry in enumerate(what, 1))


def _listed(given: Given, entry: Mapping[str, Any], number: int) -> NewCommitment:
    """An entry of a list; once the coaching has ended, what comes again is a promise like others, in all its words."""
    rule, own = rule_in(entry), given.engagement_here
    if rule is not None and own is not None and is_active(own):
        return NewCommitment(text=_begun_large(entry["text"]), due=None, rule=rule)
    text = entry["habit"]["said"] if rule is not None else entry["text"]
    return NewCommitment(text=_begun_large(text), due=_day(entry["day"] or given.get(f"due_{number}")))


def several(given: Given) -> bool:
    """One line held several promises."""
    return isinstance(given.get("what"), list)


def lacks_day(given: Given, number: int) -> bool:
    """The line named no day for that one of several."""
    what = given.get("what")
    return isinstance(what, list) and number <= len(what) and not (what[number - 1]["day"] or rule_in(what[number - 1]))


def promised_text(given: Given) -> str:
    """The words of a new commitment; a smaller version stands behind what it is a part of."""
    what, smaller = _begun_large(given.get("what") or ""), given.get("smaller")
    return f"{what} ({smaller})" if smaller else what


def promised_day(given: Given) -> date | None:
    """The day of a new commitment; one that was named with a smaller version is the new one."""
    return _day(given.get("due_smaller") or given.get("due"))


def _begun_large(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


# -- the next step -----------------------------------------------------------------------------------------------------


def step_ahead(plan: Plan, today: date) -> bool:
    """Whether a milestone of an active goal comes soon."""
    days = [step.due for goal in plan.active_goals for step in goal.milestones if step.done is None]
    return any(due is not None and today <= due <= today + STEP_AHEAD for due in days)


def lacks_step(given: Given) -> bool:
    """Nothing is open, also after what was just reported: no commitment, no habit, no milestone that comes soon.

    What was answered to that, or to what is asked instead, stays asked, whatever is promised or settled in between.
    """
    if given.values.get("step.what") is not None:
        return True
    if any(given.values.get(name) is not None for name in ("shakiest", "confidence")):
        return False
    facts = given.facts
    return not (still_open(given) or going(facts) or step_ahead(given.plan_here, facts.today))


def goal_in_turn(given: Given) -> Goal | None:
    """The goal that the next step is asked towards: one check-in the one, one the next."""
    goals, day = given.plan_here.active_goals, (given.day or given.facts.today).toordinal()
    turn = day if given.facts.wishes.pace is Pace.DAILY else week_number(given) // weeks_between(given)
    return goals[turn % len(goals)] if goals else None


def week_number(given: Given) -> int:
    """The number of the week that a dialogue belongs to, from Mondays on."""
    return ((given.day or given.facts.today).toordinal() - 1) // _WEEK


def weeks_between(given: Given) -> int:
    """After how many weeks a check-in comes again."""
    wishes = given.facts.wishes
    return 2 if wishes.pace is Pace.FORTNIGHTLY or wishes.slowdown != "normal" else 1
