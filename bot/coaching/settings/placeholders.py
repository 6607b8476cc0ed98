"""Settings in words: as they stand, and as they are being chosen; and what there is to choose from."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.shared.places import city_of, zone_of
from bot.coaching.shared.validators import hour_of
from bot.model.facts import Pace
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def _hour(given: Given) -> Any:
    return hour_of(given.get("hour") or "", given.facts) or given.facts.wishes.at


def pace_in_words(given: Given) -> Phrase:
    """How often, as it is chosen or stands."""
    return phrase(f"pace_{given.get('pace') or given.facts.wishes.pace}")


def _weekday(given: Given) -> Phrase:
    chosen = given.get("weekday")
    return phrase(f"weekday_{chosen if chosen is not None else given.facts.wishes.weekday}")


def _when(given: Given) -> Phrase:
    """The rhythm in one clause; daily has no day of its own."""
    pace = given.get("pace") or given.facts.wishes.pace
    return phrase(
        "when_daily" if pace == Pace.DAILY else "when", pace=pace_in_words(given), day=_weekday(given), at=_hour(given)
    )


_RHYTHM = ("pace", "weekday", "hour")


def _changes(given: Given) -> Phrase:
    """What was chosen here, as it now stands."""
    said = [phrase("set_rhythm", when=_when(given))] if any(given.get(name) is not None for name in _RHYTHM) else []
    zone = zone_of(given.get("city")) if given.get("city") is not None else None
    said += [phrase("set_city", city=city_of(zone))] if zone else []
    for name in ("week", "sees", "called", "keep", "holiday"):
        said += [phrase(f"set_{name}", chosen=given.words(name), coach=_coach(given))] if given.words(name) else []
    if given.get("focus") is not None:
        said.append(phrase("set_focus" if given.get("focus") else "set_no_focus"))
    return phrase("in_lines", lines=said or [phrase("set_nothing")])


def _coach(given: Given) -> str:
    engagement = given.facts.engagement
    return engagement.coach_name if engagement is not None else ""


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "pace_in_words": pace_in_words,
    "when_in_words": _when,
    "changes_in_words": _changes,
    "zone_now": lambda given: city_of(given.facts.person.zone),
    "pace_set": lambda given: str(given.facts.wishes.pace),
    "weekday_set": lambda given: str(given.facts.wishes.weekday),
    "hour_set": lambda given: f"{given.facts.wishes.at:%H:%M}",
    "place_set": lambda given: given.facts.person.home,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _working_days(given: Given) -> tuple[tuple[str, Any], ...]:
    week = given.get("week")
    days = [int(day) for day in week] if week else sorted(given.facts.wishes.working_days)
    return tuple((str(day), phrase(f"weekday_{day}")) for day in days)


def _likely_cities(given: Given) -> tuple[tuple[str, Any], ...]:
    home = given.facts.person.home
    return ((home, city_of(home)),) if "/" in home else ()


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "working_days": _working_days,
    "likely_cities": _likely_cities,
}
