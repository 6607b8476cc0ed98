"""Settings in words: as they stand, and as they are being chosen; and what there is to choose from."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.settings.rhythm_rounds import chosen, other_days
from bot.coaching.shared.lines import phrase_list
from bot.coaching.shared.outcomes import KEPT
from bot.coaching.shared.places import city_of, zone_of
from bot.coaching.shared.validators import hour_of
from bot.model.people.preferences import Pace
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.understanding.names import name_in
from bot.understanding.week_days import days_of


def _hour(given: Given) -> Any:
    return hour_of(given.get("hour") or "", given.facts) or chosen(given).at


def pace_in_words(given: Given) -> Phrase:
    """How often, as it is chosen or stands."""
    return phrase(f"pace_{given.get('pace') or chosen(given).pace}")


def _weekday(given: Given) -> Phrase:
    day = given.get("weekday")
    return phrase(f"weekday_{day if day is not None else chosen(given).weekday}")


def _when(given: Given) -> Phrase:
    """The rhythm in one clause; daily has no day of its own."""
    pace = given.get("pace") or chosen(given).pace
    return phrase(
        "when_daily" if pace == Pace.DAILY else "when", pace=pace_in_words(given), day=_weekday(given), at=_hour(given)
    )


_RHYTHM = ("pace", "weekday", "hour")


def _changes(given: Given) -> Phrase:
    """What was chosen here, as it now stands."""
    said = [phrase("set_rhythm", when=_when(given))] if any(given.get(name) is not None for name in _RHYTHM) else []
    zone = zone_of(given.get("city")) if given.get("city") is not None else None
    said += [phrase("set_city", city=city_of(zone))] if zone else []
    for name, words in _chosen(given).items():
        said += [phrase(f"set_{name}", chosen=words, coach=_coach(given))] if words else []
    if given.get("focus") is not None:
        said.append(phrase("set_focus" if given.get("focus") else "set_no_focus"))
    return phrase("in_lines", lines=said or [phrase("set_nothing")])


def _chosen(given: Given) -> dict[str, Any]:
    """What was chosen, by question, as it is understood."""
    found: dict[str, Any] = {name: given.words(name) for name in ("week", "sees", "called", "keep", "holiday", "gone")}
    found["week"] = found["week"] and _week(given)
    found["called"] = name_in(found["called"], given.facts)
    found["gone"] = found["gone"] if given.get("gone") != KEPT else None
    return found


def _coach(given: Given) -> str:
    engagement = given.facts.engagement
    return engagement.coach_name if engagement is not None else ""


def _days(given: Given) -> frozenset[int]:
    """The working days, as they are chosen or stand."""
    return days_of(given.get("week") or "", given.facts) or chosen(given).days


def _in_week(days: frozenset[int]) -> list[int]:
    """Days in the order of a week that begins after its longest rest: Sunday comes before Monday for some."""
    first = max(sorted(days), key=lambda day: next((back for back in range(7) if (day - 1 - back) % 7 in days), 7))
    return sorted(days, key=lambda day: (day - first) % 7)


def _week(given: Given) -> Phrase:
    """The working days in words: from one to another where they stand in a row, else each."""
    days = _in_week(_days(given))
    first, last = phrase(f"weekday_{days[0]}"), phrase(f"weekday_{days[-1]}")
    if len(days) > 2 and (days[-1] - days[0]) % 7 == len(days) - 1:
        return phrase("week_span", first=first, last=last)
    found: Phrase = phrase_list([phrase(f"weekday_{day}") for day in days])
    return found


def _rhythm(given: Given) -> Phrase:
    """The check-in as it recurs: "Fridays at 09:00"."""
    found = chosen(given)
    return phrase(f"rhythm_{found.pace}", days=phrase(f"weekdays_{found.weekday}"), at=found.at)


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "pace_in_words": pace_in_words,
    "when_in_words": _when,
    "changes_in_words": _changes,
    "week_in_words": _week,
    "rhythm_in_words": _rhythm,
    "zone_now": lambda given: city_of(given.facts.person.zone),
    "pace_set": lambda given: str(given.facts.wishes.pace),
    "weekday_set": lambda given: str(given.facts.wishes.weekday),
    "hour_set": lambda given: f"{given.facts.wishes.at:%H:%M}",
    "place_set": lambda given: given.facts.person.home,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _working_days(given: Given) -> tuple[tuple[str, Any], ...]:
    return tuple((str(day), phrase(f"weekday_{day}")) for day in _in_week(_days(given)))


def _likely_cities(given: Given) -> tuple[tuple[str, Any], ...]:
    home = given.facts.person.home
    return ((home, city_of(home)),) if "/" in home else ()


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "working_days": _working_days,
    "likely_cities": _likely_cities,
    "other_days": other_days,
}
