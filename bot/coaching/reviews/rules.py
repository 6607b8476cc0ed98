"""When a progress review comes round again, in which phases of an engagement, and how long one takes. Pure."""

from datetime import timedelta

from bot.coaching.planning.goals import goals_at_work
from bot.model.plan import Phase
from bot.model.replies import Given

REVIEW = "review"
OWN_REVIEW = "own-review"  # of the goals that a client keeps from the coach
REVIEW_EVERY = timedelta(days=28)
REVIEW_LATE = timedelta(days=7)  # for so long after its day the rhythm looks for a place
REVIEWED = (Phase.PLANNING, Phase.COACHING, Phase.REVIEW)
MINUTES_A_GOAL, MINUTES_BESIDES = 1, 1  # that a client is told a review takes
MOST_TO_CHOOSE = 8  # goals on buttons


def has_goals(given: Given) -> bool:
    """There is a goal that is worked on."""
    return bool(goals_at_work(given.facts, given.engagement))
