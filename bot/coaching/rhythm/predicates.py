"""What dialogues on the rhythm of the weeks branch on; each is named in the YAML."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.coaching.commitments.promised import weeks_between
from bot.model.replies import Given


def first_time(given: Given) -> bool:
    """It is the first check-in of a client: in their first weeks, and nothing was rated yet."""
    facts = given.facts
    beginning = facts.wishes.since + timedelta(weeks=weeks_between(given))
    return not facts.ratings and (given.day or facts.today) <= beginning


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
    "first_time": first_time,
    "slowed_down": slowed_down,
    "wants_focus": wants_focus,
    "has_focus": has_focus,
}
