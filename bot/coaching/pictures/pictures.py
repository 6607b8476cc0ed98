"""A client's progress in pictures: pure builders from what is known, or from what a coach may see of it.

A picture is made only where there is something to show. What is kept private stands in the client's own pictures alone:
a coach's are made of a `ClientView`, which has passed `visibility`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.coaching.shared.lines import title
from bot.model.chart_data import Point
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import Facts
from bot.model.people.answers import Rating
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Goal, Plan
from bot.model.replies import Sketch

GOALS = 3  # ladders in one answer
LINES = 3  # commitments in one trend
WEEKS = 8  # weeks of bars
ROWS = 8  # commitments in the picture of moves
MOVES_SINCE = timedelta(days=60)
APART = timedelta(days=14)  # ratings further apart are not joined by a line
_WEEK = timedelta(days=7)
_LEVELS = range(-2, 3)


def own_pictures(facts: Facts) -> tuple[Sketch, ...]:
    """The pictures of a client's own progress."""
    engagement = facts.engagement
    plan = facts.plan_of(engagement.id) if engagement is not None else Plan()
    return pictures(facts.commitments, facts.ratings, plan, facts.today)


def seen_pictures(view: ClientView, today: date) -> tuple[Sketch, ...]:
    """The pictures of a client as their coach may see them."""
    return pictures(view.commitments, view.ratings, view.plan, today)


def pictures(
    commitments: Sequence[Commitment], ratings: Sequence[Rating], plan: Plan, today: date
) -> tuple[Sketch, ...]:
    """Ladders of the goals, confidence, what was done by week, what was kept and moved; each where there is data."""
    found = [
        *(ladder(goal) for goal in plan.active_goals[:GOALS]),
        confidence(commitments, ratings),
        done_by_week(commitments, today),
        kept_and_moved(commitments, today),
    ]
    return tuple(sketch for sketch in found if sketch is not None)


# -- goals -----------------------------------------------------------------------------------------------------------


def ladder(goal: Goal) -> Sketch | None:
    """Where a goal stood on its success ladder, from the baseline on; None without a ladder or a level on it."""
    ladder = goal.ladder
    if ladder is None:
        return None
    told = {ladder.made: ladder.baseline} if ladder.baseline is not None else {}
    told |= {lv.day: lv.value for lv in goal.levels if lv.ladder == ladder.version and lv.by == "client"}
    points = tuple(Point(day=day, value=value) for day, value in sorted(told.items()))
    if not points:
        return None
    rungs = tuple((float(level), _rung(ladder.rungs.get(level, ""), level)) for level in _LEVELS)
    levels = [
        phrase("picture_level_line", day=point.day, level=phrase(f"level_{point.value:g}"), words=_words(rungs, point))
        for point in points
    ]
    return Sketch(
        kind="steps",
        name=f"goal-{goal.number}.png",
        title=phrase("picture_plain", text=goal.text),
        alt=phrase("picture_ladder_alt", goal=goal.text, lines=levels),
        caption=phrase("picture_ladder", goal=goal.text, level=levels[-1]),
        series=((phrase("picture_plain", text=goal.text), points),),
        low=-2,
        high=2,
        ticks=rungs,
        source=phrase("picture_ladder_source"),
    )


def _rung(sentence: str, level: int) -> Phrase:
    return phrase("picture_plain", text=sentence) if sentence else phrase(f"level_{level}")


def _words(rungs: Sequence[tuple[float, Phrase]], point: Point) -> Phrase:
    return dict(rungs)[float(point.value or 0)]


# -- confidence ------------------------------------------------------------------------------------------------------


def confidence(commitments: Iterable[Commitment], ratings: Iterable[Rating]) -> Sketch | None:
    """How sure the client was of what they promised, one line for each; None where nothing was rated twice."""
    names = {c.id: c for c in commitments}
    by_subject: dict[str, dict[date, int]] = {}
    for rating in sorted(ratings, key=lambda r: r.day):
        if rating.kind == "confidence":
            by_subject.setdefault(rating.about, {})[rating.day] = rating.value
    trends = sorted((t for t in by_subject.items() if len(t[1]) > 1), key=lambda t: max(t[1]), reverse=True)[:LINES]
    if not trends:
        return None
    series = tuple((_subject(names.get(about)), _with_gaps(values)) for about, values in trends)
    return Sketch(
        kind="line",
        name="confidence.png",
        title=phrase("picture_confidence")
        if len(series) > 1
        else phrase("picture_confidence_in", subject=series[0][0]),
        alt=phrase("picture_confidence_alt", lines=[_trend_line(label, points) for label, points in series]),
        caption=phrase("picture_confidence_caption"),
        series=series,
        low=1,
        high=10,
        missing=phrase("picture_confidence_gap"),
        source=phrase("picture_confidence_source"),
    )


def _subject(commitment: Commitment | None) -> Phrase:
    if commitment is None:
        return phrase("picture_your_word")
    return _named(commitment)


def _named(commitment: Commitment) -> Phrase:
    """A commitment by its words, or by its number where they are not to be seen."""
    if not commitment.text.strip():
        return phrase("picture_number", number=commitment.number)
    return phrase("picture_plain", text=title(commitment))


def _with_gaps(values: dict[date, int]) -> tuple[Point, ...]:
    """The ratings in order, with a gap where two weeks and more lie between two of them."""
    points = [Point(day=day, value=value) for day, value in sorted(values.items())]
    gaps = [Point(day=a.day + (b.day - a.day) / 2, value=None) for a, b in pairwise(points) if b.day - a.day > APART]
    return tuple(sorted((*points, *gaps), key=lambda point: point.day))


def _trend_line(label: Phrase, points: tuple[Point, ...]) -> Phrase:
    values = ", ".join(f"{point.value:g}" for point in points if point.value is not None)
    told = [point.day for point in points if point.value is not None]
    return phrase("picture_trend_line", subject=label, values=values, first=told[0], last=told[-1])


# -- commitments -----------------------------------------------------------------------------------------------------


def done_by_week(commitments: Iterable[Commitment], today: date) -> Sketch | None:
    """Of the commitments due in each week up to today, how many are done; None where none was due.

    Weeks begin on Monday. What was dropped before its day is no part of the whole.
    """
    due = [c for c in commitments if c.due is not None and c.due <= today and not _dropped_early(c)]
    newest = _monday(today)
    first = min((_monday(c.due) for c in due if c.due is not None), default=None)
    if first is None or first < newest - WEEKS * _WEEK:
        first = newest - (WEEKS - 1) * _WEEK
    weeks = [first + n * _WEEK for n in range((newest - first).days // 7 + 1)]
    points = tuple(_week_point(due, monday) for monday in weeks)
    if all(point.value is None for point in points):
        return None
    lines = [_week_line(point) for point in points]
    return Sketch(
        kind="bars",
        name="done-by-week.png",
        title=phrase("picture_done"),
        alt=phrase("picture_done_alt", lines=lines),
        caption=phrase("picture_done_caption"),
        series=((phrase("picture_done"), points),),
        missing=phrase("picture_done_gap"),
        source=phrase("picture_done_source"),
    )


def _dropped_early(commitment: Commitment) -> bool:
    dropped = commitment.standing is Standing.DROPPED
    told = commitment.reported
    return dropped and commitment.due is not None and (told is None or told <= commitment.due)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_point(due: Iterable[Commitment], monday: date) -> Point:
    mine = [c for c in due if c.due is not None and _monday(c.due) == monday]
    if not mine:
        return Point(day=monday, value=None)
    return Point(day=monday, value=sum(c.standing is Standing.DONE for c in mine), of=len(mine))


def _week_line(point: Point) -> Phrase:
    if point.value is None:
        return phrase("picture_week_none", day=point.day)
    return phrase("picture_week_line", day=point.day, done=int(point.value), count=point.of)


def kept_and_moved(commitments: Iterable[Commitment], today: date) -> Sketch | None:
    """Commitments of the last two months with the day first promised and the day that holds; None where none moved."""
    recent = [c for c in commitments if c.due is not None and c.made > today - MOVES_SINCE and not _dropped_early(c)]
    if not any(c.moved for c in recent):
        return None
    recent.sort(key=lambda c: (c.moved > 0, c.made, c.number))  # what moved is shown in any case
    shown = sorted(recent[-ROWS:], key=lambda c: (c.made, c.number))
    rows = tuple((_named(c), _move(c, c.due)) for c in shown if c.due is not None)
    return Sketch(
        kind="moves",
        name="kept-and-moved.png",
        title=phrase("picture_moves"),
        alt=phrase("picture_moves_alt", lines=[_move_line(c, c.due) for c in shown if c.due is not None]),
        caption=phrase("picture_moves_caption", moved=sum(c.moved > 0 for c in recent), count=len(recent)),
        series=rows,
        source=phrase("picture_moves_source"),
    )


def _move(commitment: Commitment, due: date) -> tuple[Point, ...]:
    if not commitment.moved:
        return (Point(day=due, value=0),)
    return (Point(day=_first(commitment, due), value=0), Point(day=due, value=commitment.moved))


def _first(commitment: Commitment, due: date) -> date:
    """The day that was first promised."""
    return due - timedelta(days=max(commitment.moved_days, 0))


def _move_line(commitment: Commitment, due: date) -> Phrase:
    if not commitment.moved:
        return phrase("picture_kept_line", commitment=_named(commitment), due=due)
    first = _first(commitment, due)
    return phrase("picture_moved_line", commitment=_named(commitment), first=first, due=due, count=commitment.moved)
