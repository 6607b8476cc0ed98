"""The phases of an engagement as one table: what each asks, what it leaves behind, and who moves it on.

Nothing blocks: a coach may move an engagement into any phase, and what was passed over is kept on record. The bot moves
it only along `MOVES`, when what stands there has happened. A pause is no phase: it lies over any but the last, holds
the questions and ends by itself (see `bot.coaching.rhythm`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.model.phrases import Phrase, phrase
from bot.model.plan import GOAL, LADDER, STEPS, Goal, Phase, Plan

COACH, CLIENT, BOT = "coach", "client", "bot"
BEFORE_COACHING = (Phase.RELATIONSHIP, Phase.ASSESSMENT, Phase.PLANNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One phase: when it makes sense to enter it, and what it leaves behind.

    `ready` and `left` look at the plan; their words are the phrases `phase_ready_...` and `phase_left_...`. `told`: the
    client hears in one line that it has begun.
    """

    ready: Callable[[Plan], bool]
    left: Callable[[Plan], bool]
    told: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A way from one phase to another, who may take it, and for the bot: what has to have happened."""

    start: Phase
    to: Phase
    by: frozenset[str]
    on: str = ""


def _always(plan: Plan) -> bool:
    return True


def _never(plan: Plan) -> bool:
    return False


def _agreed(plan: Plan) -> bool:
    return plan.agreement is not None


def _has_aim(plan: Plan) -> bool:
    return bool(_aimed(plan))


def _has_plan(plan: Plan) -> bool:
    return any(not lacking(goal) for goal in _aimed(plan))


def shared_goals(plan: Plan) -> tuple[Goal, ...]:
    """The goals that phases go by: one that is kept from the coach moves nothing, or a move would tell of it."""
    return tuple(goal for goal in plan.goals if not goal.hidden)


def _aimed(plan: Plan) -> list[Goal]:
    return [goal for goal in shared_goals(plan) if goal.state in ("active", "reached")]


def _absent(goal: Goal) -> tuple[str, ...]:
    return ((LADDER,) if goal.ladder is None else ()) + (() if goal.milestones else (STEPS,))


def lacking(goal: Goal) -> tuple[str, ...]:
    """What a goal's plan still lacks: a ladder that holds, a first step; not what was passed over on record."""
    return tuple(part for part in _absent(goal) if part not in goal.without)


def left_out(plan: Plan, to: Phase) -> tuple[str, ...]:
    """What the plan does not hold when coaching begins, passed over or not, as the goal furthest along has it."""
    if to is not Phase.COACHING or plan.phase not in BEFORE_COACHING or not shared_goals(plan):
        return ()
    return min((_absent(goal) for goal in _aimed(plan)), key=len, default=(GOAL,))


def parts_named(parts: tuple[str, ...]) -> list[Phrase]:
    """Parts of a plan as they are said."""
    return [phrase(f"part_{part}") for part in parts]


def _has_levels(plan: Plan) -> bool:
    return any(goal.levels for goal in plan.goals)


def _has_final_levels(plan: Plan) -> bool:
    return any(level.final for goal in plan.goals for level in goal.levels)


def _been(phase: Phase) -> Callable[[Plan], bool]:
    return lambda plan: plan.phase is phase or any(step.phase is phase for step in plan.steps)


def _is_closed(plan: Plan) -> bool:
    return plan.closed is not None


STAGES: Mapping[Phase, Stage] = MappingProxyType(
    {
        Phase.RELATIONSHIP: Stage(
            ready=_always,
            left=_agreed,
        ),
        Phase.ASSESSMENT: Stage(
            ready=_agreed,
            left=_been(Phase.ASSESSMENT),
            told=True,
        ),
        Phase.PLANNING: Stage(
            ready=_been(Phase.ASSESSMENT),
            left=_has_plan,
            told=True,
        ),
        Phase.COACHING: Stage(
            ready=_has_plan,
            left=_been(Phase.COACHING),
            told=True,
        ),
        Phase.REVIEW: Stage(ready=_has_aim, left=_has_levels),
        Phase.CLOSING: Stage(
            ready=_been(Phase.COACHING),
            left=_has_final_levels,
            told=True,
        ),
        Phase.FOLLOW_UP: Stage(
            ready=_is_closed,
            left=_been(Phase.FOLLOW_UP),
            told=True,
        ),
        Phase.ENDED: Stage(ready=_is_closed, left=_never, told=True),
    }
)

_BOT = frozenset({BOT})
_CLIENT = frozenset({CLIENT, BOT})
_COACH = frozenset({COACH})

# What moves an engagement by itself. "agreed": both have confirmed the agreement. "profiled": the profile is there.
# "drafted": there is a goal. "planned": one has its ladder and a first step, or they were passed over on record.
# "reviewing", "reviewed": a review begins, is over. "ending": closing begins. "closed": it is over. "reopened": client
# and coach go on. "over": the last good-bye was said.
AUTOMATIC: tuple[Move, ...] = (
    Move(start=Phase.RELATIONSHIP, to=Phase.ASSESSMENT, by=_BOT, on="agreed"),
    Move(start=Phase.ASSESSMENT, to=Phase.PLANNING, by=_BOT, on="profiled"),
    Move(start=Phase.RELATIONSHIP, to=Phase.PLANNING, by=_BOT, on="drafted"),
    Move(start=Phase.ASSESSMENT, to=Phase.PLANNING, by=_BOT, on="drafted"),
    Move(start=Phase.RELATIONSHIP, to=Phase.COACHING, by=_BOT, on="planned"),
    Move(start=Phase.ASSESSMENT, to=Phase.COACHING, by=_BOT, on="planned"),
    Move(start=Phase.PLANNING, to=Phase.COACHING, by=_BOT, on="planned"),
    Move(start=Phase.COACHING, to=Phase.REVIEW, by=_BOT, on="reviewing"),
    Move(start=Phase.REVIEW, to=Phase.COACHING, by=_BOT, on="reviewed"),
    *(
        Move(start=start, to=Phase.CLOSING, by=_BOT, on="ending")
        for start in (Phase.RELATIONSHIP, Phase.ASSESSMENT, Phase.PLANNING, Phase.COACHING, Phase.REVIEW)
    ),
    Move(start=Phase.CLOSING, to=Phase.FOLLOW_UP, by=_BOT, on="closed"),
    Move(start=Phase.CLOSING, to=Phase.ENDED, by=_BOT, on="closed"),
    Move(start=Phase.FOLLOW_UP, to=Phase.COACHING, by=_CLIENT, on="reopened"),
    Move(start=Phase.FOLLOW_UP, to=Phase.ENDED, by=_CLIENT, on="over"),
)
# And the coach may move it anywhere.
MOVES: tuple[Move, ...] = (
    *AUTOMATIC,
    *(Move(start=start, to=to, by=_COACH) for start in Phase for to in Phase if start is not to),
)


def may_move(start: Phase, to: Phase, by: str) -> bool:
    """Say whether coach, client or bot may take an engagement from one phase into another."""
    return any(move.start is start and move.to is to and by in move.by for move in MOVES)


def after(start: Phase, event: str) -> Phase | None:
    """Where an engagement goes by itself when that has happened; None where it stays."""
    return next((move.to for move in AUTOMATIC if move.start is start and move.on == event), None)


def passed_over(plan: Plan, to: Phase) -> tuple[Phase, ...]:
    """The phases between where an engagement stands and `to` that have left nothing behind; a way back skips none.

    Of a plan that was begun it is `left_out` that says what is not there.
    """
    order = list(Phase)
    between = order[order.index(plan.phase) + 1 : order.index(to)]
    begun = {Phase.REVIEW, *((Phase.PLANNING,) if shared_goals(plan) else ())}
    return tuple(phase for phase in between if phase not in begun and not STAGES[phase].left(plan))
