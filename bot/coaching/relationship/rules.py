"""What a welcome has come to; the terms of the working agreement, and which of its versions is meant. Pure."""

from bot.coaching.settings.rhythm_rounds import fits
from bot.model.facts import Facts
from bot.model.plan import NO_SPONSOR, Agreement
from bot.model.replies import Given

WHAT_COACH_SEES = "what-coach-sees"  # the dialogue in which somebody decides who would do so later
# The questions of the dialogue that drafts it, in order. What was tapped is kept as the words on the button.
TERMS = ("scope", "roles", "rhythm", "stays", "sponsor", "gives_way", "early")
SPONSOR = (*NO_SPONSOR, "attendance", "goals")


def agreement_at(given: Given) -> Agreement | None:
    """The version of the agreement that the loop is at, or the newest one."""
    versions = given.plan_here.agreements
    return next((version for version in versions if version.id == given.item), None) or (
        versions[-1] if versions else None
    )


def terms_given(given: Given) -> dict[str, str]:
    """The terms answered so far; the sponsor's part as its value, all else in words."""
    found = {name: given.get(name) if name == "sponsor" else given.words(name) for name in TERMS if given.get(name)}
    return {name: " ".join(words.split()) for name, words in found.items()}


def agreement_to_confirm(facts: Facts, engagement: str) -> tuple[str, ...]:
    """The version of the agreement that the client has yet to confirm."""
    own = facts.engagement
    found = facts.plan_of(engagement or (own.id if own else "")).proposed
    return (found.id,) if found is not None and found.coach_ok is not None and found.client_ok is None else ()


def has_agreed(given: Given) -> bool:
    """Every consent of the welcome is given: to begin, on what the coach sees, and to be written to.

    Versions from before the last of these was a question of its own asked for the working week instead, others asked
    for all that was to change one after the other.
    """
    if given.get("start") != "start" or given.get("sees") in (None, "declined"):
        return False
    return fits(given) or given.get("hour") is not None or _ended_before_rhythm(given)


def _ended_before_rhythm(given: Given) -> bool:
    return "rhythm" not in given.values and "hour" in given.values


def has_declined(given: Given) -> bool:
    """The client said no to all of it, at whichever question their version of the welcome asks that."""
    return "declined" in (given.get("start"), given.get("sees"))
