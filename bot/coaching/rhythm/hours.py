"""Hours: what one for prompts may be, and when "later" is."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS, PUT_OFF
from bot.coaching.shared.validators import hour_of
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.time_zones import instant


def later(facts: Facts, now: datetime) -> datetime:
    """The instant (UTC) at which a question that was put off is asked again."""
    zone, wishes = facts.person.zone, facts.wishes
    soon = now + PUT_OFF
    local = soon.astimezone(ZoneInfo(zone))
    works = local.weekday() in wishes.working_days and local.date() not in wishes.holidays
    if works and local.date() == facts.today and OPENS <= local.time() < CLOSES:
        return soon
    for days in range(1, 15):
        day = facts.today + timedelta(days=days)
        at = instant(day, wishes.at, zone)
        if day.weekday() in wishes.working_days and day not in wishes.holidays and at is not None:
            return at
    return now + timedelta(days=1)


def an_hour(value: Any, given: Given) -> Phrase | None:
    """An hour of the day, outside the quiet hours."""
    at = hour_of(value, given.facts)
    if at is None:
        return phrase("wrong_hour")
    return None if OPENS <= at < CLOSES else phrase("wrong_quiet_hour", opens=OPENS, closes=CLOSES)


VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {"an_hour": an_hour}
