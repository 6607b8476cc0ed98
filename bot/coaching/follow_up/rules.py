"""When the bot checks in after the end of an engagement, and what that asks of the facts. Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.coaching.planning.gas import standing as standing_of
from bot.coaching.planning.goals import goals_shown
from bot.model.facts import Facts
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.plan import LEVELS, Goal, Plan
from bot.model.replies import Given

CHECK_IN_DAYS = (30, 90, 180)  # days after the end, where the client names no others
MOST_CHECK_INS = 3
FIRST_CHECK_IN, LAST_CHECK_IN = 7, 330  # days after the end between which the client's own lie
MONTHLY_EVERY = timedelta(days=30)  # the monthly minute
MONTHLY_APART = timedelta(days=10)  # so near a check-in, the monthly minute is left out
MONTHLY_ENDS_AFTER = 2  # monthly minutes that went unanswered
GOOD_BYE_AFTER_CHECK_IN = timedelta(days=7)  # the last good-bye waits so long for the answer of the last check-in
OVER_AFTER_GOOD_BYE = timedelta(days=14)  # then nothing more is asked, answered or not
WHILE_PAUSED = timedelta(days=7)  # what comes due in a pause without an end waits so long
WORD_WANTED_HOLDS = timedelta(days=21)  # for so long after the client asked for a word, the coach may reopen at once
LOOKED_BACK_ON = ("active", "reached")  # states of goals that are looked back on


# -- check-ins -------------------------------------------------------------------------------------------------------


def check_in_due(plan: Plan, today: date) -> int:
    """How many days after the end the check-in is that has come due by today; 0 before the first."""
    passed = [int(days) for days, day in plan.follow_up.items() if day <= today]
    return max(passed, default=0)


def next_check_in(plan: Plan, today: date) -> date | None:
    """The day of the next check-in after today."""
    return min((day for day in plan.follow_up.values() if day > today), default=None)


def days_named(text: str | None) -> tuple[int, ...]:
    """Days after the end that a text names, in order: "30 90 180" or "45, then 120"; none where it holds no number."""
    return tuple(sorted({int(number) for number in re.findall(r"\d{1,4}", text or "")}))


def check_ins_chosen(given: Given) -> tuple[int, ...] | None:
    """The check-ins that the client agreed to, in days after the end; None where they did not say."""
    match given.get("checkins"):
        case None:
            return None
        case "default":
            return CHECK_IN_DAYS
        case "other":
            return days_named(given.get("days"))
        case chosen:
            return days_named(chosen)


def some_days(value: Any, given: Given) -> Phrase | None:
    """A few numbers of days, within the year."""
    days = days_named(value)
    if not days or len(days) > MOST_CHECK_INS or days[0] < FIRST_CHECK_IN or days[-1] > LAST_CHECK_IN:
        return phrase("wrong_stages", most=MOST_CHECK_INS, first=FIRST_CHECK_IN, last=LAST_CHECK_IN)
    return None


def audience_when(shared: bool) -> Audience:
    """Who reads what was told after the end."""
    return Audience.COACH if shared else Audience.PRIVATE


# -- goals -----------------------------------------------------------------------------------------------------------


def goals_at_the_end(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The goals that are looked back on; for a coach those with a ladder that they may see."""
    found = [goal for goal in goals_shown(facts, engagement) if goal.state in LOOKED_BACK_ON]
    return tuple(goal.id for goal in found)


def level_now(given: Given, item: str) -> int | None:
    """The level that a check-in comes to: the one tapped, else one up, one down, or the same as before."""
    at = given.inside("goals", item)
    standing, told = at.get("standing"), at.get("level")
    goal = next((g for g in goals_shown(given.facts, given.engagement) if g.id == item), None)
    before = standing_of(goal) if goal else None
    if standing in (None, "stop") or goal is None or goal.ladder is None:
        return None
    if told is not None:
        return int(told)
    step = {"better": 1, "slipped": -1}.get(standing, 0)
    return max(min(LEVELS), min(max(LEVELS), (before or 0) + step))


def levels_just_told(given: Given) -> Iterator[tuple[Goal, int]]:
    """Every goal that a level was given for in this dialogue, with that level."""
    for goal in goals_shown(given.facts, given.engagement):
        value = given.values.get(f"goals[{goal.id}].level")
        if value is None and f"goals[{goal.id}].standing" in given.values:
            value = level_now(given, goal.id)
        if value is not None:
            yield goal, int(value)


def standings_told(given: Given) -> list[Any]:
    """How each goal was said to stand, and where there are none, how it goes in all."""
    return [value for key, value in given.values.items() if key.endswith(".standing") or key == "going"]
