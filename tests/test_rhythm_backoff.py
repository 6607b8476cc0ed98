"""What the bot does less of when nobody answers, and how it comes back."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.rhythm.backoff import (
    Policy,
    Quiet,
    Slowdown,
    Word,
    heard,
    missed,
    offer_to_move,
    policy,
    restored,
)
from bot.model.people.client_view import SignalLevel

MONDAY = date(2026, 3, 2)


def silence(misses: int, *, start: Quiet | None = None, first: date = MONDAY) -> Quiet:
    """Miss prompts a week apart, so that each of them counts."""
    quiet = start or Quiet()
    for week in range(misses):
        quiet = missed(quiet, first + timedelta(weeks=week))
    return quiet


@pytest.mark.parametrize(
    ("misses", "remind", "one_tap", "slowdown", "signal", "message"),
    [
        (0, True, False, Slowdown.NORMAL, None, None),
        (1, True, False, Slowdown.NORMAL, None, None),
        (2, True, True, Slowdown.NORMAL, None, None),
        (3, False, True, Slowdown.HALVED, SignalLevel.AMBER, Word.SLOWER),
        (4, False, True, Slowdown.FORTNIGHTLY, SignalLevel.AMBER, Word.COMING_BACK),
        (5, False, True, Slowdown.FORTNIGHTLY, SignalLevel.RED, Word.COMING_BACK),
        (6, False, True, Slowdown.STOPPED, SignalLevel.RED, Word.LAST_NOTE),
        (9, False, True, Slowdown.STOPPED, SignalLevel.RED, Word.LAST_NOTE),
    ],
)
def test_each_further_silence_asks_less_of_the_client(
    misses: int, remind: bool, one_tap: bool, slowdown: Slowdown, signal: SignalLevel | None, message: Word | None
) -> None:
    assert policy(silence(misses)) == Policy(
        remind=remind, one_tap=one_tap, slowdown=slowdown, signal=signal, message=message
    )


@pytest.mark.parametrize("misses", range(8))
def test_the_minimal_rhythm_slows_down_alike_and_never_raises_a_signal(misses: int) -> None:
    quiet = silence(misses)

    assert policy(quiet, minimal=True).signal is None
    assert policy(quiet, minimal=True).slowdown is policy(quiet).slowdown


def test_an_answer_resets_the_count_but_the_rhythm_returns_only_after_asking() -> None:
    back = heard(silence(4))

    assert back.unanswered == 0
    assert policy(back) == Policy(remind=False, one_tap=False, slowdown=Slowdown.FORTNIGHTLY)
    assert policy(restored(back)) == policy(Quiet())


def test_silence_after_an_answer_starts_from_one_without_lifting_the_slowdown() -> None:
    again = missed(heard(silence(4)), MONDAY + timedelta(weeks=9))

    assert again.unanswered == 1
    assert policy(again).slowdown is Slowdown.FORTNIGHTLY
    assert policy(again).signal is None


def test_a_word_from_a_stopped_client_does_not_start_prompting_by_itself() -> None:
    assert policy(heard(silence(6))).slowdown is Slowdown.STOPPED
    assert policy(heard(silence(6))).message is None


def test_daily_silence_counts_twice_in_a_week_at_most() -> None:
    quiet = Quiet()
    reached: dict[int, date] = {}
    for offset in range(60):
        quiet = missed(quiet, MONDAY + timedelta(days=offset))
        reached.setdefault(quiet.unanswered, MONDAY + timedelta(days=offset))

    assert reached[2] == MONDAY + timedelta(days=1)
    assert reached[3] == MONDAY + timedelta(days=7)
    assert reached[6] == MONDAY + timedelta(days=15)


def test_a_paused_client_is_not_missed() -> None:
    assert missed(Quiet(), MONDAY, paused=True) == Quiet()


def test_after_the_last_note_nothing_further_is_counted() -> None:
    stopped = silence(6)

    assert missed(stopped, MONDAY + timedelta(weeks=20)) == stopped


@given(st.lists(st.integers(0, 40), max_size=25), st.booleans())
def test_no_seven_days_ever_count_three_misses(offsets: list[int], answering: bool) -> None:
    """Recorded in any order within one silence, and in order where answers end the silence each time."""
    quiet = Quiet()
    counted: list[date] = []
    for offset in sorted(offsets) if answering else offsets:
        before = quiet.unanswered
        quiet = missed(quiet, MONDAY + timedelta(days=offset))
        if quiet.unanswered > before:
            counted.append(MONDAY + timedelta(days=offset))
        if answering:
            quiet = heard(quiet)

    assert all(sum(0 <= (day - first).days < 7 for day in counted) <= 2 for first in counted)


@given(st.lists(st.sampled_from(["miss", "heard"]), max_size=40))
def test_only_asking_ever_speeds_the_rhythm_up(events: list[str]) -> None:
    rising = list(Slowdown)
    quiet, slowest = Quiet(), Slowdown.NORMAL
    for week, event in enumerate(events):
        quiet = heard(quiet) if event == "heard" else missed(quiet, MONDAY + timedelta(weeks=week))
        now = policy(quiet).slowdown
        assert rising.index(now) >= rising.index(slowest)
        slowest = now


def hours(*texts: str) -> tuple[int, ...]:
    return tuple(int(text[:2]) * 60 + int(text[3:]) for text in texts)


@pytest.mark.parametrize(
    ("answers", "offered"),
    [
        (hours("11:30", "12:00", "07:30", "18:00"), True),
        (hours("11:30", "12:00", "07:30"), False),
        (hours("11:29", "11:29", "11:29", "11:29", "11:29"), False),
        (hours("09:40", "11:30", "09:31", "12:00", "07:30", "10:00", "18:00"), True),
        ((), False),
    ],
)
def test_another_hour_is_offered_after_four_answers_two_hours_off(answers: tuple[int, ...], offered: bool) -> None:
    assert offer_to_move(answers, time(9, 30)) is offered


def test_the_distance_to_the_chosen_hour_runs_around_midnight() -> None:
    assert not offer_to_move(hours("00:30", "00:30", "00:30", "00:30"), time(23, 0))
    assert offer_to_move(hours("01:00", "01:00", "01:00", "01:00"), time(23, 0))
