"""Signals from the numbers that a client gives: confidence, energy, the worth of sessions."""

from datetime import date

from bot.coaching.digest.signal_kinds import (
    FRESH,
    WINDOW,
    Found,
    NotEnough,
    Row,
    Signal,
    days_since,
    in_window,
    level_of,
    ratings_of,
)
from bot.coaching.shared.lines import title
from bot.model.facts import ClientView, Rating, SignalLevel
from bot.model.phrases import phrase

USEFULNESS = "usefulness"  # the kind of rating that says how useful a session was
_LOW_ENERGY, _LOW_VALUE = 3, 6
_ENOUGH_RATINGS = 3


def confidence(view: ClientView, today: date) -> Found:
    """How far the newest rating lies below the highest of 21 days: two are amber, four red."""
    recent = _recent(view, today)
    if isinstance(recent, NotEnough):
        return recent
    latest, high = recent[-1], max(recent, key=lambda r: r.value)
    params = {"high": high.value, "now": latest.value, "day": high.day, "on": _same(view, high, latest)}
    return Signal(kind="confidence", level=level_of(high.value - latest.value, 2, 4), params=params)


def more_confident(view: ClientView, today: date) -> Found:
    """The newest rating lies two or more above the lowest of 21 days."""
    recent = _recent(view, today)
    if isinstance(recent, NotEnough):
        return NotEnough(kind="more_confident", have=recent.have, need=recent.need)
    latest, low = recent[-1], min(recent, key=lambda r: r.value)
    params = {"low": low.value, "now": latest.value, "on": _same(view, low, latest)}
    return Signal(kind="more_confident", good=latest.value - low.value >= 2, params=params)


def _recent(view: ClientView, today: date) -> list[Rating] | NotEnough:
    recent = [r for r in ratings_of(view, "confidence") if in_window(r.day, today, view, WINDOW)]
    if len(recent) < _ENOUGH_RATINGS:
        return NotEnough(kind="confidence", have=len(recent), need=_ENOUGH_RATINGS)
    if days_since(recent[-1].day, today, view.pauses) > FRESH:
        return NotEnough(kind="confidence", have=0, need=1)
    return recent


def _same(view: ClientView, one: Rating, other: Rating) -> object:
    """Names the commitment when both numbers are about it."""
    same = next((c for c in view.commitments if one.about and one.about == other.about == c.id), None)
    return phrase("on_commitment", commitment=title(same)) if same and same.text else ""


def energy(view: ClientView, today: date) -> Found:
    """The last two ratings are three or lower; amber only."""
    return _twice_low(view, "energy", "energy", _LOW_ENERGY)


def value(view: ClientView, today: date) -> Found:
    """Two sessions running were six or less useful; amber only, and only where the client shares it."""
    return _twice_low(view, "value", USEFULNESS, _LOW_VALUE)


def _twice_low(view: ClientView, kind: str, rated: str, low: int) -> Found:
    given = ratings_of(view, rated)
    if len(given) < 2:
        return NotEnough(kind=kind, have=len(given), need=2)
    before, now = given[-2].value, given[-1].value
    level = SignalLevel.AMBER if max(before, now) <= low else None
    return Signal(kind=kind, level=level, params={"before": before, "now": now})


SIGNALS = (
    Row(kind="confidence", place=30, find=confidence, digest=True),
    Row(kind="energy", place=100, find=energy),
    Row(kind="value", place=130, find=value),
)
POSITIVES = (Row(kind="more_confident", place=20, find=more_confident, digest=True),)
