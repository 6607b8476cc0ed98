"""What fills the texts after the end, and those about a goal that is gone over, and the habits that are asked about."""

from typing import Any

from bot.coaching.follow_up.rules import CHECK_IN_DAYS, check_in_due, levels_just_told
from bot.coaching.follow_up.rules import next_check_in as day_of_next
from bot.coaching.planning.gas import standing
from bot.coaching.planning.goals import goal_chosen, level_sentence
from bot.coaching.planning.lines import ladder_lines
from bot.coaching.shared import retention_period
from bot.coaching.shared.lines import phrase_list
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal
from bot.model.replies import Given
from bot.rendering.shortening import on_button

# -- goals -----------------------------------------------------------------------------------------------------------


def goal_text(given: Given) -> str:
    """The goal in the client's words."""
    goal = goal_chosen(given)
    return goal.text if goal else ""


def goal_rungs(given: Given) -> Any:
    """The goal, and below it its ladder from the top, one line a level."""
    goal = goal_chosen(given)
    return phrase("goal_rungs", goal=goal.text, rungs=_rungs(goal)) if goal else ""


def goal_ladder(given: Given) -> Any:
    """The ladder of the goal alone."""
    goal = goal_chosen(given)
    return phrase("goal_ladder", rungs=_rungs(goal)) if goal and goal.ladder else ""


def _rungs(goal: Goal) -> list[Phrase]:
    return ladder_lines(goal.ladder.rungs.items()) if goal.ladder else []


def goal_was(given: Given) -> Any:
    """Where the client stood, the level's sentence first."""
    goal = goal_chosen(given)
    value = standing(goal) if goal else None
    if goal is None or value is None:
        return phrase("goal_was_no_level", goal=goal.text if goal else "")
    return phrase("goal_was", goal=goal.text, sentence=level_sentence(goal, value))


def levels_in_words(given: Given) -> Any:
    """The levels that were just given, by goal: what is echoed."""
    parts = [phrase("level_told", goal=goal.text, level=phrase(f"level_{v}")) for goal, v in levels_just_told(given)]
    return phrase("in_list", parts=phrase_list(parts)) if parts else ""


# -- after the end ---------------------------------------------------------------------------------------------------


def default_days(given: Given) -> Any:
    """The days after the end on which the bot checks in unless others are named: "30, 90 and 180"."""
    *first, last = CHECK_IN_DAYS
    return phrase("days_and_last", days=listed_days(tuple(first)), last=last) if first else last


def listed_days(days: tuple[int, ...]) -> Any:
    """Numbers of days as a list: "30, 90, 180"."""
    return phrase_list([phrase("one_text", text=str(day)) for day in days])


def since_the_end(given: Given) -> Phrase:
    """How long ago the end was."""
    plan = given.plan_here
    days = check_in_due(plan, given.facts.today)
    if days and days % 30 == 0:
        return phrase("months_since", count=days // 30)
    return phrase("days_since", count=days or ((given.facts.today - plan.closed).days if plan.closed else 1))


def summary_clause(given: Given) -> Phrase:
    """Whether the coach reads a summary."""
    engagement = given.engagement_here
    shared = engagement is not None and "summary" in engagement.consents
    return phrase("summary_shared" if shared else "summary_alone", coach=engagement.coach_name if engagement else "")


def next_check_in(given: Given) -> Phrase:
    """When the next check-in comes, if one does."""
    day = day_of_next(given.plan_here, given.facts.today)
    return phrase("next_checkin", day=day) if day else phrase("no_more_checkins")


def deleted_on(given: Given) -> Any:
    """The day on which everything is deleted."""
    closed = given.plan_here.closed
    return retention_period.deleted_on(closed, given.facts.wishes) if closed else phrase("the_end")


def kept_longest(given: Given) -> Any:
    """The last day on which anything can be kept."""
    closed = given.plan_here.closed
    return closed + retention_period.KEPT_AFTER_THE_END if closed else phrase("the_end")


def habit_options(given: Given) -> tuple[tuple[str, Any], ...]:
    """The habits that the client named."""
    return tuple((str(number), on_button(habit)) for number, habit in enumerate(given.plan_here.habits))
