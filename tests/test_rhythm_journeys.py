"""A changing clock: clients who travel, hosts that sleep, clocks that are set."""

import zoneinfo
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.next_prompt import Drop, Send, catch_up, next_occurrence, next_window, sent
from bot.coaching.rhythm.slots import ROWS
from bot.coaching.rhythm.timetable import Due, Timetable, Travel
from bot.model.occurrences import Occurrence
from bot.model.people.preferences import Pace
from bot.time_zones import canonical_zone, end_of_day, instant, local_day, local_time
from tests.support.laws import examples
from tests.test_rhythm_zones import DAY, LONG_AGO, follow

LATE = {row.slot: row.late for row in ROWS}

# The law of journeys. Let the client's clock be a row of stays, each in one zone from an instant to the next. For every
# open local date D:
#   no repeat: at most one prompt goes out while the clock shows D, and no slot (row, local date) goes out twice;
#   no hole:   if during some stay the clock of that zone shows D between the chosen hour and the end of the window, one
#              prompt goes out on D. Only a date whose chosen hours were never lived through may stay without;
#   no harm:   nothing goes out outside the window or on a closed day.
Stay = tuple[datetime, datetime, str]
ZONES = sorted(zone for zone in zoneinfo.available_timezones() if canonical_zone(zone))
START = datetime(2026, 3, 1, tzinfo=UTC)


@st.composite
def journeys(draw: st.DrawFn) -> list[Stay]:
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=2, max_size=8))
    moves = draw(
        st.lists(st.integers(1, 30 * 24 * 4 - 1), min_size=len(zones) - 1, max_size=len(zones) - 1, unique=True)
    )
    bounds = [START, *(START + timedelta(minutes=15 * move) for move in sorted(moves)), START + 30 * DAY]
    return [(start, end, zone) for (start, end), zone in zip(pairwise(bounds), zones, strict=True)]


def travel_along(stays: list[Stay], at: time) -> list[tuple[Occurrence, date, str]]:
    table = Timetable(zone=stays[0][2], at=at, anchor=LONG_AGO, pace=Pace.DAILY, starts=START)
    found = []
    for start, end, zone in stays:
        table, now = replace(table, zone=zone), start
        while (planned := next_occurrence(table, now)) is not None and planned.due_at < end:
            now = planned.due_at
            assert catch_up(planned, table, now) == Send(occurrence=planned)
            found.append((planned, local_day(now, zone), zone))
            table = sent(table, planned)
    return found


@pytest.mark.patient
@given(journeys(), st.sampled_from([time(8), time(9, 30), time(13), time(18, 15)]))
@examples(150)
def test_a_client_who_changes_zone_at_any_moment_meets_no_repeat_and_no_hole(stays: list[Stay], at: time) -> None:
    found = travel_along(stays, at)

    days = Counter(day for _, day, _ in found)
    slots = Counter((planned.slot, planned.local_date) for planned, _, _ in found)
    assert set(days.values()) | set(slots.values()) <= {1}
    for planned, day, zone in found:
        wall = local_time(planned.due_at, zone)
        assert time(8) <= wall.time() < time(18, 30)
        assert day.weekday() < 5
    assert lived_through(stays, at) <= set(days)


def lived_through(stays: list[Stay], at: time) -> set[date]:
    """The working dates between whose chosen hour and evening the client's own clock stood at some moment."""
    dates = set()
    for start, end, zone in stays:
        day = local_day(start, zone)
        while day <= local_day(end, zone):
            hour, evening = instant(day, at, zone), instant(day, time(18, 30), zone)
            if day.weekday() < 5 and hour and evening and max(hour, start) < min(evening, end):
                dates.add(day)
            day += DAY
    return dates


def test_after_flying_east_past_the_hour_the_prompt_comes_at_once() -> None:
    lisbon = Timetable(zone="Europe/Lisbon", at=time(9), anchor=LONG_AGO, pace=Pace.DAILY)
    landed = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)

    planned = next_occurrence(replace(lisbon, zone="Asia/Dubai"), landed)

    assert planned is not None
    assert (planned.local_date, planned.due_at) == (date(2026, 3, 3), landed)


def test_after_flying_west_the_day_already_asked_is_not_asked_again() -> None:
    now = datetime(2026, 3, 3, 1, tzinfo=UTC)
    sydney = Timetable(
        zone="Australia/Sydney",
        at=time(9),
        anchor=LONG_AGO,
        pace=Pace.DAILY,
        asked=frozenset({("daily-checkin", date(2026, 3, 2)), ("daily-checkin", date(2026, 3, 3))}),
        opened=(date(2026, 3, 2), date(2026, 3, 3)),
    )

    planned = next_occurrence(replace(sydney, zone="America/Los_Angeles"), now)

    assert planned is not None
    assert planned.due_at == instant(date(2026, 3, 4), time(9), "America/Los_Angeles")


def test_a_journey_reverts_by_itself_on_the_day_it_was_said_to_end() -> None:
    table = Timetable(
        zone="Europe/Berlin",
        at=time(9),
        anchor=LONG_AGO,
        pace=Pace.DAILY,
        travel=Travel(zone="America/New_York", until=date(2026, 3, 4)),
    )

    asked = list(follow(table, datetime(2026, 3, 3, 12, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)))

    assert [each.due_at for each in asked] == [
        instant(date(2026, 3, 3), time(9), "America/New_York"),
        instant(date(2026, 3, 4), time(9), "America/New_York"),
        instant(date(2026, 3, 5), time(9), "Europe/Berlin"),
    ]


@pytest.mark.patient
@given(st.sampled_from(ZONES), st.sampled_from(ZONES), st.integers(0, 13), st.sampled_from([time(8), time(14)]))
@examples(150)
def test_a_journey_that_reverts_keeps_the_law_of_journeys(home: str, away: str, days: int, at: time) -> None:
    until = START.date() + days * DAY
    table = Timetable(
        zone=home, at=at, anchor=LONG_AGO, pace=Pace.DAILY, starts=START, travel=Travel(zone=away, until=until)
    )
    back = max(START, end_of_day(until, away))
    end = START + 20 * DAY
    found = list(follow(table, START, end))

    days_asked = Counter(local_day(each.due_at, away if each.due_at < back else home) for each in found)
    assert set(days_asked.values()) <= {1}
    assert lived_through([(START, back, away), (back, end, home)], at) <= set(days_asked)


@pytest.mark.patient
@given(
    st.sampled_from(ZONES),
    st.sampled_from(list(Pace)),
    st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(1, 9 * 24)), max_size=5),
    st.lists(st.integers(0, 40), max_size=8),
    st.booleans(),
)
@examples(150)
def test_after_any_outage_at_most_one_prompt_a_day_goes_out_and_none_is_stale(
    zone: str, pace: Pace, outages: list[tuple[int, int]], due: list[int], focus: bool
) -> None:
    table = Timetable(
        zone=zone,
        at=time(10),
        anchor=LONG_AGO,
        pace=pace,
        starts=START,
        focus=focus,
        due=tuple(Due(item=str(n), day=START.date() + offset * DAY) for n, offset in enumerate(due)),
    )
    dark = [(START + timedelta(hours=begin), timedelta(hours=length)) for begin, length in outages]
    days: Counter[date] = Counter()
    now, planned = START, next_occurrence(table, START)
    while planned is not None and planned.due_at < START + 45 * DAY:
        now = awake(max(now, planned.due_at), dark)
        decision = catch_up(planned, table, now)
        if isinstance(decision, Send):
            wall = local_time(now, zone)
            days[wall.date()] += 1
            assert wall.date() - decision.occurrence.local_date <= LATE[decision.occurrence.slot] * DAY
            assert time(8) <= wall.time() < time(18, 30)
            table = sent(table, decision.occurrence)
        planned = next_occurrence(table, now)

    assert set(days.values()) <= {1}


def awake(moment: datetime, dark: list[tuple[datetime, timedelta]]) -> datetime:
    """The first moment from `moment` on at which the host runs."""
    while (outage := next((each for each in dark if each[0] <= moment < each[0] + each[1]), None)) is not None:
        moment = outage[0] + outage[1]
    return moment


def test_a_clock_set_back_two_hours_after_the_prompt_asks_nothing_twice() -> None:
    table = Timetable(zone="Europe/Berlin", at=time(9), anchor=LONG_AGO, pace=Pace.DAILY)
    nine = datetime(2026, 3, 3, 8, tzinfo=UTC)
    planned = next_occurrence(table, nine)
    assert planned is not None
    after = sent(table, planned)

    again = next_occurrence(after, nine - timedelta(hours=2))

    assert again is not None
    assert again.local_date == date(2026, 3, 4)
    assert isinstance(catch_up(planned, after, nine - timedelta(hours=2)), Drop)


def test_what_follows_a_night_answer_waits_for_the_morning() -> None:
    table = Timetable(zone="Europe/Berlin", at=time(9), anchor=LONG_AGO)
    late = datetime(2026, 3, 3, 22, tzinfo=UTC)
    friday_night = datetime(2026, 3, 6, 22, 30, tzinfo=UTC)
    noon = datetime(2026, 3, 4, 11, tzinfo=UTC)

    assert next_window(table, late) == datetime(2026, 3, 4, 7, tzinfo=UTC)
    assert next_window(table, friday_night) == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert next_window(table, noon) == noon
