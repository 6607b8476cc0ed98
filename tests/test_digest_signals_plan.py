"""Signals from goals, milestones, sessions and their worth; what goes well; and that each has words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.digest import signals_commitments, signals_plan, signals_ratings, signals_silence
from bot.coaching.digest.signal_kinds import NotEnough, Signal
from bot.coaching.digest.signals import POSITIVES, SIGNALS, raised, reason, signals, wins
from bot.model.facts import ClientView, Pause, SignalLevel, Standing
from bot.model.plan import Goal, Ladder, Milestone, Plan, Session
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


@pytest.mark.parametrize(("done", "expected"), [(2, None), (1, AMBER), (0, RED)])
def test_less_done_than_time_is_over(done: int, expected: SignalLevel | None) -> None:
    """Half of the time is over, of four milestones so many are done: a gap of 0, 0.25, 0.5."""
    steps = tuple(step(n, done=40 if n <= done else None) for n in range(1, 5))
    late = goal(made=days_ago(50), due=days_ago(-50), milestones=steps)
    assert level("behind", aimed(late)) is expected


def test_a_gap_below_a_quarter_is_none() -> None:
    steps = tuple(step(n, done=40 if n <= 1 else None) for n in range(1, 5))
    assert level("behind", aimed(goal(made=days_ago(49), due=days_ago(-51), milestones=steps))) is None


def test_behind_says_what_is_over_and_what_is_done() -> None:
    late = goal(made=days_ago(50), due=days_ago(-50), milestones=(step(1, done=3), step(2), step(3), step(4)))
    assert words("behind", aimed(late)) == '"Straight talk": 50% of the time is over, 1 of 4 milestones done'


def test_without_a_date_or_two_milestones_nobody_is_behind() -> None:
    assert found("behind", aimed(goal(milestones=(step(1), step(2))))) == NotEnough(kind="behind", have=0, need=2)
    one = goal(due=TODAY, milestones=(step(1),))
    assert found("behind", aimed(one)) == NotEnough(kind="behind", have=1, need=2)


def test_a_pause_is_taken_out_of_the_time_that_is_over() -> None:
    late = goal(made=days_ago(50), due=days_ago(-50), milestones=(step(1, done=3), step(2), step(3), step(4)))
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


@pytest.mark.parametrize(("before", "now", "expected"), [(6, 6, AMBER), (7, 5, None), (5, 7, None), (1, 1, AMBER)])
def test_two_sessions_running_of_little_use(before: int, now: int, expected: SignalLevel | None) -> None:
    assert level("value", view(ratings=ratings("usefulness", (before, 20), (now, 3)))) is expected


def test_one_session_or_a_private_rating_tells_nothing_of_their_worth() -> None:
    assert found("value", view(ratings=ratings("usefulness", (3, 3)))) == NotEnough(kind="value", have=1, need=2)


# -- what goes well --------------------------------------------------------------------------------------------------


def won(seen: ClientView) -> list[str]:
    return [spoken([reason(signal)]) for signal in wins(seen, TODAY)]


def test_confidence_two_up_in_three_weeks() -> None:
    assert won(view(ratings=ratings("confidence", (5, 20), (6, 9), (7, 1)))) == ["more confident, 5 → 7"]
    assert won(view(ratings=ratings("confidence", (5, 20), (6, 9), (6, 1)))) == []
    assert won(view(ratings=ratings("confidence", (5, 22), (6, 9), (7, 1)))) == []
    assert won(view(ratings=ratings("confidence", (5, 20), (7, 1)))) == []


def test_a_level_up_is_a_win_for_a_week() -> None:
    def seen(ago: int, value: int = 0) -> ClientView:
        return aimed(goal(ladders=(LADDER,), levels=(rung(value, ago),)))

    assert won(seen(2)) == ['reached As planned on "Straight talk"']
    assert won(seen(7)) == []
    assert won(seen(2, -1)) == []


def test_the_first_thing_done_after_a_slip() -> None:
    slip = commitment(1, reported=days_ago(9), report="not_yet")
    kept = commitment(2, "Call Kim", standing=Standing.DONE, reported=days_ago(2), report="done")
    between = commitment(3, standing=Standing.DONE, reported=days_ago(5), report="done")
    assert won(view("Ana M.", slip, kept)) == ['done after a slip: "Call Kim"']
    assert won(view("Ana M.", kept, commitment(4, reported=days_ago(9), report="done", standing=Standing.DONE))) == []
    assert won(view("Ana M.", slip, replace(between, reported=days_ago(8)), kept)) == []
    assert won(view("Ana M.", replace(kept, slips=2))) == ['done after a slip: "Call Kim"']


def test_back_after_quiet() -> None:
    misses = (days_ago(30), days_ago(25), days_ago(18))
    seen = replace(view(), misses=misses, replies=(days_ago(40), days_ago(1)))
    assert won(seen) == ["back after 3 quiet prompts"]
    assert won(replace(seen, replies=(days_ago(40), days_ago(20), days_ago(1)))) == []
    assert won(replace(seen, replies=(days_ago(40), days_ago(8)))) == []
    assert won(replace(seen, unanswered=1)) == []


@pytest.mark.parametrize(
    ("find", "kind", "need"),
    [
        (signals_plan.level_up, "level_up", 2),
        (signals_ratings.more_confident, "more_confident", 3),
        (signals_silence.back, "back", 1),
        (signals_commitments.first_done, "first_done", 2),
    ],
)
def test_good_news_needs_its_numbers_too(find: Any, kind: str, need: int) -> None:
    assert find(view(), TODAY) == NotEnough(kind=kind, have=0, need=need)


def test_nothing_good_is_told_of_who_shows_nothing() -> None:
    numbers = ratings("confidence", (5, 20), (6, 9), (9, 1))
    assert won(view(ratings=numbers, visible="none")) == won(view(ratings=numbers, confirmed=False)) == []


# -- all of them -----------------------------------------------------------------------------------------------------


def test_every_signal_of_the_table_has_words_with_numbers() -> None:
    items = [commitment(n, due=days_ago(5), moved=5) for n in range(1, 10)]
    late = goal(due=days_ago(1), milestones=(step(1, due=30), step(2)))
    busy = aimed(
        late,
        sessions=(held(60),),
        commitments=items,
        unanswered=5,
        ratings=(
            *ratings("energy", (2, 9), (1, 1)),
            *ratings("confidence", (9, 9), (8, 5), (1, 1)),
            *ratings("usefulness", (2, 9), (3, 1)),
        ),
        call_wanted=TODAY,
    )
    said = {s.kind: spoken([reason(s)]) for s in raised(busy, TODAY)}
    assert set(said) == {row.kind for row in SIGNALS}
    assert len(SIGNALS) == 13
    assert all(any(c.isdigit() for c in text) for text in said.values())


def test_all_thirteen_can_say_not_enough_or_nothing_at_all() -> None:
    quiet = signals(view(), TODAY)
    lacking = {s.kind for s in quiet if isinstance(s, NotEnough)}
    assert lacking == {
        *("slips", "confidence", "energy", "stall", "behind", "milestone", "vague", "session_gap", "value"),
    }
    assert raised(view(), TODAY) == ()
    assert wins(view(), TODAY) == ()
    assert len(POSITIVES) == 4


def test_the_digest_carries_five_by_default() -> None:
    assert {row.kind for row in SIGNALS if row.digest} == {"quiet", "carried", "confidence", "session_gap", "call"}


def test_the_date_of_no_signal_lies_ahead() -> None:
    assert level("stall", aimed(goal(made=date(2026, 6, 1)))) is None


@pytest.mark.parametrize("changes", [{"visible": "none"}, {"state": "closed"}, {"confirmed": False}])
def test_even_what_both_sides_know_is_no_signal_without_consent(changes: dict[str, Any]) -> None:
    """Sessions are the coach's own, a gap between them would still be a word about the client."""
    assert raised(aimed(sessions=(held(60),)), TODAY)
    plan = Plan(sessions=(held(60),))
    assert raised(replace(aimed(**changes), plan=plan), TODAY) == ()
