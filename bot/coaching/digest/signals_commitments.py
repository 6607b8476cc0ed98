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
    still_open,
    this_week,
)
from bot.coaching.shared.lines import title
from bot.coaching.visibility.table import Data, Role, is_related, may_read
from bot.model.facts import Audience, ClientView, Commitment, SignalLevel, Standing
from bot.model.phrases import Phrase, phrase

_OVERDUE = 2
_ENOUGH_DUE = 4
_LOOKED_AT = 5


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
    due, dropped = commitment.due, commitment.standing is Standing.DROPPED
    if due is None or due > today or days_since(due, today, view.pauses) > WINDOW:
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
    return Signal(kind="carried", level=level_of(moved, 3, 5), params={"about": _about(most), "count": moved})


def overload(view: ClientView, today: date) -> Found:
    """More than five open commitments, or more than eight."""
    count = len(still_open(view))
    return Signal(kind="overload", level=level_of(count, 6, 9), params={"count": count})


def vague(view: ClientView, today: date) -> Found:
    """Amber only. Needs the words: where they are not shown, nobody can tell."""
    worded = may_read(
        Role.COACH,
        Data.WORDS,
        active=is_related(view.engagement),
        visible=view.engagement.visible,
        audience=Audience.COACH,
    )
    last = sorted(view.commitments, key=lambda c: (c.made, c.number))[-_LOOKED_AT:] if worded else []
    if len(last) < _LOOKED_AT:
        return NotEnough(kind="vague", have=len(last), need=_LOOKED_AT)
    lacking = sum(c.due is None or not c.proof.strip() for c in last)
    return Signal(kind="vague", level=SignalLevel.AMBER if lacking >= 3 else None, params={"count": lacking})


def first_done(view: ClientView, today: date) -> Found:
    """Something was done this week, and the word before it was of a slip."""
    told = [c for c in view.commitments if c.reported is not None and c.reported <= today]
    done = [c for c in told if c.standing is Standing.DONE]
    fresh = min((c for c in done if this_week(c.reported, today)), key=_reported, default=None)
    if len(told) < 2 and not (fresh and fresh.slips):
        return NotEnough(kind="first_done", have=len(told), need=2)
    if fresh is None:
        return Signal(kind="first_done")
    before = [c for c in told if c is not fresh and _reported(c) <= _reported(fresh)]
    slipped = max((_reported(c) for c in before if c.report in ("not_yet", "partly")), default=None)
    settled = max((_reported(c) for c in before if c.standing is Standing.DONE), default=None)
    good = bool(fresh.slips) or (slipped is not None and (settled is None or settled < slipped))
    return Signal(kind="first_done", good=good, params={"about": _about(fresh)})


def _reported(commitment: Commitment) -> date:
    return commitment.reported or date.min


def _about(commitment: Commitment | None) -> Phrase:
    words = title(commitment) if commitment else ""
    return phrase("about_commitment", commitment=words) if words else phrase("about_one")


SIGNALS = (
    Row(kind="carried", place=40, find=carried, digest=True),
    Row(kind="slips", place=60, find=slips),
    Row(kind="overload", place=110, find=overload),
    Row(kind="vague", place=120, find=vague),
)
POSITIVES = (Row(kind="first_done", place=30, find=first_done, digest=True),)
