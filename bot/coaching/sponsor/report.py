"""A report to the sponsor: the coach asks for it, the client decides about every line, and only that leaves."""

from datetime import date

from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Plan
from bot.model.replies import Given
from bot.time_zones import local_day


def goals_for_sponsor(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The goals whose wording the client has approved for the sponsor, where the report did not name them."""
    plan = facts.plan_of(facts.engagement.id) if facts.engagement else Plan()
    return tuple(goal.id for goal in plan.goals if goal.sponsor_text)


def attendance(given: Given) -> Phrase | str:
    """How many sessions were held, and when the last one was; nothing of what was said in them."""
    engagement = given.engagement_here
    if engagement is None:
        return ""
    held = sorted(s.at for s in given.plan_here.sessions if s.state != "cancelled" and s.at <= given.facts.now)
    names = {"client": engagement.client_name, "coach": engagement.coach_name}
    last: date | str = local_day(held[-1], given.facts.person.home) if held else ""
    return phrase("report_attendance", count=len(held), last=last, **names)


def lines_of(given: Given) -> tuple[Phrase, ...]:
    """What was approved, in the words approved; a line that was passed over is not."""
    lines = [attendance(given)] if given.get("attendance") == "right" else []
    return tuple(line for line in lines if isinstance(line, Phrase)) + tuple(
        phrase("report_goal", text=text) for _, text in worded(given)
    )


def worded(given: Given) -> list[tuple[Goal, str]]:
    """The goals whose words were approved, each with those words."""
    found = []
    for item in given.lists.get("goals_for_sponsor", ()):
        goal = given.plan_here.goal(item)
        said = given.inside("lines", item).get("wording")
        if goal is not None and said is not None and said != "leave":
            found.append((goal, goal.sponsor_text if said == "right" else said))
    return found
