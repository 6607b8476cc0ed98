"""Signals from a client's commitments: what slips, what is carried along, how many and how clear they are; and habits.

A habit is compared with itself alone.
"""

from datetime import date

from bot.coaching.commitments.promised import STEP_AHEAD, step_ahead
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
from bot.coaching.habits.rules import live, shown, weeks_told
from bot.coaching.shared.lines import on_one_line, phrase_list
from bot.model.commitments.values import Commitment, Standing
from bot.model.habits.values import Counted, Habit, summed
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pace
from bot.model.phrases import phrase
from bot.model.plan import Phase

_OVERDUE = 2
_ENOUGH_DUE = 4
_LOOKED_AT = 5
_HABIT_WEEKS, _ENOUGH_TO_DO = 3, 6  # answered weeks of a habit, and how much there has to be to do in them
_AMBER, _RED = 0.5, 0.25  # of a habit, below this share
_HOLDS = 0.75  # from this share on it is a win
_WITHOUT_A_STEP = STEP_AHEAD.days


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
    if not coaching or still_open(view) or live(view.habits, today) or step_ahead(view.plan, today):
        return Signal(kind="no_next")
    settled = [c.reported for c in view.commitments if c.reported is not None]
    count = days_since(max((*entered, *settled)), today, view.pauses)
    level = SignalLevel.AMBER if count >= _WITHOUT_A_STEP else None
    return Signal(kind="no_next", level=level, params={"count": count})


def first_done(view: ClientView, today: date) -> Found:
    """What had slipped itself was done this week."""
    done = [c for c in view.commitments if c.standing is Standing.DONE and c.slipped]
    fresh = min((c for c in done if this_week(c.reported, today)), key=_reported, default=None)
    if fresh is None:
        return Signal(kind="first_done")
    return Signal(kind="first_done", good=True, params={"about": named(fresh)}, of=fresh.id)


def _reported(commitment: Commitment) -> date:
    return commitment.reported or date.min


# -- habits ----------------------------------------------------------------------------------------------------------


def hardly_kept(view: ClientView, today: date) -> Found:
    """The habit of which least was done in its last three answered weeks; none without a habit."""
    going = live(view.habits, today)
    if not going:
        return Signal(kind="habit")
    lately = [(habit, weeks_told(habit, today, view.off)[-_HABIT_WEEKS:]) for habit in going]
    known = [(_share(weeks), weeks, habit) for habit, weeks in lately if summed(weeks)[1] >= _ENOUGH_TO_DO]
    if not known:
        return NotEnough(kind="habit", have=max(summed(weeks)[1] for _, weeks in lately), need=_ENOUGH_TO_DO)
    share, weeks, worst = min(known, key=lambda each: each[0])
    level = SignalLevel.RED if share < _RED else SignalLevel.AMBER if share < _AMBER else None
    done, of = summed(weeks)
    return Signal(kind="habit", level=level, params={"about": _of_habit(worst), "done": done, "of": of})


def holds(view: ClientView, today: date) -> Found:
    """Habits that were told of this week, and of which most was done over the weeks that are shown."""
    told = [h for h in live(view.habits, today) if any(this_week(count.told, today) for count in h.counts)]
    weeks = [shown(habit, today, view.off) for habit in told]
    kept = [summed(each) for each in weeks if each and _share(each) >= _HOLDS]
    if not kept:
        return Signal(kind="habit_holds")
    last = max(count.told for habit in told for count in habit.counts if count.told is not None)
    figures = phrase_list([phrase("habit_of", done=done, of=of) for done, of in kept])
    return Signal(kind="habit_holds", good=True, params={"figures": figures}, of=str(last))


def _share(weeks: tuple[Counted, ...]) -> float:
    done, of = summed(weeks)
    return done / of


def _of_habit(habit: Habit) -> object:
    words = on_one_line(habit.text)
    return phrase("about_commitment", commitment=words) if words else phrase("about_habit")


SIGNALS = (
    Row(kind="carried", place=40, find=carried, digest=True),
    Row(kind="no_next", place=45, find=no_next, digest=True),
    Row(kind="slips", place=60, find=slips, digest=True),
    Row(kind="habit", place=65, find=hardly_kept),
    Row(kind="overload", place=110, find=overload),
    Row(kind="vague", place=120, find=vague),
)
POSITIVES = (
    Row(kind="first_done", place=30, find=first_done, digest=True),
    Row(kind="habit_holds", place=50, find=holds, digest=True),
)
