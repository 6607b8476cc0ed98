"""The coach's weekly digest: ten lines, exceptions first with reason and numbers, nothing private, nobody ranked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.digest.digest import Part, parts_of, standing, weekly_digest
from bot.coaching.shared.client_ref import ref_of
from bot.model.facts import ClientView, Pause, Standing
from bot.model.plan import Agreement, Goal, Ladder, Plan, Session
from tests.support.facts import NOW, TODAY, commitment, days_ago, ratings, remark, spoken, view


def read(*practice: ClientView, **changes: object) -> list[str]:
    """The digest as its lines."""
    return spoken(weekly_digest(practice, TODAY, **changes).lines).splitlines()  # type: ignore[arg-type]  # one keyword


FOLD = "·  ·  ·"


def parts(*practice: ClientView) -> tuple[Part, ...]:
    """The messages that it is sent as."""
    return parts_of(weekly_digest(practice, TODAY, now=NOW))


def joined(name: str) -> ClientView:
    """Somebody of whom the coach has yet to say who it is."""
    return view(name, confirmed=False)


def meeting(name: str, ahead: int, **changes: Any) -> ClientView:
    """A client with a session so many days ahead, an hour from now."""
    at = NOW + timedelta(days=ahead, hours=1)
    return view(name, plan=Plan(sessions=(Session(id=name, engagement="e", at=at, **changes),)))


def above(*practice: ClientView) -> list[str]:
    lines = read(*practice)
    return lines[: lines.index(FOLD)] if FOLD in lines else lines


def below(*practice: ClientView) -> list[str]:
    lines = read(*practice)
    return lines[lines.index(FOLD) + 1 :] if FOLD in lines else []


def quiet(name: str, unanswered: int = 5) -> ClientView:
    return view(name, unanswered=unanswered)


def sure(name: str, *numbers: tuple[int, int]) -> ClientView:
    """Somebody with one commitment, of which so much was said: (value, days ago)."""
    item = commitment(1, "Delegate Q2 plan", made=days_ago(60))
    return view(name, item, ratings=ratings("confidence", *numbers, about=item.id))


def winner(name: str, done: int = 1, missed: int = 0) -> ClientView:
    items = [commitment(n, standing=Standing.DONE, reported=days_ago(1), report="done") for n in range(1, done + 1)]
    items += [commitment(n, due=days_ago(1)) for n in range(done + 1, done + missed + 1)]
    return view(name, *items)


def paused(name: str, until: int = 3) -> ClientView:
    return view(name, pauses=(Pause(first=days_ago(3), last=days_ago(-until)),))


def test_a_week_reads_in_a_few_lines() -> None:
    lines = read(
        view("Ana M.", commitment(1, reported=days_ago(21)), unanswered=5),
        sure("Ravi K.", (8, 20), (7, 10), (3, 0)),
        view("Jo L.", commitment(1, "Talk to Kim", moved=3)),
        winner("Mia", done=3, missed=1),
        paused("Omar"),
        view("Lee", connected=False),
    )
    assert lines == [
        "Week of Mon 2 Mar: 6 clients, 2 answered, 2 need you",
        "! Ana M.: quiet: 5 prompts unanswered (last reply Wed 11 Feb)",
        '! Ravi K.: confidence 8, 7, 3 on "Delegate Q2 plan", since Thu 12 Feb',
        '~ Jo L.: "Talk to Kim" moved 3 times',
        "Wins: Mia 3 of 4 done",
        "Quiet by choice (paused): Omar until Sat 7 Mar",
        'More: "client" and a name',
        FOLD,
        "Lee: not connected",
    ]


def test_an_empty_practice_has_a_sentence_of_its_own() -> None:
    assert read() == ['You have no clients here just now. "invite NAME" makes a code for one.']


def test_a_calm_week_says_so() -> None:
    assert read(view("Ana M.")) == [
        "Week of Mon 2 Mar: one client, none answered, nobody needs you",
        "Wins: none on record this week",
        'More: "client" and a name',
    ]


def test_red_stands_before_amber_and_within_it_names_stand_in_order() -> None:
    lines = above(quiet("Zoe"), quiet("Bea", 3), quiet("Abe", 3), quiet("Yan"))
    assert [line.split(":")[0] for line in lines[1:5]] == ["! Yan", "! Zoe", "~ Abe", "~ Bea"]


def test_one_client_has_one_line_with_all_reasons() -> None:
    lines = above(view("Ana M.", commitment(1, "Talk to Kim", moved=3), unanswered=5))
    assert lines[1] == '! Ana M.: quiet: 5 prompts unanswered (no reply yet); "Talk to Kim" moved 3 times'


@pytest.mark.parametrize("count", [5, 12, 300])
def test_whatever_the_practice_ten_lines_stand_above_the_fold_and_nothing_is_lost(count: int) -> None:
    troubled = [quiet(f"Quiet {n}") for n in range(count)]
    winners = [winner(f"Winner {n}") for n in range(count)]
    resting = [paused(f"Resting {n}") for n in range(count)]
    away = [view(f"Away {n}", connected=False) for n in range(count)]
    new = [joined(f"New {n}") for n in range(count)]
    booked = [meeting(f"Booked {n}", n % 7) for n in range(count)]
    practice = (*troubled, *winners, *resting, *away, *new, *booked)
    assert len(above(*practice)) == 10
    assert above(*practice)[-1] == f'More: {count - 4} below; "client" and a name shows one'
    everything = "\n".join(read(*practice))
    assert all(seen.engagement.client_name in everything for seen in practice)
    in_parts = "\n".join(spoken(part.lines) for part in parts(*practice))
    assert set(everything.splitlines()) - {FOLD} == set(in_parts.splitlines())


def test_few_clients_leave_nothing_below_the_fold() -> None:
    assert below(*[quiet(f"Quiet {n}") for n in range(4)]) == []


def test_who_shows_nothing_or_declined_stands_below_the_fold_without_a_reason() -> None:
    lines = below(view("Ana M.", unanswered=9, visible="none"), view("Lee", state="declined"))
    assert lines == ["Ana M.: shows you nothing for now", "Lee: declined"]


def test_a_wanted_call_is_said_even_by_who_shows_nothing() -> None:
    lines = above(view("Ana M.", visible="none", call_wanted=TODAY))
    assert lines[1] == "! Ana M.: asks for a call, since Wed 4 Mar"
    assert lines[0].endswith("one needs you")


def test_the_digest_carries_the_default_signals_only() -> None:
    tired = view("Ana M.", *[commitment(n) for n in range(1, 10)], ratings=ratings("energy", (1, 9), (1, 1)))
    assert not any(line.startswith(("!", "~")) for line in read(tired))


def test_a_paused_client_is_no_exception() -> None:
    rest = view("Omar", unanswered=9, pauses=(Pause(first=days_ago(3)),))
    assert above(rest)[1:3] == ["Wins: none on record this week", "Quiet by choice (paused): Omar"]


def test_no_words_of_a_client_are_pushed_but_titles() -> None:
    seen = view("Ana M.", commitment(1, moved=4), unanswered=5, remarks=(remark("I dread the board"),))
    assert "dread" not in "\n".join(read(seen))


def test_under_status_only_there_are_numbers_and_no_titles() -> None:
    seen = view("Ana M.", commitment(1, "Talk to Kim", moved=4), visible="status")
    assert above(seen)[1] == "~ Ana M.: one commitment moved 4 times"


def test_only_what_was_done_in_the_last_seven_days_is_a_win() -> None:
    old = view("Ana M.", commitment(1, standing=Standing.DONE, reported=days_ago(8), report="done"))
    new = view("Mia", commitment(1, standing=Standing.DONE, reported=days_ago(7), report="done"))
    assert above(old, new)[1] == "Wins: Mia 1 of 1 done"


def test_a_title_or_a_name_stays_on_its_line() -> None:
    seen = view("Ana\nM.", commitment(1, "Talk\nto Kim " + "and so on " * 20, moved=4))
    line = above(seen)[1]
    assert line.startswith('~ Ana M.: "Talk to Kim and so on')
    assert line.endswith('…" moved 4 times')


def test_the_same_signal_is_still_so_and_after_three_weeks_no_more() -> None:
    seen = quiet("Ana M.")
    keys = standing([seen], TODAY)
    assert keys == {("e:Ana M.", "quiet red")}
    reads = [read(seen, repeats=dict.fromkeys(keys, weeks))[1] for weeks in range(4)]
    assert reads[0].startswith("! Ana M.: quiet")
    assert reads[1] == reads[2]
    assert reads[1].startswith("! Ana M.: still quiet")
    assert reads[3] == "Wins: none on record this week"


def test_a_wanted_call_is_never_left_out() -> None:
    seen = view("Ana M.", call_wanted=days_ago(30))
    assert "asks for a call" in read(seen, repeats={("e:Ana M.", "call red"): 9})[1]


def test_a_signal_that_has_grown_worse_is_told_again() -> None:
    told = dict.fromkeys(standing([view("Ana M.", unanswered=4)], TODAY), 3)
    assert "quiet" not in "".join(read(view("Ana M.", unanswered=4), repeats=told)[1:2])
    assert "quiet: 5 prompts unanswered" in read(view("Ana M.", unanswered=5), repeats=told)[1]


# -- sessions, and what waits for the coach --------------------------------------------------------------------------


def test_the_sessions_of_the_next_week_stand_in_order_on_the_coachs_clock() -> None:
    seen = (meeting("Sam", 3), meeting("Lee", 1), meeting("Mia", 8), meeting("Kim", 2, state="cancelled"))
    lines = read(*seen, now=NOW, zone="Asia/Tokyo")
    assert "Sessions: Thu 5 Mar 19:00 Lee, Sat 7 Mar 19:00 Sam. Briefs come 24 h before" in lines


def test_what_waits_for_the_coach_is_said() -> None:
    ladder = Ladder(version=1, rungs=dict.fromkeys(range(-2, 3), "Words"), made=TODAY, client_ok=TODAY)
    goal = Goal(id="g", number=1, engagement="e", text="Straight talk", made=TODAY, state="active", ladders=(ladder,))
    agreed = Agreement(id="a", engagement="e", version=1, terms={}, client_ok=TODAY)
    lines = read(
        view("Jo", plan=Plan(goals=(goal,))),
        view("Kim", plan=Plan(agreements=(agreed,))),
        view("Mia", plan=Plan(goals=(replace(goal, ladders=(replace(ladder, coach_ok=TODAY),)),))),
        view("Sam", plan=Plan(goals=(replace(goal, ladders=(replace(ladder, rungs={0: "Half"}),)),))),
        joined("Lee"),
    )
    assert "Waiting on you: approve Jo's success ladder, agreement with Kim, confirm Lee" in lines


def test_of_whom_the_coach_has_not_confirmed_there_is_a_name_and_no_more() -> None:
    seen = view("Lee", commitment(1, "Secret", moved=9), unanswered=9, confirmed=False, plan=meeting("x", 1).plan)
    said = "\n".join(read(seen, now=NOW))
    assert said.splitlines() == [
        "Week of Mon 2 Mar: one client, none answered, nobody needs you",
        "Waiting on you: confirm Lee",
        'More: "client" and a name',
    ]


def test_good_news_stands_among_the_wins() -> None:
    assert read(sure("Lee", (5, 20), (6, 9), (8, 1)))[1] == 'Wins: Lee more confident of "Delegate Q2 plan", 5 → 8'


# -- buttons and messages --------------------------------------------------------------------------------------------


def test_each_client_that_is_flagged_has_three_buttons() -> None:
    (part,) = parts(quiet("Ana M."), view("Bo"), quiet("Cy", 3))
    ana, cy = ref_of("e:Ana M."), ref_of("e:Cy")
    assert [value for value, _ in part.buttons] == [
        *(f"/client {ana}", f"/note {ana}", f"/leave {ana}"),
        *(f"/client {cy}", f"/note {cy}", f"/leave {cy}"),
    ]
    assert spoken(label for _, label in part.buttons[:3]).splitlines() == [
        "Open: Ana M.",
        "Send a note: Ana M.",
        "Leave until the session: Ana M.",
    ]


def test_a_reference_tells_nothing_and_fits_any_button() -> None:
    for name in ("Ana M.", "x" * 60):
        assert len(f":/client {ref_of(name)}") <= 64
        assert "Ana" not in ref_of(name)


def test_whoever_is_flagged_below_the_fold_has_buttons_too_in_messages_that_fit() -> None:
    found = parts(*[quiet(f"Quiet {n:02}") for n in range(15)])
    assert [len(part.buttons) for part in found] == [12, 24, 9]
    assert all(len(spoken(part.lines)) < 2_900 for part in found)


def test_what_is_short_below_the_fold_stays_in_the_same_message() -> None:
    assert len(parts(view("Ana", visible="none"))) == 1
    many = [view(f"Silent {n}", visible="none") for n in range(45)]
    assert [len(part.lines) for part in parts(*many)[1:]] == [20, 20, 5]


def test_a_signal_that_is_left_until_the_session_is_not_told_unless_it_grows_worse() -> None:
    left = replace(quiet("Ana", 3), left=frozenset({"quiet amber"}))
    assert not any("quiet:" in line for line in read(left))
    worse = replace(quiet("Ana", 5), left=frozenset({"quiet amber"}))
    assert any("quiet: 5" in line for line in read(worse))


def test_a_session_gap_is_among_what_the_digest_carries() -> None:
    at = datetime(2026, 1, 20, 9, tzinfo=UTC)
    seen = view("Ana", plan=Plan(sessions=(Session(id="s", engagement="e", at=at),)))
    assert read(seen)[1] == "~ Ana: no session booked; the last one was 43 days ago, Tue 20 Jan"
