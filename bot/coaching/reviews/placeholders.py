"""What fills the texts of reviews and adjustments, and the goals that they offer."""

from typing import Any

from bot.coaching.planning.goals import goal_chosen, goals_at_work, slippage_clause
from bot.coaching.reviews.rules import MINUTES_A_GOAL, MINUTES_BESIDES, MOST_TO_CHOOSE
from bot.coaching.visibility.table import shows_goals
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import on_button


def review_minutes(given: Given) -> Phrase:
    """How long a review takes."""
    goals = len(goals_at_work(given.facts, given.engagement))
    return phrase("minutes", count=MINUTES_BESIDES + MINUTES_A_GOAL * goals)


def both_see_goals(given: Given) -> Phrase:
    """Who sees what is said about a goal."""
    engagement = given.engagement_here
    if given.is_coach_here:
        return phrase("both_see", who=engagement.client_name if engagement else "")
    if engagement is None or not shows_goals(engagement):
        return phrase("only_you_see")
    return phrase("both_see", who=engagement.coach_name)


def goal_slippage(given: Given) -> Any:
    """How often the date of the goal moved, and by how many days in all."""
    goal = goal_chosen(given)
    return slippage_clause(goal) if goal else ""


def adjusted_in_words(given: Given) -> Phrase:
    """What has changed about the goal."""
    goal, how = goal_chosen(given), given.inside("change").get("how") or "nothing"
    day = given.inside("change").get("when")
    if goal is None or (how == "date" and day is None):
        return phrase("adjusted_nothing")
    return phrase(f"adjusted_{how}", goal=goal.text, day=given.labels.get("change.when", ""))


def goal_options(given: Given) -> tuple[tuple[str, Any], ...]:
    """The goals that may be adjusted."""
    found = goals_at_work(given.facts, given.engagement)
    return tuple((goal.id, on_button(goal.text)) for goal in found[:MOST_TO_CHOOSE])
