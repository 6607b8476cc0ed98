"""A local hour comes once: in every zone, over gaps and overlaps and days that never were."""

import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from bot.coaching.rhythm.next_prompt import next_occurrence, sent
from bot.coaching.rhythm.timetable import Timetable
from bot.model.occurrences import Occurrence
from bot.model.people.preferences import Pace
from bot.time_zones import canonical_zone, end_of_day, instant, local_day, local_time

FIRST, YEARS = 2017, 10
DAY = timedelta(days=1)
LONG_AGO = date(2001, 1, 1)
NEVER_QUIET: dict[str, Any] = {"quiet_from": time(0), "quiet_until": time(0)}


def around(weekday: int) -> frozenset[int]:
    """Five working days with this one in the middle, so that the cap of five a week hides none of them."""
    return frozenset((weekday + offset) % 7 for offset in range(-2, 3))


def follow(table: Timetable, start: datetime, until: datetime) -> Iterator[Occurrence]:
    """Send each prompt the moment it is due; what is older than the plan looks at is forgotten, as storage does."""
    now = start
    while (planned := next_occurrence(table, now)) is not None and planned.due_at < until:
        yield planned
        now = planned.due_at
        table = sent(table, planned)
        table = replace(
            table,
            opened=table.opened[-14:],
            asked=frozenset(each for each in table.asked if planned.local_date - each[1] <= 35 * DAY),
        )


def assert_on_time(planned: Occurrence, at: time, zone: str) -> None:
    """The wall shows the chosen hour for the first time, or the first moment after a leap over that hour.

    A leap over midnight that swallows the hour leaves the last minute of the day.
    """
    wall = planned.due_at.astimezone(zoneinfo.ZoneInfo(zone))
    meant = datetime.combine(planned.local_date, at)
    assert wall.date() == planned.local_date, (zone, planned)
    if wall.time() == at:
        assert wall.fold == 0, (zone, planned)
        return
    before = (planned.due_at - timedelta(seconds=1)).astimezone(zoneinfo.ZoneInfo(zone))
    after = (planned.due_at + timedelta(minutes=1)).astimezone(zoneinfo.ZoneInfo(zone))
    leapt_to_here = before.replace(tzinfo=None) < meant < wall.replace(tzinfo=None)
    leaps_over_midnight = wall.replace(tzinfo=None) < meant < after.replace(tzinfo=None)
    assert leapt_to_here or (leaps_over_midnight and after.date() > wall.date()), (zone, planned)


def transitions(zone: str) -> tuple[tuple[datetime, timedelta], ...]:
    """The instants at which the zone's offset changes in the ten years, with the offset that follows."""
    info = zoneinfo.ZoneInfo(zone)
    found = []
    day = datetime(FIRST, 1, 1, tzinfo=UTC)
    offset = day.astimezone(info).utcoffset()
    for _ in range(YEARS * 366):
        day += DAY
        later = day.astimezone(info).utcoffset()
        if later != offset and later is not None:
            early, late = day - DAY, day
            while late - early > timedelta(seconds=1):
                middle = early + (late - early) // timedelta(seconds=2) * timedelta(seconds=1)
                early, late = (early, middle) if middle.astimezone(info).utcoffset() == later else (middle, late)
            found.append((late, later))
            offset = later
    return tuple(found)


@cache
def kinds_of_zone() -> dict[tuple[object, ...], str]:
    """One zone of each behaviour, out of all of them.

    A plan sees a zone through its offsets alone, so zones whose offsets agree at every instant of the ten years
    cannot differ in it, and one of them stands for all.
    """
    kinds: dict[tuple[object, ...], str] = {}
    start = datetime(FIRST, 1, 1, tzinfo=UTC)
    for zone in sorted(zoneinfo.available_timezones()):
        first_offset = start.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
        kinds.setdefault((first_offset, *transitions(zone)), zone)
    return kinds


@pytest.mark.patient
@pytest.mark.parametrize(
    ("at", "quiet"),
    [(time(0), NEVER_QUIET), (time(2, 30), NEVER_QUIET), (time(23, 30), NEVER_QUIET), (time(8), {})],
)
def test_around_every_change_of_every_zone_each_day_is_asked_once(at: time, quiet: dict[str, Any]) -> None:
    """Away from a change the offset is constant, so the days within three of one are all that can go wrong."""
    assert len(kinds_of_zone()) > 50
    for (_, *changes), zone in kinds_of_zone().items():
        for moment, _ in changes:
            day = moment.astimezone(zoneinfo.ZoneInfo(zone)).date()
            working = around(day.weekday())
            start, end = end_of_day(day - 4 * DAY, zone), end_of_day(day + 3 * DAY, zone)
            table = Timetable(
                zone=zone,
                at=at,
                anchor=LONG_AGO,
                starts=start,
                pace=Pace.DAILY,
                weekday=day.weekday(),
                working_days=working,
                **quiet,
            )
            asked = list(follow(table, start, end))
            dates = [day + offset * DAY for offset in range(-3, 4)]
            assert [each.local_date for each in asked] == [each for each in dates if each.weekday() in working]
            for each in asked:
                assert_on_time(each, at, zone)


@pytest.mark.patient
@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.long), 6])
def test_the_weekly_hour_comes_once_a_week_for_ten_years_in_every_zone(every: int) -> None:
    """On Sundays at half past two, when most of the world's clocks change."""
    start, end = datetime(FIRST, 1, 1, tzinfo=UTC), datetime(FIRST + YEARS, 1, 1, tzinfo=UTC)
    for zone in list(kinds_of_zone().values())[::every]:
        table = Timetable(
            zone=zone,
            at=time(2, 30),
            anchor=LONG_AGO,
            starts=start,
            weekday=6,
            working_days=frozenset({6, 0, 1, 2, 3}),
            **NEVER_QUIET,
        )
        asked = list(follow(table, start, end))
        for each in asked:
            assert_on_time(each, time(2, 30), zone)
        dates = [each.local_date for each in asked]
        assert dates[0] - start.date() <= 7 * DAY
        assert end.date() - dates[-1] <= 8 * DAY
        assert {later - earlier for earlier, later in pairwise(dates)} == {7 * DAY}


def test_a_day_that_a_zone_never_had_is_not_asked() -> None:
    start = datetime(2011, 12, 25, 11, tzinfo=UTC)
    table = Timetable(zone="Pacific/Apia", at=time(9), anchor=LONG_AGO, pace=Pace.DAILY, starts=start)

    asked = list(follow(table, start, start + 10 * DAY))

    assert instant(date(2011, 12, 30), time(9), "Pacific/Apia") is None
    walls = [local_time(each.due_at, "Pacific/Apia") for each in asked]
    assert [(wall.day, wall.hour) for wall in walls] == [(day, 9) for day in (26, 27, 28, 29, 2, 3, 4)]


def test_a_weekly_hour_on_a_day_that_never_was_moves_to_the_next_window() -> None:
    table = Timetable(zone="Pacific/Apia", at=time(9), anchor=LONG_AGO)

    planned = next_occurrence(table, datetime(2011, 12, 28, tzinfo=UTC))

    assert planned is not None
    assert planned.local_date == date(2011, 12, 30)
    assert planned.due_at == instant(date(2012, 1, 2), time(9), "Pacific/Apia")


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 3, 29), time(2, 30), "Europe/Berlin", "2026-03-29T01:00"),
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", "2026-10-25T00:30"),
        (date(2026, 3, 28), time(23, 30), "America/Nuuk", "2026-03-29T01:00"),
        (date(2026, 7, 1), time(9), "Asia/Kathmandu", "2026-07-01T03:15"),
        (date(2011, 12, 31), time(0), "Pacific/Apia", "2011-12-30T10:00"),
    ],
)
def test_an_hour_becomes_an_instant(day: date, at: time, zone: str, expected: str) -> None:
    assert instant(day, at, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Europe/Kiev", "Europe/Kyiv"),
        ("asia/calcutta", "Asia/Kolkata"),
        ("America/new york", "America/New_York"),
        (" US/Eastern ", "America/New_York"),
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("Mars/Olympus", None),
        ("America", None),
        ("../etc/passwd", None),
        ("a\0b", None),
        ("", None),
        ("Factory", None),
    ],
)
def test_a_zone_is_known_by_its_present_name(said: str, name: str | None) -> None:
    assert canonical_zone(said) == name


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "", "../x", "a\0b", "\ud800"])
def test_a_timetable_refuses_a_zone_that_is_none(zone: str) -> None:
    with pytest.raises(ValueError, match="not an IANA time zone"):
        Timetable(zone=zone, at=time(9), anchor=LONG_AGO)


def test_a_renamed_zone_keeps_its_hours() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    old, new = (
        next_occurrence(Timetable(zone=zone, at=time(9), anchor=LONG_AGO), now)
        for zone in ("Europe/Kiev", "Europe/Kyiv")
    )
    assert old == new


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError):
        local_day(datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None), "Europe/Berlin")
