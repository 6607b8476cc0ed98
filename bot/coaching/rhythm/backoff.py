"""Back-off: what the bot does less of when its prompts stay unanswered, and how it finds its way back.

The whole policy is the table `POLICIES`; counting is three small functions on a frozen `Quiet`.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from bot.model.people.client_view import SignalLevel

MISSES_A_WEEK = 2
_WEEK_DAYS = 7
_MISSES_KEPT = 8
_DAY_MINUTES = 24 * 60
_FAR_MINUTES = 120
_FAR_ANSWERS = 4


class Slowdown(StrEnum):
    """How far the routine prompts are slowed down, mildest first."""

    NORMAL = "normal"
    HALVED = "halved"
    FORTNIGHTLY = "fortnightly"
    STOPPED = "stopped"


class Word(StrEnum):
    """What the bot has to say about the quiet; `SLOWER` opens the next prompt, the others are prompts themselves."""

    SLOWER = "slower"
    COMING_BACK = "coming-back"
    LAST_NOTE = "last-note"


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """What holds after so many unanswered prompts in a row.

    `remind`: an open prompt gets its one reminder. `one_tap`: the next routine prompt is a single question of buttons.
    `signal` is what the coach sees of the quiet, `message` the key of what has to be said.
    """

    remind: bool
    one_tap: bool
    slowdown: Slowdown
    signal: SignalLevel | None = None
    message: Word | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiet:
    """A client's silence so far.

    `unanswered` counts prompts missed in a row; `slowdown` outlives an answer until the client was asked; `counted`
    holds the local dates of the latest misses that counted, oldest first.
    """

    unanswered: int = 0
    slowdown: Slowdown = Slowdown.NORMAL
    counted: tuple[date, ...] = ()


_RISING = tuple(Slowdown)

# Row n is the policy after n unanswered prompts in a row; the last row holds from there on.
POLICIES = (
    Policy(remind=True, one_tap=False, slowdown=Slowdown.NORMAL),
    Policy(remind=True, one_tap=False, slowdown=Slowdown.NORMAL),
    Policy(remind=True, one_tap=True, slowdown=Slowdown.NORMAL),
    Policy(remind=False, one_tap=True, slowdown=Slowdown.HALVED, signal=SignalLevel.AMBER, message=Word.SLOWER),
    Policy(
        remind=False,
        one_tap=True,
        slowdown=Slowdown.FORTNIGHTLY,
        signal=SignalLevel.AMBER,
        message=Word.COMING_BACK,
    ),
    Policy(
        remind=False,
        one_tap=True,
        slowdown=Slowdown.FORTNIGHTLY,
        signal=SignalLevel.RED,
        message=Word.COMING_BACK,
    ),
    Policy(
        remind=False,
        one_tap=True,
        slowdown=Slowdown.STOPPED,
        signal=SignalLevel.RED,
        message=Word.LAST_NOTE,
    ),
)
_LAST = len(POLICIES) - 1


def policy(quiet: Quiet, *, minimal: bool = False) -> Policy:
    """Return what holds for a client now; the minimal rhythm is slowed down alike but never raises a signal.

    A slowdown that an answer has not lifted yet still keeps reminders away.
    """
    row = POLICIES[min(quiet.unanswered, _LAST)]
    slowdown = _slower(quiet.slowdown, row.slowdown)
    return replace(
        row,
        slowdown=slowdown,
        remind=row.remind and slowdown is Slowdown.NORMAL,
        signal=None if minimal else row.signal,
    )


def missed(quiet: Quiet, day: date, *, paused: bool = False) -> Quiet:
    """Count a prompt of the local date `day` that expired without any answer.

    At most two misses count in any seven days, none while the client is paused, and none once prompting has stopped.
    """
    if paused or quiet.unanswered >= _LAST or _week_is_full(quiet.counted, day):
        return quiet
    unanswered = quiet.unanswered + 1
    return Quiet(
        unanswered=unanswered,
        slowdown=_slower(quiet.slowdown, POLICIES[unanswered].slowdown),
        counted=tuple(sorted((*quiet.counted, day)))[-_MISSES_KEPT:],
    )


def heard(quiet: Quiet) -> Quiet:
    """Take in any answer or sign of life: the count starts again, the slowdown stays until the client was asked."""
    return replace(quiet, unanswered=0)


def restored(quiet: Quiet) -> Quiet:
    """Return to the chosen rhythm; only after the client was asked and agreed."""
    return replace(quiet, unanswered=0, slowdown=Slowdown.NORMAL)


def offer_to_move(answer_minutes: tuple[int, ...], chosen: time) -> bool:
    """Say whether to offer another hour: four answers or more came two hours or more off the chosen one.

    `answer_minutes` are local minutes since midnight of recent answers. The distance is taken around the clock, so
    half past midnight is an hour and a half from eleven at night. The hour never moves by itself.
    """
    hour = chosen.hour * 60 + chosen.minute
    gaps = (abs(minute - hour) % _DAY_MINUTES for minute in answer_minutes)
    return sum(min(gap, _DAY_MINUTES - gap) >= _FAR_MINUTES for gap in gaps) >= _FAR_ANSWERS


def _slower(one: Slowdown, other: Slowdown) -> Slowdown:
    return max(one, other, key=_RISING.index)


def _week_is_full(counted: tuple[date, ...], day: date) -> bool:
    """Misses may be recorded out of order, so every seven-day stretch around `day` is looked at."""
    near = [(other - day).days for other in counted if abs((other - day).days) < _WEEK_DAYS]
    return any(
        sum(first <= offset < first + _WEEK_DAYS for offset in near) >= MISSES_A_WEEK
        for first in range(1 - _WEEK_DAYS, 1)
    )
