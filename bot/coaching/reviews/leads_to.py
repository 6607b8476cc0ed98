"""What comes after reviews and adjustments."""

from bot.coaching.follow_up.rules import levels_just_told
from bot.coaching.planning.goals import goals_shown
from bot.coaching.visibility.table import shows_goals
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.plan import Goal
from bot.model.replies import Given, Notification, Opening, Reply


def reviewed(given: Given) -> Reply | None:
    """A new size goes on to the ladder; the coach hears that a review is in."""
    engagement = given.engagement_here
    tells: tuple[Notification, ...] = ()
    if engagement is not None and shows_goals(engagement):
        told = phrase("review_in", client=engagement.client_name, count=len(list(levels_just_told(given))))
        tells = (Notification(person=engagement.coach, phrase=told),)
    resized = [item for item in given.lists.get("active_goals", ()) if _change(given, item).get("zero")]
    return Reply(tells=tells, opens=_ladder(resized[0], _change(given, resized[0])) if resized else None)


def _change(given: Given, item: str) -> Given:
    return given.inside("goals", item).inside("change")


def _ladder(goal: str, given: Given) -> Opening:
    """The other levels are gone over next; the new level 0 stands already."""
    zero = given.get("zero")
    return Opening(
        dialogue="ladder", items=(goal,), known={f"rungs[{goal}].planned": (zero, zero)}, engagement=given.engagement
    )


def adjusted(given: Given) -> Reply | None:
    """The other side hears what was changed; a new size goes on to the ladder."""
    engagement = given.engagement_here
    goal = next((g for g in goals_shown(given.facts, given.engagement) if g.id == given.get("which")), None)
    change = given.inside("change")
    how = change.get("how")
    if engagement is None or goal is None or how in (None, "nothing") or not _changed(change):
        return None
    tells = (_told_of(goal, how, given, engagement),) if given.is_coach_here or _tells_coach(goal, engagement) else ()
    return Reply(tells=tells, opens=_ladder(goal.id, change) if how == "size" else None)


def _tells_coach(goal: Goal, engagement: Engagement) -> bool:
    return shows_goals(engagement) and not goal.hidden


def _changed(change: Given) -> bool:
    needed = {"date": "when", "size": "zero"}.get(change.get("how"))
    return needed is None or change.get(needed) is not None


def _told_of(goal: Goal, how: str, given: Given, engagement: Engagement) -> Notification:
    by_coach = given.is_coach_here
    who = engagement.coach_name if by_coach else engagement.client_name
    day = given.labels.get("change.when", "")
    said = phrase(f"told_adjusted_{how}", who=who, goal=goal.text, day=day)
    return Notification(person=engagement.client if by_coach else engagement.coach, phrase=said)
