"""Phrases put together, and words as they stand within a line."""

from typing import Any

from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.rendering.shortening import shortened

_TITLE = 60  # characters of a commitment or goal in a line
# The kinds of remark that have a question in short to stand beside.
_KINDS = (
    "win obstacle going own helped left answer focus wish moved avoiding session_goal takeaway feedback "
    "practice tweak thinking insight angle changed noticed unfinished proud took learning thanks habit pull "
    "plan keeper coach_keeps coach_changes expectation_now expectation_worthwhile expectation_tried "
    "expectation_challenge expectation_works sponsor_wish sponsor_wish_typed restart held slipped strength "
    "reliance costs aspiration values "
)
SAID = frozenset(_KINDS.split())


def on_one_line(text: str) -> str:
    """Words on one line, shortened."""
    return shortened(" ".join(text.split()), _TITLE)


def title(commitment: Commitment) -> str:
    """The words of a commitment on one line, shortened; empty where they are not shown."""
    return on_one_line(commitment.text)


def said_in_short(kind: str) -> Phrase:
    """The question that words of this kind answer, in short."""
    return phrase(f"said_{kind}" if kind in SAID else "said_other")


def phrase_list(parts: list[Phrase]) -> Any:
    """Phrases on one line, parted by commas."""
    return phrase("and_then", first=parts[0], rest=phrase_list(parts[1:])) if len(parts) > 1 else parts[0]


def after_closing(facts: Facts) -> Phrase | None:
    """What to say to a client whose last engagement has ended; None while one runs."""
    ended = facts.ended
    return phrase("after_closing", coach=ended.coach_name) if ended is not None else None
