"""What the dialogues about one's own data say and offer: consents that can be withdrawn, and what deleting means."""

from typing import Any

from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given

_KINDS = (
    *("programme", "coach_sees", "follow_up", "summary", "self_coaching"),
    *("personality", "feedback", "sponsor", "cover"),
)


def consents_given(given: Given) -> tuple[tuple[str, Any], ...]:
    """What the client has agreed to and may take back, in the order in which it was likely asked."""
    engagement = given.facts.own_coaching
    kinds = engagement.consents if engagement is not None else frozenset()
    if engagement is None or engagement.cover is None or engagement.cover.last < given.facts.today:
        kinds -= {"cover"}  # a yes to an absence that is over, or is another one now
    ordered = sorted(kinds, key=lambda kind: (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind))
    return tuple((kind, phrase(f"consent_{kind if kind in _KINDS else 'other'}")) for kind in ordered)


def what_goes(given: Given) -> Phrase:
    """What a deletion takes with it."""
    return phrase("what_goes_coach" if given.facts.person.coach else "what_goes_client")


def who_hears(given: Given) -> Phrase:
    """Who is told of a deletion, and what."""
    if given.facts.person.coach:
        return phrase("who_hears_coach")
    engagement = given.facts.engagement
    return phrase("who_hears_client", coach=engagement.coach_name) if engagement else phrase("who_hears_nobody")
