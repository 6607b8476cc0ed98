"""What fills the gaps of the dialogues of a practice. Pure, from answers and facts."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.practice.outcomes import cover_asked, digest_chosen, engagement_here
from bot.coaching.safety.crisis import danger_words
from bot.coaching.shared.validators import hour_of
from bot.model.people.engagements import Cover
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def heir(given: Given) -> Any:
    """The name of the coach who would take over."""
    engagement = engagement_here(given)
    return engagement.heir_name if engagement and engagement.heir else phrase("your_coach")


def digest_in_words(given: Given) -> Phrase:
    """When the digest comes, as it was just said or chosen before."""
    weekday, hour = digest_chosen(given)
    own = given.facts.own
    day = phrase(f"weekday_{weekday or own.weekday}")
    return phrase("digest_when", day=day, at=(hour_of(hour, given.facts) if hour else None) or own.at)


def pointers_in_words(given: Given) -> Any:
    """The helplines that are shown, or that there are none."""
    return given.facts.own.pointers or phrase("setup_none")


def danger_note(given: Given) -> Phrase:
    """The very words that a client in danger reads, with the helpline that was just said."""
    return danger_words(given.get("helpline") or "")


def _of_cover(given: Given, wanted: Callable[[Cover], Any]) -> Any:
    cover = cover_asked(given.facts, given.engagement)
    return wanted(cover) if cover is not None else phrase("another_coach")


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "heir": heir,
    "digest_in_words": digest_in_words,
    "pointers_in_words": pointers_in_words,
    "danger_note": danger_note,
    "cover": lambda given: _of_cover(given, lambda cover: cover.name),
    "away_first": lambda given: _of_cover(given, lambda cover: cover.first),
    "away_last": lambda given: _of_cover(given, lambda cover: cover.last),
}
