"""Days as they are written: the year stands with those that are far away or in another year, and only there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.wording import load_wording

TODAY = date(2026, 7, 1)
ENGLISH = load_wording()["en"].localised("en-GB").on(TODAY)
GERMAN = load_wording()["de"].on(TODAY)


@pytest.mark.parametrize(
    ("day", "english", "german"),
    [
        (date(2026, 7, 3), "Fri 3 Jul", "Fr., 3. Juli"),
        (date(2026, 11, 28), "Sat 28 Nov", "Sa., 28. November"),
        (date(2026, 11, 29), "Sun, 29 Nov 2026", "So., 29. Nov. 2026"),
        (date(2026, 2, 1), "Sun 1 Feb", "So., 1. Februar"),
        (date(2026, 1, 31), "Sat, 31 Jan 2026", "Sa., 31. Jan. 2026"),
        (date(2027, 1, 5), "Tue, 5 Jan 2027", "Di., 5. Jan. 2027"),
    ],
)
def test_the_year_stands_where_it_is_not_plain(day: date, english: str, german: str) -> None:
    assert (ENGLISH.write(day), GERMAN.write(day)) == (english, german)


def test_the_turn_of_the_year_counts_and_the_hour_follows() -> None:
    eve = ENGLISH.on(date(2026, 12, 31))
    assert eve.write(date(2027, 1, 1)) == "Fri, 1 Jan 2027"
    assert eve.write(datetime(2027, 1, 1, 9, tzinfo=UTC)) == "Fri, 1 Jan 2027 09:00"
    assert eve.localised("en-US").write(date(2027, 1, 1)) == "Fri, Jan 1, 2027"


def test_a_document_that_may_be_read_at_any_time_has_every_year() -> None:
    assert load_wording()["en"].localised("en-GB").write(TODAY) == "Wed, 1 Jul 2026"


@given(st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(-2_000, 2_000))
def test_two_different_days_never_read_the_same(today: date, away: int) -> None:
    wording = ENGLISH.on(today)
    assert (wording.write(today) == wording.write(today + timedelta(days=away))) == (away == 0)
