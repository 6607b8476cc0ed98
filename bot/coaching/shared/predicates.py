"""The questions that the branches of any dialogue may ask; each is named in the YAML."""

from collections.abc import Callable, Mapping

from bot.model.replies import Given


def answer_is(given: Given, question: str, *values: str) -> bool:
    """The answer to a question is one of these."""
    return given.get(question) in values


def answered(given: Given, question: str) -> bool:
    """The question was answered, and not skipped."""
    return given.get(question) is not None


def left_to_share(given: Given, question: str) -> bool:
    """The question was answered, and the answer was not kept back in so many words."""
    return answered(given, question) and not given.kept_back(question)


def is_coach_here(given: Given) -> bool:
    """The one who is asked is the coach of the engagement that is spoken of."""
    return given.is_coach_here


def at_most(given: Given, question: str, bound: int) -> bool:
    """The number given is not above the bound."""
    value = given.get(question)
    return value is not None and value <= bound


def came_with(given: Given, question: str) -> bool:
    """The question was dealt with before its turn, as in a form, be it by leaving it empty."""
    return question in given.values and "sharpen" not in given.values


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "answer_is": answer_is,
    "answered": answered,
    "left_to_share": left_to_share,
    "is_coach_here": is_coach_here,
    "at_most": at_most,
    "came_with": came_with,
}
