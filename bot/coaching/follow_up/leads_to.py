"""What comes after a check-in, and after the question whether to go on."""

from collections.abc import Mapping

from bot.coaching.follow_up.lines import word_wanted
from bot.coaching.follow_up.rules import (
    CHECK_IN_DAYS,
    check_in_due,
    goals_at_the_end,
    level_now,
    levels_just_told,
    standings_told,
)
from bot.coaching.planning.goal_picture import goal_sketch, levels_since
from bot.coaching.planning.goals import goals_shown
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal
from bot.model.replies import Given, Notification, Opening, Reply, Sketch


def checked_in(given: Given) -> Reply | None:
    """The coach hears that a word is wanted, and a summary where that was agreed; the last one ends with a picture."""
    engagement = given.engagement_here
    if engagement is None:
        return None
    tells = [word_wanted(engagement)] if given.get("word") == "ask" else []
    tells += _summary(given, engagement)
    plan = given.plan_here
    due = check_in_due(plan, given.facts.today)
    last = bool(plan.follow_up) and due == max(map(int, plan.follow_up))
    if "stop" in standings_told(given) or not last:
        return Reply(tells=tuple(tells)) if tells else None
    opens = Opening(dialogue="last-good-bye", engagement=given.engagement) if due >= CHECK_IN_DAYS[-1] else None
    return Reply(tells=tuple(tells), files=tuple(_curves(given)), opens=opens)


def _summary(given: Given, engagement: Engagement) -> list[Notification]:
    """Where each goal stands, a line each; no words of the client's own but the goals."""
    if "summary" not in engagement.consents:
        return []
    levels = {goal.id: value for goal, value in levels_just_told(given)}
    goals = [goal for goal in goals_shown(given.facts, given.engagement) if not goal.hidden]
    lines = [
        phrase(
            "summary_line", goal=goal.text, standing=phrase(f"standing_{given.values[key]}"), level=_level(goal, levels)
        )
        for goal in goals
        if given.values.get(key := f"goals[{goal.id}].standing") not in (None, "stop")
    ]
    if not lines and given.get("going") not in (None, "stop"):
        lines = [phrase(f"standing_{given.get('going')}")]
    if not lines:
        return []
    days = check_in_due(given.plan_here, given.facts.today)
    said = phrase("summary", client=engagement.client_name, days=days, lines=lines)
    return [Notification(person=engagement.coach, phrase=said)]


def _level(goal: Goal, levels: Mapping[str, int]) -> Phrase | str:
    return phrase("summary_level", level=phrase(f"level_{levels[goal.id]}")) if goal.id in levels else ""


def _curves(given: Given) -> list[Sketch]:
    """How each goal held since the end, the check-in that is just over included."""
    engagement, closed = given.engagement_here, given.plan_here.closed
    if engagement is None or closed is None:
        return []
    wanted = goals_at_the_end(given.facts, given.engagement)
    found = [g for g in goals_shown(given.facts, given.engagement) if g.id in wanted and g.ladder]
    now = {goal.id: value for goal in found if (value := level_now(given, goal.id)) is not None}
    return [
        goal_sketch(goal, engagement, since=closed, now=(given.facts.today, now[goal.id]) if goal.id in now else None)
        for goal in found
        if len(levels_since(goal, closed)) > 1
    ]


def asked_to_reopen(given: Given) -> Reply | None:
    """The coach hears a no as well; a yes is told where it is carried out."""
    engagement = given.engagement_here
    if given.get("again") != "no" or engagement is None:
        return None
    told = phrase("reopening_declined", client=engagement.client_name)
    return Reply(tells=(Notification(person=engagement.coach, phrase=told),))
