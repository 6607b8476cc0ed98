"""When the bot writes by itself: rhythms, precedence, caps, pauses, lateness, reminders."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.coaching.rhythm.backoff import Quiet, Slowdown, Word, missed
from bot.coaching.rhythm.next_prompt import expiry_at, next_occurrence, sent, under, upcoming
from bot.coaching.rhythm.slots import ROWS
from bot.coaching.rhythm.timetable import Due, Timetable
from bot.model.occurrences import Dated, Occurrence
from bot.model.people.preferences import Pace, Pause

BERLIN = ZoneInfo("Europe/Berlin")
# Monday, 2 March 2026, starts the week in which these stories play; the client began a week before.
TABLE = Timetable(
    zone="Europe/Berlin", at=time(9, 30), anchor=date(2026, 2, 23), starts=datetime(2026, 3, 2, tzinfo=BERLIN)
)
DUE_WEDNESDAY = Due(item="budget", day=date(2026, 3, 4))


def march(day: int, hour: float = 9.5) -> datetime:
    return datetime(2026, 3, 1, tzinfo=BERLIN) + timedelta(days=day - 1, hours=hour)


def story(table: Timetable, weeks: int = 2, start: datetime | None = None) -> list[tuple[int, str]]:
    """What goes out from Monday the 2nd on, each answered: (day counted from 1 March, dialogue)."""
    return [
        ((each.due_at.astimezone(BERLIN).date() - date(2026, 2, 28)).days, each.dialogue)
        for each in upcoming(table, start or march(2, 0), weeks)
    ]


def first(table: Timetable, now: datetime) -> Occurrence:
    planned = next_occurrence(table, now)
    assert planned is not None
    return planned


def due(**days: int) -> tuple[Due, ...]:
    return tuple(Due(item=item, day=date(2026, 3, day)) for item, day in days.items())


# Rhythms


def test_by_default_there_is_one_check_in_a_week_at_the_chosen_day_and_hour() -> None:
    assert story(TABLE) == [(6, "weekly-checkin"), (13, "weekly-checkin")]
    assert first(TABLE, march(2, 0)).due_at == march(6)


def test_the_focus_opens_the_week_for_those_who_want_it() -> None:
    assert story(replace(TABLE, focus=True), 1) == [(2, "monday-focus"), (6, "weekly-checkin")]


def test_a_week_from_sunday_to_thursday_begins_on_sunday() -> None:
    table = replace(TABLE, working_days=frozenset({6, 0, 1, 2, 3}), weekday=3, focus=True)
    assert story(table) == [
        (5, "weekly-checkin"),
        (8, "monday-focus"),
        (12, "weekly-checkin"),
        (15, "monday-focus"),
    ]


def test_a_chosen_day_that_is_no_working_day_stands_for_the_next_one() -> None:
    table = replace(TABLE, working_days=frozenset({6, 0, 1, 2, 3}), weekday=4)
    assert story(table) == [(8, "weekly-checkin"), (15, "weekly-checkin")]


def test_fortnightly_counts_from_the_week_in_which_the_client_began() -> None:
    assert story(replace(TABLE, pace=Pace.FORTNIGHTLY), 5) == [(13, "weekly-checkin"), (27, "weekly-checkin")]


def test_fortnightly_still_asks_about_an_item_on_its_day() -> None:
    table = replace(TABLE, pace=Pace.FORTNIGHTLY, due=due(budget=4))
    assert story(table) == [(4, "due-today"), (13, "weekly-checkin")]


def test_daily_asks_every_working_day_and_later_its_friday_is_the_weekly_one() -> None:
    assert story(replace(TABLE, pace=Pace.DAILY, anchor=date(2026, 2, 16)), 1) == [
        (2, "daily-checkin"),
        (3, "daily-checkin"),
        (4, "daily-checkin"),
        (5, "daily-checkin"),
        (6, "weekly-checkin"),
    ]


def test_in_the_first_fortnight_daily_has_no_weekly_one_beside_it() -> None:
    began = replace(TABLE, pace=Pace.DAILY, anchor=date(2026, 3, 2))
    assert {dialogue for day, dialogue in story(began)} == {"daily-checkin"}
    assert (20, "weekly-checkin") in story(began, 3)


def test_daily_ends_after_its_fortnight_with_the_question_whether_to_go_on() -> None:
    table = replace(TABLE, pace=Pace.DAILY, anchor=date(2026, 2, 18), daily_until=date(2026, 3, 4))
    assert story(table) == [
        (2, "daily-checkin"),
        (3, "daily-checkin"),
        (4, "daily-checkin"),
        (5, "daily-review"),
        (6, "weekly-checkin"),
        (13, "weekly-checkin"),
    ]


def test_minimal_is_one_message_a_week_with_the_due_items_in_it() -> None:
    table = replace(TABLE, pace=Pace.MINIMAL, focus=True, due=due(budget=3, hire=4))
    assert story(table) == [(6, "weekly-checkin"), (13, "weekly-checkin")]
    assert first(table, march(2, 0)).items == ("budget", "hire")


def test_minimal_does_not_move_a_check_in_into_the_week_of_the_next() -> None:
    table = replace(TABLE, pace=Pace.MINIMAL, holidays=frozenset({date(2026, 3, 6)}))
    assert story(table) == [(13, "weekly-checkin")]


# Due items, merging, precedence, caps


def test_an_item_is_asked_about_on_its_day_and_not_again_on_friday() -> None:
    table = replace(TABLE, due=due(budget=4))
    assert story(table, 1) == [(4, "due-today"), (6, "weekly-checkin")]
    assert [each.items for each in upcoming(table, march(2, 0), 1)] == [("budget",), ()]


def test_one_message_covers_all_items_due_on_a_day() -> None:
    assert first(replace(TABLE, due=due(budget=4, hire=4, memo=5)), march(2, 0)).items == ("budget", "hire")


def test_an_item_due_on_a_weekend_is_asked_about_on_monday() -> None:
    table = replace(TABLE, due=due(memo=7))
    assert story(table, 2)[1] == (9, "due-today")


def test_the_check_in_carries_what_is_due_that_day_and_what_was_not_asked_since() -> None:
    table = replace(TABLE, due=due(old=2, budget=6), starts=march(5, 0))
    planned = first(table, march(5, 19))
    assert (planned.dialogue, planned.items) == ("weekly-checkin", ("old", "budget"))


def test_an_item_is_asked_about_on_its_day_whatever_else_was_sent_that_day() -> None:
    table = replace(TABLE, due=due(budget=3, memo=4), opened=(date(2026, 3, 3),))
    assert [(each.due_at, each.items) for each in upcoming(table, march(3, 8), 1)][:2] == [
        (march(3), ("budget",)),
        (march(4), ("memo",)),
    ]


def test_an_item_promised_after_the_hour_for_the_same_day_waits_for_the_next() -> None:
    promise = Due(item="memo", day=date(2026, 3, 3), since=march(3, 15))
    assert first(replace(TABLE, due=(promise,)), march(3, 15)).due_at == march(4)
    early = replace(promise, since=march(3, 8))
    assert first(replace(TABLE, due=(early,)), march(3, 8)).due_at == march(3)


def test_three_a_week_at_most_and_what_clients_set_themselves_counts_first() -> None:
    one = replace(TABLE, focus=True, due=due(a=3))
    assert story(one, 1) == [(2, "monday-focus"), (3, "due-today"), (6, "weekly-checkin")]
    two = replace(one, due=due(a=3, b=4))
    assert story(two, 1) == [(3, "due-today"), (4, "due-today"), (6, "weekly-checkin")]
    three = replace(one, due=due(a=3, b=4, c=5))
    assert story(three, 1) == [(3, "due-today"), (4, "due-today"), (5, "due-today")]
    assert story(three, 2)[3] == (9, "weekly-checkin")


def test_where_own_items_alone_exceed_the_cap_it_gives_way_and_the_check_in_rides_on_its_day_s() -> None:
    table = replace(TABLE, due=due(a=2, b=3, c=4, d=5, e=6))
    assert story(table, 1) == [
        (2, "due-today"),
        (3, "due-today"),
        (4, "due-today"),
        (5, "due-today"),
        (6, "weekly-checkin"),
    ]
    assert upcoming(table, march(2, 0), 1)[-1].items == ("e",)


def test_reminders_and_other_threads_count_towards_the_cap() -> None:
    review = Dated(dialogue="review", day=date(2026, 3, 5))
    table = replace(TABLE, dated=(review,), opened=(date(2026, 3, 2), date(2026, 3, 3)))
    assert story(table, 1, march(4, 8)) == [(5, "review"), (9, "weekly-checkin")]
    own = replace(table, due=due(a=4))
    assert story(own, 1, march(4, 8)) == [(4, "due-today"), (9, "weekly-checkin"), (10, "review")]


def prepared(day: int, **hours: int) -> tuple[Dated, ...]:
    """A preparation on a day of March, and what is asked after the session on another at an hour."""
    asked = (Dated(dialogue="before-session", day=date(2026, 3, day)),)
    return asked + tuple(
        Dated(dialogue="after-session", day=date(2026, 3, int(on[1:])), at=time(hour)) for on, hour in hours.items()
    )


def test_a_preparation_stands_beside_an_item_of_its_day_and_the_item_leads() -> None:
    table = replace(TABLE, dated=prepared(3), due=due(a=3))
    assert story(table, 1) == [(3, "due-today"), (3, "before-session"), (6, "weekly-checkin")]


def test_a_preparation_never_moves_the_check_in() -> None:
    table = replace(TABLE, dated=prepared(4, d4=16), due=due(a=2))
    assert story(table, 1) == [(2, "due-today"), (4, "before-session"), (4, "after-session"), (6, "weekly-checkin")]


@pytest.mark.parametrize("day", [5, 6, 7])
def test_a_check_in_within_a_day_of_a_preparation_asks_about_due_items_only(day: int) -> None:
    table = replace(TABLE, working_days=frozenset(range(7)), dated=prepared(day), due=due(a=6, b=20))
    assert ("weekly-checkin", 6) not in {(name, on) for on, name in story(table, 1)}
    assert (6, "due-today") in story(table, 1)
    assert story(replace(table, due=due(b=20)), 1) == [(day, "before-session")]


def test_the_day_of_a_session_has_room_for_two_threads() -> None:
    table = replace(TABLE, dated=prepared(3, d6=16))
    assert story(table)[:3] == [(3, "before-session"), (6, "weekly-checkin"), (6, "after-session")]
    next_morning = replace(TABLE, at=time(9), dated=prepared(3, d6=9))
    assert story(next_morning)[:3] == [(3, "before-session"), (6, "after-session"), (9, "weekly-checkin")]
    at_short_notice = replace(TABLE, dated=prepared(4, d4=16), due=due(a=4))
    assert story(at_short_notice, 1)[:3] == [(4, "due-today"), (4, "before-session"), (4, "after-session")]


def test_one_thread_a_day_moves_the_check_in_to_the_next_window() -> None:
    table = replace(TABLE, opened=(date(2026, 3, 6),))
    planned = first(table, march(6, 9))
    assert (planned.due_at, planned.local_date) == (march(9), date(2026, 3, 6))


ORDER = [
    "due-today",
    "before-session",
    "after-session",
    "weekly-checkin",
    "review",
    "monday-focus",
    "practice-echo",
    "strengths-and-direction",
    "daily-checkin",
]


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_of_several_prompts_on_one_day_the_first_in_precedence_goes_out(place: int) -> None:
    left = ORDER[place:]
    monday = date(2026, 3, 2)
    table = replace(
        TABLE,
        weekday=0 if "weekly-checkin" in left else 4,
        pace=Pace.DAILY,
        anchor=date(2026, 2, 16),
        focus="monday-focus" in left,
        due=due(budget=2) if "due-today" in left else (),
        dated=tuple(Dated(dialogue=name, day=monday) for name in left),
    )
    assert first(table, march(2, 0)).dialogue == left[0]


def test_the_rows_stand_in_the_order_of_precedence() -> None:
    assert [row.slot for row in ROWS if row.slot in ORDER] == ORDER


def test_a_dated_prompt_may_have_an_hour_of_its_own_outside_quiet_time() -> None:
    after = Dated(dialogue="after-session", day=date(2026, 3, 3), at=time(16))
    assert first(replace(TABLE, dated=(after,)), march(2, 0)).due_at == march(3, 16)
    night = replace(after, at=time(22))
    assert first(replace(TABLE, dated=(night,)), march(2, 0)).due_at == march(3)


# Holidays and pauses


def test_a_holiday_moves_the_check_in_to_the_next_working_day_at_the_chosen_hour() -> None:
    planned = first(replace(TABLE, holidays=frozenset({date(2026, 3, 6)})), march(2, 0))
    assert (planned.local_date, planned.due_at) == (date(2026, 3, 6), march(9))


def test_a_focus_or_daily_prompt_on_a_holiday_is_dropped() -> None:
    table = replace(TABLE, focus=True, holidays=frozenset({date(2026, 3, 2)}))
    assert story(table, 1) == [(6, "weekly-checkin")]


def test_a_long_holiday_drops_the_check_in_that_the_next_one_makes_stale() -> None:
    closed = frozenset(date(2026, 3, day) for day in (6, 9, 10))
    assert story(replace(TABLE, holidays=closed)) == [(13, "weekly-checkin")]


def test_nothing_goes_out_in_a_pause_and_nothing_is_made_up_for_after_it() -> None:
    table = replace(TABLE, pauses=(Pause(first=date(2026, 3, 5), last=date(2026, 3, 8)),))
    assert story(table) == [(13, "weekly-checkin")]


def test_a_pause_without_end_plans_nothing() -> None:
    assert next_occurrence(replace(TABLE, pauses=(Pause(first=date(2026, 3, 2)),)), march(2, 0)) is None


def test_a_long_pause_is_seen_through_to_its_end() -> None:
    table = replace(TABLE, pauses=(Pause(first=date(2026, 3, 2), last=date(2026, 11, 1)),))
    assert first(table, march(2, 0)).local_date == date(2026, 11, 6)


def test_items_due_in_a_pause_are_held_for_one_message_on_the_second_working_day_back() -> None:
    pause = Pause(first=date(2026, 3, 3), last=date(2026, 3, 8))
    table = replace(TABLE, pauses=(pause,), due=due(budget=4, memo=7, hire=9, talk=11))
    planned = upcoming(table, march(3, 0), 2)
    assert story(table, 2, march(3, 0)) == [
        (9, "due-today"),
        (10, "after-pause"),
        (11, "due-today"),
        (16, "weekly-checkin"),
    ]
    assert [each.items for each in planned] == [("hire",), ("budget", "memo"), ("talk",), ()]


def test_an_item_that_waited_for_monday_is_held_when_monday_is_in_the_pause() -> None:
    pause = Pause(first=date(2026, 3, 9), last=date(2026, 3, 10))
    table = replace(TABLE, pauses=(pause,), due=due(memo=7))
    assert (12, "after-pause") in story(table)
    assert (9, "due-today") not in story(table)


def test_the_message_after_a_pause_goes_before_the_check_in_which_moves_on() -> None:
    pause = Pause(first=date(2026, 3, 3), last=date(2026, 3, 4))
    table = replace(TABLE, pauses=(pause,), due=due(budget=4))
    assert story(table, 2) == [(6, "after-pause"), (9, "weekly-checkin"), (13, "weekly-checkin")]


def test_a_check_in_on_the_first_day_back_leaves_the_held_items_alone() -> None:
    pause = Pause(first=date(2026, 3, 4), last=date(2026, 3, 5))
    planned = upcoming(replace(TABLE, pauses=(pause,), due=due(budget=4)), march(2, 0), 1)
    assert [(each.dialogue, each.items) for each in planned] == [("weekly-checkin", ())]
    assert story(replace(TABLE, pauses=(pause,), due=due(budget=4)))[1] == (9, "after-pause")


def test_the_message_after_a_pause_also_covers_what_was_left_unasked_before_it() -> None:
    pause = Pause(first=date(2026, 3, 3), last=date(2026, 3, 8))
    table = replace(TABLE, pauses=(pause,), due=due(old=2, budget=4))
    assert first(table, march(9, 12)).items == ("old", "budget")


def test_held_items_whose_message_was_lost_in_an_outage_are_left_to_the_check_in() -> None:
    pause = Pause(first=date(2026, 3, 3), last=date(2026, 3, 8))
    planned = first(replace(TABLE, pauses=(pause,), due=due(budget=4)), march(16))
    assert (planned.dialogue, planned.items, planned.due_at) == ("weekly-checkin", ("budget",), march(16))


# Backing off


@pytest.mark.parametrize(
    ("pace", "slowdown", "days"),
    [
        (Pace.WEEKLY, Slowdown.HALVED, [13, 27]),
        (Pace.WEEKLY, Slowdown.FORTNIGHTLY, [13, 27]),
        (Pace.FORTNIGHTLY, Slowdown.HALVED, [27]),
        (Pace.FORTNIGHTLY, Slowdown.FORTNIGHTLY, [27]),
        (Pace.DAILY, Slowdown.HALVED, [3, 5, 9, 11, 13, 17, 19, 23, 25, 27]),
        (Pace.DAILY, Slowdown.FORTNIGHTLY, [13, 27]),
        (Pace.WEEKLY, Slowdown.STOPPED, []),
    ],
)
def test_slowing_down_halves_the_rhythm_and_never_speeds_it_up(pace: Pace, slowdown: Slowdown, days: list[int]) -> None:
    asked = frozenset({("weekly-checkin", date(2026, 2, 27))})
    table = replace(TABLE, pace=pace, slowdown=slowdown, asked=asked)
    assert [day for day, _ in story(table, 4)] == days


def test_while_slowed_down_due_items_are_folded_into_the_routine_prompt() -> None:
    table = replace(TABLE, slowdown=Slowdown.HALVED, one_tap=True, due=due(budget=4))
    planned = first(table, march(2, 0))
    assert (planned.dialogue, planned.slot, planned.items) == ("one-tap", "weekly-checkin", ("budget",))


def test_one_tap_replaces_the_routine_prompt_and_leaves_the_focus_out() -> None:
    table = replace(TABLE, one_tap=True, focus=True, pace=Pace.DAILY)
    planned = first(table, march(2, 0))
    assert (planned.dialogue, planned.slot) == ("one-tap", "daily-checkin")


def test_an_answer_brings_the_full_prompt_back() -> None:
    assert story(replace(TABLE, one_tap=True)) == [(6, "one-tap"), (13, "weekly-checkin")]


def test_a_silent_client_hears_less_and_less_and_then_a_last_word() -> None:
    table, quiet, now = TABLE, Quiet(), march(2, 0)
    told: list[tuple[int, str]] = []
    while (planned := next_occurrence(table, now)) is not None and len(told) < 12:
        told.append(((planned.due_at.astimezone(BERLIN).date() - date(2026, 2, 28)).days, planned.dialogue))
        table = sent(table, planned)
        now = expiry_at(planned.due_at, None)
        quiet = missed(quiet, planned.local_date)
        table = under(table, quiet)
    assert told == [
        (6, "weekly-checkin"),
        (13, "weekly-checkin"),
        (20, "one-tap"),
        (34, "one-tap"),
        (37, "coming-back"),
        (51, "coming-back"),
        (54, "last-note"),
    ]


def test_coming_back_waits_for_the_start_of_a_week_and_moves_past_a_holiday() -> None:
    table = replace(TABLE, slowdown=Slowdown.FORTNIGHTLY, word=Word.COMING_BACK, word_since=date(2026, 3, 3))
    assert first(table, march(4, 0)).due_at == march(9)
    assert first(replace(table, holidays=frozenset({date(2026, 3, 9)})), march(4, 0)).due_at == march(10)


def test_a_session_still_brings_a_word_to_a_client_for_whom_prompting_stopped() -> None:
    table = replace(TABLE, slowdown=Slowdown.STOPPED, dated=(Dated(dialogue="before-session", day=date(2026, 3, 10)),))
    assert story(table, 3) == [(10, "before-session")]


# The plan comes back


def replayed(at: time, cue: time | None, day: int = 5) -> list[tuple[str, datetime]]:
    """What comes of one item that falls on a day of March, for somebody who is asked at an hour."""
    table = replace(TABLE, at=at, due=(Due(item="a", day=date(2026, 3, day), cue=cue),))
    own = ("due-today", "at-cue", "tomorrow")
    return [(each.slot, each.due_at) for each in upcoming(table, march(2, 0), 2) if each.slot in own]


def test_a_plan_comes_back_at_its_own_hour_or_else_at_the_client_s() -> None:
    assert replayed(time(9), None) == [("due-today", march(5, 9))]
    assert replayed(time(9), time(17)) == [("at-cue", march(5, 17))]
    assert replayed(time(9), None, day=7) == [("due-today", march(9, 9))]


def test_whoever_is_asked_at_noon_or_later_hears_of_it_the_working_day_before() -> None:
    assert replayed(time(16), None) == [("tomorrow", march(4, 16)), ("due-today", march(5, 16))]
    assert replayed(time(16), time(17)) == [("at-cue", march(5, 17))]
    assert replayed(time(12), None, day=9) == [("tomorrow", march(6, 12)), ("due-today", march(9, 12))]


def test_what_is_told_the_day_before_takes_nobody_s_place() -> None:
    table = replace(TABLE, at=time(16), due=due(a=9))
    assert story(table) == [(6, "tomorrow"), (6, "weekly-checkin"), (9, "due-today"), (13, "weekly-checkin")]


def test_a_plan_with_an_hour_of_its_own_stands_beside_the_check_in_which_leaves_it_alone() -> None:
    table = replace(TABLE, due=(Due(item="a", day=date(2026, 3, 6), cue=time(17)), *due(b=6)))
    planned = upcoming(table, march(2, 0), 1)
    assert [(each.slot, each.items) for each in planned] == [("weekly-checkin", ("b",)), ("at-cue", ("a",))]


def test_nothing_comes_back_in_the_smallest_rhythm() -> None:
    table = replace(TABLE, at=time(16), pace=Pace.MINIMAL, due=(Due(item="a", day=date(2026, 3, 5), cue=time(17)),))
    assert story(table, 1) == [(6, "weekly-checkin")]
