"""What the dialogues after the end branch on."""

from bot.coaching.follow_up.rules import check_ins_chosen, goals_at_the_end, standings_told
from bot.coaching.planning.goals import goal_chosen
from bot.model.replies import Given


def has_closing_goals(given: Given) -> bool:
    """There is a goal to look back on; fixed when the dialogue began."""
    listed = given.lists.get("closing_goals")
    return bool(goals_at_the_end(given.facts, given.engagement) if listed is None else listed)


def has_ladder(given: Given) -> bool:
    """The goal that the loop is at has a success ladder that holds."""
    goal = goal_chosen(given)
    return goal is not None and goal.ladder is not None


def moved_on_ladder(given: Given) -> bool:
    """The goal that the loop is at is better or worse than it was, and has a ladder to say how much."""
    return has_ladder(given) and given.get("standing") in ("better", "slipped")


def has_habits(given: Given) -> bool:
    """The client named habits to keep."""
    return bool(given.plan_here.habits)


def wants_checkins(given: Given) -> bool:
    """At least one check-in after the end was agreed to."""
    return bool(check_ins_chosen(given))


def going_on(given: Given) -> bool:
    """The client has not asked to stop at an earlier goal."""
    listed = given.lists.get("closing_goals", ())
    earlier = listed[: listed.index(given.item)] if given.item in listed else ()
    return all(given.values.get(f"goals[{item}].standing") != "stop" for item in earlier)


def stays(given: Given) -> bool:
    """The client has not asked to stop the check-ins."""
    return "stop" not in standings_told(given)


def something_slipped(given: Given) -> bool:
    """A goal or a habit slipped."""
    return "slipped" in standings_told(given) or given.get("slipped") not in (None, "none")
