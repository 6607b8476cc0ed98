"""How somebody wants to be asked, as the dialogues of the welcome and of the settings ask for it."""

from datetime import timedelta

from bot.coaching.shared.answers import day_of
from bot.coaching.shared.places import zone_of
from bot.coaching.shared.validators import hour_of
from bot.model.facts import Pace
from bot.model.records import PreferencesChanged
from bot.model.replies import Given

DAILY_FOR = timedelta(days=14)  # how long check-ins are daily


def preferences_given(given: Given) -> PreferencesChanged:
    """What was answered about name, place and rhythm; None for what was not."""
    week, hour, weekday, pace = (given.get(name) for name in ("week", "hour", "weekday", "pace"))
    return PreferencesChanged(
        name=given.get("called"),
        zone=zone_of(given.get("city") or ""),
        working_days=frozenset(int(day) for day in week) if week else None,
        weekday=int(weekday) if weekday else None,
        at=hour_of(hour, given.facts) if hour else None,
        pace=Pace(pace) if pace else None,
        daily_until=given.facts.today + DAILY_FOR if pace == Pace.DAILY else None,
        focus=given.get("focus"),
        add_holiday=day_of(given.get("holiday")),
    )
