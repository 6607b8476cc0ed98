"""The coach's weekly digest: ten lines, exceptions first with reason and numbers, nothing private, nobody ranked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.coaching.digest.client_lines import client_lines, roster_lines
from bot.coaching.digest.digest import Part, parts_of, standing, weekly_digest
from bot.coaching.shared.client_ref import ref_of
from bot.model.commitments.values import Commitment, Standing
from bot.model.occurrences import Answered, Asked
from bot.model.people.answers import Audience
from bot.model.people.client_view import ClientView
from bot.model.people.preferences import Pause, Preferences
from bot.model.plan import Agreement, Goal, Ladder, Plan, Session
from tests.support.facts import NOW, TODAY, asked, commitment, days_ago, ratings, remark, spoken, view


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
        view("Ana M.", commitment(1, made=days_ago(30), reported=days_ago(21)), unanswered=5, asked=(asked(5),)),
        sure("Ravi K.", (8, 20), (7, 10), (3, 0)),
        view("Jo L.", commitment(1, "Talk to Kim", moved=3)),
        replace(winner("Mia", done=3, missed=1), asked=(asked(5, "answered"),)),
        paused("Omar"),
        view("Lee", connected=False),
    )
    assert lines == [
        "Week of Mon 2 Mar: 6 clients, 2 asked: 1 answered, 1 not. 3 need you",
        "! Ana M.: quiet: 5 prompts unanswered (last reply Wed 11 Feb)",
        '! Ravi K.: confidence 8, 7, 3 on "Delegate Q2 plan", since Thu 12 Feb',
        '~ Jo L.: "Talk to Kim" moved 3 times',
        "Wins: Mia 3 of 4 done",
        "Omar rests until Sat 7 Mar",
        'More: "client" and a name',
        FOLD,
        "Lee: not connected",
    ]


def test_an_empty_practice_has_a_sentence_of_its_own() -> None:
    assert read() == ['You have no clients here just now. "invite NAME" makes a code for one.']


def test_a_calm_week_says_so() -> None:
    assert read(view("Ana M.")) == [
        "Week of Mon 2 Mar: one client, nobody asked. Nobody needs you",
        "Wins: none on record this week",
        'More: "client" and a name',
    ]


def test_red_stands_before_amber_and_within_it_names_stand_in_order() -> None:
    lines = above(quiet("Zoe"), quiet("Bea", 3), quiet("Abe", 3), quiet("Yan"))
    assert [line.split(":")[0] for line in lines[1:5]] == ["! Yan", "! Zoe", "~ Abe", "~ Bea"]


def test_one_client_has_one_line_with_all_reasons() -> None:
    lines = above(view("Ana M.", commitment(1, "Talk to Kim", moved=3, made=days_ago(20)), unanswered=5))
    assert lines[1] == '! Ana M.: quiet: 5 prompts unanswered (last reply Thu 12 Feb); "Talk to Kim" moved 3 times'


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
    assert lines[0].endswith("One needs you")


def test_the_digest_carries_the_default_signals_only() -> None:
    tired = view("Ana M.", *[commitment(n) for n in range(1, 10)], ratings=ratings("energy", (1, 9), (1, 1)))
    assert not any(line.startswith(("!", "~")) for line in read(tired))


def test_a_paused_client_is_no_exception() -> None:
    rest = view("Omar", unanswered=9, pauses=(Pause(first=days_ago(3)),))
    assert above(rest)[1:3] == ["Wins: none on record this week", "Omar rests"]


def test_no_words_of_a_client_are_pushed_but_titles() -> None:
    seen = view("Ana M.", commitment(1, moved=4), unanswered=5, remarks=(remark("I dread the board"),))
    assert "dread" not in "\n".join(read(seen))


def test_under_status_only_there_are_numbers_and_no_titles() -> None:
    seen = view("Ana M.", commitment(1, "Talk to Kim", moved=4), visible="status")
    assert above(seen)[1] == "~ Ana M.: one commitment moved 4 times"


def test_only_what_was_reported_since_the_last_digest_is_a_win() -> None:
    old = view("Ana M.", commitment(1, standing=Standing.DONE, reported=days_ago(8), report="done"))
    new = view("Mia", commitment(1, standing=Standing.DONE, reported=days_ago(7), report="done"))
    assert above(old, new)[1] == "Wins: Mia 1 of 1 done"


def test_what_a_pause_holds_is_neither_not_done_nor_late() -> None:
    rest = (Pause(first=days_ago(15), last=days_ago(4)),)
    held = commitment(2, due=days_ago(5))
    done = commitment(1, due=days_ago(14), standing=Standing.DONE, reported=days_ago(1), report="done")
    assert "Wins: Ana M. 1 of 1 done" in read(view("Ana M.", done, held, pauses=rest))
    assert "Wins: late: Ana M. 1" in read(view("Ana M.", done, held))


def test_who_is_asked_no_more_is_no_risk_until_they_answer_again() -> None:
    wishes = Preferences(unanswered=6, slowdown="stopped", given_up=days_ago(3))
    assert not any("quiet" in line for line in read(view("Ana M.", wishes=wishes)))
    assert not any(line.startswith(("!", "~")) for line in read(view("Ana M.", wishes=wishes)))
    carried = commitment(1, "Talk to Kim", moved=3)
    answering = replace(wishes, unanswered=0)
    assert any("Talk to Kim" in line for line in read(view("Ana M.", carried, wishes=answering)))


def test_a_win_of_the_day_of_a_digest_stands_in_one_of_two() -> None:
    """Reported after the digest of that day, it stands in the next one; told in it, it does not stand there again."""
    seen = view("Mia", commitment(1, "Call Kim", standing=Standing.DONE, reported=days_ago(7), slipped=True))
    first, second = 'Mia done after a slip: "Call Kim"', "Mia 1 of 1 done"
    assert read(seen)[1] == f"Wins: {first}, {second}"
    told = dict.fromkeys(standing([replace(seen, today=days_ago(7))], days_ago(7)), 1)
    assert read(seen, repeats=told)[1] == "Wins: none on record this week"


def test_what_was_told_as_not_done_is_late_when_it_is_done() -> None:
    """Due on a Saturday, done on the Monday after the digest: a win a week later, and never "not done" again."""
    ben = commitment(1, "Call Kim", due=date(2026, 12, 12))
    early = commitment(2, due=date(2026, 12, 11), standing=Standing.DONE, reported=date(2026, 12, 10))

    def told_on(day: int, *items: Commitment) -> str:
        seen = replace(view("Ben", *items), today=date(2026, 12, day))
        return spoken(weekly_digest([seen], date(2026, 12, day)).lines).splitlines()[1]

    assert told_on(14, ben, early) == "Wins: Ben 1 of 2 done"
    done = replace(ben, standing=Standing.DONE, reported=date(2026, 12, 14))
    assert told_on(21, done) == "Wins: late: Ben 1"
    assert told_on(28, done) == "Wins: none on record this week"


@pytest.mark.parametrize(("due", "count"), [(-1, 1), (0, 1), (1, 2), (7, 2), (8, 1)])
def test_only_what_was_due_before_the_clients_own_day_is_not_done(due: int, count: int) -> None:
    kept = commitment(1, due=days_ago(2), standing=Standing.DONE, reported=days_ago(2))
    assert read(view("Mia", kept, commitment(2, due=days_ago(due))))[1] == f"Wins: Mia 1 of {count} done"
    honolulu = replace(view("Mia", kept, commitment(2, due=days_ago(1))), today=days_ago(1))
    assert read(honolulu)[1] == "Wins: Mia 1 of 1 done"


# -- who answered ----------------------------------------------------------------------------------------------------


def head(*practice: ClientView, now: datetime = NOW) -> str:
    return read(*practice, now=now)[0]


def prompted(name: str, *prompts: Asked, **changes: Any) -> ClientView:
    return view(name, asked=prompts, **changes)


def test_the_head_counts_who_was_asked_and_how_far_they_answered() -> None:
    whole = [prompted(f"Whole {n}", asked(3, "answered")) for n in range(7)]
    part, silent, idle = prompted("Part", asked(3, "partly")), prompted("Silent", asked(3)), view("Idle")
    assert head(*whole, part, silent, idle) == (
        "Week of Mon 2 Mar: 10 clients, 9 asked: 7 answered, 1 in part, 1 not. Nobody needs you"
    )
    assert "1 asked: 1 answered." in head(whole[0])
    assert "1 asked: 1 in part." in head(part)
    assert "1 asked: 1 not." in head(silent)


@pytest.mark.parametrize(
    ("prompts", "how"),
    [
        ((asked(5), asked(2, "answered")), "1 answered"),
        ((asked(5, "partly"), asked(2, "answered")), "1 answered"),
        ((asked(5, "partly"), asked(2)), "1 in part"),
        ((asked(8, "answered"), asked(2)), "1 not"),
    ],
)
def test_one_thing_answered_is_no_silence(prompts: tuple[Asked, ...], how: str) -> None:
    assert f"1 asked: {how}." in head(prompted("Ana", *prompts))


def test_a_word_that_nobody_asked_for_is_no_silence_either() -> None:
    told = commitment(1, standing=Standing.DONE, reported=days_ago(2))
    assert "1 asked: 1 answered." in head(view("Ana", told, asked=(asked(3),)))
    assert "1 asked: 1 not." in head(view("Ana", replace(told, reported=days_ago(9)), asked=(asked(3),)))
    mine = replace(told, audience=Audience.PRIVATE)
    assert "1 asked: 1 not." in head(view("Ana", mine, asked=(asked(3),)))


def test_what_was_asked_just_now_is_not_counted_as_silence() -> None:
    assert "nobody asked" in head(prompted("Ana", asked(0, waits=True)))
    assert "1 asked: 1 not." in head(prompted("Ana", asked(1, waits=True)))
    assert "1 asked: 1 in part." in head(prompted("Ana", asked(0, "partly", waits=True)))


def test_what_a_digest_came_too_soon_for_is_in_the_next_one() -> None:
    """Asked in the very hour of a digest, and answered or not since: told a week later, and only then."""
    asked_then = replace(asked(7), at=NOW - timedelta(days=7))
    seen = prompted("Ana", asked_then)
    before = replace(prompted("Ana", replace(asked_then, open=True)), today=days_ago(7))
    told = dict.fromkeys(standing([before], days_ago(7), NOW - timedelta(days=7)), 1)
    assert "1 asked: 1 not." in read(seen, now=NOW, repeats=told)[0]
    answered_then = replace(before, asked=(replace(asked_then, answered=Answered.PARTLY, open=True),))
    told = dict.fromkeys(standing([answered_then], days_ago(7), NOW - timedelta(days=7)), 1)
    assert "nobody asked" in read(seen, now=NOW, repeats=told)[0]


def test_a_check_in_of_the_last_digests_day_is_counted_once() -> None:
    """A digest on Friday evening tells of this morning's check-in, not of the one a week before."""
    evening = NOW + timedelta(hours=9)
    week = prompted("Ana", asked(7, "answered"), asked(0))
    assert "1 asked: 1 not." in head(week, now=evening)
    assert "1 asked: 1 answered." in head(week, now=NOW - timedelta(hours=2))


def test_a_check_in_that_was_not_finished_is_told_so() -> None:
    kept = commitment(1, due=days_ago(3), standing=Standing.DONE, reported=days_ago(3), report="done")
    half = view("Ana", kept, asked=(asked(3, "partly", waits=True),))
    assert read(half, now=NOW)[:2] == [
        "Week of Mon 2 Mar: one client, 1 asked: 1 in part. Nobody needs you",
        "Wins: Ana 1 of 1 done; did not finish the check-in",
    ]
    other = view("Ana", kept, asked=(asked(3, "partly", slot="due-today"),))
    assert read(other, now=NOW)[1] == "Wins: Ana 1 of 1 done"
    going_on = view("Ana", kept, asked=(asked(0, "partly", waits=True),))
    assert read(going_on, now=NOW)[1] == "Wins: Ana 1 of 1 done"


# -- who is not asked ------------------------------------------------------------------------------------------------


def test_who_stopped_has_stopped_by_choice_and_is_told_of_once() -> None:
    tom = view("Tom", wishes=Preferences(stopped=True, stopped_on=date(2026, 2, 27)))
    eva = view("Eva", wishes=Preferences(slowdown="stopped", given_up=days_ago(2), unanswered=6))
    lines = above(tom, eva, paused("Omar", 13))
    assert lines[-2] == (
        "Eva: I have stopped asking; over to you. Tom stopped by choice on Fri 27 Feb. Omar rests until Tue 17 Mar"
    )
    told = dict.fromkeys(standing([tom, eva], TODAY), 1)
    assert read(tom, eva, paused("Omar", 13), repeats=told)[-2] == "Omar rests until Tue 17 Mar"
    assert spoken(roster_lines([tom], TODAY)) == "Tom: stopped by choice on Fri 27 Feb"
    assert spoken([client_lines(tom, TODAY)[0]]) == "Tom: stopped by choice on Fri 27 Feb"


# -- lines and signals -----------------------------------------------------------------------------------------------


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
        "Week of Mon 2 Mar: one client, nobody asked. Nobody needs you",
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
