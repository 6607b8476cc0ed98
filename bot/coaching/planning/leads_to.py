"""What follows from the dialogues of planning: who is told, and what lies at hand next."""

from collections.abc import Callable, Mapping

from bot.coaching.planning.phases import BEFORE_COACHING
from bot.coaching.planning.rules import (
    goal_text,
    is_whole,
    kept_from_coach,
    rungs_given,
    stays_alone,
    version_of,
)
from bot.coaching.shared.client_ref import ref_of
from bot.model.people.answers import Audience
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Notification, Opening, Reply

Button = tuple[str, Phrase]


def goal(given: Given) -> Reply | None:
    """A goal that holds: the coach drafts its ladder unless it is kept from them, and steps lie at hand."""
    engagement = given.engagement_here
    listed = given.lists.get("goal_to_shape", ())
    if engagement is None or not listed or given.is_coach_here:
        return None
    at = given.inside("goal", listed[0])
    if at.get("different") is None or at.get("hold") != "yes":
        return None
    shown = given.facts.plan_of(engagement.id)
    number = next((g.number for g in shown.goals if g.id == listed[0]), 0)
    number = number or 1 + max((g.number for g in shown.goals), default=0)
    draft: tuple[Button, ...] = (
        (f"/goals ladder {number}", phrase("button_ladder")),
        (f"/goals steps {number}", phrase("button_steps")),
    )
    private = at.audience("different") is Audience.PRIVATE
    early = shown.phase in BEFORE_COACHING and not private
    draft += ((f"/goals without {number}", phrase("button_without")),) if early else ()
    if private or kept_from_coach(given, None):
        return Reply(says=(phrase("goal_next_alone"),), buttons=draft)
    told = phrase("goal_told", client=engagement.client_name, goal=" ".join(goal_text(at).split()))
    buttons: tuple[Button, ...] = ((f"/ladder {ref_of(engagement.id)}", phrase("button_draft_ladder")),)
    buttons += ((f"/phase {ref_of(engagement.id)} to coaching", phrase("button_without")),) if early else ()
    return Reply(
        says=(phrase("goal_next", coach=engagement.coach_name),),
        tells=_coach_told(engagement, told, buttons),
        buttons=draft,
    )


def _coach_told(engagement: Engagement, told: Phrase, buttons: tuple[Button, ...]) -> tuple[Notification, ...]:
    """A word to the coach, who reads nothing before they have confirmed who joined."""
    return (Notification(person=engagement.coach, phrase=told, buttons=buttons),) if engagement.confirmed else ()


def ladder(given: Given) -> Reply | None:
    """Whoever did not write the ladder reads it next."""
    engagement = given.engagement_here
    listed = given.lists.get("goal_to_climb", ())
    if engagement is None or not listed:
        return None
    at = given.inside("rungs", listed[0])
    goal = at.goal
    if goal is None or not is_whole(rungs_given(at)):
        return None
    if given.is_coach_here:
        if at.get("send") != "yes":
            return None
        told = phrase("ladder_told_client", coach=engagement.coach_name, goal=goal.text)
        buttons = (("/goals confirm", phrase("button_read")),)
        return Reply(tells=(Notification(person=engagement.client, phrase=told, buttons=buttons),))
    if stays_alone(at):
        return None
    told = phrase("ladder_told_coach", client=engagement.client_name, goal=goal.text)
    buttons = ((f"/ladder {ref_of(engagement.id)}", phrase("button_read")),)
    return Reply(tells=_coach_told(engagement, told, buttons))


def ladder_confirm(given: Given) -> Reply | None:
    """The other side hears whether the ladder holds; a version that was overtaken is shown anew."""
    engagement = given.engagement_here
    listed = given.lists.get("ladder_to_confirm", ())
    if engagement is None or not listed:
        return None
    at = given.inside("confirm", listed[0])
    goal, answer = at.goal, at.get("agree")
    if goal is None or answer is None:
        return None
    if answer == "yes" and version_of(goal) != listed[0]:
        opens = Opening(dialogue="ladder-confirm", items=(version_of(goal),), engagement=engagement.id)
        return Reply(says=(phrase("version_overtaken"),), opens=opens)
    coach = given.is_coach_here
    who = engagement.coach_name if coach else engagement.client_name
    key = "ladder_agreed_by" if answer == "yes" else "ladder_refused_by"
    other = engagement.client if coach else engagement.coach
    anew = "/goals ladder" if coach else f"/ladder {ref_of(engagement.id)}"
    told = phrase(key, who=who, goal=goal.text)
    buttons = () if answer == "yes" else ((anew, phrase("button_word_anew")),)
    if other == engagement.coach and kept_from_coach(given, goal):
        return None
    return Reply(
        tells=(Notification(person=other, phrase=told, buttons=buttons),), buttons=_steps(given, answer, goal.number)
    )


def _steps(given: Given, answer: str, number: int) -> tuple[Button, ...]:
    if given.is_coach_here or answer != "yes":
        return ()
    return ((f"/goals steps {number}", phrase("button_steps")),)


FOLLOW_UPS: Mapping[str, Callable[[Given], Reply | None]] = {
    "goal": goal,
    "ladder": ladder,
    "ladder-confirm": ladder_confirm,
}
