"""What comes after reviews, adjustments, the dialogues of closing and the check-ins after the end."""

from collections.abc import Callable, Mapping

from bot.coaching.closing.gaps import client_name
from bot.coaching.closing.report import decay, goal_sketch
from bot.coaching.closing.rules import STAGES, closing_goals, followed, goals_shown, levels_told, stage
from bot.coaching.planning.follow_ups import sponsor_wording
from bot.coaching.practice.call import word_wanted
from bot.coaching.programme.rules import wants
from bot.coaching.visibility.table import shows_goals
from bot.model.facts import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal
from bot.model.replies import Given, Notification, Opening, Reply, Sketch

_SOON = 7  # days before the end in which the next chapter is not waited for


def _review(given: Given) -> Reply | None:
    """A new size goes on to the ladder; the coach hears that a review is in."""
    engagement = given.engagement_here
    tells: tuple[Notification, ...] = ()
    if engagement is not None and shows_goals(engagement):
        told = phrase("review_in", client=engagement.client_name, count=len(list(levels_told(given))))
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


def _adjust(given: Given) -> Reply | None:
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


# -- closing ---------------------------------------------------------------------------------------------------------


def _looked_back(given: Given) -> Reply | None:
    """Celebrating belongs to looking back."""
    if not wants(given.plan_here.programme, "celebrate"):
        return None
    return Reply(opens=Opening(dialogue="celebrate", engagement=given.engagement))


def _celebrated(given: Given) -> Reply | None:
    """Where the end is near, the next chapter is offered at once."""
    plan = given.plan_here
    if plan.ends is None or plan.closed or (plan.ends - given.facts.today).days > _SOON:
        return None
    button = (_button("next"), phrase("button_next"))
    return Reply(says=(phrase("chapter_offered", day=plan.ends),), buttons=(button,))


def _chaptered(given: Given) -> Reply | None:
    """The data belongs to the next chapter."""
    return Reply(opens=Opening(dialogue="your-data", engagement=given.engagement))


def _data(given: Given) -> Reply | None:
    """Whatever else closing has is offered, and left at that."""
    return Reply(says=(phrase("closing_offers"),), buttons=tuple(offers(given)))


def offers(given: Given) -> list[tuple[str, Phrase]]:
    """The parts of closing that are offered, as buttons."""
    contracted = given.plan_here.contracted
    parts = ("about", *(("sponsor",) if contracted else ()))
    return [(_button(part), phrase(f"button_{part}")) for part in parts]


def _button(part: str) -> str:
    return f"/closing {part}"


def _about(given: Given) -> Reply | None:
    """The coach hears that there is something to read, when the client shares it."""
    engagement = given.engagement_here
    if given.get("share") != "share" or engagement is None or engagement.state != "active":
        return None
    told = phrase("about_shared", client=engagement.client_name)
    return Reply(tells=(Notification(person=engagement.coach, phrase=told),))


def _closing_set(given: Given) -> Reply | None:
    """It can be undone until the day."""
    if given.get("sure") != "close":
        return None
    name = client_name(given)
    undo = (f"/close {name} undo", phrase("button_undo_closing"))
    return Reply(says=(phrase("closing_set", client=name, day=given.labels.get("day", "")),), buttons=(undo,))


# -- afterwards ------------------------------------------------------------------------------------------------------


def _followed(given: Given) -> Reply | None:
    """The coach hears that a word is wanted, and a summary where that was agreed; the last one ends with a picture."""
    engagement = given.engagement_here
    if engagement is None:
        return None
    tells = [word_wanted(engagement)] if given.get("word") == "ask" else []
    tells += _summary(given, engagement)
    plan = given.plan_here
    told = [value for key, value in given.values.items() if key.endswith(".standing") or key == "going"]
    last = bool(plan.follow_up) and stage(plan, given.facts.today) == max(map(int, plan.follow_up))
    if "stop" in told or not last:
        return Reply(tells=tuple(tells)) if tells else None
    bye = stage(plan, given.facts.today) >= STAGES[-1]
    opens = Opening(dialogue="last-good-bye", engagement=given.engagement) if bye else None
    return Reply(tells=tuple(tells), files=tuple(_curves(given)), opens=opens)


def _summary(given: Given, engagement: Engagement) -> list[Notification]:
    """Where each goal stands, a line each; no words of the client's own but the goals."""
    if "summary" not in engagement.consents:
        return []
    levels = {goal.id: value for goal, value in levels_told(given)}
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
    days = stage(given.plan_here, given.facts.today)
    said = phrase("summary", client=engagement.client_name, days=days, lines=lines)
    return [Notification(person=engagement.coach, phrase=said)]


def _level(goal: Goal, levels: Mapping[str, int]) -> Phrase | str:
    return phrase("summary_level", level=phrase(f"level_{levels[goal.id]}")) if goal.id in levels else ""


def _curves(given: Given) -> list[Sketch]:
    """How each goal held since the end, the check-in that is just over included."""
    engagement, closed = given.engagement_here, given.plan_here.closed
    if engagement is None or closed is None:
        return []
    wanted = closing_goals(given.facts, given.engagement)
    found = [g for g in goals_shown(given.facts, given.engagement) if g.id in wanted and g.ladder]
    now = {goal.id: value for goal in found if (value := followed(given, goal.id)) is not None}
    return [
        goal_sketch(goal, engagement, since=closed, now=(given.facts.today, now[goal.id]) if goal.id in now else None)
        for goal in found
        if len(decay(goal, closed)) > 1
    ]


def _reopened(given: Given) -> Reply | None:
    """The coach hears a no as well; a yes is told where it is carried out."""
    engagement = given.engagement_here
    if given.get("again") != "no" or engagement is None:
        return None
    told = phrase("reopening_declined", client=engagement.client_name)
    return Reply(tells=(Notification(person=engagement.coach, phrase=told),))


CLOSING_FOLLOWS: Mapping[str, Callable[[Given], Reply | None]] = {
    "review": _review,
    "adjust": _adjust,
    "looking-back": _looked_back,
    "celebrate": _celebrated,
    "next-chapter": _chaptered,
    "your-data": _data,
    "about-the-coaching": _about,
    "sponsor-close": sponsor_wording,
    "close-engagement": _closing_set,
    "follow-up": _followed,
    "reopening": _reopened,
}
