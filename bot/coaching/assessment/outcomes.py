"""What taking stock comes to: a client's view of themselves, and what they value.

What a client values stays theirs until they share it; the rest is for the coach as well.
"""

from bot.coaching.assessment.rules import RANKED, narrowest, picked
from bot.model.people.answers import Audience
from bot.model.plan import Phase
from bot.model.records import Record, Remarked
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Given

_KINDS = {"best": "strength", "reliance": "reliance", "habit": "costs", "direction": "aspiration"}


def strengths(given: Given) -> tuple[Record, ...]:
    """What was said of oneself, each for whom it was meant; values for the coach only where they were shared."""
    told = [
        Remarked(key=question, kind=kind, text=given.get(question), audience=given.audience(question))
        for question, kind in _KINDS.items()
        if given.get(question)
    ]
    words = given.words(narrowest(given)) if picked(given) else ""
    ranked = [given.words(question) for question in RANKED if given.get(question)]
    if ranked or words:
        text = ", ".join(ranked) or words
        kept = any(given.kept_back(question) for question in (*RANKED, narrowest(given)))
        audience = Audience.COACH if given.get("share") is True and not kept else Audience.PRIVATE
        told.append(Remarked(key="values", kind="values", text=text, audience=audience))
    return (*told, *_onwards(given, told))


def _onwards(given: Given, told: list[Remarked]) -> tuple[Record, ...]:
    """Once somebody has said who they are, their engagement goes on from taking stock to planning."""
    engagement = given.engagement or (given.facts.engagement.id if given.facts.engagement else "")
    stands = bool(told) and given.facts.plan_of(engagement).phase is Phase.ASSESSMENT
    return (PhaseMoved(engagement=engagement, phase=Phase.PLANNING),) if stands else ()
