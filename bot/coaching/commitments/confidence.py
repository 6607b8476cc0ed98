"""How sure a client has been of one commitment: only numbers on the same words are ever compared."""

from collections.abc import Iterable

from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Rating

CONFIDENCE = "confidence"


def confidence_in(commitment: Commitment, ratings: Iterable[Rating]) -> list[Rating]:
    """The numbers given on one commitment, the oldest first: when it was made, after sessions, in check-ins.

    They begin when it was made, or last made smaller: how sure somebody was of more is another number.
    """
    since = commitment.smaller
    about = [r for r in ratings if r.kind == CONFIDENCE and r.about == commitment.id]
    later = sorted((r for r in about if since is None or r.day >= since), key=lambda r: r.day)
    return [*_when_made(commitment), *later]


def _when_made(commitment: Commitment) -> list[Rating]:
    if commitment.confidence is None or commitment.smaller is not None:
        return []
    made = Rating(kind=CONFIDENCE, value=commitment.confidence, day=commitment.made, about=commitment.id)
    return [made]


def confidence_now(
    commitments: Iterable[Commitment], ratings: Iterable[Rating]
) -> list[tuple[Commitment, list[Rating]]]:
    """Every open commitment with the numbers given on it."""
    given = tuple(ratings)
    return [(c, confidence_in(c, given)) for c in commitments if c.standing is Standing.OPEN]
