"""Signals from goals, milestones, sessions and their worth; what goes well; and that each has words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.digest import signals_plan, signals_ratings, signals_silence
from bot.coaching.digest.signal_kinds import NotEnough, Signal
from bot.coaching.digest.signals import POSITIVES, SIGNALS, raised, reason, signals, wins
from bot.model.commitments.records import Reported
from bot.model.commitments.values import Standing
from bot.model.habits.values import Habit, HabitCount, HabitRule
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pause
from bot.model.plan import Goal, Ladder, Milestone, Phase, PhaseStep, Plan, Session
from bot.model.plan import Level as Rung
from tests.support.facts import TODAY, commitment, days_ago, ratings, spoken, view

AMBER, RED = SignalLevel.AMBER, SignalLevel.RED
LADDER = Ladder(
    version=1,
    rungs={n: f"Rung {n}" for n in range(-2, 3)},
    made=days_ago(60),
    baseline=-1,
    coach_ok=days_ago(59),
    client_ok=days_ago(60),
)


def found(kind: str, seen: ClientView) -> Signal | NotEnough:
    return next(s for s in signals(seen, TODAY) if s.kind == kind)


def level(kind: str, seen: ClientView) -> SignalLevel | None:
    signal = found(kind, seen)
    assert isinstance(signal, Signal)
    return signal.level


def words(kind: str, seen: ClientView) -> str:
    signal = found(kind, seen)
    assert isinstance(signal, Signal)
    return spoken([reason(signal)])


def goal(**changes: Any) -> Goal:
    """An active goal made a hundred days ago."""
    values = {"id": "g1", "number": 1, "engagement": "e1", "text": "Straight talk", "made": days_ago(100)}
    return Goal(**{**values, "state": "active", **changes})


def rung(value: int, ago: int, **changes: Any) -> Rung:
    return Rung(value=value, day=days_ago(ago), ladder=1, **changes)


def step(number: int, due: int | None = None, done: int | None = None) -> Milestone:
    """A milestone due or done so many days ago."""
    return Milestone(
        id=f"m{number}",
        number=number,
        text=f"Step {number}",
        due=None if due is None else days_ago(due),
        done=None if done is None else days_ago(done),
    )


def aimed(*goals: Goal, sessions: tuple[Session, ...] = (), sessions_off: bool = False, **changes: Any) -> ClientView:
    plan = Plan(goals=goals, sessions=sessions, sessions_off=sessions_off)
    return view("Ana M.", *changes.pop("commitments", ()), plan=plan, **changes)


def held(ago: float, **changes: Any) -> Session:
    at = datetime.combine(TODAY, datetime.min.time(), UTC) + timedelta(hours=9) - timedelta(days=ago)
    return Session(id=f"s{ago}", engagement="e1", at=at, **changes)


# -- stall -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ago", "expected"), [(27, None), (28, AMBER), (41, AMBER), (42, RED)])
def test_a_goal_on_which_nothing_moves_stalls_after_four_weeks(ago: int, expected: SignalLevel | None) -> None:
    assert level("stall", aimed(goal(made=days_ago(ago)))) is expected


@pytest.mark.parametrize(
    "moved",
    [
        {"milestones": (step(1, done=5),)},
        {"levels": (rung(-1, 50), rung(0, 5)), "ladders": (LADDER,)},
        {"levels": (rung(0, 5),), "ladders": (LADDER,)},
    ],
)
def test_a_step_done_or_a_new_level_is_a_move(moved: dict[str, Any]) -> None:
    assert level("stall", aimed(goal(**moved))) is None


def test_the_same_level_again_and_the_coachs_own_view_are_no_move() -> None:
    same = goal(ladders=(LADDER,), levels=(rung(0, 60), rung(0, 5), rung(1, 2, by="coach")))
    assert level("stall", aimed(same)) is RED


def test_a_commitment_done_is_a_move() -> None:
    kept = commitment(1, standing=Standing.DONE, reported=days_ago(3), report="done")
    assert level("stall", aimed(goal(), commitments=(kept,))) is None


def test_what_was_done_for_one_goal_does_not_move_another() -> None:
    aims = (goal(), goal(id="g2", number=2, text="Hand over more"))
    kept = [commitment(n, standing=Standing.DONE, reported=days_ago(n), report="done", goal="g1") for n in (1, 9)]
    assert words("stall", aimed(*aims, commitments=kept)) == 'nothing moved on "Hand over more" for 100 days'
    for_nobody = [replace(c, goal="") for c in kept]
    assert level("stall", aimed(*aims, commitments=for_nobody)) is None
    of_another = [replace(c, goal="g9") for c in kept]
    retired = goal(id="g9", number=3, text="Speak last", state="retired")
    assert level("stall", aimed(*aims, retired, commitments=of_another)) is RED
    assert level("stall", aimed(*aims, commitments=of_another)) is None  # one that the coach is not shown


def test_without_an_active_goal_nobody_can_tell_of_a_stall() -> None:
    assert found("stall", aimed(goal(state="reached"))) == NotEnough(kind="stall", have=0, need=1)
    assert found("stall", aimed(goal(), visible="status")) == NotEnough(kind="stall", have=0, need=1)


def test_a_pause_is_taken_out_of_a_stall() -> None:
    rest = (Pause(first=days_ago(20), last=days_ago(7)),)
    assert level("stall", aimed(goal(made=days_ago(41)), pauses=rest)) is None
    assert level("stall", aimed(goal(made=days_ago(42)), pauses=rest)) is AMBER


def test_a_stall_says_where_and_how_long() -> None:
    assert words("stall", aimed(goal(made=days_ago(30)))) == 'nothing moved on "Straight talk" for 30 days'


# -- behind ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("done", "expected"), [(1, AMBER), (0, RED)])
def test_less_done_than_time_is_over(done: int, expected: SignalLevel | None) -> None:
    """Half of the time is over, of four milestones so many are done: a gap of 0.25, 0.5."""
    days = (5, 3, -20, -40)
    steps = tuple(step(n, due=day, done=40 if n <= done else None) for n, day in enumerate(days, 1))
    assert level("behind", aimed(goal(made=days_ago(50), due=days_ago(-50), milestones=steps))) is expected


def test_a_gap_below_a_quarter_is_none() -> None:
    steps = (step(1, due=5, done=40), step(2, due=3), step(3, due=-20), step(4, due=-40))
    assert level("behind", aimed(goal(made=days_ago(49), due=days_ago(-51), milestones=steps))) is None


def test_who_has_done_every_step_by_its_day_is_not_behind() -> None:
    ahead = tuple(step(n, due=-n) for n in range(1, 5))
    assert level("behind", aimed(goal(made=days_ago(50), due=days_ago(-10), milestones=ahead))) is None


def test_behind_says_what_is_over_and_what_is_done() -> None:
    steps = (step(1, due=5, done=3), step(2, due=1), step(3, due=-20), step(4, due=-40), step(5))
    late = goal(made=days_ago(50), due=days_ago(-50), milestones=steps)
    assert words("behind", aimed(late)) == '"Straight talk": 50% of the time is over, 1 of 4 milestones done'


def test_without_a_date_or_two_dated_milestones_nobody_is_behind() -> None:
    dated = (step(1, due=1), step(2, due=1))
    assert found("behind", aimed(goal(milestones=dated))) == NotEnough(kind="behind", have=0, need=2)
    one = goal(due=TODAY, milestones=(step(1, due=1), step(2)))
    assert found("behind", aimed(one)) == NotEnough(kind="behind", have=1, need=2)


def test_a_pause_is_taken_out_of_the_time_that_is_over() -> None:
    steps = (step(1, due=5, done=3), step(2, due=1), step(3, due=-20), step(4, due=-40))
    late = goal(made=days_ago(50), due=days_ago(-50), milestones=steps)
    rest = (Pause(first=days_ago(49), last=days_ago(10)),)
    assert level("behind", aimed(late, pauses=rest)) is None


# -- milestones and sessions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "expected"), [(-3, None), (7, None), (8, AMBER), (21, AMBER), (22, RED)])
def test_a_milestone_is_overdue_after_a_week(late: int, expected: SignalLevel | None) -> None:
    assert level("milestone", aimed(goal(milestones=(step(1, due=late),)))) is expected


def test_a_milestone_that_is_done_or_of_another_goal_is_not_overdue() -> None:
    done = goal(milestones=(step(1, due=30, done=29),))
    assert level("milestone", aimed(done)) is None
    retired = goal(state="retired", milestones=(step(1, due=30),))
    assert found("milestone", aimed(retired)) == NotEnough(kind="milestone", have=0, need=1)


def test_an_overdue_milestone_is_named() -> None:
    assert words("milestone", aimed(goal(milestones=(step(1, due=9),)))) == 'milestone "Step 1" 9 days late'


@pytest.mark.parametrize(("ago", "expected"), [(1, None), (35, None), (36, AMBER), (56, AMBER), (57, RED)])
def test_no_session_for_long_and_none_booked(ago: int, expected: SignalLevel | None) -> None:
    assert level("session_gap", aimed(sessions=(held(ago),))) is expected


def test_a_session_that_is_booked_ends_the_gap_and_a_cancelled_one_does_not() -> None:
    assert level("session_gap", aimed(sessions=(held(60), held(-3)))) is None
    assert level("session_gap", aimed(sessions=(held(60), held(-3, state="cancelled")))) is RED
    assert level("session_gap", aimed(sessions=(held(60), held(20, state="cancelled")))) is RED


def test_before_the_first_session_there_is_no_gap() -> None:
    assert found("session_gap", aimed()) == NotEnough(kind="session_gap", have=0, need=1)


def test_a_gap_is_counted_in_the_clients_own_days() -> None:
    """An evening in Honolulu is a day earlier than in Berlin."""
    late = Session(id="s", engagement="e1", at=datetime(2026, 1, 28, 2, 0, tzinfo=UTC))
    assert level("session_gap", aimed(sessions=(late,), zone="Europe/Berlin")) is None
    assert level("session_gap", aimed(sessions=(late,), zone="Pacific/Honolulu")) is AMBER


@pytest.mark.parametrize(("now", "expected"), [(6, AMBER), (7, None), (1, AMBER)])
def test_a_session_of_little_use(now: int, expected: SignalLevel | None) -> None:
    assert level("value", view(ratings=ratings("usefulness", (9, 20), (now, 3)))) is expected


def test_without_a_rating_of_late_nothing_tells_of_the_worth_of_sessions() -> None:
    assert found("value", view()) == NotEnough(kind="value", have=0, need=1)
    assert found("value", view(ratings=ratings("usefulness", (3, 43)))) == NotEnough(kind="value", have=0, need=1)


# -- what goes well --------------------------------------------------------------------------------------------------


def won(seen: ClientView) -> list[str]:
    return [spoken([reason(signal)]) for signal in wins(seen, TODAY)]


def sure(*numbers: tuple[int, int]) -> ClientView:
    """A client with one commitment, rated so."""
    item = commitment(1, "Call Kim", made=days_ago(90))
    return view("Ana M.", item, ratings=ratings("confidence", *numbers, about=item.id))


def test_confidence_two_up_in_three_weeks() -> None:
    assert won(sure((5, 20), (6, 9), (7, 1))) == ['more confident of "Call Kim", 5 → 7']
    assert won(sure((5, 20), (7, 1))) == ['more confident of "Call Kim", 5 → 7']
    assert won(sure((5, 20), (6, 9), (6, 1))) == []
    assert won(sure((5, 22), (6, 9), (7, 1))) == []
    assert won(sure((5, 20), (6, 12), (7, 8))) == []
    assert won(view("Ana M.", commitment(1), ratings=ratings("confidence", (5, 20), (9, 1)))) == []


def test_a_milestone_reached_is_a_win() -> None:
    assert won(aimed(goal(milestones=(step(1, done=2), step(2))))) == ['reached "Step 1"']
    assert won(aimed(goal(milestones=(step(1, done=8), step(2))))) == []


def test_a_level_up_is_a_win_for_a_week() -> None:
    def seen(ago: int, value: int = 0) -> ClientView:
        return aimed(goal(ladders=(LADDER,), levels=(rung(value, ago),)))

    assert won(seen(2)) == ['reached As planned on "Straight talk"']
    assert won(seen(7)) == won(seen(2))  # on the day of the last digest, perhaps after it
    assert won(seen(8)) == []
    assert won(seen(2, -1)) == []


def test_only_what_slipped_itself_is_done_after_a_slip() -> None:
    slip = commitment(1, reported=days_ago(9), report="not_yet", slips=1, slipped=True)
    kept = commitment(2, "Call Kim", standing=Standing.DONE, reported=days_ago(2), report="done")
    assert won(view("Ana M.", slip, kept)) == []
    assert won(view("Ana M.", replace(kept, moved=2, slips=1))) == []  # moved, and once done in part
    assert won(view("Ana M.", replace(kept, slipped=True))) == ['done after a slip: "Call Kim"']
    assert won(view("Ana M.", replace(kept, slipped=True, reported=days_ago(8)))) == []


@pytest.mark.parametrize(
    ("told", "slipped"),
    [(("not_yet",), True), (("partly",), False), (("partly", "partly"), True), (("moved",), False), ((), False)],
)
def test_a_slip_is_not_done_once_or_done_in_part_twice(told: tuple[str, ...], slipped: bool) -> None:
    item = commitment(1)
    for report in (*told, "done"):
        item = Reported(key="r", commitment=item.id, report=report).applied_to(item, TODAY)
    assert item.slipped is slipped


def test_back_after_quiet() -> None:
    misses = (days_ago(30), days_ago(25), days_ago(18))
    seen = replace(view(), misses=misses, replies=(days_ago(40), days_ago(1)))
    assert won(seen) == ["back after 3 quiet prompts"]
    assert won(replace(seen, replies=(days_ago(40), days_ago(20), days_ago(1)))) == []
    assert won(replace(seen, replies=(days_ago(40), days_ago(9)))) == []
    assert won(replace(seen, unanswered=1)) == []


@pytest.mark.parametrize(
    ("find", "kind", "need"),
    [
        (signals_plan.level_up, "level_up", 2),
        (signals_ratings.more_confident, "more_confident", 2),
        (signals_silence.back, "back", 1),
    ],
)
def test_good_news_needs_its_numbers_too(find: Any, kind: str, need: int) -> None:
    assert find(view(), TODAY) == NotEnough(kind=kind, have=0, need=need)


def test_nothing_good_is_told_of_who_shows_nothing() -> None:
    kept = commitment(1, standing=Standing.DONE, reported=days_ago(2), report="done", slipped=True)
    assert won(view("Ana M.", kept))
    assert won(view("Ana M.", kept, visible="none")) == won(view("Ana M.", kept, confirmed=False)) == []


# -- all of them -----------------------------------------------------------------------------------------------------


def test_every_signal_of_the_table_has_words_with_numbers() -> None:
    items = [commitment(n, due=days_ago(5) if n < 7 else None, moved=5) for n in range(1, 10)]
    late = goal(due=days_ago(1), milestones=(step(1, due=30), step(2, due=-20)))
    busy = aimed(
        late,
        sessions=(held(60),),
        commitments=items,
        unanswered=5,
        ratings=(
            *ratings("energy", (2, 9), (1, 1)),
            *ratings("confidence", (9, 9), (8, 5), (1, 1), about="c9"),
            *ratings("usefulness", (3, 1)),
        ),
        call_wanted=TODAY,
    )
    asked_thrice = Habit(
        id="h",
        number=10,
        engagement="e:Ana M.",
        text="Gym",
        rule=HabitRule(times=3),
        made=days_ago(60),
        counts=tuple(HabitCount(day=days_ago(7 * n), done=0, told=days_ago(7 * n)) for n in range(1, 4)),
    )
    slack = view(habits=(asked_thrice,))
    idle = view(plan=Plan(phase=Phase.COACHING, steps=(PhaseStep(phase=Phase.COACHING, day=days_ago(20), by="coach"),)))
    said = {s.kind: spoken([reason(s)]) for s in (*raised(busy, TODAY), *raised(idle, TODAY), *raised(slack, TODAY))}
    assert set(said) == {row.kind for row in SIGNALS}
    assert all(any(c.isdigit() for c in text) for text in said.values())


def test_each_can_say_not_enough_or_nothing_at_all() -> None:
    quiet = signals(view(), TODAY)
    lacking = {s.kind for s in quiet if isinstance(s, NotEnough)}
    assert lacking == {
        *("slips", "confidence", "energy", "stall", "behind", "milestone", "vague", "session_gap", "value"),
    }
    assert raised(view(), TODAY) == ()
    assert wins(view(), TODAY) == ()


def test_what_the_digest_carries_by_default() -> None:
    assert {row.kind for row in SIGNALS if row.digest} == {
        *("quiet", "no_next", "carried", "slips", "confidence", "session_gap", "call"),
    }
    assert {row.kind for row in POSITIVES} == {
        "level_up",
        "reached",
        "more_confident",
        "first_done",
        "back",
        "habit_holds",
    }


def test_the_date_of_no_signal_lies_ahead() -> None:
    assert level("stall", aimed(goal(made=date(2026, 6, 1)))) is None


@pytest.mark.parametrize("changes", [{"visible": "none"}, {"state": "closed"}, {"confirmed": False}])
def test_even_what_both_sides_know_is_no_signal_without_consent(changes: dict[str, Any]) -> None:
    """Sessions are the coach's own, a gap between them would still be a word about the client."""
    assert raised(aimed(sessions=(held(60),)), TODAY)
    plan = Plan(sessions=(held(60),))
    assert raised(replace(aimed(**changes), plan=plan), TODAY) == ()
