"""Zone arithmetic: local days and hours of an IANA zone, as instants in UTC.

A person's promise is about their own clock ("Friday at nine"), storage and the scheduler know instants only. What a
wall clock does twice is taken the first time; what it leaps over is taken at the first moment after the leap.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from bot.model.people.preferences import Preferences

_SECOND = timedelta(seconds=1)
_NOT_A_PLACE = frozenset({"Factory", "localtime", "posixrules"})


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, old names included.

    Raises ValueError for any other text; a folder of the zone database, a path or a NUL byte are such texts too.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"not an IANA time zone: {name[:64]!r}") from error


def canonical_zone(name: str) -> str | None:
    """Return the present IANA name of a zone given in any case, with blanks or an old name; None if there is none.

    A zone that stands for a country's own city keeps its name even where the database has merged its rules with a
    neighbour's (Europe/Amsterdam); one that was renamed gets its new name (Europe/Kiev becomes Europe/Kyiv).
    """
    return _present_names().get(name.strip().replace(" ", "_").casefold())


def local_time(now: datetime, zone: str) -> datetime:
    """Return `now`, which must be aware, as the zone's wall clock shows it; ValueError if it is naive."""
    if now.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return now.astimezone(zone_named(zone))


def local_day(now: datetime, zone: str) -> date:
    """Return the date on the zone's wall clock at the instant `now`; ValueError if it is naive."""
    return local_time(now, zone).date()


def zone_at(now: datetime, home: str, wishes: Preferences) -> str:
    """Return the zone of somebody who lives in `home`: another one while a journey lasts."""
    if wishes.travel_zone and wishes.travel_until and local_day(now, wishes.travel_zone) <= wishes.travel_until:
        return wishes.travel_zone
    return home


def instant(day: date, at: time, zone: str) -> datetime | None:
    """Return the UTC instant at which the zone's wall clock shows `at` on `day`.

    In an overlap it is the first of the two; in a gap, the first instant after it, even where that is already the next
    date (a leap over midnight). None if the zone never had that day, as Pacific/Apia had no 2011-12-30.
    """
    info = zone_named(zone)
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0))
    found = _first_instant(wall, info)
    if found.astimezone(info).date() > day and not _has_day(day, info):
        return None
    return found


def end_of_day(day: date, zone: str) -> datetime:
    """Return the UTC instant at which the zone's wall clock first shows a date later than `day`."""
    return _first_instant(datetime.combine(day, time.min) + timedelta(days=1), zone_named(zone))


def _has_day(day: date, info: ZoneInfo) -> bool:
    return _first_instant(datetime.combine(day, time.min), info).astimezone(info).date() == day


def _first_instant(wall: datetime, info: ZoneInfo) -> datetime:
    """Resolve a naive wall time; PEP 495 gives a gap away by an offset that is larger with fold=1."""
    aware = wall.replace(tzinfo=info)
    other = aware.replace(fold=1)
    before, after = aware.utcoffset(), other.utcoffset()
    if before is None or after is None or before >= after:
        return aware.astimezone(UTC)
    return _end_of_gap(other.astimezone(UTC), aware.astimezone(UTC), info)


def _end_of_gap(early: datetime, late: datetime, info: ZoneInfo) -> datetime:
    """Bisect for the transition, which falls on a whole second: `early` lies before it, `late` at it or after."""
    early, late = early.replace(microsecond=0), late.replace(microsecond=0)
    offset_after = late.astimezone(info).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // (2 * _SECOND) * _SECOND
        if middle.astimezone(info).utcoffset() == offset_after:
            late = middle
        else:
            early = middle
    return late


@cache
def _present_names() -> Mapping[str, str]:
    """Read the zone database's own lists: casefolded name -> present name."""
    data = files("tzdata")
    names = data.joinpath("zones").read_text(encoding="utf-8").split()
    zoneinfo = data.joinpath("zoneinfo")
    cities = {
        line.split("\t")[2].strip()
        for line in zoneinfo.joinpath("zone.tab").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    links = {
        fields[2]: fields[1]
        for fields in map(str.split, zoneinfo.joinpath("tzdata.zi").read_text(encoding="utf-8").splitlines())
        if fields[:1] == ["L"]
    }
    present: dict[str, str] = {}
    for name in names:
        if name in _NOT_A_PLACE:
            continue
        current = name
        while current not in cities and current in links:
            current = links[current]
        present[name.casefold()] = current
    return present
