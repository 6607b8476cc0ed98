"""What a client did and means to do, as conversations: reports, promises, how far it has come, and plain texts."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from bot.coaching.commitments.progress import weeks_answered
from bot.coaching.digest.client_lines import state_of
from bot.features import SPOKEN, fallback
from bot.model.commitments.records import Reported
from bot.model.people.preferences import Pause, Preferences
from bot.model.replies import Opening, Reply
from bot.rendering.wording import load_wording
from bot.understanding.dates.read import read_date
from bot.understanding.matching import numbers_in
from bot.understanding.promises import deeds_of
from bot.understanding.reading import read_text
from bot.understanding.vocabulary import vocabulary_of
from tests.support.commitments import DONE, FRIDAY, MINE, PLAN, ana
from tests.support.facts import (
    BERLIN,
    NOW,
    TODAY,
    WORDING,
    asked,
    commitment,
    days_ago,
    engagement,
    facts,
    heard,
    ratings,
    reading,
    say,
    spoken,
    view,
)


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
    assert heard(reply) == '"Call Bob" is done.\nCarla sees how it stands.'
    assert reply.opens is None


def test_log_of_a_private_one_says_that_it_stays_so() -> None:
    assert "not shown to your coach" in heard(say("log 3 done", ana(), report="done"))


def test_log_by_words_is_the_same() -> None:
    assert wrote(say("log called bob", ana(), report="done", about="c2")) == [("c2", "done", None)]


def test_log_of_several_at_once() -> None:
    assert wrote(say("log 1 and 2 done", ana(), report="done")) == [("c1", "done", None), ("c2", "done", None)]


@pytest.mark.parametrize("report", ["not_yet", "partly"])
def test_a_slip_and_a_part_are_asked_how_they_go_on(report: str) -> None:
    reply = say("log 2", ana(), report=report)
    assert not heard(reply)
    assert reply.opens is not None
    assert (reply.opens.dialogue, reply.opens.items) == ("due-today", ("c2",))
    assert reply.opens.known["items[c2].status"][0] == report


def test_a_slip_with_a_new_day_asks_nothing_more() -> None:
    reply = say("log 2 not yet, by Friday", ana(), report="not_yet")
    assert wrote(reply) == [("c2", "not_yet", FRIDAY)]
    assert reply.opens is None
    assert heard(reply) == '"Call Bob" moved to Fri 6 Mar.\nCarla sees the new date, nothing more.'


@pytest.mark.parametrize("line", ["log 2 moved to Friday", "log 2 by Friday", "log 2 Friday"])
@pytest.mark.parametrize("report", ["", "moved"])
def test_a_new_day_moves_it(line: str, report: str) -> None:
    reply = say(line, ana(), report=report)
    assert wrote(reply) == [("c2", "moved", FRIDAY)]
    assert '"Call Bob" moved to Fri 6 Mar.' in heard(reply)


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
    assert numbers_in(text, vocabulary_of(WORDING)) == numbers


def test_numbers_are_joined_by_the_words_of_the_language() -> None:
    assert numbers_in("2 und 3 erledigt", vocabulary_of(load_wording()["de"])) == (2, 3)


def test_after_a_silence_any_report_asks_about_the_rhythm() -> None:
    quiet = ana(wishes=Preferences(slowdown="stopped"))
    assert say("log 2 done", quiet, report="done").opens == Opening(dialogue="welcome-back")
    opens = say("log 2 not yet", quiet, report="not_yet").opens
    assert opens is not None
    assert opens.dialogue == "due-today"


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
        asked=(asked(2, "answered"), asked(9, "partly"), asked(16)),
    )
    assert heard(say("progress", known)).splitlines() == [
        "Open:",
        "1. Hand over the Q2 plan, due Fri 6 Mar, moved 2 times",
        "3. Look around, no date, not shown to your coach",
        "Done in the last five weeks:",
        "✓ Friday report, Fri 27 Feb",
        "You answered in 3 of the last 3 weeks.",
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
        ((Pause(first=days_ago(60), last=days_ago(50)),), (4, 5)),
    ],
)
def test_paused_weeks_leave_both_numbers(pauses: tuple[Pause, ...], expected: tuple[int, int]) -> None:
    prompts = [asked(5, "answered"), asked(12, "partly"), asked(19), asked(26, "answered"), asked(33, "answered")]
    assert weeks_answered(facts(asked=tuple(prompts), pauses=pauses)) == expected


def test_a_week_in_which_nothing_was_asked_and_nothing_told_does_not_count() -> None:
    fortnightly = (asked(5, "answered"), asked(19, "answered"), asked(33))
    assert weeks_answered(facts(asked=fortnightly)) == (2, 3)
    assert weeks_answered(facts(asked=fortnightly, ratings=ratings("energy", (5, 12)))) == (3, 4)


def test_weeks_before_the_beginning_do_not_count() -> None:
    prompts = (asked(5, "answered"), asked(9), asked(12))
    assert weeks_answered(facts(asked=prompts, wishes=Preferences(since=days_ago(8)))) == (1, 1)
    assert weeks_answered(facts(asked=prompts, engagements=(engagement(began=NOW - timedelta(days=9)),))) == (1, 2)


def test_client_and_coach_count_the_same_week_the_same() -> None:
    for prompts, told in product(((), (asked(2),), (asked(2, "partly"),), (asked(2, "answered"),)), ((), (2,))):
        numbers = ratings("energy", *((5, ago) for ago in told))
        own = weeks_answered(facts(asked=prompts, ratings=numbers))
        read = spoken([state_of(view(asked=prompts, ratings=numbers), TODAY)])
        assert (own == (1, 1)) is read.startswith("answered")
        assert (own == (0, 0)) is (read == "not asked this week")


# -- texts that nothing waits for ------------------------------------------------------------------------------------


def test_a_report_out_of_the_blue_is_taken_as_log_would() -> None:
    reply = fallback(reading("I called Bob", report="done", about="c2"), ana(), NOW)
    assert wrote(reply) == [("c2", "done", None)]
    assert '"undo"' in heard(reply)


def test_a_report_of_nothing_known_asks_which() -> None:
    assert heard(fallback(reading("done", report="done"), ana(), NOW)).startswith("Which one?")


def out_of_the_blue(text: str, language: str = "en") -> Reply:
    """What somebody is answered who writes that when nothing waits for it, in their language."""
    wording = load_wording()[language]
    understood = read_text(text, waiting=None, facts=ana(), wording=wording, spoken=SPOKEN)
    locale = "de-DE" if language == "de" else "en-GB"
    dates = (read_date(text, now=NOW, zone=BERLIN, locale=locale),)
    deeds = deeds_of((text,), dates, vocabulary_of(wording))
    return fallback(replace(understood, dates=dates, deeds=deeds), ana(), NOW)


def answered(text: str, language: str = "en") -> str:
    """What somebody reads who writes that out of the blue."""
    return heard(out_of_the_blue(text, language))


@pytest.mark.parametrize(
    ("language", "text", "noted"),
    [
        ("en", "I'll send the deck by Friday", "Send the deck"),
        ("en", "I will send the deck by Friday.", "Send the deck"),
        ("en", "Ok, then I’ll send the deck by Friday", "Send the deck"),
        ("en", "On Friday I am going to send the deck", "Send the deck"),
        ("en", "I plan to send the deck by Friday", "Send the deck"),
        ("de", "Ich werde den Entwurf bis Freitag schicken", "Den Entwurf bis Freitag schicken"),
        ("de", "ich werde den Entwurf schicken, bis Freitag", "Den Entwurf schicken"),
        ("de", "Bis Freitag werde ich den Entwurf schicken.", "Den Entwurf schicken"),
        ("de", "ich schicke den Entwurf bis Freitag", "Ich schicke den Entwurf"),
        ("de", "Bis Freitag schicke ich den Entwurf", "Bis Freitag schicke ich den Entwurf"),
    ],
)
def test_a_promise_with_a_day_becomes_a_commitment(language: str, text: str, noted: str) -> None:
    assert out_of_the_blue(text, language).opens == Opening(
        dialogue="commitment",
        known={"what": (noted, noted), "due": ("2026-03-06", FRIDAY)},
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Bob said he comes on Friday"),
        ("en", "I'll see"),
        ("en", "Is it Friday?"),
        ("en", "I will not be there on Friday"),
        ("de", "Ich bin bis Freitag im Urlaub"),
        ("de", "Ich werde das bis Freitag nicht schaffen"),
        ("de", "Ich schicke den Entwurf"),
        ("de", "Wann werde ich den Entwurf bis Freitag schicken"),
    ],
)
def test_other_words_are_no_promise(language: str, text: str) -> None:
    assert out_of_the_blue(text, language).opens is None


@pytest.mark.parametrize(
    "text",
    ["thanks", "Thank you!", "hi there", "Good morning :)", "ok, thanks a lot", "👍", "👍🏽🙏", "Thanks! 🙂", "❤️"],
)
def test_a_greeting_gets_one_kind_sentence(text: str) -> None:
    assert answered(text).startswith("Good to hear from you.")


@pytest.mark.parametrize(
    "text", ["?", "...", ":)", "👍 but not today", "great expectations", "Danke sehr", "thanks to Bob"]
)
def test_what_is_more_than_a_greeting_or_less_is_none(text: str) -> None:
    assert "Good to hear from you." not in answered(text)


def test_every_language_has_its_own_greetings() -> None:
    assert answered("Vielen Dank!", "de").startswith("Good to hear from you.")


def test_anything_else_is_told_what_this_is() -> None:
    said = heard(fallback(reading("what is the weather"), ana(), NOW))
    assert said.startswith("I'm software that keeps your commitments")
    assert all(f'"{verb}"' in said for verb in ("commit", "log", "help"))


def test_any_word_after_a_silence_asks_about_the_rhythm() -> None:
    quiet = ana(wishes=Preferences(slowdown="stopped"))
    assert fallback(reading("hello"), quiet, NOW).opens == Opening(dialogue="welcome-back")


def test_a_stopped_client_is_left_in_peace() -> None:
    stopped = ana(wishes=Preferences(stopped=True, slowdown="stopped"))
    reply = fallback(reading("I called Bob", report="done", about="c2"), stopped, NOW)
    assert (reply.records, reply.opens) == ((), None)
    assert '"start"' in heard(reply)
