"""Late prompts, reminders and limits: what the moment of sending decides, and laws over whole programmes."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.backoff import Quiet, Slowdown, heard, missed, restored
from bot.coaching.rhythm.next_prompt import (
    Drop,
    Later,
    Reason,
    Send,
    catch_up,
    expiry_at,
    next_occurrence,
    reminder_at,
    sent,
    under,
)
from bot.coaching.rhythm.slots import ROWS, SILENT
from bot.coaching.rhythm.timetable import Due, Timetable, calendar, fits
from bot.model.occurrences import Dated, Occurrence
from bot.model.people.preferences import Pace, Pause
from bot.time_zones import local_time
from tests.support.laws import examples
from tests.test_rhythm import TABLE, due, first, march

DAILY = replace(TABLE, pace=Pace.DAILY)
FRIDAY = first(TABLE, march(2, 0))
TUESDAY = first(DAILY, march(3, 0))
BUDGET = replace(TABLE, due=due(budget=3))
BUDGET_DUE = first(BUDGET, march(2, 0))


def dropped(reason: Reason) -> Drop:
    return Drop(reason=reason)


def test_a_prompt_goes_out_when_its_hour_comes() -> None:
    assert catch_up(FRIDAY, TABLE, march(6)) == Send(occurrence=FRIDAY)


def test_a_prompt_noticed_too_early_waits_for_its_hour() -> None:
    assert catch_up(FRIDAY, TABLE, march(6, 7.5)) == Later(due_at=march(6))


def test_a_daily_prompt_may_be_late_until_quiet_time() -> None:
    assert isinstance(catch_up(TUESDAY, DAILY, march(3, 18.4)), Send)
    assert catch_up(TUESDAY, DAILY, march(3, 18.5)) == dropped(Reason.STALE)
    assert catch_up(TUESDAY, DAILY, march(4)) == dropped(Reason.STALE)


def test_a_check_in_missed_on_friday_goes_at_the_start_of_monday_s_window() -> None:
    assert catch_up(FRIDAY, TABLE, march(6, 22)) == Later(due_at=march(9, 8))
    decision = catch_up(FRIDAY, TABLE, march(9, 8))
    assert isinstance(decision, Send)
    assert decision.occurrence.local_date == date(2026, 3, 6)
    assert catch_up(FRIDAY, TABLE, march(10, 8)) == dropped(Reason.STALE)


def test_a_due_item_may_be_two_days_late_and_is_then_left_to_the_check_in() -> None:
    assert isinstance(catch_up(BUDGET_DUE, BUDGET, march(5, 12)), Send)
    assert catch_up(BUDGET_DUE, BUDGET, march(6, 12)) == dropped(Reason.STALE)
    assert first(BUDGET, march(6, 12)).items == ("budget",)


def test_an_overdue_item_is_merged_into_what_goes_out_that_day() -> None:
    thursday = replace(BUDGET, due=due(budget=5))
    planned = first(thursday, march(2, 0))
    assert catch_up(planned, thursday, march(6, 12)) == dropped(Reason.MERGED)
    assert (first(thursday, march(6, 12)).dialogue, first(thursday, march(6, 12)).items) == (
        "weekly-checkin",
        ("budget",),
    )


def test_the_focus_is_for_its_own_day_only() -> None:
    table = replace(TABLE, focus=True)
    planned = first(table, march(2, 0))
    assert catch_up(planned, table, march(3)) == dropped(Reason.STALE)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"due": ()}, Reason.SETTLED),
        ({"pauses": (Pause(first=date(2026, 3, 3)),)}, Reason.PAUSED),
        ({"slowdown": Slowdown.HALVED}, Reason.SLOWED),
        ({"asked": frozenset({("due-today", date(2026, 3, 3))})}, Reason.ASKED),
        ({"due": due(budget=20)}, Reason.CHANGED),
        ({"pace": Pace.MINIMAL}, Reason.CHANGED),
    ],
)
def test_what_happened_in_between_is_given_as_the_reason(change: dict[str, Any], reason: Reason) -> None:
    assert catch_up(BUDGET_DUE, replace(BUDGET, **change), march(3)) == dropped(reason)


def test_what_other_threads_leave_no_room_for_is_dropped_as_capped() -> None:
    table = replace(TABLE, focus=True)
    planned = first(table, march(2, 0))
    full = replace(table, opened=(date(2026, 3, 2),))
    assert catch_up(planned, full, march(2)) == dropped(Reason.CAPPED)


def test_an_unknown_dialogue_is_dropped_as_changed() -> None:
    stray = replace(FRIDAY, slot="carrier-pigeon", dialogue="carrier-pigeon")
    assert catch_up(stray, TABLE, march(6)) == dropped(Reason.CHANGED)


def test_what_is_sent_is_what_is_open_now_in_the_form_that_holds_now() -> None:
    decision = catch_up(FRIDAY, replace(TABLE, one_tap=True, due=due(memo=6)), march(6))
    assert isinstance(decision, Send)
    assert (decision.occurrence.dialogue, decision.occurrence.items) == ("one-tap", ("memo",))


def test_hours_that_passed_before_the_rhythm_was_chosen_are_not_made_up_for() -> None:
    chosen = replace(DAILY, starts=march(3, 14))
    assert first(chosen, march(3, 14)).due_at == march(4)
    began_today = replace(DAILY, starts=None, anchor=date(2026, 3, 3))
    assert first(began_today, march(3, 14)).due_at == march(4)


def test_what_was_moved_and_not_missed_keeps_its_hour_even_when_planned_afterwards() -> None:
    holiday = replace(TABLE, holidays=frozenset({date(2026, 3, 6)}))
    assert first(holiday, march(7)).due_at == march(9)
    crowded = replace(TABLE, opened=(date(2026, 3, 6),))
    assert first(crowded, march(7)).due_at == march(9)


def test_a_moved_check_in_takes_a_new_week_s_only_place_if_that_week_has_none_of_its_own() -> None:
    every_day = frozenset(range(7))
    table = replace(TABLE, pace=Pace.MINIMAL, working_days=every_day, weekday=6, opened=(date(2026, 3, 1),))
    assert first(table, march(2, 0)).local_date == date(2026, 3, 8)
    closed_sunday = replace(table, holidays=frozenset({date(2026, 3, 8)}))
    assert first(closed_sunday, march(2, 0)).due_at == march(2)


def test_nothing_is_planned_for_days_before_the_client_began() -> None:
    assert first(replace(TABLE, anchor=date(2026, 3, 10)), march(2, 0)).due_at == march(13)


# Reminders and expiry


def reminder(table: Timetable, planned: Occurrence) -> datetime | None:
    return reminder_at(sent(table, planned), planned.due_at)


def test_a_reminder_comes_at_the_client_s_hour_on_the_next_open_day() -> None:
    assert reminder(BUDGET, BUDGET_DUE) == march(4)
    assert reminder(TABLE, FRIDAY) == march(9)
    after = replace(TABLE, dated=(Dated(dialogue="after-session", day=date(2026, 3, 3), at=time(16)),))
    assert reminder(after, first(after, march(2, 0))) == march(4)


def test_there_is_no_reminder_on_the_day_of_the_next_prompt_or_after_it() -> None:
    assert reminder(DAILY, TUESDAY) is None
    thursday = replace(TABLE, due=due(budget=5))
    assert reminder(thursday, first(thursday, march(2, 0))) is None


def test_there_is_no_reminder_while_slowed_down_or_in_the_minimal_rhythm() -> None:
    assert reminder(replace(BUDGET, slowdown=Slowdown.HALVED), BUDGET_DUE) is None
    quiet_week = frozenset({date(2026, 3, 13)})
    assert reminder(replace(TABLE, holidays=quiet_week), FRIDAY) is not None
    assert reminder(replace(TABLE, pace=Pace.MINIMAL, holidays=quiet_week), FRIDAY) is None


def test_there_is_no_reminder_on_a_day_that_had_its_thread() -> None:
    asked = frozenset({("weekly-checkin", date(2026, 3, 2))})
    table = replace(BUDGET, weekday=0, asked=asked)
    assert reminder(table, BUDGET_DUE) == march(4)
    assert reminder(replace(table, opened=(date(2026, 3, 4),)), BUDGET_DUE) is None


def test_there_is_no_reminder_once_the_prompt_has_expired() -> None:
    assert reminder(replace(TABLE, holidays=frozenset({date(2026, 3, 9)})), FRIDAY) is None


def test_a_reminder_never_takes_the_check_in_s_place() -> None:
    busy = replace(BUDGET, opened=(date(2026, 3, 2),))
    assert reminder(busy, BUDGET_DUE) is None


def test_a_prompt_expires_after_72_hours_or_when_the_next_one_comes() -> None:
    assert expiry_at(march(2), None) == march(5)
    assert expiry_at(march(2), march(4)) == march(4)
    assert expiry_at(march(2), march(9)) == march(5)


# What cannot be chosen


@pytest.mark.parametrize("at", [time(7, 59), time(18, 30), time(23)])
def test_no_hour_inside_quiet_time_can_be_chosen(at: time) -> None:
    assert not fits(at)
    with pytest.raises(ValueError, match="quiet hours"):
        replace(TABLE, at=at)


def test_a_window_may_last_until_midnight_but_not_past_it() -> None:
    assert fits(time(23, 59), quiet_from=time(0), quiet_until=time(8))
    assert fits(time(3), quiet_from=time(6), quiet_until=time(6))
    with pytest.raises(ValueError, match="within one day"):
        fits(time(12), quiet_from=time(1), quiet_until=time(8))


@pytest.mark.parametrize("change", [{"working_days": frozenset()}, {"working_days": {7}}, {"weekday": 7}])
def test_a_week_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        replace(TABLE, **change)


# Laws over twelve weeks

OWN = {row.slot for row in ROWS if row.own}

START = date(2026, 3, 2)
days = st.integers(0, 84).map(lambda offset: START + timedelta(days=offset))
WEEKS = [frozenset(range(5)), frozenset({6, 0, 1, 2, 3}), frozenset({0, 2, 3}), frozenset(range(7)), frozenset({5, 6})]


@st.composite
def timetables(draw: st.DrawFn) -> Timetable:
    firsts = draw(st.lists(days, max_size=3))
    return Timetable(
        zone=draw(st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"])),
        at=draw(st.sampled_from([time(8), time(9, 30), time(18, 15)])),
        anchor=date(2026, 2, 24),
        starts=march(2, 0),
        pace=draw(st.sampled_from(list(Pace))),
        weekday=draw(st.integers(0, 6)),
        working_days=draw(st.sampled_from(WEEKS)),
        holidays=frozenset(draw(st.lists(days, max_size=6))),
        pauses=tuple(Pause(first=day, last=day + timedelta(days=draw(st.integers(0, 12)))) for day in firsts),
        focus=draw(st.booleans()),
        daily_until=draw(st.none() | days),
        due=tuple(Due(item=str(n), day=day) for n, day in enumerate(draw(st.lists(days, max_size=20)))),
    )


class Programme:
    """Twelve weeks of one client who answers or not; `log` holds every prompt, `dates` those of reminders too."""

    def __init__(self, table: Timetable, answers: list[bool]) -> None:
        self.table, self.quiet, self.now = table, Quiet(), march(2, 0)
        self.log: list[Occurrence] = []
        self.moments: list[datetime] = []
        self.items: list[str] = []
        turn = 0
        while (planned := next_occurrence(self.table, self.now)) and planned.due_at < march(2 + 84):
            assert planned.due_at >= self.now
            self.send(planned, answered=bool(answers) and answers[turn % len(answers)])
            turn += 1

    def send(self, planned: Occurrence, *, answered: bool) -> None:
        assert catch_up(planned, self.table, planned.due_at) == Send(occurrence=planned)
        if planned.slot not in SILENT:
            self.log.append(planned)
            self.moments.append(planned.due_at)
            self.items += planned.items
        self.table = sent(self.table, planned)
        self.now = planned.due_at
        if answered:
            self.quiet = restored(heard(self.quiet))
        else:
            self.stay_silent(planned)
        self.table = under(self.table, self.quiet)

    def stay_silent(self, planned: Occurrence) -> None:
        remind = reminder_at(self.table, planned.due_at)
        if remind is not None:
            self.moments.append(remind)
            self.table = replace(self.table, opened=(*self.table.opened, local_time(remind, self.table.zone).date()))
        following = next_occurrence(self.table, planned.due_at)
        self.now = expiry_at(planned.due_at, following.due_at if following else None)
        assert remind is None or remind <= self.now
        self.quiet = missed(self.quiet, planned.local_date)


@pytest.mark.patient
@given(timetables(), st.lists(st.booleans(), max_size=12))
@examples(200)
def test_no_programme_breaks_a_cap_or_writes_in_closed_time(table: Timetable, answers: list[bool]) -> None:
    programme = Programme(table, answers)

    look = calendar(table, march(2, 0))
    walls = [local_time(moment, table.zone) for moment in programme.moments]
    own = [local_time(each.due_at, table.zone).date() for each in programme.log if each.slot in OWN]
    own_in_week = Counter(map(look.week, own))
    in_week = Counter(look.week(wall.date()) for wall in walls)
    caps = {Pace.MINIMAL: 1, Pace.DAILY: 5}
    assert all(count <= 1 + own.count(day) for day, count in Counter(wall.date() for wall in walls).items())
    assert all(count <= max(caps.get(table.pace, 3), own_in_week[week] + 1) for week, count in in_week.items())
    for wall in walls:
        assert wall.date().weekday() in table.working_days
        assert wall.date() not in table.holidays
        assert not any(pause.covers(wall.date()) for pause in table.pauses)
        assert time(8) <= wall.time() < time(18, 30)
    assert len({(each.slot, each.local_date) for each in programme.log}) == len(programme.log)
    assert len(programme.items) == len(set(programme.items))


STREAKS = [[True], [False, True], [False, False, True]]


@pytest.mark.patient
@given(timetables(), st.lists(st.sampled_from(STREAKS), min_size=1, max_size=6))
@examples(200)
def test_the_weekly_check_in_is_never_crowded_out(table: Timetable, streaks: list[list[bool]]) -> None:
    """While the client is not slowed down it goes out on each of its days that is open, or yields to a row above it.

    What clients set themselves may fill a week; then it moves on.
    """
    programme = Programme(table, [answer for streak in streaks for answer in streak])

    order = [row.slot for row in ROWS]
    rank = {local_time(each.due_at, table.zone).date(): order.index(each.slot) for each in programme.log}
    look = calendar(table, march(2, 0))
    own = Counter(look.week(local_time(each.due_at, table.zone).date()) for each in programme.log if each.items)
    for day in (START + timedelta(days=offset) for offset in range(1, 80)):
        in_turn = table.pace is not Pace.FORTNIGHTLY or look.weeks_between(table.anchor, day) % 2 == 0
        at_first = table.pace is Pace.DAILY and day < table.anchor + timedelta(days=14)  # one tap a day instead
        if day.weekday() == look.weekday and look.open(day) and in_turn and not at_first:
            full = own[look.week(day)] >= 3 and day not in rank
            assert full or rank[day] <= order.index("weekly-checkin"), day
