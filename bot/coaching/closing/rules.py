"""What reviews, adjustments, closing and follow-up ask of the facts: goals, levels, stages, habits. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from bot.coaching.planning.gas import standing as standing_of
from bot.coaching.programme.rules import wants
from bot.coaching.shared.validators import LINE
from bot.model.facts import Audience, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Level, Plan
from bot.model.replies import Given

STAGES = (30, 90, 180)  # days after the end, by default
KEPT = timedelta(days=365)  # how long its data is kept after the end
MOST_STAGES, FIRST_STAGE, LAST_STAGE = 3, 7, 330  # how many check-ins, and how many days after the end
LIVE = ("active", "reached")  # goals that are looked back on
HABITS = 2


def goals_shown(facts: Facts, engagement: str) -> tuple[Goal, ...]:
    """The goals of an engagement as whoever is asked may see them; drafts are left out."""
    own = facts.engagement
    plan = facts.plan_of(engagement or (own.id if own else ""))
    return tuple(goal for goal in plan.goals if goal.state != "draft")


def goal_of(given: Given) -> Goal | None:
    """The goal that the loop is at, or that was chosen."""
    wanted = given.item or given.get("which") or ""
    return next((goal for goal in goals_shown(given.facts, given.engagement) if goal.id == wanted), None)


def level_by(goal: Goal, by: str, *, final: bool = False) -> Level | None:
    """The newest level of one side on the ladder that holds; with `final`, only one that closes it all."""
    ladder = goal.ladder
    own = [
        level
        for level in goal.levels
        if ladder and level.ladder == ladder.version and level.by == by and (level.final or not final)
    ]
    return own[-1] if own else None


def sentence(goal: Goal, value: int) -> str | Phrase:
    """What a level of a goal means, in the words of its ladder."""
    ladder = goal.ladder
    return (ladder.rungs.get(value) if ladder else "") or phrase(f"level_{value}")


def followed(given: Given, item: str) -> int | None:
    """The level that a check-in afterwards comes to: the one tapped, else one up, one down, or the same as before."""
    at = given.inside("goals", item)
    standing, told = at.get("standing"), at.get("level")
    goal = next((g for g in goals_shown(given.facts, given.engagement) if g.id == item), None)
    before = standing_of(goal) if goal else None
    if standing in (None, "stop") or goal is None or goal.ladder is None:
        return None
    if told is not None:
        return int(told)
    step = {"better": 1, "slipped": -1}.get(standing, 0)
    return max(-2, min(2, (before or 0) + step))


def stage(plan: Plan, today: date) -> int:
    """How many days after the end the check-in is that has come due by today; 0 before the first."""
    passed = [int(days) for days, day in plan.follow_up.items() if day <= today]
    return max(passed, default=0)


def next_stage(plan: Plan, today: date) -> date | None:
    """The day of the next check-in after today."""
    return min((day for day in plan.follow_up.values() if day > today), default=None)


def stages_of(chosen: str | None) -> tuple[int, ...]:
    """Days after the end that a text names, in order: "30 90 180" or "45, then 120"; none where it holds no number."""
    return tuple(sorted({int(number) for number in re.findall(r"\d{1,4}", chosen or "")}))


def chosen_stages(given: Given) -> tuple[int, ...] | None:
    """The check-ins that the client agreed to; None where they did not say."""
    chosen = given.get("checkins")
    if chosen is None:
        return None
    return stages_of(given.get("days")) if chosen == "other" else stages_of(chosen)


def deletes(given: Given) -> bool:
    """The client wants everything deleted, and is sure."""
    return (given.get("keep"), given.get("sure")) == ("delete", "sure")


def keeps(given: Given) -> bool:
    """The client wants everything kept until the follow-up ends: said so, or thought better of deleting it."""
    return given.get("keep") == "keep" or (given.get("keep"), given.get("sure")) == ("delete", "no")


def only_coaching(given: Given) -> bool:
    """The client has no other engagement under way."""
    mine = [e.id for e in given.facts.engagements if e.client == given.facts.person.id and e.state != "closed"]
    return set(mine) <= {given.engagement}


def lines_in(text: str | None) -> tuple[str, ...]:
    """The entries of a text, one a line or parted by semicolons, as they stand."""
    return tuple(part.strip() for part in re.split(r"[\n;]", text or "") if part.strip())


def levels_told(given: Given) -> Iterator[tuple[Goal, int]]:
    """Every goal that a level was given for in this dialogue, with that level."""
    for goal in goals_shown(given.facts, given.engagement):
        value = given.values.get(f"goals[{goal.id}].level")
        if value is None and f"goals[{goal.id}].standing" in given.values:
            value = followed(given, goal.id)
        if value is not None:
            yield goal, int(value)


# -- lists -----------------------------------------------------------------------------------------------------------


def closing_goals(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The goals that are looked back on; for a coach those with a ladder that they may see."""
    found = [goal for goal in goals_shown(facts, engagement) if goal.state in LIVE]
    return tuple(goal.id for goal in found)


CLOSING_LISTS = {"closing_goals": closing_goals}


# -- predicates ------------------------------------------------------------------------------------------------------


def has_goals(given: Given) -> bool:
    """There is a goal that is worked on."""
    return any(goal.state == "active" for goal in goals_shown(given.facts, given.engagement))


def has_closing_goals(given: Given) -> bool:
    """There is a goal to look back on; fixed when the dialogue began."""
    listed = given.lists.get("closing_goals")
    return bool(closing_goals(given.facts, given.engagement) if listed is None else listed)


def has_ladder(given: Given) -> bool:
    """The goal that the loop is at has a success ladder that holds."""
    goal = goal_of(given)
    return goal is not None and goal.ladder is not None


def moved_on_ladder(given: Given) -> bool:
    """The goal that the loop is at is better or worse than it was, and has a ladder to say how much."""
    return has_ladder(given) and given.get("standing") in ("better", "slipped")


def has_habits(given: Given) -> bool:
    """The client named habits to keep."""
    return bool(given.plan_here.habits)


def wants_checkins(given: Given) -> bool:
    """At least one check-in after the end was agreed to."""
    return bool(chosen_stages(given))


def in_programme(given: Given, dialogue: str) -> bool:
    """The coach has that dialogue in the programme."""
    return wants(given.plan_here.programme, dialogue)


def told_of_coaching(given: Given) -> bool:
    """Something was said about the coaching."""
    return any(given.get(name) is not None for name in ("matter", "fit", "keep", "change"))


def going_on(given: Given) -> bool:
    """The client has not asked to stop at an earlier goal."""
    listed = given.lists.get("closing_goals", ())
    earlier = listed[: listed.index(given.item)] if given.item in listed else ()
    return all(given.values.get(f"goals[{item}].standing") != "stop" for item in earlier)


def stays(given: Given) -> bool:
    """The client has not asked to stop the check-ins."""
    told = [value for key, value in given.values.items() if key.endswith(".standing") or key == "going"]
    return "stop" not in told


def something_slipped(given: Given) -> bool:
    """A goal or a habit slipped."""
    told = [value for key, value in given.values.items() if key.endswith(".standing") or key == "going"]
    return "slipped" in told or given.get("slipped") not in (None, "none")


CLOSING_PREDICATES: Mapping[str, Any] = {
    "has_goals": has_goals,
    "has_closing_goals": has_closing_goals,
    "has_ladder": has_ladder,
    "moved_on_ladder": moved_on_ladder,
    "has_habits": has_habits,
    "wants_checkins": wants_checkins,
    "in_programme": in_programme,
    "told_of_coaching": told_of_coaching,
    "going_on": going_on,
    "stays": stays,
    "something_slipped": something_slipped,
}


# -- checks ----------------------------------------------------------------------------------------------------------


def two_habits(value: Any, given: Given) -> Phrase | None:
    """One habit or two, a line each."""
    if len(lines_in(value)) > HABITS:
        return phrase("wrong_habits", limit=HABITS)
    return phrase("wrong_too_long", limit=LINE) if len(value) > LINE else None


def some_days(value: Any, given: Given) -> Phrase | None:
    """Up to three numbers of days within a year."""
    days = stages_of(value)
    if not days or len(days) > MOST_STAGES or days[0] < FIRST_STAGE or days[-1] > LAST_STAGE:
        return phrase("wrong_stages", most=MOST_STAGES, first=FIRST_STAGE, last=LAST_STAGE)
    return None


CLOSING_CHECKS = {"two_habits": two_habits, "some_days": some_days}


def audience_for(share: bool) -> Audience:
    """Who reads what was told after the end."""
    return Audience.COACH if share else Audience.PRIVATE


# -- when it is over -------------------------------------------------------------------------------------------------


def is_over(facts: Facts) -> Phrase | None:
    """What to say to a client whose last engagement has ended; None while one runs."""
    engagement = facts.own_coaching
    if engagement is None or engagement.state != "closed":
        return None
    return phrase("after_closing", coach=engagement.coach_name)
