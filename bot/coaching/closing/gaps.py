"""What fills the gaps of reviews, adjustments, closing and follow-up, and their options that depend on the client."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.closing.rules import (
    KEPT,
    chosen_stages,
    closing_goals,
    deletes,
    goal_of,
    goals_shown,
    keeps,
    levels_told,
    next_stage,
    only_coaching,
    sentence,
    stage,
)
from bot.coaching.planning.gas import standing
from bot.coaching.planning.lines import ladder_lines
from bot.coaching.shared.phrase_list import phrase_list
from bot.coaching.visibility.table import shows_goals
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal
from bot.model.replies import Given
from bot.rendering.shortening import on_button


def client_name(given: Given) -> str:
    """Whose coaching it is."""
    engagement = given.engagement_here
    return engagement.client_name if engagement else ""


def _goal_text(given: Given) -> str:
    goal = goal_of(given)
    return goal.text if goal else ""


def _rungs(goal: Goal) -> list[Phrase]:
    """The ladder of a goal from the top, one line a level."""
    return ladder_lines(goal.ladder.rungs.items()) if goal.ladder else []


def _goal_rungs(given: Given) -> Any:
    goal = goal_of(given)
    return phrase("goal_rungs", goal=goal.text, rungs=_rungs(goal)) if goal else ""


def _goal_ladder(given: Given) -> Any:
    goal = goal_of(given)
    return phrase("goal_ladder", rungs=_rungs(goal)) if goal and goal.ladder else ""


def _goal_began(given: Given) -> Any:
    goal = goal_of(given)
    ladder = goal.ladder if goal else None
    if goal is None or ladder is None or ladder.baseline is None:
        return ""
    return phrase("goal_began", level=phrase(f"level_{ladder.baseline}"))


def _goal_was(given: Given) -> Any:
    """Where the client stood, the level's sentence first."""
    goal = goal_of(given)
    value = standing(goal) if goal else None
    if goal is None or value is None:
        return phrase("goal_was_no_level", goal=goal.text if goal else "")
    return phrase("goal_was", goal=goal.text, sentence=sentence(goal, value))


def slippage_clause(goal: Goal) -> Any:
    """How often its date moved, and by how many days in all; nothing when it never did."""
    if not goal.moved:
        return ""
    return phrase("goal_slippage", moved=phrase("times_moved", count=goal.moved), days=_days(goal.moved_days))


def _days(count: int) -> Phrase:
    return phrase("count_days", count=count)


def _slippage(given: Given) -> Any:
    goal = goal_of(given)
    return slippage_clause(goal) if goal else ""


def _minutes(each: int, base: int, goals: Callable[[Given], int]) -> Callable[[Given], Phrase]:
    def name(given: Given) -> Phrase:
        return phrase("minutes", count=base + each * goals(given))

    return name


def _at_work(given: Given) -> int:
    return sum(goal.state == "active" for goal in goals_shown(given.facts, given.engagement))


def _looked_back(given: Given) -> int:
    return len(closing_goals(given.facts, given.engagement))


def _both_see(given: Given) -> Phrase:
    engagement = given.engagement_here
    if given.is_coach_here:
        return phrase("both_see", who=client_name(given))
    if engagement is None or not shows_goals(engagement):
        return phrase("only_you_see")
    return phrase("both_see", who=engagement.coach_name)


def _levels(given: Given) -> Any:
    """The levels that were just given, by goal: what is echoed."""
    parts = [phrase("level_told", goal=goal.text, level=phrase(f"level_{v}")) for goal, v in levels_told(given)]
    return phrase("in_list", parts=phrase_list(parts)) if parts else ""


def _adjusted(given: Given) -> Phrase:
    goal, how = goal_of(given), given.inside("change").get("how") or "nothing"
    day = given.inside("change").get("when")
    if goal is None or (how == "date" and day is None):
        return phrase("adjusted_nothing")
    return phrase(f"adjusted_{how}", goal=goal.text, day=given.labels.get("change.when", ""))


def _thanks(given: Given) -> Any:
    told = given.get("thanks") or ()
    return phrase("thanks_noted", count=len(told)) if told else ""


def _checkins(given: Given) -> Phrase:
    days = chosen_stages(given) or ()
    if not days:
        return phrase("checkins_none")
    listed = phrase_list([phrase("one_text", text=str(day)) for day in days])
    shown = phrase("checkins_shared" if given.get("share") == "share" else "checkins_alone")
    return phrase("checkins_at", days=listed, shown=shown)


def _ends_on(given: Given) -> Any:
    return given.plan_here.ends or phrase("the_end")


def _since_the_end(given: Given) -> Phrase:
    plan = given.plan_here
    days = stage(plan, given.facts.today)
    if days and days % 30 == 0:
        return phrase("months_since", count=days // 30)
    return phrase("days_since", count=days or ((given.facts.today - plan.closed).days if plan.closed else 1))


def _summary(given: Given) -> Phrase:
    engagement = given.engagement_here
    shared = engagement is not None and "summary" in engagement.consents
    return phrase("summary_shared" if shared else "summary_alone", coach=engagement.coach_name if engagement else "")


def _next_checkin(given: Given) -> Phrase:
    day = next_stage(given.plan_here, given.facts.today)
    return phrase("next_checkin", day=day) if day else phrase("no_more_checkins")


def _data(given: Given) -> Phrase:
    copy = "copy" if given.get("copy") == "send" else "no_copy"
    if deletes(given):
        return phrase(f"data_{copy}_delete" if only_coaching(given) else f"data_{copy}_delete_later")
    return phrase(f"data_{copy}_keep" if keeps(given) else f"data_{copy}_unsaid")


def _deleted_on(given: Given) -> Any:
    closed = given.plan_here.closed
    return closed + KEPT if closed else phrase("the_end")


CLOSING_NAMES: Mapping[str, Callable[[Given], Any]] = {
    "goal_text": _goal_text,
    "goal_rungs": _goal_rungs,
    "goal_ladder": _goal_ladder,
    "goal_began": _goal_began,
    "goal_was": _goal_was,
    "goal_slippage": _slippage,
    "review_minutes": _minutes(1, 1, _at_work),
    "looking_minutes": _minutes(1, 2, _looked_back),
    "both_see_goals": _both_see,
    "levels_in_words": _levels,
    "adjusted_in_words": _adjusted,
    "thanks_in_words": _thanks,
    "checkins_in_words": _checkins,
    "ends_on": _ends_on,
    "since_the_end": _since_the_end,
    "summary_clause": _summary,
    "next_checkin": _next_checkin,
    "data_in_words": _data,
    "deleted_on": _deleted_on,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _goals_at_work(given: Given) -> tuple[tuple[str, Any], ...]:
    found = [goal for goal in goals_shown(given.facts, given.engagement) if goal.state == "active"]
    return tuple((goal.id, on_button(goal.text)) for goal in found[:8])


def _habits(given: Given) -> tuple[tuple[str, Any], ...]:
    return tuple((str(number), on_button(habit)) for number, habit in enumerate(given.plan_here.habits))


CLOSING_OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "goals_at_work": _goals_at_work,
    "habits": _habits,
}
