"""When a coach's weekly digest is due."""

from datetime import date, datetime, time, timedelta

from bot.time_zones import instant, local_day

_DAYS = 15  # a week may lack its day altogether, where a zone changed sides of the date line


def next_digest(zone: str, weekday: int, at: time, now: datetime) -> datetime:
    """The next instant (UTC) after `now` at which it is `at` on that weekday (Monday = 0) in the coach's zone."""
    day: date = local_day(now, zone)
    for ahead in range(_DAYS):
        on = day + timedelta(days=ahead)
        due = instant(on, at, zone) if on.weekday() == weekday else None
        if due is not None and due > now:
            return due
    return now + timedelta(days=7)
