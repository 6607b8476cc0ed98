"""Signals from a client's commitments: what slips, what is carried along, how many and how clear they are."""

from datetime import date

from bot.coaching.digest.signal_kinds import (
    WINDOW,
    Found,
    NotEnough,
    Row,
    Signal,
    days_since,
    level_of,
    named,
    still_open,
    this_week,
)
from bot.model.facts import ClientView, Commitment, Pace, SignalLevel, Standing
from bot.model.phrases import phrase
from bot.model.plan import Phase

_OVERDUE = 2
_ENOUGH_DUE = 4
_LOOKED_AT = 5
_WITHOUT_A_STEP = 14


def slips(view: ClientView, today: date) -> Found:
    """The share of what fell due in 21 days and was not done; what was dropped before its day does not count."""
    due = [c for c in view.commitments if _fell_due(c, view, today)]
    if len(due) < _ENOUGH_DUE:
        return NotEnough(kind="slips", have=len(due), need=_ENOUGH_DUE)
    weights = [_missed(c, view, today) for c in due]
    partly = weights.count(0.5)
    params = {
        "missed": weights.count(1.0),
        "count": len(due),
        "partly": phrase("and_partly", number=partly) if partly else "",
    }
    return Signal(kind="slips", level=level_of(sum(weights) / len(due), 0.5, 0.75), params=params)


def _fell_due(commitment: Commitment, view: ClientView, today: date) -> bool:
    """Its day is over, or has come and something was said of it; only what was dropped before is left out."""
    due, dropped = commitment.due, commitment.standing is Standing.DROPPED
    if due is None or due > today or days_since(due, today, view.pauses) > WINDOW:
        return False
    if due == today and commitment.reported != today and commitment.standing is Standing.OPEN:
        return False
    return not (dropped and (commitment.reported is None or commitment.reported < due))


def _missed(commitment: Commitment, view: ClientView, today: date) -> float:
    """0 done, 0.5 partly, 1 not done. A report from before the day counts for an earlier date of the same promise."""
    if commitment.standing is not Standing.OPEN:
        return float(commitment.standing is Standing.DROPPED)
    if commitment.report == "partly":
        return 0.5
    due = commitment.due or today
    told = commitment.report == "not_yet" and (commitment.reported is None or commitment.reported >= due)
    return float(told or days_since(due, today, view.pauses) > _OVERDUE)


def carried(view: ClientView, today: date) -> Found:
    """The same commitment was given a new date three times, or five."""
    most = max(still_open(view), key=lambda c: c.moved, default=None)
    moved = most.moved if most else 0
    return Signal(kind="carried", level=level_of(moved, 3, 5), params={"about": named(most), "count": moved})


def overload(view: ClientView, today: date) -> Found:
    """More than five open commitments, or more than eight."""
    count = len(still_open(view))
    return Signal(kind="overload", level=level_of(count, 6, 9), params={"count": count})


def vague(view: ClientView, today: date) -> Found:
    """Three or more of the last five commitments have no date; amber only. One that was made to wait had its own."""
    last = sorted(view.commitments, key=lambda c: (c.made, c.number))[-_LOOKED_AT:]
    if len(last) < _LOOKED_AT:
        return NotEnough(kind="vague", have=len(last), need=_LOOKED_AT)
    lacking = sum(c.due is None and c.report != "parked" for c in last)
    return Signal(kind="vague", level=SignalLevel.AMBER if lacking >= 3 else None, params={"count": lacking})


def no_next(view: ClientView, today: date) -> Found:
    """Nothing has been open for 14 days of the coaching phase; amber only, and never in the minimal rhythm.

    A milestone that comes within as many days is a next step too.
    """
    entered = [step.day for step in view.plan.steps if step.phase is Phase.COACHING]
    coaching = view.plan.phase is Phase.COACHING and bool(entered) and view.pace is not Pace.MINIMAL
    if not coaching or still_open(view) or _step_ahead(view, today):
        return Signal(kind="no_next")
    settled = [c.reported for c in view.commitments if c.reported is not None]
    count = days_since(min(max(*entered, *settled), today) if settled else entered[-1], today, view.pauses)
    return Signal(
        kind="no_next", level=SignalLevel.AMBER if count >= _WITHOUT_A_STEP else None, params={"count": count}
    )


def _step_ahead(view: ClientView, today: date) -> bool:
    steps = [step for goal in view.plan.active_goals for step in goal.milestones if step.done is None]
    return any(step.due is not None and 0 <= (step.due - today).days <= _WITHOUT_A_STEP for step in steps)


def first_done(view: ClientView, today: date) -> Found:
    """What had slipped itself was done this week."""
    done = [c for c in view.commitments if c.standing is Standing.DONE and c.slipped]
    fresh = min((c for c in done if this_week(c.reported, today)), key=_reported, default=None)
    if fresh is None:
        return Signal(kind="first_done")
    return Signal(kind="first_done", good=True, params={"about": named(fresh)}, of=fresh.id)


def _reported(commitment: Commitment) -> date:
    return commitment.reported or date.min


SIGNALS = (
    Row(kind="carried", place=40, find=carried, digest=True),
    Row(kind="no_next", place=45, find=no_next, digest=True),
    Row(kind="slips", place=60, find=slips),
    Row(kind="overload", place=110, find=overload),
    Row(kind="vague", place=120, find=vague),
)
POSITIVES = (Row(kind="first_done", place=30, find=first_done, digest=True),)
