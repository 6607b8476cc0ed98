"""A line about when to write to somebody: "9:30", "Thursdays", "Vienna", "weekdays but Monday", several at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time

from bot.coaching.shared.places import zone_of
from bot.coaching.shared.validators import NAME, hour_of
from bot.model.facts import Facts
from bot.model.people.preferences import Pace
from bot.understanding.week_days import days_of

PACE, DAY = "pace:", "day:"  # what the values of buttons begin with
_WEEK = 7
_ENDS = " \t.!?"


@dataclass(frozen=True, kw_only=True, slots=True)
class RhythmLine:
    """What a line names; what it does not name is empty or None. A single day is that of the check-in."""

    zone: str = ""
    days: frozenset[int] = frozenset()
    weekday: int | None = None
    at: time | None = None
    pace: Pace | None = None


def read_line(text: str, facts: Facts, week: frozenset[int]) -> RhythmLine | None:
    """What a line says, or None where any part of it is something else; `week` are the working days as they stand."""
    said = text.casefold().strip(_ENDS)
    if not said or len(said) > 2 * NAME:
        return None
    pace, rest = _pace(said, facts)
    at, left = _hour(rest, facts)
    found = None if left is None else _parts(_pieces(left, facts), facts, week)
    if found is None or (found == RhythmLine() and pace is None and at is None):
        return None
    return replace(found, pace=pace, at=at)


# -- one after the other ---------------------------------------------------------------------------------------------


def _pace(said: str, facts: Facts) -> tuple[Pace | None, str]:
    if said.startswith(PACE):
        return Pace(said.removeprefix(PACE)), ""
    named = {str(name).casefold(): pace for pace, names in facts.spoken.get("paces", {}).items() for name in names}
    for name in sorted(named, key=len, reverse=True):
        rest, times = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", ",", said, count=1)
        if times:
            return Pace(named[name]), rest
    return None, said


def _hour(said: str, facts: Facts) -> tuple[time | None, str | None]:
    """The hour, and the rest of the line; None for the rest where there are two, or none that can be."""
    if said.startswith(DAY):
        return None, said
    around = "|".join(re.escape(word) for word in facts.around_an_hour)
    digits = r"\d{1,2}(?:[:.h]\d{0,2})?(?:\s*[ap]\.?m\.?)?"
    hour = rf"(?<![\w:.])(?:(?:{around})\s+)?{digits}(?:\s*(?:{around}))?(?![\w:])"
    found = re.findall(hour, said)
    if not found:
        return None, said
    at = hour_of(found[0], facts) if len(found) == 1 else None
    return at, None if at is None else re.sub(hour, ",", said)


def _pieces(said: str, facts: Facts) -> list[str]:
    """The rest of a line, part by part, without what stands around."""
    fillers = _words("place_words", facts) | {*facts.around_an_hour}
    pieces = []
    for piece in re.split(r"[,;\n]", said):
        words = piece.strip(_ENDS).split()
        while words and words[0] in fillers:
            words = words[1:]
        while words and words[-1] in fillers:
            words = words[:-1]
        pieces += [" ".join(words)] if words else []
    return pieces


def _parts(pieces: list[str], facts: Facts, week: frozenset[int]) -> RhythmLine | None:
    zone, named = "", list[str]()
    for piece in pieces:
        day, city = _days_and_city(piece, facts, week)
        if day is None or (city and zone):
            return None
        zone, named = city or zone, named + ([day] if day else [])
    days, weekday = _days(named, facts, week)
    return RhythmLine(zone=zone, days=days, weekday=weekday)


def _days_and_city(piece: str, facts: Facts, week: frozenset[int]) -> tuple[str | None, str]:
    """What of a piece names days, and the zone of what names a city; None where it holds anything else."""
    if _set_of(piece, facts, week):
        return piece, ""
    city = zone_of(piece)
    if city:
        return "", city
    words = piece.split()
    for cut in range(1, len(words)):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        if _set_of(first, facts, week) and (city := zone_of(last)):
            return first, city
        if _set_of(last, facts, week) and (city := zone_of(first)):
            return last, city
    return None, ""


def _days(named: list[str], facts: Facts, week: frozenset[int]) -> tuple[frozenset[int], int | None]:
    """The working days and the day of the check-in: one day alone is that, also beside others if it recurs by name."""
    sets = [(piece, found) for piece in named if (found := _set_of(piece, facts, week))]
    single = [(piece, min(found)) for piece, found in sets if len(found) == 1 and not _excludes(piece, facts)]
    if len(sets) == len(single) == 1:
        return frozenset(), single[0][1]
    recurring = [day for piece, day in single if piece.endswith("s")]
    weekday = recurring[0] if len(recurring) == 1 and len(single) == 1 else None
    return _union(found for _, found in sets if weekday is None or found != {weekday}), weekday


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*sets)


def _excludes(piece: str, facts: Facts) -> bool:
    return not _words("all_but", facts).isdisjoint(piece.split())


def _words(name: str, facts: Facts) -> frozenset[str]:
    return frozenset(str(word).casefold() for word in facts.spoken.get(name, ()))


def _set_of(piece: str, facts: Facts, week: frozenset[int]) -> frozenset[int]:
    """The days that a piece names, "weekdays but Monday" among them; empty for anything else."""
    if piece.startswith(DAY):
        return frozenset((int(piece.removeprefix(DAY)),))
    words = piece.split()
    less_words = _words("all_but", facts)
    without = next((n for n, word in enumerate(words) if word in less_words), None)
    if without is None:
        return frozenset() if piece.isdecimal() else days_of(piece, facts) or frozenset()
    whole = days_of(" ".join(words[:without]), facts) if without else week
    less = days_of(" ".join(words[without + 1 :]), facts)
    return whole - less if whole and less else frozenset()
