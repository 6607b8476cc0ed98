"""Goal Attainment Scaling: the published figures, and the laws that hold whatever the weights and levels."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.planning.gas import Attainment, attainment, bounds, standing, t_score
from bot.model.plan import Goal, Ladder, Level

DAY = date(2026, 3, 4)
FIGURES = [
    ((3, 2, 1), (1, 0, -1), 54.4065),
    ((1,), (1,), 60.0),
    ((1,), (2,), 70.0),
    ((1,), (-2,), 30.0),
    ((1, 1, 1), (1, 1, 1), 63.6931),
    ((1, 1, 1), (2, 2, 2), 77.3861),
    ((1, 1, 1), (-2, -2, -2), 22.6139),
    ((1, 1, 1, 1), (-1, -1, -1, -1), 35.4905),
    ((9, 4, 2), (1, -1, 0), 54.2532),
    ((5, 3, 2), (2, 0, -1), 60.6336),
    ((2, 2), (1, -1), 50.0),
    ((3, 2, 1), (-1, -1, -2), 34.5772),
    ((6, 4, 2), (1, 0, -1), 54.4065),
]
WEIGHTS = st.floats(min_value=1e-6, max_value=1e6, allow_nan=False)
GOALS = st.lists(st.tuples(WEIGHTS, st.integers(-2, 2)), min_size=1, max_size=6)


@pytest.mark.parametrize(("weights", "levels", "expected"), FIGURES)
def test_t_is_what_was_published(weights: tuple[int, ...], levels: tuple[int, ...], expected: float) -> None:
    assert t_score(zip(weights, levels, strict=True)) == pytest.approx(expected, abs=5e-5)


def test_the_whole_sum_is_under_the_root() -> None:
    """3, 2, 1 at +1, 0, -1: 20 divided by the root of 20.6, and not by the root of one part of it."""
    assert (t_score([(3, 1), (2, 0), (1, -1)]) - 50) ** 2 == pytest.approx(400 / 20.6)


@given(GOALS, st.floats(min_value=1e-3, max_value=1e3))
def test_only_the_ratio_of_weights_counts(goals: list[tuple[float, int]], factor: float) -> None:
    assert t_score((weight * factor, level) for weight, level in goals) == pytest.approx(t_score(goals), abs=1e-6)


@given(GOALS, st.data())
def test_a_better_level_never_lowers_t(goals: list[tuple[float, int]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(goals) - 1))
    weight, level = goals[at]
    better = data.draw(st.integers(level, 2))
    assert t_score([*goals[:at], (weight, better), *goals[at + 1 :]]) >= t_score(goals)


@given(GOALS)
def test_t_lies_within_what_the_weights_allow(goals: list[tuple[float, int]]) -> None:
    low, high = bounds(weight for weight, _ in goals)
    assert low - 1e-9 <= t_score(goals) <= high + 1e-9
    assert low + high == pytest.approx(100)


@given(GOALS)
def test_mirrored_levels_mirror_t_and_order_does_not_matter(goals: list[tuple[float, int]]) -> None:
    t = t_score(goals)
    assert t_score((weight, -level) for weight, level in goals) == pytest.approx(100 - t)
    assert t_score(reversed(goals)) == pytest.approx(t)


@given(st.lists(WEIGHTS, min_size=1, max_size=6))
def test_as_planned_throughout_is_fifty(weights: list[float]) -> None:
    assert t_score((weight, 0) for weight in weights) == 50


@pytest.mark.parametrize("scores", [[], [(0, 1)], [(-1, 1), (2, 0)], [(1, 3)], [(1, -3)], [(float("nan"), 0)]])
def test_no_goals_no_weights_and_other_levels_are_refused(scores: list[tuple[float, int]]) -> None:
    with pytest.raises(ValueError):
        t_score(scores)


# -- of goals --------------------------------------------------------------------------------------------------------


def goal(number: int, weight: int, baseline: int | None, *levels: Level, state: str = "active") -> Goal:
    rungs = {level: f"Level {level}" for level in range(-2, 3)}
    ladder = Ladder(version=1, rungs=rungs, made=DAY, baseline=baseline, coach_ok=DAY, client_ok=DAY)
    return Goal(
        id=f"g{number}",
        number=number,
        engagement="e1",
        text=f"Goal {number}",
        made=DAY,
        state=state,
        weight=weight,
        ladders=(ladder,),
        levels=levels,
    )


def stood(value: int, by: str = "client", *, ladder: int = 1, final: bool = False) -> Level:
    return Level(value=value, day=DAY, ladder=ladder, by=by, final=final)


THREE = (goal(1, 3, -1, stood(0), stood(1)), goal(2, 2, -1, stood(0)), goal(3, 1, -2, stood(-1)))


def test_baseline_now_and_change_as_in_the_worked_example() -> None:
    found = attainment(THREE)
    assert found is not None
    assert (found.goals, round(found.baseline, 2), round(found.current, 2)) == (3, 34.58, 54.41)
    assert round(found.change, 2) == 19.83


def test_the_coach_is_told_apart_and_never_taken_for_the_client() -> None:
    assert attainment(THREE, "coach") is None
    seen = attainment((replace(THREE[0], levels=(*THREE[0].levels, stood(-2, "coach"))), *THREE[1:]), "coach")
    assert seen == Attainment(goals=1, baseline=40.0, current=30.0)


def test_before_the_first_level_the_client_stands_where_they_began() -> None:
    assert attainment([goal(1, 1, -1)]) == Attainment(goals=1, baseline=40.0, current=40.0)
    assert standing(goal(1, 1, -1)) == -1
    assert standing(goal(1, 1, -1), "coach") is None


def test_levels_of_an_older_ladder_and_goals_let_go_do_not_count() -> None:
    assert standing(goal(1, 1, -1, stood(2, ladder=0))) == -1
    assert attainment([goal(1, 1, -1, stood(2), state="retired"), goal(2, 1, None)]) is None


def test_at_the_end_only_final_levels_count() -> None:
    ended = goal(1, 1, -1, stood(2), stood(0, final=True))
    assert attainment([ended], final=True) == Attainment(goals=1, baseline=40.0, current=50.0)
    assert attainment([goal(1, 1, -1, stood(2))], final=True) is None


def test_every_mix_of_levels_of_two_goals_lies_between_floor_and_ceiling() -> None:
    low, high = bounds((3, 1))
    for one, other in product(range(-2, 3), repeat=2):
        assert low <= t_score([(3, one), (1, other)]) <= high
