"""A client's own picture in words: what is open, what was done, how often they were there. Never a streak."""

from datetime import date, timedelta

from bot.coaching.commitments.lines import commitment_line, trend, with_goal
from bot.coaching.shared.lines import title
from bot.model.facts import Audience, Commitment, Facts, Pause, Standing
from bot.model.phrases import Phrase, phrase

WEEKS = 5
_DONE_SHOWN = 5
_WEEK = timedelta(days=7)


def progress_lines(facts: Facts) -> tuple[Phrase, ...]:
    """The picture, one phrase a line; what is kept private stands in it too, marked as such."""
    lines = [*_open(facts), *_done(facts)]
    answered, weeks = weeks_answered(facts)
    if weeks > 1:
        lines.append(phrase("weeks_answered", answered=answered, weeks=weeks))
    for kind in ("confidence", "energy"):
        lines += trend(facts.ratings, kind, facts.commitments)
    return tuple(lines)


def weeks_answered(facts: Facts) -> tuple[int, int]:
    """In how many of the last five weeks something was answered, and how many of them count.

    A week is seven days, the last one ends today. A week that lies in a pause, or that a pause touches and in which
    nothing was answered, leaves both numbers; so does one before the client began.
    """
    days = answer_days(facts)
    answered = counted = 0
    for back in range(WEEKS):
        last = facts.today - back * _WEEK
        week = [last - timedelta(days=n) for n in range(7)]
        resting = sum(_paused(facts.pauses, day) for day in week)
        there = any(day in days for day in week)
        if last < facts.wishes.since or resting == len(week) or (resting and not there):
            continue
        answered, counted = answered + there, counted + 1
    return answered, counted


def answer_days(facts: Facts) -> frozenset[date]:
    """The local days on which the client told something."""
    reported = {c.reported for c in facts.commitments if c.reported is not None}
    return frozenset({*facts.answered, *reported, *(r.day for r in facts.ratings), *(r.day for r in facts.remarks)})


def _paused(pauses: tuple[Pause, ...], day: date) -> bool:
    return any(p.first <= day and (p.last is None or day <= p.last) for p in pauses)


def _open(facts: Facts) -> list[Phrase]:
    if not facts.open_commitments:
        return [phrase("none_open")]
    lines = [commitment_line(c, facts.plan_of(c.engagement), hidden=is_hidden(c)) for c in facts.open_commitments]
    return [phrase("open_heading"), *lines]


def is_hidden(commitment: Commitment) -> bool:
    """The client keeps it from the coach."""
    return commitment.audience is Audience.PRIVATE


def _done(facts: Facts) -> list[Phrase]:
    since = facts.today - WEEKS * _WEEK
    found = [
        (c.reported, c) for c in facts.commitments if c.standing is Standing.DONE and c.reported and c.reported > since
    ]
    if not found:
        return []
    found.sort(key=lambda pair: pair[0], reverse=True)
    lines = [
        phrase(
            "done_line",
            commitment=with_goal(c, title(c), facts.plan_of(c.engagement)),
            day=day,
            hidden=phrase("hidden_clause") if is_hidden(c) else "",
        )
        for day, c in found[:_DONE_SHOWN]
    ]
    more = [phrase("done_more", count=len(found) - _DONE_SHOWN)] if len(found) > _DONE_SHOWN else []
    return [phrase("done_heading", count=len(found)), *lines, *more]
