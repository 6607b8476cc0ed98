"""A client's own picture in words: what is open, what was done, how often they were there. Never a streak."""

from datetime import date, timedelta

from bot.coaching.commitments.lines import commitment_line, trend, with_goal
from bot.coaching.habits.lines import habit_lines
from bot.coaching.habits.rules import off_of, own_habits
from bot.coaching.shared.lines import title
from bot.coaching.visibility.answered import in_days
from bot.coaching.visibility.table import began_on, told_days
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import Facts
from bot.model.occurrences import Answered
from bot.model.people.answers import Audience
from bot.model.people.preferences import Pause
from bot.model.phrases import Phrase, phrase

WEEKS = 5
_DONE_SHOWN = 5
_WEEK = timedelta(days=7)


def progress_lines(facts: Facts) -> tuple[Phrase, ...]:
    """The picture, one phrase a line; what is kept private stands in it too, marked as such."""
    lines = [*_open(facts), *habit_lines(own_habits(facts), facts.today, off_of(facts), own=True), *_done(facts)]
    answered, weeks = weeks_answered(facts)
    if weeks > 1:
        lines.append(phrase("weeks_answered", answered=answered, weeks=weeks))
    for kind in ("confidence", "energy"):
        lines += trend(facts.ratings, kind, facts.commitments)
    return tuple(lines)


def weeks_answered(facts: Facts) -> tuple[int, int]:
    """In how many of the last five weeks something was answered, and how many of them count.

    A week is seven days, the last one ends today. Whether it was answered, in part too, is said as the coach is told.
    A week in which nothing was asked and nothing told leaves both numbers, and so does one that a pause touches and in
    which nothing was answered; nothing counts that lies before the engagement.
    """
    own = facts.engagement
    if own is None:
        return 0, 0
    told = told_days(own, facts.commitments, facts.ratings, facts.remarks)
    began = max(began_on(own, facts.person.zone), facts.wishes.since)
    found = 0, 0
    for back in range(WEEKS):
        last = facts.today - back * _WEEK
        first = max(last - _WEEK + timedelta(days=1), began)
        _, how = in_days(facts.asked, told, first, last)
        resting = any(_paused(facts.pauses, first + timedelta(days=n)) for n in range((last - first).days + 1))
        there = how in (Answered.WHOLLY, Answered.PARTLY)
        if how is not None and (there or not resting):
            found = found[0] + there, found[1] + 1
    return found


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
