"""One line of a dialogue as a coach words it: how it reads now, and how it did at first."""

from bot.coaching.programme.rules import standing
from bot.model.facts import Facts
from bot.model.replies import Given


def line_now(given: Given) -> str:
    """The line that is being worded anew, as it now reads."""
    key = given.get("line") or ""
    own = standing(given.facts.programme).texts_in(given.facts.person.language)
    return own.get(key) or first_wording(given.facts, key)


def first_wording(facts: Facts, key: str) -> str:
    """The line as the dialogue itself has it."""
    found = (text for script in facts.scripts.values() for own, text in script.lines if own == key)
    return next(found, "")
