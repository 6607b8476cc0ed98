"""Commitments and what was said of them, as lines: for the client, and for whoever sees them."""

from collections.abc import Iterable

from bot.coaching.commitments.confidence import CONFIDENCE, confidence_now
from bot.coaching.shared.lines import phrase_list, title
from bot.model.commitments.values import Commitment
from bot.model.people.answers import Rating
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan
from bot.rendering.shortening import shortened

_NUMBERS_SHOWN, _SUBJECTS_SHOWN = 4, 3
_GOAL = 40  # characters of a goal beside a commitment


def commitment_line(commitment: Commitment, plan: Plan, hidden: bool = False) -> Phrase:
    """One open commitment: its number, words, goal, day, how often it moved; `hidden` marks one kept from the coach."""
    return phrase(
        "commitment_line",
        number=commitment.number,
        commitment=with_goal(commitment, title(commitment) or phrase("words_not_shown"), plan),
        due=phrase("due_clause", due=commitment.due) if commitment.due else phrase("no_day_clause"),
        moved=phrase("moved_clause", count=commitment.moved) if commitment.moved else "",
        hidden=phrase("hidden_clause") if hidden else "",
    )


def with_goal(commitment: Commitment, said: str | Phrase, plan: Plan) -> str | Phrase:
    """A commitment's words with the goal that it is a step towards, where the reader sees one."""
    goal = plan.goal(commitment.goal) if commitment.goal else None
    if goal is None or not goal.text:
        return said
    return phrase("towards_goal", what=said, goal=shortened(goal.text, _GOAL))


def trend(ratings: Iterable[Rating], kind: str, commitments: Iterable[Commitment] = ()) -> list[Phrase]:
    """The last numbers of one kind with their days, the oldest first; nothing when there are none.

    Confidence has a line for each commitment that numbers are about, those rated last before the others: what is said
    of one thing is never read as a change of another. The number given when it was made is one of them.
    """
    known = tuple(commitments) if kind == CONFIDENCE else ()
    names = {c.id: title(c) for c in known}
    compared = confidence_now(known, given := tuple(r for r in ratings if r.kind == kind))
    subjects = {c.id: numbers for c, numbers in compared if numbers and names[c.id]}
    for rating in sorted((r for r in given if r.about not in {c.id for c, _ in compared}), key=lambda r: r.day):
        subjects.setdefault(rating.about if names.get(rating.about) else "", []).append(rating)
    lately = sorted(subjects.items(), key=lambda subject: subject[1][-1].day, reverse=True)[:_SUBJECTS_SHOWN]
    return [_trend_line(kind, names.get(about, ""), given[-_NUMBERS_SHOWN:]) for about, given in lately]


def _trend_line(kind: str, subject: str, given: list[Rating]) -> Phrase:
    numbers = phrase_list([phrase("dated_number", value=r.value, day=r.day) for r in given])
    if subject:
        return phrase("trend_confidence_in", subject=subject, numbers=numbers)
    return phrase(f"trend_{kind}", numbers=numbers)
