"""When somebody is written to, said back and changed line by line until it fits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS
from bot.coaching.settings.rhythm_line import DAY, read_line
from bot.coaching.shared.validators import NAME
from bot.model.facts import Facts
from bot.model.people.preferences import Pace
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import shortened

FITS, CHANGE = "fits", "change"
ROUNDS = "rhythm_rounds"
_MOST = 30  # more often nobody changes their mind in one welcome
_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """When somebody is written to, as it stands or is being chosen."""

    zone: str
    days: frozenset[int]
    weekday: int
    at: time
    pace: Pace


def chosen(given: Given) -> Rhythm:
    """What stands, with each line that was said about it, in their order."""
    wishes = given.facts.wishes
    found = Rhythm(
        zone=given.facts.person.home,
        days=wishes.working_days,
        weekday=wishes.weekday,
        at=wishes.at,
        pace=wishes.pace,
    )
    for line in _lines(given):
        found = _with_line(found, line, given.facts)
    return found


def has_changed(given: Given) -> bool:
    """Whether anything was said about it."""
    return next(_lines(given), None) is not None


def fits(given: Given) -> bool:
    """What was said back last is agreed to."""
    return next((value for value in reversed(list(_said(given)))), None) == FITS


def _said(given: Given) -> Iterator[str]:
    """The answers to the question and to each round of it, in their order."""
    inside = (f"rounds[{number}].{name}" for number in given.lists.get(ROUNDS, ()) for name in ("instead", "again"))
    for key in ("rhythm", *inside):
        value = given.values.get(key)
        if value is not None:
            yield value


def _lines(given: Given) -> Iterator[str]:
    return (value for value in _said(given) if value not in (FITS, CHANGE))


def _with_line(stands: Rhythm, line: str, facts: Facts) -> Rhythm:
    """A day of the check-in that was none of the working days becomes one; one that is none any more moves back."""
    said = read_line(line, facts, stands.days)
    if said is None:
        return stands
    days = said.days or stands.days
    weekday = stands.weekday if said.weekday is None else said.weekday
    if said.weekday is not None:
        days |= {weekday}
    elif weekday not in days:
        weekday = min(days, key=lambda day: (stands.weekday - day) % _WEEK)
    zone, at, pace = said.zone or stands.zone, said.at or stands.at, said.pace or stands.pace
    return replace(stands, zone=zone, days=days, weekday=weekday, at=at, pace=pace)


# -- what the dialogue names -----------------------------------------------------------------------------------------


def rounds(facts: Facts, engagement: str) -> tuple[str, ...]:
    """As many rounds as anybody may need."""
    return tuple(str(number) for number in range(1, _MOST + 1))


def is_next_round(given: Given) -> bool:
    """A round is gone over until what was said back fits."""
    return _before(given) != FITS


def asks_instead(given: Given) -> bool:
    """It was said that something is to change, and not yet what."""
    return _before(given) == CHANGE


def _before(given: Given) -> str:
    """What was answered before this round began."""
    before = int(given.item or 1) - 1
    key = f"rounds[{before}].again" if before else "rhythm"
    return str(given.values.get(key) or FITS)


def a_rhythm(value: Any, given: Given) -> Phrase | None:
    """It fits, something is to change, or what: a line that can be read, with no hour at which nothing is written."""
    if value in (FITS, CHANGE):
        return None
    said = read_line(value, given.facts, chosen(given).days)
    if said is None:
        return phrase("wrong_rhythm", said=shortened(value, NAME))
    if said.at is None or OPENS <= said.at < CLOSES:
        return None
    return phrase("wrong_quiet_hour", opens=OPENS, closes=CLOSES)


def other_days(given: Given) -> tuple[tuple[str, Any], ...]:
    """The other days on which the check-in may come."""
    stands = chosen(given)
    return tuple((f"{DAY}{day}", phrase(f"weekdays_{day}")) for day in sorted(stands.days) if day != stands.weekday)


LISTS: Mapping[str, Callable[[Facts, str], tuple[str, ...]]] = {ROUNDS: rounds}
STANDS: Mapping[str, Callable[[Given], bool]] = {ROUNDS: is_next_round}
