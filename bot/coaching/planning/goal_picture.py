"""The picture of a goal on its ladder over time, as both sides saw it."""

from datetime import date

from bot.coaching.planning.gas import standing
from bot.model.chart_data import Point
from bot.model.people.engagements import Engagement
from bot.model.phrases import phrase
from bot.model.plan import LEVELS, Goal
from bot.model.replies import Sketch


def goal_sketch(
    goal: Goal, engagement: Engagement, *, since: date | None = None, now: tuple[date, int] | None = None
) -> Sketch:
    """A goal on its ladder over time; with `since`, only from that day on: how it held after the end.

    `now` is a day and a level that were just told and are not on record yet.
    """
    sides = (("client", engagement.client_name), ("coach", engagement.coach_name))
    shown = [(name, _from(levels_over_time(goal, by), since)) for by, name in sides if since is None or by == "client"]
    value = now[1] if now else standing(goal)
    if now:
        shown = [(name, (*points, Point(day=now[0], value=float(now[1])))) for name, points in shown]
    level = phrase(f"level_{value}") if value is not None else phrase("nothing_told")
    return Sketch(
        kind="steps",
        name=f"goal-{goal.number}.png",
        title=phrase("picture_plain", text=goal.text),
        alt=phrase("picture_goal_alt", goal=goal.text, level=level),
        caption=phrase("picture_goal_after" if since else "picture_goal", goal=goal.text, level=level),
        series=tuple((phrase("picture_plain", text=name), points) for name, points in shown if points),
        low=float(min(LEVELS)),
        high=float(max(LEVELS)),
        ticks=tuple((float(step), phrase(f"level_{step}")) for step in LEVELS),
        missing=phrase("nothing_told"),
    )


def levels_over_time(goal: Goal, by: str) -> tuple[Point, ...]:
    """The levels of one side on the ladder that holds, by day; the client's begin at the baseline."""
    ladder = goal.ladder
    if ladder is None:
        return ()
    start = ((ladder.made, ladder.baseline),) if by == "client" and ladder.baseline is not None else ()
    told = [(level.day, level.value) for level in goal.levels if (level.by, level.ladder) == (by, ladder.version)]
    return tuple(Point(day=day, value=float(value)) for day, value in dict((*start, *told)).items())


def levels_since(goal: Goal, closed: date) -> tuple[Point, ...]:
    """How a goal held after the end: the level on the last day, then each check-in."""
    return _from(levels_over_time(goal, "client"), closed)


def _from(points: tuple[Point, ...], since: date | None) -> tuple[Point, ...]:
    """The points from a day on, beginning with what stood on that day."""
    if since is None:
        return points
    before = [point for point in points if point.day <= since][-1:]
    return (*(Point(day=since, value=point.value) for point in before), *(p for p in points if p.day > since))
