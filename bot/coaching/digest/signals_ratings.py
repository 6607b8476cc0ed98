"""Signals from the numbers that a client gives: confidence in one commitment, energy, the worth of sessions."""

from datetime import date

from bot.coaching.commitments.confidence import confidence_now
from bot.coaching.digest.signal_kinds import (
    FRESH,
    FRESH_FORTNIGHTLY,
    WINDOW,
    Found,
    NotEnough,
    Row,
    Signal,
    days_since,
    in_window,
    level_of,
    named,
    ratings_of,
    this_week,
)
from bot.coaching.shared.lines import phrase_list
from bot.model.commitments.values import Commitment
from bot.model.people.answers import Rating
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pace
from bot.model.phrases import phrase

USEFULNESS = "usefulness"  # the kind of rating that says how useful a session was
_LOOKS_BACK = 42  # days over which numbers are compared
_LOW_ENERGY, _LOW_VALUE = 3, 6
_ENOUGH_RATINGS = 2
_A_ROW = 3  # numbers that make a drop red, and a small one worth a word; of two only a large one is told
_NUMBERS_SHOWN = 4

_Rated = tuple[Commitment, list[Rating]]


def confidence(view: ClientView, today: date) -> Found:
    """How far the newest number on one open commitment lies below the highest on the same one; the largest such drop.

    Of three numbers and more two are amber and four red; of two numbers three are amber, and nothing is red.
    """
    rated = _rated(view, today, _LOOKS_BACK)
    if not rated:
        most = max((len(given) for _, given in _within(view, today, _LOOKS_BACK)), default=0)
        stale = most >= _ENOUGH_RATINGS
        return NotEnough(kind="confidence", have=0 if stale else most, need=1 if stale else _ENOUGH_RATINGS)
    item, given = max(rated, key=lambda pair: (_drop_level(pair[1]) is SignalLevel.RED, _drop(pair[1])))
    high = _last_highest(given)
    since = given[high:]
    numbers = [phrase("a_number", value=rating.value) for rating in since]
    if len(numbers) > _NUMBERS_SHOWN:
        numbers = [numbers[0], phrase("numbers_left_out"), *numbers[1 - _NUMBERS_SHOWN :]]
    params = {
        "high": since[0].value,
        "now": since[-1].value,
        "numbers": phrase_list(numbers),
        "day": since[0].day,
        "about": named(item),
    }
    return Signal(kind="confidence", level=_drop_level(given), params=params)


def _drop(given: list[Rating]) -> int:
    return max(rating.value for rating in given) - given[-1].value


def _drop_level(given: list[Rating]) -> SignalLevel | None:
    if len(given) >= _A_ROW:
        return level_of(_drop(given), 2, 4)
    return SignalLevel.AMBER if _drop(given) >= 3 else None


def _last_highest(given: list[Rating]) -> int:
    high = max(rating.value for rating in given)
    return max(at for at, rating in enumerate(given) if rating.value == high)


def more_confident(view: ClientView, today: date) -> Found:
    """This week's number on one open commitment lies two or more above the lowest on the same one in 21 days."""
    rated = _rated(view, today, WINDOW)
    if not rated:
        return NotEnough(kind="more_confident", have=0, need=_ENOUGH_RATINGS)
    item, given = max(rated, key=lambda pair: _rise(pair[1]))
    low = min(given, key=lambda rating: rating.value)
    params = {"low": low.value, "now": given[-1].value, "about": named(item)}
    good = _rise(given) >= 2 and this_week(given[-1].day, today)
    return Signal(kind="more_confident", good=good, params=params, of=f"{item.id} {given[-1].value}")


def _rise(given: list[Rating]) -> int:
    return given[-1].value - min(rating.value for rating in given)


def _rated(view: ClientView, today: date, days: int) -> list[_Rated]:
    """Open commitments with numbers enough in these days, the newest of them fresh."""
    fresh = FRESH_FORTNIGHTLY if view.pace is Pace.FORTNIGHTLY else FRESH
    found = [(item, given) for item, given in _within(view, today, days) if len(given) >= _ENOUGH_RATINGS]
    return [(item, given) for item, given in found if days_since(given[-1].day, today, view.pauses) <= fresh]


def _within(view: ClientView, today: date, days: int) -> list[_Rated]:
    rated = confidence_now(view.commitments, view.ratings)
    return [(item, [r for r in given if in_window(r.day, today, view, days)]) for item, given in rated]


def energy(view: ClientView, today: date) -> Found:
    """The last two ratings are three or lower; amber only."""
    given = [r for r in ratings_of(view, "energy") if in_window(r.day, today, view, _LOOKS_BACK)]
    if len(given) < 2:
        return NotEnough(kind="energy", have=len(given), need=2)
    before, now = given[-2].value, given[-1].value
    level = SignalLevel.AMBER if max(before, now) <= _LOW_ENERGY else None
    return Signal(kind="energy", level=level, params={"before": before, "now": now})


def value(view: ClientView, today: date) -> Found:
    """The last session was six or less useful; amber only, and only where the client shares it."""
    given = [r for r in ratings_of(view, USEFULNESS) if in_window(r.day, today, view, _LOOKS_BACK)]
    if not given:
        return NotEnough(kind="value", have=0, need=1)
    now = given[-1].value
    return Signal(kind="value", level=SignalLevel.AMBER if now <= _LOW_VALUE else None, params={"now": now})


SIGNALS = (
    Row(kind="confidence", place=30, find=confidence, digest=True),
    Row(kind="energy", place=100, find=energy),
    Row(kind="value", place=130, find=value),
)
POSITIVES = (Row(kind="more_confident", place=20, find=more_confident, digest=True),)
