"""Strengths and direction: a client's view of themselves, and the sorting of values from eight to five to three.

What a client values stays theirs until they share it; the rest is for the coach as well.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.coaching.shared.phrase_list import phrase_list
from bot.coaching.shared.roles import Command, for_client
from bot.messages import Reading
from bot.model.facts import Audience, Facts
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Phase
from bot.model.records import Record, Remarked
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Given, Opening, Reply

VALUES = (
    *("achievement", "autonomy", "belonging", "challenge", "clarity", "community", "courage", "creativity"),
    *("curiosity", "excellence", "fairness", "family", "growth", "health", "honesty", "humour"),
    *("impact", "independence", "kindness", "legacy", "mastery", "order", "security", "service"),
)
EIGHT, FIVE = 8, 5
_RANKED = ("first", "second", "third")
_KINDS = {"best": "strength", "reliance": "reliance", "habit": "costs", "direction": "aspiration"}


def assessment(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client begins it of their own accord, so that nobody asks whether they want to."""
    if facts.engagement is None:
        return Reply(says=(phrase("not_started"),))
    return Reply(opens=Opening(dialogue="strengths-and-direction", known={"begin": ("start", "start")}))


def strengths(given: Given) -> tuple[Record, ...]:
    """What was said of oneself, each for whom it was meant; values for the coach only where they were shared."""
    told = [
        Remarked(key=question, kind=kind, text=given.get(question), audience=given.audience(question))
        for question, kind in _KINDS.items()
        if given.get(question)
    ]
    words = given.words(_narrowest(given)) if _picked(given) else ""
    ranked = [given.words(question) for question in _RANKED if given.get(question)]
    if ranked or words:
        text = ", ".join(ranked) or words
        audience = Audience.COACH if given.get("share") is True else Audience.PRIVATE
        told.append(Remarked(key="values", kind="values", text=text, audience=audience))
    return (*told, *_onwards(given, told))


def _onwards(given: Given, told: list[Remarked]) -> tuple[Record, ...]:
    """Once somebody has said who they are, their engagement goes on from taking stock to planning."""
    engagement = given.engagement or (given.facts.engagement.id if given.facts.engagement else "")
    stands = bool(told) and given.facts.plan_of(engagement).phase is Phase.ASSESSMENT
    return (PhaseMoved(engagement=engagement, phase=Phase.PLANNING),) if stands else ()


# -- sorting values --------------------------------------------------------------------------------------------------


def _narrowest(given: Given) -> str:
    return "five" if given.get("five") else "values"


def _picked(given: Given) -> tuple[str, ...]:
    """What is left of the values: the five where eight were narrowed down."""
    return tuple(given.get(_narrowest(given)) or ())


def _options(values: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    return tuple((value, phrase(f"value_{value}")) for value in values)


def _left(*taken_by: str) -> Callable[[Given], tuple[tuple[str, Any], ...]]:
    """The values that the questions before have given no rank."""

    def options(given: Given) -> tuple[tuple[str, Any], ...]:
        taken = {given.get(question) for question in taken_by}
        return _options(tuple(value for value in _picked(given) if value not in taken))

    return options


def _in_words(given: Given) -> Any:
    ranked = tuple(given.get(question) for question in _RANKED if given.get(question))
    shown = [phrase(f"value_{value}") for value in ranked or _picked(given)]
    return phrase_list(shown) if shown else ""


def _more_than(given: Given, question: str, count: int) -> bool:
    return len(given.get(question) or ()) > count


def _third_is_open(given: Given) -> bool:
    return given.get("second") is not None and len(_picked(given)) > 2


def _at_most(limit: int) -> Callable[[Any, Given], Phrase | None]:
    def check(value: Any, given: Given) -> Phrase | None:
        return phrase("wrong_many_values", limit=limit) if len(value) > limit else None

    return check


STRENGTHS_OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {"strengths": strengths}
STRENGTHS_COMMANDS: Mapping[str, Command] = {"assessment": for_client(assessment)}
STRENGTHS_CHECKS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {
    "eight_values": _at_most(EIGHT),
    "five_values": _at_most(FIVE),
}
STRENGTHS_PREDICATES: Mapping[str, Callable[..., bool]] = {
    "values_more_than": _more_than,
    "third_is_open": _third_is_open,
}
STRENGTHS_GAPS: Mapping[str, Callable[[Given], Any]] = {"values_in_words": _in_words}
STRENGTHS_OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "all_values": lambda given: _options(VALUES),
    "picked_values": lambda given: _options(tuple(given.get("values") or ())),
    "values_for_first": _left(),
    "values_for_second": _left("first"),
    "values_for_third": _left("first", "second"),
}
