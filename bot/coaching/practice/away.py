"""`away FROM TO [cover NAME]`: a coach is not there for some days; every client hears who reads, and when. Pure."""

from datetime import date, datetime, timedelta

from bot.coaching.practice.rules import colleague
from bot.coaching.shared.validators import NAME
from bot.messages.readings import DateKind, DateReading, Reading
from bot.model.facts import Facts
from bot.model.phrases import phrase
from bot.model.records_sessions import AwaySet
from bot.model.replies import Reply
from bot.rendering.shortening import shortened

_LONGEST = timedelta(days=120)
_WEEK = timedelta(days=7)


def away(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The days, both included, told to all clients; `away over` ends it."""
    if reading.means(reading.rest.partition(" ")[0]) == "over":
        return Reply(says=(phrase("away_over"),), records=(AwaySet(),))
    days = [_day(found) for found in reading.dates]
    if len(days) == 1:
        days = list(reading.dates[0].stretch or days * 2)
    if len(days) > 1 and days[0] is None and not (reading.when and reading.when[0].strip()):
        days[0] = facts.today  # "away until Friday"
    first, last = days[:2] if len(days) > 1 else (None, None)
    if first is None or last is None:
        return Reply(says=(phrase("away_how"),))
    if first > last and first - _WEEK >= facts.today:
        first -= _WEEK  # "Monday to Friday", said on a Monday
    if first > last or last - first > _LONGEST:
        return Reply(says=(phrase("away_backwards"),))
    if not reading.cover:
        return Reply(says=(phrase("away_set", first=first, last=last),), records=(AwaySet(first=first, last=last),))
    return _covered(reading.cover, facts, first, last)


def _covered(wanted: str, facts: Facts, first: date, last: date) -> Reply:
    """A colleague is named by the whole name; that there is none is not said, since nobody may look around."""
    found = colleague(wanted, facts)
    name = shortened(" ".join(wanted.split()), NAME)
    away = AwaySet(first=first, last=last, cover=found[0] if found is not None else "")
    return Reply(says=(phrase("away_set_covered", first=first, last=last, cover=name),), records=(away,))


def _day(found: DateReading) -> date | None:
    return found.day if found.kind is DateKind.FUTURE else None
