"""What a client says at any time, as conversations: the line, what is read back, what is written, what begins."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.coaching.client_commands import CLIENT_COMMANDS
from bot.coaching.follows import follows
from bot.coaching.log_command import numbers_in
from bot.coaching.progress import weeks_answered
from bot.coaching.rhythm_commands import next_prompt
from bot.coaching.roles import CLIENT_VERBS
from bot.coaching.unplaced import unplaced
from bot.facts import Audience, Facts, LastAnswer, Pause, Person, Standing, Wishes
from bot.records import (
    CallWanted,
    Given,
    Hidden,
    Opening,
    Paused,
    Remarked,
    Reply,
    Reported,
    Restored,
    Resumed,
    Stopped,
    Travelled,
    Undone,
)
from tests.practice import (
    ANA,
    CARLA,
    NOW,
    TODAY,
    commitment,
    days_ago,
    engagement,
    facts,
    heard,
    ratings,
    reading,
    say,
    spoken,
)

FRIDAY = date(2026, 3, 6)
PLAN = commitment(1, "Hand over the Q2 plan", due=FRIDAY)
BOB = commitment(2, "Call Bob", due=TODAY)
MINE = commitment(3, "Look around", audience=Audience.PRIVATE)
DONE = commitment(4, "Friday report", standing=Standing.DONE, reported=days_ago(5), report="done")
ANSWER = LastAnswer(
    run="r1", question="energy", dialogue="weekly-checkin", label="3", day=days_ago(1), audience=Audience.COACH
)


def ana(**changes: Any) -> Facts:
    """Ana with two open commitments, a private one, and one that is done."""
    return facts(PLAN, BOB, MINE, DONE, **changes)


def wrote(reply: Reply) -> list[tuple[str, str, date | None]]:
    """What was reported: commitment, report, new date."""
    return [(r.commitment, r.report, r.due) for r in reply.records if isinstance(r, Reported)]


# -- log -------------------------------------------------------------------------------------------------------------


def test_log_alone_lists_what_is_open_and_how_to_say_it() -> None:
    assert heard(say("log", ana())).splitlines() == [
        "Open:",
        "2. Call Bob, due Wed 4 Mar",
        "1. Hand over the Q2 plan, due Fri 6 Mar",
        "3. Look around, no date, not shown to your coach",
        'Say it like this: "log 2 done", "log 2 not yet" or "log 2 moved to Friday".',
    ]


def test_log_with_nothing_open_says_so() -> None:
    assert heard(say("log", facts())) == 'Nothing is open just now. "commit" notes something new.'


def test_log_done_is_written_and_echoed() -> None:
    reply = say("log 2 done", ana(), report="done")
    assert wrote(reply) == [("c2", "done", None)]
    assert heard(reply) == 'Noted: "Call Bob" is done.\nCarla sees how it stands.'
    assert reply.opens is None


def test_log_of_a_private_one_says_that_it_stays_so() -> None:
    assert "not shown to your coach" in heard(say("log 3 done", ana(), report="done"))


def test_log_by_words_is_the_same() -> None:
    assert wrote(say("log called bob", ana(), report="done", about="c2")) == [("c2", "done", None)]


def test_log_of_several_at_once() -> None:
    assert wrote(say("log 1 and 2 done", ana(), report="done")) == [("c1", "done", None), ("c2", "done", None)]


@pytest.mark.parametrize("report", ["not_yet", "partly"])
def test_a_slip_goes_on_to_what_next(report: str) -> None:
    reply = say("log 2", ana(), report=report)
    assert wrote(reply) == [("c2", report, None)]
    assert heard(reply).startswith("Noted: ")
    assert reply.opens == Opening(dialogue="after-a-slip", items=("c2",))


def test_the_report_of_a_slip_is_not_what_the_dialogue_after_it_writes() -> None:
    record = say("log 2 not yet", ana(), report="not_yet").records[0]
    assert isinstance(record, Reported)
    assert record.key != "c2"


def test_a_slip_with_a_new_day_asks_nothing_more() -> None:
    reply = say("log 2 not yet, by Friday", ana(), report="not_yet")
    assert wrote(reply) == [("c2", "not_yet", FRIDAY)]
    assert reply.opens is None
    assert "the new date is Fri 6 Mar" in heard(reply)


@pytest.mark.parametrize("line", ["log 2 moved to Friday", "log 2 by Friday", "log 2 Friday"])
@pytest.mark.parametrize("report", ["", "moved"])
def test_a_new_day_moves_it(line: str, report: str) -> None:
    reply = say(line, ana(), report=report)
    assert wrote(reply) == [("c2", "moved", FRIDAY)]
    assert 'Noted: "Call Bob" is now due Fri 6 Mar.' in heard(reply)


def test_moving_without_a_day_asks_for_one() -> None:
    reply = say("log 2 postponed", ana(), report="moved")
    assert (reply.records, reply.opens) == ((), Opening(dialogue="after-a-slip", items=("c2",)))


def test_the_same_day_changes_nothing() -> None:
    reply = say("log 1 by Friday", ana())
    assert reply.records == ()
    assert "already; nothing changed" in heard(reply)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("log 2 moved to yesterday", "That day is over; name one from today on."),
        ("log 2 by 8 March 2028", "That is more than two years away; name an earlier day."),
    ],
)
def test_a_day_that_cannot_be_changes_nothing(line: str, sentence: str) -> None:
    assert say(line, ana()) == Reply(says=say(line, ana()).says)
    assert heard(say(line, ana())) == sentence


def test_done_yesterday_is_done() -> None:
    assert wrote(say("log 2 done yesterday", ana(), report="done")) == [("c2", "done", None)]


def test_words_of_a_commitment_that_are_a_day_do_not_move_it() -> None:
    known = facts(commitment(1, "Friday report"))
    assert say("log friday report", known, about="c1").opens == Opening(dialogue="due-today", items=("c1",))


def test_log_of_a_commitment_without_a_word_on_it_asks_how_it_went() -> None:
    assert say("log 1", ana()).opens == Opening(dialogue="due-today", items=("c1",))


def test_an_unknown_number_changes_nothing_at_all() -> None:
    reply = say("log 1 and 9 done", ana(), report="done")
    assert reply.records == ()
    assert heard(reply).startswith("There is no number 9; nothing changed.\nOpen:")


def test_a_number_that_belongs_to_the_words_is_no_number() -> None:
    pages = facts(commitment(1, "Write 10 pages"), commitment(2))
    assert wrote(say("log 10 pages done", pages, report="done", about="c1")) == [("c1", "done", None)]


def test_words_that_fit_nothing_are_asked_about() -> None:
    assert heard(say("log blah", ana())).startswith("Which one?")


def test_done_with_one_thing_open_means_that() -> None:
    assert wrote(say("log done", facts(PLAN), report="done")) == [("c1", "done", None)]
    assert wrote(say("log done", ana(), report="done")) == []


def test_what_is_done_already_is_said_so() -> None:
    reply = say("log 4 done", ana(), report="done")
    assert (reply.records, heard(reply)) == (
        (),
        '"Friday report" is on record as done already; nothing changed.',
    )
    assert wrote(say("log 4 not yet", ana(), report="not_yet")) == [("c4", "not_yet", None)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2 done", (2,)),
        ("#2: done", (2,)),
        ("1, 2 and 5 done", (1, 2, 5)),
        ("1 & 2", (1, 2)),
        ("1:1 with Sam done", ()),
        ("1.5 hours of reading", ()),
        ("2nd draft", ()),
        ("the 2", ()),
        ("12345 done", ()),
    ],
)
def test_numbers_are_told_from_other_figures(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_in(text) == numbers


def test_after_a_silence_any_report_asks_about_the_rhythm() -> None:
    quiet = ana(wishes=Wishes(slowdown="stopped"))
    assert say("log 2 done", quiet, report="done").opens == Opening(dialogue="welcome-back")
    assert say("log 2 not yet", quiet, report="not_yet").opens == Opening(dialogue="after-a-slip", items=("c2",))


# -- commit, checkin, progress ---------------------------------------------------------------------------------------


def test_commit_alone_asks() -> None:
    assert say("commit", ana()).opens == Opening(dialogue="commitment")


@pytest.mark.parametrize(
    "line", ["commit Hand over the plan by Friday", "commit I'll hand over the plan by Friday.", "commit by Friday"]
)
def test_commit_takes_what_the_words_say(line: str) -> None:
    opening = say(line, ana()).opens
    assert opening is not None
    assert opening.known["due"] == ("2026-03-06", FRIDAY)
    assert opening.known.get("what", ("Hand over the plan",) * 2) == ("Hand over the plan", "Hand over the plan")


def test_a_day_years_away_is_asked_for_again() -> None:
    reply = say("commit Retire by 8 March 2028", ana())
    assert heard(reply) == "That is more than two years away; name an earlier day."
    assert reply.opens == Opening(dialogue="commitment", known={"what": ("Retire", "Retire")})


def test_a_page_is_too_long_for_a_commitment() -> None:
    reply = say("commit " + "very " * 101 + "long", ana())
    assert reply.opens is None
    assert heard(reply) == "A line or two, please; 500 characters are the limit."


def test_checkin_is_there_at_any_time() -> None:
    assert say("checkin", ana()).opens == Opening(dialogue="weekly-checkin")


def test_progress_is_a_picture_in_words() -> None:
    known = facts(
        replace(PLAN, moved=2),
        MINE,
        DONE,
        ratings=(*ratings("confidence", (8, 9), (6, 2)), *ratings("energy", (4, 2))),
    )
    assert heard(say("progress", known)).splitlines() == [
        "Open:",
        "1. Hand over the Q2 plan, due Fri 6 Mar, moved 2 times",
        "3. Look around, no date, not shown to your coach",
        "Done in the last five weeks:",
        "✓ Friday report, Fri 27 Feb",
        "You answered in 2 of the last 5 weeks.",
        "Confidence: 8 (Mon 23 Feb), 6 (Mon 2 Mar)",
        "Energy: 4 (Mon 2 Mar)",
    ]


def test_progress_knows_no_streak() -> None:
    assert "streak" not in heard(say("progress", ana()))


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ((), (4, 5)),
        ((Pause(first=days_ago(20), last=days_ago(14)),), (4, 4)),
        ((Pause(first=days_ago(17), last=days_ago(15)),), (4, 4)),
        ((Pause(first=days_ago(6), last=days_ago(5)),), (4, 5)),
        ((Pause(first=days_ago(6)),), (3, 4)),
        ((Pause(first=days_ago(60)),), (0, 0)),
    ],
)
def test_paused_weeks_leave_both_numbers(pauses: tuple[Pause, ...], expected: tuple[int, int]) -> None:
    answered = ratings("energy", (5, 0), (5, 7), (5, 21), (5, 34))
    assert weeks_answered(facts(ratings=answered, pauses=pauses)) == expected


def test_weeks_before_the_beginning_do_not_count() -> None:
    began = Wishes(since=days_ago(8))
    assert weeks_answered(facts(ratings=ratings("energy", (5, 0)), wishes=began)) == (1, 2)
    assert "of the last" not in heard(say("progress", facts(wishes=Wishes(since=TODAY))))


# -- pause, resume, start, stop --------------------------------------------------------------------------------------


def test_a_pause_lasts_until_resume() -> None:
    reply = say("pause", ana())
    assert reply.records == (Paused(first=TODAY),)
    assert '"resume"' in heard(reply)


@pytest.mark.parametrize(
    ("line", "last"),
    [("pause until Monday", date(2026, 3, 9)), ("pause for two weeks", date(2026, 3, 18))],
)
def test_a_pause_with_an_end_says_its_last_day_and_what_is_held(line: str, last: date) -> None:
    reply = say(line, facts(PLAN, BOB, MINE, commitment(5, due=last + timedelta(days=1))))
    assert reply.records == (Paused(first=TODAY, last=last),)
    assert f"up to and including {spoken_day(last)}" in heard(reply)
    assert "2 commitments fall due in that time" in heard(reply)


def spoken_day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def test_nothing_held_is_not_mentioned() -> None:
    assert "fall" not in heard(say("pause until Monday", facts()))


@pytest.mark.parametrize("line", ["pause until yesterday", "pause for a bit", "pause every Monday"])
def test_an_end_that_cannot_be_read_pauses_nothing(line: str) -> None:
    assert say(line, ana()).records == ()
    assert heard(say(line, ana()))


def test_resume_ends_the_rest_and_says_when_the_next_prompt_comes() -> None:
    resting = facts(commitment(1), pauses=(Pause(first=days_ago(3)),), wishes=Wishes(since=days_ago(40)))
    reply = say("resume", resting)
    assert reply.records == (Resumed(), Restored())
    assert heard(reply) == "Good to have you back.\nI'll write next on Fri 6 Mar 09:00."


def test_the_next_prompt_after_a_silence_comes_at_the_normal_rhythm() -> None:
    quiet = facts(wishes=Wishes(since=days_ago(40), slowdown="stopped", weekday=3, at=time(11)))
    assert next_prompt(quiet, NOW) == datetime(2026, 3, 5, 10, tzinfo=UTC)


def test_resume_without_a_rest_says_so() -> None:
    assert heard(say("resume", ana())).startswith("You were not pausing")


def test_stop_is_kind_and_deletes_nothing() -> None:
    reply = say("stop", ana())
    assert reply.records == (Stopped(),)
    assert "Your notes stay" in heard(reply)


def test_start_after_a_stop_picks_things_up() -> None:
    assert say("start", ana(wishes=Wishes(stopped=True))).records == (Resumed(), Restored())


@pytest.mark.parametrize("state", ["active", "declined", "invited"])
def test_start_without_consent_begins_with_the_welcome(state: str) -> None:
    asked = facts(engagements=(engagement(consents=frozenset(), state=state, visible="none"),))
    assert say("start", asked) == Reply(opens=Opening(dialogue="welcome"))


# -- travel, callme, settings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["travel Lisbon until Friday", "travel to Lisbon till Friday", "travel Lisbon, Portugal until Friday"]
)
def test_travel_keeps_to_the_clock_there(line: str) -> None:
    reply = say(line, ana())
    assert reply.records == (Travelled(zone="Europe/Lisbon", until=FRIDAY),)
    assert "it is 09:00 there now" in heard(reply)
    assert "Berlin" in heard(reply)


def test_travel_home_ends_it() -> None:
    reply = say("travel home", ana(person=replace(ANA, zone="Asia/Tokyo")))
    assert reply.records == (Travelled(zone="", until=None),)
    assert heard(reply) == "Noted: Berlin time again, where it is 10:00 now."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("travel", "Where to, and until when?"),
        ("travel until Friday", "Where to, and until when?"),
        ("travel Lisbon", "Until when are you in Lisbon?"),
        ("travel Xyzzy until Friday", 'I don\'t know "Xyzzy".'),
        ("travel Lisbon until yesterday", "That day is over"),
    ],
)
def test_a_journey_that_is_not_clear_changes_nothing(line: str, words: str) -> None:
    assert say(line, ana()).records == ()
    assert words in heard(say(line, ana()))


def test_callme_reaches_the_coach_without_any_words() -> None:
    reply = say("callme it is about Bob", ana())
    assert reply.records == (CallWanted(engagement="e1"),)
    assert [(who, spoken([told])) for who, told in reply.tells] == [("carla", "Ana M. asks you to call.")]


def test_settings_open() -> None:
    assert say("settings", ana()).opens == Opening(dialogue="settings")


# -- private, undo, whosees ------------------------------------------------------------------------------------------


def test_private_words_are_kept_for_the_client_only() -> None:
    reply = say("private I dread Thursday", ana())
    assert reply.records == (
        Remarked(key="journal", kind="journal", text="I dread Thursday", audience=Audience.PRIVATE),
    )
    assert heard(reply) == "Kept for you; not shown to your coach."


@pytest.mark.parametrize(("seen", "words"), [(True, "Carla may have seen it"), (False, "Carla has not seen it")])
def test_private_after_the_fact_says_what_was_seen(seen: bool, words: str) -> None:
    reply = say("private", ana(last=replace(ANSWER, seen=seen)))
    assert reply.records == (Hidden(run="r1", question="energy"),)
    assert words in heard(reply)


def test_private_without_anything_to_hide_explains_itself() -> None:
    assert say("private", ana()).records == ()
    assert say("private", ana(last=replace(ANSWER, audience=Audience.PRIVATE))).records == ()


def test_undo_takes_the_last_thing_back() -> None:
    reply = say("undo", ana(last=ANSWER))
    assert reply.records == (Undone(run="r1"),)
    assert heard(reply) == "Taken back: 3, from Tue 3 Mar."


def test_undo_says_that_the_coach_may_have_seen_it() -> None:
    assert "Carla may have seen it" in heard(say("undo", ana(last=replace(ANSWER, seen=True))))


def test_undo_with_nothing_to_undo() -> None:
    assert heard(say("undo", ana())) == "There is nothing recent to take back."


def test_whosees_names_the_operator_too() -> None:
    said = heard(say("whosees", ana()))
    assert "Private entries: you\n" in said
    assert "Whoever runs this software" in said


# -- help and roles --------------------------------------------------------------------------------------------------


def test_help_shows_six_first_and_all_of_them_on_demand() -> None:
    assert [line.split(":")[0] for line in heard(say("help", ana())).splitlines()[:6]] == [
        "log",
        "commit",
        "progress",
        "pause",
        "private",
        "help",
    ]
    assert {line.split(":")[0] for line in heard(say("help all", ana())).splitlines()} >= set(CLIENT_COMMANDS)
    assert set(CLIENT_VERBS) == set(CLIENT_COMMANDS)


def test_help_explains_one_command() -> None:
    assert heard(say("help travel", ana())).startswith("travel: ")


def test_somebody_without_coaching_is_told_how_to_begin() -> None:
    stranger = Facts(today=TODAY, now=NOW, person=Person(id="x", name="X", zone="UTC", home="UTC"))
    for verb in CLIENT_COMMANDS:
        assert heard(say(verb, stranger)).startswith("I have no coaching on record for you. Ask your coach")
    assert unplaced(reading("hello"), stranger, NOW) == say("log", stranger)


def test_a_coach_is_told_kindly_what_is_for_clients() -> None:
    carla = Facts(today=TODAY, now=NOW, person=CARLA, engagements=(engagement(),))
    assert heard(say("log", carla)) == 'That one is for clients; "help" shows what is yours.'


def test_before_an_agreement_nothing_is_promised() -> None:
    invited = facts(engagements=(engagement(state="invited"),))
    for verb in ("commit", "checkin", "callme"):
        reply = say(verb, invited)
        assert (reply.records, reply.opens, reply.tells) == ((), None, ())
        assert '"start"' in heard(reply)


# -- texts that nothing waits for ------------------------------------------------------------------------------------


def test_a_report_out_of_the_blue_is_taken_as_log_would() -> None:
    reply = unplaced(reading("I called Bob", report="done", about="c2"), ana(), NOW)
    assert wrote(reply) == [("c2", "done", None)]
    assert '"undo"' in heard(reply)


def test_a_report_of_nothing_known_asks_which() -> None:
    assert heard(unplaced(reading("done", report="done"), ana(), NOW)).startswith("Which one?")


@pytest.mark.parametrize("text", ["I'll send the deck by Friday", "I will send the deck by Friday."])
def test_a_promise_with_a_day_becomes_a_commitment(text: str) -> None:
    assert unplaced(reading(text), ana(), NOW).opens == Opening(
        dialogue="commitment",
        known={"what": ("Send the deck", "Send the deck"), "due": ("2026-03-06", FRIDAY)},
    )


@pytest.mark.parametrize("text", ["Bob said he comes on Friday", "I'll see", "Is it Friday?"])
def test_other_words_are_no_promise(text: str) -> None:
    assert unplaced(reading(text), ana(), NOW).opens is None


@pytest.mark.parametrize("text", ["thanks", "Thank you!", "hi there", "Good morning", "ok, thanks a lot"])
def test_a_greeting_gets_one_kind_sentence(text: str) -> None:
    assert heard(unplaced(reading(text), ana(), NOW)).startswith("Good to hear from you.")


def test_anything_else_is_told_what_this_is() -> None:
    said = heard(unplaced(reading("what is the weather"), ana(), NOW))
    assert said.startswith("I'm software that keeps your commitments")
    assert all(f'"{verb}"' in said for verb in ("commit", "log", "help"))


def test_any_word_after_a_silence_asks_about_the_rhythm() -> None:
    quiet = ana(wishes=Wishes(slowdown="stopped"))
    assert unplaced(reading("hello"), quiet, NOW).opens == Opening(dialogue="welcome-back")


def test_a_stopped_client_is_left_in_peace() -> None:
    stopped = ana(wishes=Wishes(stopped=True, slowdown="stopped"))
    reply = unplaced(reading("I called Bob", report="done", about="c2"), stopped, NOW)
    assert (reply.records, reply.opens) == ((), None)
    assert '"start"' in heard(reply)


# -- what follows a dialogue -----------------------------------------------------------------------------------------


def welcomed(**values: Any) -> Reply | None:
    told = {"start": "start", "sees": "described", "pace": "weekly", "first": True, **values}
    return follows("welcome", Given(facts=facts(), engagement="e1", values=told))


def test_after_the_welcome_comes_the_first_commitment_and_the_coach_hears_of_it() -> None:
    reply = welcomed()
    assert reply is not None
    assert reply.opens == Opening(dialogue="commitment")
    assert [(who, spoken([told])) for who, told in reply.tells] == [
        ("carla", "Ana M. has set things up: check-ins once a week. What you see: as described.")
    ]


def test_who_wants_no_first_commitment_is_not_asked_for_one() -> None:
    reply = welcomed(first=False, sees="later")
    assert reply is not None
    assert reply.opens is None
    assert "What you see: nothing yet" in spoken([reply.tells[0][1]])


def test_the_coach_hears_of_a_no_and_of_nothing_else() -> None:
    reply = welcomed(sees="declined", pace=None, first=None)
    assert reply is not None
    assert (reply.opens, spoken([reply.tells[0][1]])[:16]) == (None, "Ana M. declined.")
    assert welcomed(start="not_now", sees=None) is None


@pytest.mark.parametrize(
    ("dialogue", "slowdown", "opens"),
    [
        ("weekly-checkin", "halved", "welcome-back"),
        ("one-tap", "fortnightly", "welcome-back"),
        ("due-today", "stopped", "welcome-back"),
        ("weekly-checkin", "normal", None),
        ("coming-back", "fortnightly", None),
        ("welcome-back", "fortnightly", None),
    ],
)
def test_the_normal_rhythm_returns_only_after_asking(dialogue: str, slowdown: str, opens: str | None) -> None:
    reply = follows(dialogue, Given(facts=facts(wishes=Wishes(slowdown=slowdown))))
    assert (reply.opens.dialogue if reply and reply.opens else None) == opens


def test_another_hour_is_offered_once_and_never_taken() -> None:
    def offered(*hours: int) -> str:
        known = facts(wishes=Wishes(answer_times=tuple(time(hour) for hour in hours)))
        reply = follows("weekly-checkin", Given(facts=known))
        return heard(reply) if reply else ""

    assert offered(14, 14, 15) == ""
    assert "09:00" in offered(14, 14, 15, 13)
    assert offered(14, 14, 15, 13, 14) == ""
    assert offered(9, 9, 9, 9) == ""
