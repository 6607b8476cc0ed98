"""Sessions by rule: series in the coach's zone, the days on which something is asked, the file for a calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.coaching.sessions.calendar_file import calendar_sheet
from bot.coaching.sessions.rules import (
    AFTER,
    BEFORE,
    ECHO,
    MOST,
    Diary,
    Moment,
    Series,
    brief_at,
    client_moments,
    note_moment,
    recurring,
    remind_to_prepare,
    series_of,
    when,
)
from bot.engine.files import file_of
from bot.messages.outgoing import Document
from bot.model.people.preferences import Pause, Preferences
from bot.model.plan import Session
from bot.model.replies import Sheet
from bot.rendering.wording import load_wording
from bot.understanding.dates.recurrence import span_of, stretches_of
from bot.understanding.vocabulary import vocabulary_of

WORDING = load_wording()["en"].localised("en-GB").on(date(2026, 11, 24))
WORDS = vocabulary_of(WORDING)
BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKLY = Series(key="k", every=1, zone=BERLIN, first=datetime.fromisoformat("2027-03-16T09:30"))


def at(day: int, hour: int = 14, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def session(instant: datetime, **changes: object) -> Session:
    return replace(Session(id="s", engagement="e", at=instant), **changes)


def moments(session: Session, now: datetime = NOW, zone: str = BERLIN, **changes: object) -> dict[str, Moment]:
    diary = Diary(zone=zone, wishes=replace(Preferences(), **changes.pop("wishes", {})), **changes)  # type: ignore[arg-type]
    return dict(client_moments(session, diary, now))


# -- series ----------------------------------------------------------------------------------------------------------


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    made = recurring(WEEKLY, date(2027, 4, 6), engagement="e")
    assert [s.at.hour for s in made] == [8, 8, 7, 7]
    assert {s.at.astimezone(ZoneInfo(BERLIN)).time() for s in made} == {time(9, 30)}
    assert [series_of(s) for s in made] == [WEEKLY] * 4


def test_an_hour_that_is_leapt_over_becomes_the_first_after_it_and_a_doubled_one_the_first_of_two() -> None:
    leap = recurring(
        replace(WEEKLY, first=datetime.fromisoformat("2027-03-28T02:30")), date(2027, 3, 28), engagement="e"
    )
    assert leap[0].at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    twice = recurring(
        replace(WEEKLY, first=datetime.fromisoformat("2027-10-31T02:30")), date(2027, 10, 31), engagement="e"
    )
    assert twice[0].at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_never_had_is_passed_over() -> None:
    apia = Series(key="k", every=1, zone="Pacific/Apia", first=datetime.fromisoformat("2011-12-23T10:00"))
    made = recurring(apia, date(2012, 1, 6), engagement="e")
    assert [s.id for s in made] == ["k-0", "k-2"]


@given(
    zone=st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})),
    start=st.datetimes(min_value=datetime.fromisoformat("2026-01-01"), max_value=datetime.fromisoformat("2034-01-01")),
    every=st.integers(1, 4),
)
def test_every_session_of_a_series_falls_on_its_weekday_once(zone: str, start: datetime, every: int) -> None:
    first = start.replace(second=0, microsecond=0)
    series = Series(key="k", every=every, zone=zone, first=first)
    made = recurring(series, first.date() + timedelta(weeks=30), engagement="e")
    assert len(made) <= MOST
    assert [s.at for s in made] == sorted({s.at for s in made})
    for each in made:
        wall = each.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        planned = series.wall(int(each.id.rpartition("-")[2]))
        assert timedelta(0) <= wall - planned <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "every", "start", "until"),
    [
        ("every second Tuesday 10:00", 2, "Tuesday 10:00", ""),
        ("weekly Thursday 9:30 until June", 1, "Thursday 9:30", "until June"),
        ("bi-weekly Tuesday 10:00 till end of March", 2, "Tuesday 10:00", "till end of March"),
        ("Thursday 15:00 every four weeks", 4, "Thursday 15:00", ""),
        ("Thursday 15:00", 0, "Thursday 15:00", ""),
    ],
)
def test_what_comes_again_is_told_from_when_it_begins(text: str, every: int, start: str, until: str) -> None:
    found = stretches_of(text, WORDS)
    assert (found.every, " ".join(found.start.split()), found.until) == (every, start, until)


def test_a_span_is_parted_at_its_last_mark() -> None:
    assert span_of("from 1 Dec to 12 Dec", WORDS.up_to) == ("from 1 Dec", "to 12 Dec")
    assert span_of("3 December - 10 December", WORDS.up_to) == ("3 December", "10 December")
    assert span_of("Friday", WORDS.up_to) == ("Friday", "")


# -- what is asked when ----------------------------------------------------------------------------------------------


def test_a_client_is_asked_the_day_before_two_hours_after_and_three_working_days_after() -> None:
    found = moments(session(at(26)))
    assert found[BEFORE] == Moment(day=date(2026, 11, 25))
    assert found[AFTER] == Moment(day=date(2026, 11, 26), at=time(18))
    assert found[ECHO] == Moment(day=date(2026, 12, 1))


def test_days_off_move_the_preparation_back_and_what_follows_on() -> None:
    monday = session(datetime(2026, 11, 30, 15, tzinfo=UTC))
    found = moments(monday)
    assert found[BEFORE] == Moment(day=date(2026, 11, 27))
    assert found[AFTER] == Moment(day=date(2026, 12, 1), at=time(9))
    friday = moments(session(datetime(2026, 11, 27, 16, tzinfo=UTC)))
    assert friday[AFTER] == Moment(day=date(2026, 11, 30), at=time(9))


def test_a_session_of_tomorrow_is_prepared_today_and_one_within_two_hours_not_at_all() -> None:
    assert moments(session(at(24)))[BEFORE] == Moment(day=date(2026, 11, 23), at=time(10, 30))
    assert BEFORE not in moments(session(NOW + timedelta(hours=2)))


def test_a_pause_over_a_session_leaves_nothing_to_ask_within_it() -> None:
    rest = Pause(first=date(2026, 11, 23), last=date(2026, 11, 27))
    found = moments(session(at(26)), pauses=(rest,))
    assert BEFORE not in found
    assert found[AFTER].day == date(2026, 11, 30)


def test_a_journey_moves_the_hours_and_never_the_session() -> None:
    there = moments(session(at(26)), zone="America/New_York")
    assert there[BEFORE] == Moment(day=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("day", "hour", "prepared", "reminded"),
    [(26, 15, 25, 9), (26, 9, 24, None), (30, 10, 27, None), (27, 12, 26, 9), (27, 11, 26, None), (30, 15, 27, 9)],
)
def test_a_preparation_comes_at_their_hour_on_the_last_working_day_that_leaves_26_hours(
    day: int, hour: int, prepared: int, reminded: int | None
) -> None:
    booked = session(datetime(2026, 11, day, hour, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC))
    assert moments(booked)[BEFORE] == Moment(day=date(2026, 11, prepared))
    remind = remind_to_prepare(booked, Diary(zone=BERLIN, wishes=Preferences()))
    expected = datetime(2026, 11, day, reminded, tzinfo=ZoneInfo(BERLIN)) if reminded else None
    assert remind == expected


def test_the_coach_has_the_brief_a_day_before_by_daylight_and_the_note_two_hours_after() -> None:
    diary = Diary(zone=BERLIN, wishes=Preferences())
    assert brief_at(session(at(26)), diary, NOW) == at(25)
    assert brief_at(session(at(26, 6)), diary, NOW) == at(24, 17)
    assert brief_at(session(at(26, 19)), diary, NOW) == at(25, 17)
    assert brief_at(session(NOW + timedelta(hours=3)), diary, NOW) == NOW
    assert brief_at(session(NOW - timedelta(hours=3)), diary, NOW) is None
    assert note_moment(session(at(26)), diary) == Moment(day=date(2026, 11, 26), at=time(18))
    assert note_moment(session(at(27, 17)), diary) == Moment(day=date(2026, 11, 30), at=time(9))


def test_an_instant_is_told_on_both_clocks_where_they_differ() -> None:
    there = "America/New_York"
    assert WORDING.render(when(at(26), BERLIN, there)) == "Thu 26 Nov 15:00, Berlin time (09:00 in New York)"
    assert WORDING.render(when(at(26, 23), BERLIN, there)).endswith("(Thu 26 Nov 18:00 in New York)")
    assert WORDING.render(when(at(26), BERLIN, "Europe/Paris")) == "Thu 26 Nov 15:00, Berlin time"


# -- the file for a calendar -----------------------------------------------------------------------------------------


def opened(sheet: Sheet) -> Calendar:
    return Calendar.from_ical(sheet.text if isinstance(sheet.text, str) else WORDING.render(sheet.text))


def test_one_session_is_one_event_with_a_neutral_title() -> None:
    calendar = opened(calendar_sheet((session(at(26), minutes=90),), NOW))
    (event,) = calendar.events
    assert (calendar["method"], event["summary"], event["uid"]) == ("PUBLISH", "Session", "s@throughline")
    assert (event.start, event.end - event.start, event["sequence"]) == (at(26), timedelta(minutes=90), 0)


def test_what_is_moved_replaces_and_what_is_cancelled_goes() -> None:
    moved = opened(calendar_sheet((session(at(27), moved=1),), NOW))
    assert (moved.events[0]["uid"], moved.events[0]["sequence"]) == ("s@throughline", 1)
    gone = opened(calendar_sheet((session(at(27), moved=2, state="cancelled"),), NOW))
    assert (gone["method"], gone.events[0]["status"], gone.events[0]["sequence"]) == ("PUBLISH", "CANCELLED", 2)


def test_a_file_that_a_person_opens_is_published_and_invites_nobody() -> None:
    made = recurring(WEEKLY, date(2027, 4, 13), engagement="e")
    later = replace(made[1], at=made[1].at + timedelta(days=1), moved=1)
    off = tuple(replace(one, state="cancelled", moved=1) for one in made)
    for held in (made, (made[0], later, *made[2:]), off, (session(at(26)),)):
        sheet = calendar_sheet(held, NOW)
        calendar = opened(sheet)
        assert calendar["method"] == "PUBLISH"
        for event in calendar.events:
            assert event.start is not None
            assert {"UID", "DTSTAMP", "SUMMARY", "ORGANIZER", "SEQUENCE"} <= set(event)
            assert event["organizer"].endswith(".invalid")
            assert "ATTENDEE" not in event
            assert (event["status"] == "CANCELLED") is (held is off)
            assert event["sequence"] == sum(one.moved for one in held)


def test_every_line_of_a_file_ends_as_calendars_want_it_and_is_short_enough() -> None:
    made = recurring(WEEKLY, date(2027, 4, 13), engagement="e")
    for held in (made, (session(at(26)),)):
        _, file = file_of(calendar_sheet(held, NOW), WORDING)
        assert isinstance(file, Document)
        text = file.text
        assert text.endswith("END:VCALENDAR\r\n")
        lines = text.split("\r\n")
        assert not any("\n" in line or "\r" in line for line in lines)
        assert max(len(line.encode()) for line in lines) <= 75


def test_a_series_is_one_rule_with_its_exceptions_under_one_uid() -> None:
    made = recurring(WEEKLY, date(2027, 4, 13), engagement="e")
    later = replace(made[1], at=made[1].at + timedelta(days=1), moved=1)
    off = replace(made[2], state="cancelled", moved=1)
    calendar = opened(calendar_sheet((made[0], later, off, *made[3:]), NOW))
    master, exception = calendar.events
    assert {event["uid"] for event in calendar.events} == {"k@throughline"}
    assert master["rrule"]["count"] == [5]
    assert master["exdate"].dts[0].dt.replace(tzinfo=None) == datetime.fromisoformat("2027-03-30T09:30")
    assert exception["recurrence-id"].dt.replace(tzinfo=None) == datetime.fromisoformat("2027-03-23T09:30")
    assert exception.start == later.at


def test_a_file_needs_a_session() -> None:
    with pytest.raises(ValueError, match="needs a session"):
        calendar_sheet((), NOW)
