"""The questions that a dialogue's branches may ask; each is named in the YAML."""

from collections.abc import Callable, Mapping

from bot.coaching.commitments.rules import slipped, still_open
from bot.model.replies import Given

SETTINGS_FORM = ("pace", "weekday", "hour", "city", "sees")
IN_THE_FORM = "form"  # among the words of `to_change`: in a form it is asked in any case


def answer_is(given: Given, question: str, *values: str) -> bool:
    """The answer to a question is one of these."""
    return given.get(question) in values


def all_at_once(given: Given) -> bool:
    """The settings came in a form, which holds each of its questions."""
    return all(name in given.values for name in SETTINGS_FORM)


def to_change(given: Given, *values: str) -> bool:
    """What is to be changed is one of these, chosen from the menu or below the form, or came in the form itself."""
    chosen = {given.get("what"), given.get("more")} - {None}
    return bool(chosen.intersection(values)) or (IN_THE_FORM in values and all_at_once(given))


def answered(given: Given, question: str) -> bool:
    """The question was answered, and not skipped."""
    return given.get(question) is not None


def is_coach_here(given: Given) -> bool:
    """The one who is asked is the coach of the engagement that is spoken of."""
    return given.is_coach_here


def at_most(given: Given, question: str, bound: int) -> bool:
    """The number given is not above the bound."""
    value = given.get(question)
    return value is not None and value <= bound


def any_open(given: Given) -> bool:
    """There is an open commitment, also after what was just reported."""
    return bool(still_open(given))


def open_more_than(given: Given, count: int) -> bool:
    """There are more open commitments than that, the new one not counted."""
    others = [c for c in given.facts.open_commitments if c.run != given.run]
    return len(others) > count


def came_with(given: Given, question: str) -> bool:
    """The question was dealt with before its turn, as in a form, be it by leaving it empty."""
    return question in given.values and "sharpen" not in given.values


def wants_plan(given: Given) -> bool:
    """The moment and the proof are to be added, or came with a form."""
    return given.get("sharpen") == "sharpen" or came_with(given, "cue")


def has_due(given: Given) -> bool:
    """The new commitment has a date."""
    return given.get("due") is not None or given.get("due_smaller") is not None


def any_slipped(given: Given) -> bool:
    """One of the commitments gone over has slipped."""
    return bool(slipped(given))


def slipped_many(given: Given) -> bool:
    """Several of them have."""
    return len(slipped(given)) > 1


def one_by_one(given: Given) -> bool:
    """The slipped ones are looked at singly: there is only one, or the client wants it so."""
    return not slipped_many(given) or given.get("together") == "one_by_one"


def item_slipped(given: Given) -> bool:
    """The commitment that the loop is at has slipped."""
    return given.item in slipped(given)


def any_kept(given: Given) -> bool:
    """Something that slipped goes on."""
    values = [value for key, value in given.values.items() if key.endswith((".worth", "worth", "together"))]
    return any(value not in (None, "drop", "drop_all") for value in values)


def first_time(given: Given) -> bool:
    """The client has never rated anything yet."""
    return not given.facts.ratings


def slowed_down(given: Given) -> bool:
    """It has been quiet, and the rhythm is slower than chosen."""
    return given.facts.wishes.slowdown != "normal"


def wants_focus(given: Given) -> bool:
    """The week's focus is to be put in words."""
    return given.get("comes_first") == "other" or given.get("ready") is True


def has_focus(given: Given) -> bool:
    """There is something to do this week."""
    return given.get("matters") is not None or given.get("comes_first") not in (None, "other")


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "answer_is": answer_is,
    "all_at_once": all_at_once,
    "to_change": to_change,
    "answered": answered,
    "is_coach_here": is_coach_here,
    "at_most": at_most,
    "any_open": any_open,
    "open_more_than": open_more_than,
    "came_with": came_with,
    "wants_plan": wants_plan,
    "has_due": has_due,
    "any_slipped": any_slipped,
    "slipped_many": slipped_many,
    "one_by_one": one_by_one,
    "item_slipped": item_slipped,
    "any_kept": any_kept,
    "first_time": first_time,
    "slowed_down": slowed_down,
    "wants_focus": wants_focus,
    "has_focus": has_focus,
}
