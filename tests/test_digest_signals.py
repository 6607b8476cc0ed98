"""Signals: reasons to look, each with its numbers, and "not enough data" where there is too little."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.coaching.digest.signal_kinds import NotEnough, Signal, days_since
from bot.coaching.digest.signals import POSITIVES, SIGNALS, raised, reason, signals
from bot.model.commitments.values import Commitment, Standing
from bot.model.habits.values import Habit, HabitCount, HabitRule
from bot.model.people.answers import Audience, Rating
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pace, Pause
from bot.model.plan import Goal, Milestone, Phase, PhaseStep, Plan
from tests.support.facts import TODAY, commitment, days_ago, ratings, spoken, view

AMBER, RED = SignalLevel.AMBER, SignalLevel.RED


def found(kind: str, seen: ClientView) -> Signal | NotEnough:
    """That signal of a client today."""
    return next(s for s in signals(seen, TODAY) if s.kind == kind)


def level(kind: str, seen: ClientView) -> SignalLevel | None:
    """Its level; None when there is nothing to look at."""
    signal = found(kind, seen)
    assert isinstance(signal, Signal)
    return signal.level


def words(kind: str, seen: ClientView) -> str:
    """How a coach reads it."""
    signal = found(kind, seen)
    assert isinstance(signal, Signal)
    return spoken([reason(signal)])


def due(number: int, ago: int, **changes: Any) -> Any:
    """A commitment that fell due so many days ago."""
    return commitment(number, due=days_ago(ago), **changes)


def done(number: int, ago: int) -> Any:
    return due(number, ago, standing=Standing.DONE, report="done", reported=days_ago(ago))


def not_yet(number: int, ago: int) -> Any:
    return due(number, ago, report="not_yet", reported=days_ago(ago))


# -- quiet -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("unanswered", "expected"), [(0, None), (2, None), (3, AMBER), (4, AMBER), (5, RED), (9, RED)])
def test_quiet_is_amber_at_three_and_red_at_five(unanswered: int, expected: SignalLevel | None) -> None:
    assert level("quiet", view(unanswered=unanswered)) is expected


def test_the_minimal_rhythm_never_raises_quiet() -> None:
    assert level("quiet", view(unanswered=9, pace=Pace.MINIMAL)) is None


def test_quiet_says_how_many_prompts_and_since_when() -> None:
    seen = view("Ana M.", commitment(1, made=days_ago(40), reported=date(2026, 2, 11)), unanswered=5)
    assert words("quiet", seen) == "quiet: 5 prompts unanswered (last reply Wed 11 Feb)"
    assert words("quiet", view(unanswered=3)) == "quiet: 3 prompts unanswered (no reply yet)"


# -- slip rate -------------------------------------------------------------------------------------------------------


def test_what_was_dropped_before_its_day_does_not_count() -> None:
    early = due(4, 2, standing=Standing.DROPPED, report="let_go", reported=days_ago(6))
    seen = view("Ana M.", done(1, 9), done(2, 8), not_yet(3, 7), early)
    assert found("slips", seen) == NotEnough(kind="slips", have=3, need=4)


def test_partly_counts_half() -> None:
    half = due(3, 7, report="partly", reported=days_ago(7))
    seen = view("Ana M.", done(1, 9), done(2, 8), half, not_yet(4, 6), not_yet(5, 5))
    assert level("slips", seen) is AMBER
    assert words("slips", seen) == "2 of 5 due items not done, 1 partly done"


@pytest.mark.parametrize(("missed", "expected"), [(0, None), (1, None), (2, AMBER), (3, RED), (4, RED)])
def test_half_of_what_was_due_is_amber_and_three_quarters_are_red(missed: int, expected: SignalLevel | None) -> None:
    items = [not_yet(n, 5) if n <= missed else done(n, 5) for n in range(1, 5)]
    assert level("slips", view("Ana M.", *items)) is expected


def test_an_open_item_is_missed_when_it_is_over_two_days_late() -> None:
    late = [due(n, 3) for n in range(1, 5)]
    just = [due(n, 2) for n in range(1, 5)]
    assert (level("slips", view("Ana M.", *late)), level("slips", view("Ana M.", *just))) == (RED, None)


def test_a_slip_of_an_earlier_date_does_not_count_against_the_new_one() -> None:
    moved = [due(n, 1, report="not_yet", reported=days_ago(8)) for n in range(1, 5)]
    assert level("slips", view("Ana M.", *moved)) is None


def test_what_was_dropped_after_its_day_is_not_done() -> None:
    late = [due(n, 8, standing=Standing.DROPPED, report="let_go", reported=days_ago(2)) for n in range(1, 5)]
    assert level("slips", view("Ana M.", *late)) is RED


def test_what_is_due_today_and_not_told_of_yet_is_not_counted() -> None:
    items = [due(1, 0), done(2, 0), not_yet(3, 0), done(4, 1), done(5, 1)]
    assert words("slips", view("Ana M.", *items)) == "1 of 4 due items not done"


def test_only_the_last_three_weeks_count_and_no_day_to_come() -> None:
    items = [not_yet(1, 21), not_yet(2, 22), due(3, -1), commitment(4), not_yet(5, 0)]
    assert found("slips", view("Ana M.", *items)) == NotEnough(kind="slips", have=2, need=4)


# -- carried ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moved", "expected"), [(2, None), (3, AMBER), (4, AMBER), (5, RED)])
def test_the_same_item_moved_three_times_is_carried(moved: int, expected: SignalLevel | None) -> None:
    seen = view("Ana M.", commitment(1, "Delegate Q2 plan", moved=moved), commitment(2, moved=1))
    assert level("carried", seen) is expected
    assert words("carried", seen) == f'"Delegate Q2 plan" moved {moved} times'


def test_what_is_done_is_carried_no_more() -> None:
    assert level("carried", view("Ana M.", commitment(1, moved=6, standing=Standing.DONE))) is None


def test_under_status_only_a_carried_item_has_no_name() -> None:
    seen = view("Ana M.", commitment(1, "Delegate Q2 plan", moved=3), visible="status")
    assert words("carried", seen) == "one commitment moved 3 times"


# -- confidence and energy -------------------------------------------------------------------------------------------


def rated(number: int, *numbers: tuple[int, int], **changes: Any) -> tuple[Commitment, tuple[Rating, ...]]:
    """A commitment, made long ago unless said otherwise, and what was rated of it: (value, days ago)."""
    item = commitment(number, **{"text": "Delegate Q2 plan", "made": days_ago(90)} | changes)
    return item, ratings("confidence", *numbers, about=item.id)


def sure(*numbers: tuple[int, int], pauses: tuple[Pause, ...] = (), pace: Pace = Pace.WEEKLY, **changes: Any) -> Any:
    """A client with one commitment, rated so."""
    item, given = rated(1, *numbers, **changes)
    return view("Ravi K.", item, ratings=given, pauses=pauses, pace=pace)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (((8, 20), (7, 10), (6, 0)), AMBER),
        (((8, 9), (6, 0)), None),
        (((9, 9), (6, 0)), AMBER),
        (((9, 9), (5, 0)), AMBER),
        (((9, 9), (1, 0)), AMBER),
        (((9, 22), (7, 10), (5, 0)), RED),
        (((7, 20), (8, 9), (7, 1)), None),
        (((7, 20), (8, 9), (5, 1)), AMBER),
        (((7, 20), (8, 9), (9, 1)), None),
    ],
)
def test_confidence_falls_by_the_numbers_on_one_item(numbers: Any, expected: SignalLevel | None) -> None:
    assert level("confidence", sure(*numbers)) is expected


def test_confidence_in_one_item_is_never_compared_with_another() -> None:
    done_with, first = rated(1, (9, 12), (9, 5), text="Item A", standing=Standing.DONE)
    fresh, second = rated(2, (4, 0), text="Item B")
    seen = view("Ravi K.", done_with, fresh, ratings=(*first, *second))
    assert found("confidence", seen) == NotEnough(kind="confidence", have=1, need=2)
    still, old = rated(1, (9, 12), (9, 5), text="Item A")
    assert level("confidence", view("Ravi K.", still, fresh, ratings=(*old, *second))) is None


def test_numbers_about_nothing_in_particular_are_not_compared() -> None:
    seen = view("Ravi K.", commitment(1), ratings=ratings("confidence", (9, 9), (5, 4), (1, 0)))
    assert found("confidence", seen) == NotEnough(kind="confidence", have=0, need=2)


def test_the_number_given_when_it_was_made_counts() -> None:
    seen = sure((7, 8), (5, 1), confidence=9, made=days_ago(22))
    assert level("confidence", seen) is RED
    assert words("confidence", seen) == 'confidence 9, 7, 5 on "Delegate Q2 plan", since Tue 10 Feb'


def test_what_was_said_of_it_before_it_was_made_smaller_is_of_something_else() -> None:
    seen = sure((8, 20), (5, 2), confidence=9, made=days_ago(30), smaller=days_ago(10))
    assert found("confidence", seen) == NotEnough(kind="confidence", have=1, need=2)


def test_the_drop_of_the_item_that_fell_most_is_told() -> None:
    little, one = rated(1, (8, 20), (7, 9), (6, 1), text="Item A")
    much, two = rated(2, (9, 20), (7, 9), (5, 1), text="Item B")
    two_numbers, three = rated(3, (10, 9), (4, 1), text="Item C")
    seen = view("Ravi K.", little, much, two_numbers, ratings=(*one, *two, *three))
    assert level("confidence", seen) is RED
    assert '"Item B"' in words("confidence", seen)


def test_many_numbers_are_told_from_the_last_highest_on() -> None:
    seen = sure((9, 40), (3, 38), (9, 30), (8, 20), (7, 10), (6, 5), (5, 1))
    assert words("confidence", seen) == 'confidence 9, …, 7, 6, 5 on "Delegate Q2 plan", since Mon 2 Feb'


def test_an_old_number_tells_nothing_of_now() -> None:
    assert level("confidence", sure((8, 20), (7, 15), (2, 10))) is RED
    assert found("confidence", sure((8, 20), (7, 15), (2, 11))) == NotEnough(kind="confidence", have=0, need=1)
    assert level("confidence", sure((8, 30), (7, 25), (2, 17), pace=Pace.FORTNIGHTLY)) is RED
    assert isinstance(found("confidence", sure((8, 30), (7, 25), (2, 18), pace=Pace.FORTNIGHTLY)), NotEnough)


def test_numbers_from_before_six_weeks_are_left_out() -> None:
    assert level("confidence", sure((10, 42), (7, 10), (6, 0))) is RED
    assert level("confidence", sure((10, 43), (7, 10), (6, 0))) is None


def test_under_status_only_no_number_is_compared() -> None:
    item, given = rated(1, (9, 20), (7, 9), (5, 1), confidence=9)
    assert isinstance(found("confidence", view("Ravi K.", item, ratings=given, visible="status")), NotEnough)


def test_low_energy_twice_running_is_amber_only() -> None:
    assert level("energy", view(ratings=ratings("energy", (9, 20), (3, 8), (1, 1)))) is AMBER
    assert level("energy", view(ratings=ratings("energy", (3, 8), (4, 1)))) is None
    assert level("energy", view(ratings=ratings("energy", (4, 8), (3, 1)))) is None
    assert found("energy", view(ratings=ratings("energy", (1, 1)))) == NotEnough(kind="energy", have=1, need=2)
    assert isinstance(found("energy", view(ratings=ratings("energy", (1, 50), (1, 1)))), NotEnough)


def test_low_energy_is_worded_kindly() -> None:
    assert words("energy", view(ratings=ratings("energy", (3, 8), (2, 1)))).endswith("may want a lighter week")


# -- overload and vague ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "expected"), [(5, None), (6, AMBER), (8, AMBER), (9, RED)])
def test_many_open_commitments_are_too_many(count: int, expected: SignalLevel | None) -> None:
    items = [commitment(n) for n in range(1, count + 1)]
    settled = commitment(count + 1, standing=Standing.DONE)
    assert level("overload", view("Ana M.", *items, settled)) is expected


@pytest.mark.parametrize(("dated", "expected"), [(5, None), (3, None), (2, AMBER), (0, AMBER)])
def test_commitments_without_a_date_are_vague(dated: int, expected: SignalLevel | None) -> None:
    items = [commitment(n, due=TODAY if n <= dated else None) for n in range(1, 6)]
    assert level("vague", view("Ana M.", *items)) is expected
    assert level("vague", view("Ana M.", *items, visible="status")) is expected
    assert level("vague", view("Ana M.", *[replace(c, report="parked") for c in items])) is None


def test_only_the_last_five_commitments_tell_of_vagueness() -> None:
    old = [commitment(n, made=days_ago(60)) for n in range(1, 6)]
    new = [commitment(n, due=TODAY, made=days_ago(5)) for n in range(6, 11)]
    assert level("vague", view("Ana M.", *old, *new)) is None
    assert found("vague", view("Ana M.", *old[:4])) == NotEnough(kind="vague", have=4, need=5)


# -- no next step ----------------------------------------------------------------------------------------------------


def coached(entered: int, *items: Commitment, goals: tuple[Goal, ...] = (), **changes: Any) -> ClientView:
    """A client whose coaching phase began so many days ago."""
    steps = (PhaseStep(phase=Phase.COACHING, day=days_ago(entered), by="coach"),)
    plan = Plan(phase=changes.pop("phase", Phase.COACHING), steps=steps, goals=goals)
    return view("Sam P.", *items, plan=plan, **changes)


@pytest.mark.parametrize(("ago", "expected"), [(13, None), (14, AMBER), (60, AMBER)])
def test_nothing_open_for_two_weeks_is_amber(ago: int, expected: SignalLevel | None) -> None:
    assert level("no_next", coached(90, done(1, ago))) is expected
    assert level("no_next", coached(ago)) is expected


def test_no_next_step_says_for_how_long() -> None:
    assert words("no_next", coached(90, done(1, 30), done(2, 16))) == "nothing open for 16 days"


def test_something_open_is_a_next_step_and_so_is_a_milestone_near() -> None:
    assert level("no_next", coached(90, done(1, 30), commitment(2))) is None
    step = Milestone(id="m", number=1, text="Step", due=days_ago(-14))
    aim = Goal(id="g", number=1, engagement="e1", text="Straight talk", made=days_ago(90), state="active")
    assert level("no_next", coached(90, goals=(replace(aim, milestones=(step,)),))) is None
    assert level("no_next", coached(90, goals=(replace(aim, milestones=(replace(step, due=days_ago(-15)),)),))) is AMBER


def test_what_is_private_is_no_next_step_that_a_coach_could_tell() -> None:
    """With it or without it, a coach reads the same."""
    mine = commitment(2, audience=Audience.PRIVATE)
    settled = commitment(3, audience=Audience.PRIVATE, standing=Standing.DONE, reported=days_ago(1), report="done")
    without, having = coached(90, done(1, 16)), coached(90, done(1, 16), mine, settled)
    assert found("no_next", having) == found("no_next", without)
    assert level("no_next", having) is AMBER


@pytest.mark.parametrize("changes", [{"pace": Pace.MINIMAL}, {"phase": Phase.PLANNING}, {"phase": Phase.CLOSING}])
def test_nobody_needs_a_next_step_outside_of_coaching_or_in_the_minimal_rhythm(changes: dict[str, Any]) -> None:
    assert level("no_next", coached(90, done(1, 30), **changes)) is None


def test_a_pause_is_no_time_without_a_next_step() -> None:
    rest = (Pause(first=days_ago(10), last=days_ago(4)),)
    assert level("no_next", coached(90, done(1, 20), pauses=rest)) is None
    assert level("no_next", coached(90, done(1, 21), pauses=rest)) is AMBER
    paused = coached(90, done(1, 30), pauses=(Pause(first=TODAY),))
    assert all(signal.kind != "no_next" for signal in signals(paused, TODAY))


# -- habits ----------------------------------------------------------------------------------------------------------


def kept(*weeks: int, times: int = 3) -> ClientView:
    """Somebody with a habit of so many times a week, and how often it was in the weeks before this one."""
    counts = [HabitCount(day=days_ago(7 * n), done=done, told=days_ago(7 * n)) for n, done in enumerate(weeks, 1)]
    rule = HabitRule(times=times)
    gym = Habit(id="h", number=9, engagement="e:Ana M.", text="Gym", rule=rule, made=days_ago(90), counts=tuple(counts))
    return view("Ana M.", habits=(gym,))


@pytest.mark.parametrize(
    ("weeks", "expected"), [((0, 1, 1), RED), ((1, 1, 1), AMBER), ((1, 1, 2), AMBER), ((2, 1, 2), None), ((3, 3), None)]
)
def test_a_habit_is_measured_by_its_last_three_answered_weeks(weeks: Any, expected: SignalLevel | None) -> None:
    assert level("habit", kept(*weeks)) is expected


def test_a_habit_of_which_little_is_known_is_no_signal() -> None:
    assert found("habit", kept(0)) == NotEnough(kind="habit", have=3, need=6)
    assert level("habit", kept(0, 0, 0, 3)) is RED
    assert level("habit", kept(2, 2, 2, 0, 0, 0)) is None


# -- call me ---------------------------------------------------------------------------------------------------------


def test_a_wanted_call_is_red() -> None:
    assert level("call", view(call_wanted=TODAY)) is RED
    assert level("call", view()) is None


# -- all of them -----------------------------------------------------------------------------------------------------


def test_a_paused_client_has_no_signals_but_a_wanted_call() -> None:
    seen = view("Ana M.", commitment(1, moved=9), unanswered=9, pauses=(Pause(first=TODAY),), call_wanted=TODAY)
    assert [s.kind for s in signals(seen, TODAY)] == ["call"]


@pytest.mark.parametrize("changes", [{"visible": "none"}, {"connected": False}, {"state": "closed"}])
def test_who_shows_nothing_has_no_signals(changes: dict[str, Any]) -> None:
    seen = view("Ana M.", commitment(1, moved=9), unanswered=9, **changes)
    assert raised(seen, TODAY) == ()


def test_red_comes_before_amber() -> None:
    seen = view("Ana M.", commitment(1, moved=5), unanswered=3)
    assert [s.kind for s in raised(seen, TODAY)] == ["carried", "quiet"]


def test_paused_time_is_taken_out() -> None:
    rest = (Pause(first=days_ago(20), last=days_ago(7)),)
    late = [due(n, 21) for n in range(1, 5)]
    older = [due(n, 35) for n in range(1, 5)]
    assert level("slips", view("Ana M.", *late, pauses=rest)) is RED
    assert level("slips", view("Ana M.", *older, pauses=rest)) is RED
    assert isinstance(found("slips", view("Ana M.", *older)), NotEnough)
    assert level("confidence", sure((8, 30), (7, 24), (4, 22), pauses=rest)) is RED


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ((), 10),
        ((Pause(first=days_ago(4), last=days_ago(3)),), 8),
        ((Pause(first=days_ago(40), last=days_ago(9)),), 9),
        ((Pause(first=days_ago(4), last=days_ago(2)), Pause(first=days_ago(3), last=days_ago(1))), 6),
        ((Pause(first=days_ago(4)),), 5),
        ((Pause(first=TODAY + timedelta(days=1)),), 10),
    ],
)
def test_days_of_pauses_are_not_counted_twice(pauses: tuple[Pause, ...], expected: int) -> None:
    assert days_since(days_ago(10), TODAY, pauses) == expected


def test_before_the_coach_has_said_who_joined_there_is_nothing_but_a_wanted_call() -> None:
    seen = view("Ana M.", commitment(1, moved=9), unanswered=9, confirmed=False)
    assert raised(seen, TODAY) == ()
    assert [s.kind for s in raised(replace(seen, call_wanted=TODAY), TODAY)] == ["call"]


def test_the_signals_of_all_files_are_told_in_one_order() -> None:
    assert [row.kind for row in SIGNALS] == [
        *("call", "quiet", "confidence", "carried", "no_next", "session_gap", "slips", "habit"),
        *("stall", "behind", "milestone", "energy", "overload", "vague", "value"),
    ]
    assert [row.kind for row in POSITIVES] == [
        *("level_up", "reached", "more_confident", "first_done", "back", "habit_holds")
    ]
