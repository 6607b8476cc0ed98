"""The counting law of habits: done of applicable, over the weeks that were answered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.habits.rules import (
    applicable,
    asked_week,
    comes_on,
    days_to_ask,
    going,
    holds_from,
    kept_days,
    shown,
    to_ask,
    told_in,
    week_asked,
    weeks_told,
)
from bot.model.habits.values import DaysOff, Habit, HabitCount, HabitRule, HabitTurn, summed
from bot.model.habits.weeks import week_of
from tests.support.facts import engagement, facts

MONDAY = date(2026, 11, 2)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
EVERY_WEEKDAY = HabitRule(weekdays=(0, 1, 2, 3, 4))
GYM = HabitRule(weekdays=(0, 2, 4))
THREE = HabitRule(times=3)


def habit(rule: HabitRule = EVERY_WEEKDAY, *done: int | None, made: date = MONDAY) -> Habit:
    """A habit with a number for each week from the first on; None where nothing was answered."""
    counts = tuple(
        HabitCount(day=MONDAY + week * WEEK, done=n, told=MONDAY + week * WEEK + 4 * DAY)
        for week, n in enumerate(done)
        if n is not None
    )
    return Habit(id="h", number=1, engagement="e", text="Gym", rule=rule, made=made, counts=counts)


def figure(found: Habit, today: date, off: DaysOff | None = None) -> tuple[int, int]:
    return summed(shown(found, today, off or DaysOff()))


# -- the cases -------------------------------------------------------------------------------------------------------


def test_a_paused_week_leaves_both_numbers() -> None:
    paused = DaysOff(pauses=((MONDAY + 3 * WEEK, MONDAY + 3 * WEEK + 6 * DAY),))
    assert figure(habit(EVERY_WEEKDAY, 3, 4, 5, 0), MONDAY + 4 * WEEK, paused) == (12, 15)


def test_a_holiday_leaves_the_week() -> None:
    assert applicable(habit(), MONDAY, DaysOff(holidays=frozenset({MONDAY + 4 * DAY}))) == 4


def test_so_many_a_week_shrink_with_the_working_days_that_are_left() -> None:
    assert applicable(habit(THREE), MONDAY, DaysOff(pauses=((MONDAY, MONDAY + DAY),))) == 2
    assert applicable(habit(THREE), MONDAY, DaysOff(pauses=((MONDAY + 5 * DAY, MONDAY + 6 * DAY),))) == 3


def test_an_unanswered_week_is_unknown_and_not_nothing() -> None:
    assert figure(habit(EVERY_WEEKDAY, 5, None, 4), MONDAY + 3 * WEEK) == (9, 10)
    assert figure(habit(EVERY_WEEKDAY, None, None), MONDAY + 3 * WEEK) == (0, 0)


def test_four_answered_weeks_are_shown_however_long_they_lie_apart() -> None:
    assert figure(habit(THREE, 0, 1, None, 2, None, 3, 3), MONDAY + 8 * WEEK) == (9, 12)


def test_the_first_week_counts_from_the_day_on_which_it_was_made() -> None:
    assert applicable(habit(GYM, made=MONDAY + 2 * DAY), MONDAY, DaysOff()) == 2
    assert applicable(habit(THREE, made=MONDAY + 2 * DAY), MONDAY, DaysOff()) == 2


# -- days and months -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month_day", "comes"),
    [(31, (date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 28))), (1, (date(2026, 11, 1), date(2026, 12, 1)))],
)
def test_a_day_of_the_month_that_a_month_has_not_is_its_last(month_day: int, comes: tuple[date, ...]) -> None:
    rule = HabitRule(month_days=(month_day,))
    days = [date(2026, 11, 1) + n * DAY for n in range(120)]
    assert {*comes} <= {day for day in days if comes_on(rule, day)}
    assert sum(comes_on(rule, day) for day in days) == len({day.month for day in days if comes_on(rule, day)})


def test_what_comes_once_a_month_is_asked_about_only_when_it_has_come() -> None:
    rent = habit(HabitRule(month_days=(15,)))
    asked = [week for week in range(8) if to_ask([rent], MONDAY + week * WEEK + 4 * DAY, DaysOff())]
    assert asked == [2, 6], "the 15th of November is a Sunday, and asked about on the Friday behind it"


def every_other(weekday: int, *, made: date = MONDAY) -> Habit:
    return habit(HabitRule(weekdays=(weekday,), every=2), made=made)


def test_what_comes_every_other_week_begins_with_its_first_day_and_has_each_second_week() -> None:
    of = [applicable(every_other(2), MONDAY + n * WEEK, DaysOff()) for n in range(5)]
    assert of == [1, 0, 1, 0, 1]
    late = every_other(2, made=MONDAY + 3 * DAY)  # made on a Thursday, the first Wednesday is in the week after
    assert [applicable(late, MONDAY + n * WEEK, DaysOff()) for n in range(4)] == [0, 1, 0, 1]


def test_it_is_asked_about_in_its_weeks_and_counted_with_what_there_was_to_do() -> None:
    fridays = [MONDAY + n * WEEK + 4 * DAY for n in range(6)]
    assert [bool(to_ask([every_other(2)], friday, DaysOff())) for friday in fridays] == [True, False] * 3
    counts = tuple(HabitCount(day=MONDAY + n * WEEK, done=done) for n, done in ((0, 1), (2, 0), (4, 1)))
    assert figure(replace(every_other(2), counts=counts), MONDAY + 6 * WEEK) == (2, 3)


def test_a_paused_week_of_it_leaves_both_numbers_and_moves_none_of_the_others() -> None:
    off = DaysOff(pauses=((MONDAY + 2 * WEEK, MONDAY + 2 * WEEK + 6 * DAY),))
    assert [applicable(every_other(2), MONDAY + n * WEEK, off) for n in range(5)] == [1, 0, 0, 0, 1]


def test_so_many_in_two_weeks_are_counted_over_both_and_asked_about_at_the_end_of_the_second() -> None:
    runs = habit(HabitRule(times=3, every=2))
    fridays = [MONDAY + n * WEEK + 4 * DAY for n in range(4)]
    assert [bool(to_ask([runs], friday, DaysOff())) for friday in fridays] == [False, True, False, True]
    singles = tuple(HabitCount(day=MONDAY + n * DAY, done=1, single=True) for n in (1, 9))
    assert figure(replace(runs, counts=singles), MONDAY + 2 * WEEK) == (2, 3)
    assert applicable(runs, MONDAY + WEEK, DaysOff(pauses=((MONDAY, MONDAY + 6 * DAY),))) == 2


def test_whoever_is_asked_every_other_week_is_asked_about_the_week_between() -> None:
    rarely = DaysOff(fortnightly=True)
    week_two = MONDAY + WEEK + 4 * DAY
    assert not to_ask([every_other(2)], week_two, DaysOff())
    assert to_ask([every_other(2)], week_two, rarely)
    assert week_asked(every_other(2), week_two, rarely) == MONDAY


def test_a_day_that_is_still_to_come_is_asked_about_a_week_later() -> None:
    sundays = habit(HabitRule(weekdays=(6,)))
    assert not to_ask([sundays], MONDAY + 4 * DAY, DaysOff()), "its first Sunday has not been"
    assert week_asked(sundays, MONDAY + WEEK + 4 * DAY, DaysOff()) == MONDAY


def test_one_of_a_months_weekdays_comes_by_its_place() -> None:
    days = [date(2026, 11, 1) + n * DAY for n in range(61)]
    first, last = HabitRule(weekdays=(0,), nth=1), HabitRule(weekdays=(4,), nth=-1)
    assert [day for day in days if comes_on(first, day)] == [date(2026, 11, 2), date(2026, 12, 7)]
    assert [day for day in days if comes_on(last, day)] == [date(2026, 11, 27), date(2026, 12, 25)]
    ends = [day for day in days if comes_on(HabitRule(month_days=(0,)), day)]
    assert ends == [date(2026, 11, 30), date(2026, 12, 31)]


def test_the_days_on_which_it_is_asked_lie_ahead_however_seldom_it_comes() -> None:
    monthly = replace(habit(HabitRule(month_days=(15,))), each_day=True)
    assert days_to_ask([monthly], date(2026, 11, 20), DaysOff()) == (
        date(2026, 12, 15),
        date(2027, 1, 15),
        date(2027, 2, 15),
    )


# -- singles and numbers ---------------------------------------------------------------------------------------------


def told(*counts: tuple[int, int, bool], rule: HabitRule = GYM) -> Habit:
    """Counts as (weekday, done, single)."""
    given_counts = tuple(HabitCount(day=MONDAY + n * DAY, done=done, single=single) for n, done, single in counts)
    return replace(habit(rule), counts=given_counts)


def test_a_number_holds_instead_of_what_was_told_before_it_and_days_come_on_top() -> None:
    assert told_in(told((0, 1, True), (2, 1, True)), MONDAY) == 2
    assert told_in(told((0, 1, True), (0, 1, True)), MONDAY) == 1, "a day of its own counts once"
    assert told_in(told((0, 1, True), (0, 1, True), rule=THREE), MONDAY) == 2
    assert told_in(told((0, 1, True), (0, 3, False)), MONDAY) == 3
    assert told_in(told((0, 1, False), (4, 1, True)), MONDAY) == 2
    assert told_in(told(), MONDAY) is None


def test_a_week_that_runs_counts_once_all_of_it_was_told() -> None:
    thursday = MONDAY + 3 * DAY
    assert weeks_told(told((0, 1, True)), thursday, DaysOff()) == ()
    assert summed(weeks_told(told((0, 1, True)), MONDAY + WEEK, DaysOff())) == (1, 3)
    assert summed(weeks_told(told((0, 1, True), (2, 0, True), (4, 1, True)), thursday, DaysOff())) == (2, 3)


def test_more_than_there_was_to_do_is_all_of_it() -> None:
    assert figure(habit(THREE, 9, 0), MONDAY + 2 * WEEK) == (3, 6)


# -- smaller, at rest, over ------------------------------------------------------------------------------------------


def turned(found: Habit, *turns: HabitTurn) -> Habit:
    return replace(found, turns=turns)


def test_a_smaller_rule_leaves_the_weeks_before_it_as_they_were_told() -> None:
    less = turned(habit(THREE, 1, 1, 2), HabitTurn(kind="rule", since=MONDAY + 2 * WEEK, rule=HabitRule(times=2)))
    assert figure(less, MONDAY + 3 * WEEK) == (4, 8)
    assert less.newest_rule == HabitRule(times=2)


def test_what_is_said_after_the_weeks_number_holds_from_the_next_week_on() -> None:
    friday = MONDAY + 4 * DAY
    assert holds_from(habit(THREE, 1), friday, DaysOff()) == MONDAY + WEEK
    assert holds_from(habit(THREE), friday, DaysOff()) == friday


def test_a_rest_leaves_both_numbers_until_it_goes_on() -> None:
    rests = HabitTurn(kind="rest", since=MONDAY + WEEK)
    on = HabitTurn(kind="on", since=MONDAY + 2 * WEEK + 2 * DAY)
    still, again = turned(habit(GYM), rests), turned(habit(GYM), rests, on)
    assert [applicable(still, MONDAY + n * WEEK, DaysOff()) for n in range(4)] == [3, 0, 0, 0]
    assert [applicable(again, MONDAY + n * WEEK, DaysOff()) for n in range(4)] == [3, 0, 2, 3]
    assert (still.rests(MONDAY + 2 * WEEK), again.rests(MONDAY + 3 * WEEK)) == (True, False)
    over = turned(habit(GYM), HabitTurn(kind="rest", since=MONDAY, until=MONDAY + 2 * DAY))
    assert applicable(over, MONDAY, DaysOff()) == 1


def test_what_is_over_is_asked_about_no_more_and_keeps_its_numbers() -> None:
    over = turned(habit(GYM, 2, 3), HabitTurn(kind="end", since=MONDAY + 2 * WEEK))
    assert not to_ask([over], MONDAY + 2 * WEEK + 4 * DAY, DaysOff())
    assert figure(over, MONDAY + 5 * WEEK) == (5, 6)


# -- which week ------------------------------------------------------------------------------------------------------


def test_the_last_working_day_asks_about_its_own_week_and_earlier_ones_about_the_last() -> None:
    off = DaysOff()
    assert [asked_week(MONDAY + WEEK + n * DAY, off) for n in range(7)] == [MONDAY] * 4 + [MONDAY + WEEK] * 3
    no_friday = DaysOff(holidays=frozenset({MONDAY + WEEK + 4 * DAY}))
    assert asked_week(MONDAY + WEEK + 3 * DAY, no_friday) == MONDAY + WEEK
    sunday_on = DaysOff(working_days=frozenset({6, 0, 1, 2, 3}))
    assert asked_week(date(2026, 11, 12), sunday_on) == date(2026, 11, 8)


# -- laws ------------------------------------------------------------------------------------------------------------

days = st.integers(min_value=0, max_value=69).map(lambda n: MONDAY + n * DAY)
rules = st.one_of(
    st.builds(
        lambda found, every: HabitRule(weekdays=tuple(sorted(found)), every=every),
        st.sets(st.integers(0, 6), min_size=1),
        st.integers(1, 4),
    ),
    st.builds(
        lambda day, nth: HabitRule(weekdays=(day,), nth=nth), st.integers(0, 6), st.sampled_from([1, 2, 3, 4, -1])
    ),
    st.integers(1, 14).map(lambda n: HabitRule(times=n)),
    st.sets(st.integers(0, 31), min_size=1, max_size=3).map(lambda found: HabitRule(month_days=tuple(sorted(found)))),
)
working = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
pauses = st.lists(st.tuples(days, st.integers(0, 20)).map(lambda p: (p[0], p[0] + p[1] * DAY)), max_size=3).map(tuple)
offs = st.builds(DaysOff, working_days=working, holidays=st.frozensets(days, max_size=5), pauses=pauses)
counted = st.builds(HabitCount, day=days, done=st.integers(0, 14), single=st.booleans(), told=days)
turns = st.one_of(
    st.builds(HabitTurn, kind=st.sampled_from(["rest", "on", "end"]), since=days, until=st.none() | days),
    st.builds(HabitTurn, kind=st.just("rule"), since=days, rule=rules),
)
habits = st.builds(
    Habit,
    id=st.just("h"),
    number=st.just(1),
    engagement=st.just("e"),
    text=st.just("Gym"),
    rule=rules,
    made=days,
    counts=st.lists(counted, max_size=12).map(tuple),
    turns=st.lists(turns, max_size=4).map(tuple),
)


@given(habits, offs, days)
def test_every_week_is_a_part_of_something_and_of_no_more_than_its_rule(
    found: Habit, off: DaysOff, today: date
) -> None:
    weeks = weeks_told(found, today, off)
    assert all(0 <= week.done <= week.of for week in weeks)
    assert all(week.of > 0 for week in weeks)
    assert len({week.week for week in weeks}) == len(weeks)
    assert {week.week for week in weeks} <= {week_of(count.day, off.working_days) for count in found.counts}
    assert len(shown(found, today, off)) <= 4


@given(habits, offs, days, days)
def test_one_more_day_off_never_makes_a_week_larger(found: Habit, off: DaysOff, week: date, day: date) -> None:
    begins = week_of(week, off.working_days)
    for less in (replace(off, holidays=off.holidays | {day}), replace(off, pauses=(*off.pauses, (day, day)))):
        assert applicable(found, begins, less) <= applicable(found, begins, off)


@given(habits, offs, days)
def test_a_week_off_leaves_every_other_week_as_it_was(found: Habit, off: DaysOff, day: date) -> None:
    week, today = week_of(day, off.working_days), MONDAY + 20 * WEEK
    paused = replace(off, pauses=(*off.pauses, (week, week + 6 * DAY)))
    before = [each for each in weeks_told(found, today, off) if each.week != week]
    assert list(weeks_told(found, today, paused)) == before


@given(habits, offs, days, st.integers(0, 14))
def test_a_number_for_a_week_is_what_counts_of_it(found: Habit, off: DaysOff, day: date, done: int) -> None:
    week = week_of(day, off.working_days)
    of, said = applicable(found, week, off), replace(found, counts=(*found.counts, HabitCount(day=week, done=done)))
    mine = [each for each in weeks_told(said, week, off) if each.week == week]
    assert [(each.done, each.of) for each in mine] == ([(min(done, of), of)] if of else [])
    assert not to_ask([said], week + 6 * DAY, off) or asked_week(week + 6 * DAY, off) != week


@given(habits)
def test_what_a_run_told_goes_with_it(found: Habit) -> None:
    marked = replace(found, counts=tuple(replace(count, run="r") for count in found.counts))
    assert marked.without("r").counts == ()
    assert marked.without("other") == marked
    assert kept_days(marked.without("r")) == ()


def test_what_was_kept_in_a_coaching_that_has_ended_is_open_no_more() -> None:
    ours, before = replace(habit(), engagement="e1"), replace(habit(), engagement="e0")
    ended = engagement(id="e0", state="closed")
    assert going(facts(habits=(ours, before), engagements=(ended, engagement()))) == (ours,)
