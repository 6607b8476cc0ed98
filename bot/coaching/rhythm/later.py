"""When "later" is: in three hours if that is still in the working day, else at the chosen hour of the next one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS, PUT_OFF
from bot.model.facts import Facts
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
