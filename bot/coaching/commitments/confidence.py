"""How sure a client is of one commitment: only numbers on the same words are ever compared, and one is asked about."""

from collections.abc import Iterable
from datetime import date

from bot.coaching.commitments.rules import going_on, reports, still_open
from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment, Standing
from bot.model.people.answers import Audience, Rating
from bot.model.replies import Given

CONFIDENCE = "confidence"
SURE = 6  # up to here, and less than 7 of 10, it is asked what would make it surer


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


# -- the one that a check-in asks about --------------------------------------------------------------------------------


def rated_here(given: Given) -> Commitment | None:
    """The commitment that a check-in wants a number on: the one called shakiest, or the only open one."""
    found, chosen = still_open(given), given.get("shakiest")
    if chosen is not None:
        return next((each for each in found if each.id == chosen), None)
    return found[0] if len(found) == 1 else None


def may_shrink(given: Given) -> bool:
    """What the number is about may be made smaller: of each item that is asked once, and not of what just slipped."""
    item = rated_here(given)
    if item is None or item.smaller is not None or any(told.commitment == item.id for told in reports(given)):
        return False
    day = given.day or given.facts.today
    return not any(r.value <= SURE for r in confidence_in(item, (r for r in given.facts.ratings if r.day < day)))


def shrunk(given: Given) -> Reported | None:
    """What is left of the commitment that a check-in asked about, or its other day; None where it stays as it is.

    Words that are private change none that somebody else may read.
    """
    smaller, day, item = given.get("smaller"), given.get("due_smaller"), rated_here(given)
    if item is None or not (smaller or day):
        return None
    audience = given.audience("smaller")
    text = going_on(item, smaller) if smaller and audience is not Audience.PRIVATE else ""
    due = date.fromisoformat(day) if day else None
    note, key = smaller or "", item.id
    return Reported(key=key, commitment=key, report="moved", due=due, text=text, note=note, note_audience=audience)
