"""Who the dialogues speak of: the person themselves, their coach, their client, the other side."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.model.phrases import phrase
from bot.model.replies import Given


def client_of(given: Given) -> str:
    """The client of the engagement that is spoken of."""
    engagement = given.engagement_here
    return engagement.client_name if engagement else given.facts.person.name


def coach_of(given: Given) -> Any:
    """The coach of the engagement that is spoken of."""
    engagement = given.engagement_here
    return engagement.coach_name if engagement else phrase("your_coach")


def other_side_of(given: Given) -> Any:
    """Whoever of the two is not asked."""
    return client_of(given) if given.is_coach_here else coach_of(given)


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "name": lambda given: given.facts.person.name,
    "client": client_of,
    "coach": coach_of,
    "other_side": other_side_of,
}
