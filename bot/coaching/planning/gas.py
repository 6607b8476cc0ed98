"""Goal Attainment Scaling: one number for how far several goals have come, comparable over time.

T = 50 + 10 * sum(w * x) / sqrt((1 - rho) * sum(w^2) + rho * (sum w)^2), with levels x from -2 to +2, weights w and
rho = 0.3 (Kiresuk & Sherman 1968, as printed in the erratum to Turner-Stokes 2009: the whole sum is under the root). 50
is "as planned" throughout. Ordinal data dressed as interval: shown to coach and client, never to rank, never to a
sponsor.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.plan import LEVELS, Goal, Level

RHO = 0.3  # the correlation between goals that is commonly assumed


@dataclass(frozen=True, kw_only=True, slots=True)
class Attainment:
    """T at the beginning and now, over the goals whose ladder and levels are known; `goals` says how many those are."""

    goals: int
    baseline: float
    current: float

    @property
    def change(self) -> float:
        """By how much T has changed."""
        return self.current - self.baseline


def t_score(scores: Iterable[tuple[float, int]]) -> float:
    """T for (weight, level) of each goal.

    Weights are at least 0 and must not all be 0; only their ratios count. Raises ValueError for other weights, for
    levels outside -2..+2 and for no goals at all.
    """
    given = list(scores)
    if any(level not in LEVELS for _, level in given):
        raise ValueError("a level lies between -2 and +2")
    top = max((weight for weight, _ in given), default=0.0)
    if not 0 < top < math.inf or any(weight < 0 for weight, _ in given):
        raise ValueError("weights are not negative, and one of them is above 0")
    shares = [(weight / top, level) for weight, level in given]  # so that no square over- or underflows
    total = sum(share for share, _ in shares)
    squares = sum(share * share for share, _ in shares)
    reached = sum(share * level for share, level in shares)
    return 50 + 10 * reached / math.sqrt((1 - RHO) * squares + RHO * total * total)


def attainment(goals: Iterable[Goal], by: str = "client", *, final: bool = False) -> Attainment | None:
    """Baseline and current T as `by` (client or coach) sees it, over the goals worked on; None when none can be told.

    The baseline is the client's, whoever looks. A goal without a ladder that holds, without a baseline, or without a
    level of whoever looks is left out; the client stands at the baseline until they say otherwise. `final`: only levels
    given at closing count.
    """
    found = [
        (goal.weight, goal.ladder.baseline, level)
        for goal in goals
        if goal.state in ("active", "reached") and goal.ladder is not None and goal.ladder.baseline is not None
        if (level := standing(goal, by, final=final)) is not None
    ]
    if not found:
        return None
    return Attainment(
        goals=len(found),
        baseline=t_score((weight, baseline) for weight, baseline, _ in found),
        current=t_score((weight, level) for weight, _, level in found),
    )


def standing(goal: Goal, by: str = "client", *, final: bool = False) -> int | None:
    """The newest level on the ladder that holds, as `by` sees it; before the first the client is at the baseline."""
    ladder = goal.ladder
    if ladder is None:
        return None
    last = _last(goal.levels, ladder.version, by, final=final)
    if last is not None:
        return last.value
    return ladder.baseline if by == "client" and not final else None


def _last(levels: Iterable[Level], ladder: int, by: str, *, final: bool) -> Level | None:
    own = [level for level in levels if (level.ladder, level.by) == (ladder, by) and (level.final or not final)]
    return own[-1] if own else None


def bounds(weights: Iterable[float]) -> tuple[float, float]:
    """The lowest and the highest T that these weights allow."""
    given = list(weights)
    return t_score((weight, -2) for weight in given), t_score((weight, 2) for weight in given)
