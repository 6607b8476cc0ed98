"""What a client may say about the talk itself, as conversations: rests, journeys, privacy, help; and what follows."""

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bot.app import functions
from bot.features import CARDS, LISTED, fallback, follow_ups
from bot.model.facts import Facts, Person, Undoable
from bot.model.people.answers import Audience, LastAnswer
from bot.model.people.preferences import Pause, Preferences
from bot.model.phrases import phrase
from bot.model.records import CallWanted, Remarked, Restored, Resumed, Stopped, TakenBack, Travelled
from bot.model.replies import Given, HideAnswer, Opening, Reply
from bot.model.roles import Who
from bot.transaction.ledger import REFUSED
from tests.support.commitments import FRIDAY, ana
from tests.support.facts import (
    ANA,
    CARLA,
    NEXT,
    NOW,
    TODAY,
    commitment,
    days_ago,
    engagement,
    facts,
    heard,
    reading,
    say,
    spoken,
)

ANSWER = LastAnswer(
    run="r1", question="energy", dialogue="weekly-checkin", label="3", day=days_ago(1), audience=Audience.COACH
)


CHANGE = Undoable(run="r1", at=NOW, day=days_ago(1), label="3")


# -- pause, resume, start, stop --------------------------------------------------------------------------------------


def test_resume_ends_the_rest_and_says_when_the_next_prompt_comes() -> None:
    resting = facts(commitment(1), pauses=(Pause(first=days_ago(3)),), wishes=Preferences(since=days_ago(40)))
    reply = say("resume", resting)
    assert reply.records == (Resumed(), Restored())
    assert heard(reply) == f"Good to have you back.\nI'll write next on {NEXT}."


def test_resume_without_a_rest_says_so() -> None:
    assert heard(say("resume", ana())).startswith("You were not pausing")


def test_stop_is_kind_and_deletes_nothing() -> None:
    reply = say("stop", ana())
    assert reply.records == (Stopped(),)
    assert "Your notes stay" in heard(reply)


def test_start_after_a_stop_picks_things_up() -> None:
    assert say("start", ana(wishes=Preferences(stopped=True))).records == (Resumed(), Restored())
    assert heard(say("start", ana())).startswith("Hello Ana. All is set up")


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
    assert "Berlin time again, where it is 10:00 now." in heard(reply)


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
    assert [(told.person, spoken([told.phrase])) for told in reply.tells] == [("carla", "Ana M. asks you to call.")]


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
    assert reply.then == HideAnswer(run="r1", question="energy")
    assert reply.records == ()
    assert words in heard(reply)


def test_private_without_anything_to_hide_explains_itself() -> None:
    assert say("private", ana()).records == ()
    assert say("private", ana(last=replace(ANSWER, audience=Audience.PRIVATE))).records == ()


def test_undo_takes_the_last_thing_back() -> None:
    reply = say("undo", ana(undoable=CHANGE))
    assert reply.records == (TakenBack(run="r1"),)
    assert heard(reply) == "Taken back: 3, from Tue 3 Mar."


def test_undo_says_that_the_coach_may_have_seen_it() -> None:
    assert "Carla may have seen it" in heard(say("undo", ana(undoable=replace(CHANGE, seen=True))))
    assert "seen" not in heard(say("undo", ana(undoable=replace(CHANGE, seen=True, private=True))))


def test_undo_with_nothing_to_undo() -> None:
    assert heard(say("undo", ana())) == "There is nothing of the last day to take back."


def test_undo_with_other_words_changes_nothing() -> None:
    reply = say("undo Thursday", ana(undoable=CHANGE))
    assert heard(reply) == '"undo" alone takes back the last thing; nothing changed.'
    assert reply.records == ()


@pytest.mark.parametrize("kind", sorted({*REFUSED.values(), "changed", "under_way"}))
def test_undo_says_what_to_do_instead_where_it_does_nothing(kind: str) -> None:
    reply = say("undo", ana(undoable=replace(CHANGE, refused=kind)))
    assert reply.records == ()
    assert heard(reply).endswith("Nothing changed.")


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
    assert say("help", ana()).buttons == (("/help all", phrase("help_all")),)
    listed = {card.verb for card in LISTED[Who.CLIENT]}
    assert {line.split(":")[0] for line in heard(say("help all", ana())).splitlines()} >= listed
    assert {"log", "undo", "settings", "language", "link"} <= listed <= set(functions().commands)


def test_help_explains_one_command() -> None:
    assert heard(say("help travel", ana())).startswith("travel: ")


def test_somebody_without_coaching_is_told_how_to_begin() -> None:
    stranger = Facts(today=TODAY, now=NOW, person=Person(id="x", name="X", zone="UTC", home="UTC"))
    for verb in (verb for verb, cards in CARDS.items() if Who.CLIENT in cards):
        assert heard(say(verb, stranger)).startswith("I have no coaching on record for you. Ask your coach")
    assert fallback(reading("hello"), stranger, NOW) == say("log", stranger)


def test_a_coach_is_told_kindly_what_is_for_clients() -> None:
    carla = Facts(today=TODAY, now=NOW, person=CARLA, engagements=(engagement(),))
    assert heard(say("log", carla)) == 'That one is for clients; "help" shows what is yours.'


def test_before_an_agreement_nothing_is_promised() -> None:
    invited = facts(engagements=(engagement(state="invited"),))
    for verb in ("commit", "checkin", "callme"):
        reply = say(verb, invited)
        assert (reply.records, reply.opens, reply.tells) == ((), None, ())
        assert '"start"' in heard(reply)


# -- what follows a dialogue -----------------------------------------------------------------------------------------


def welcomed(**values: Any) -> Reply | None:
    told = {"start": "start", "sees": "described", "rhythm": "fits", **values}
    return follow_ups("welcome", Given(facts=facts(), engagement="e1", values=told))


def test_after_the_welcome_comes_the_first_commitment_and_the_coach_hears_of_it() -> None:
    reply = welcomed()
    assert reply is not None
    assert reply.opens == Opening(dialogue="first-promise", engagement="e1")
    (told,) = reply.tells
    assert told.person == "carla"
    assert spoken([told.phrase]).startswith(
        "Ana M. has set things up: check-ins once a week. What you see: commitments,"
    )


def of_an_older_version(**values: Any) -> Reply | None:
    """What follows a welcome from before the rhythm was one question."""
    told = {"start": "start", "sees": "described", "week": "01234", "pace": "weekly", "hour": "09:00", **values}
    return follow_ups("welcome", Given(facts=facts(), engagement="e1", values=told))


def test_a_welcome_of_an_older_version_ends_as_it_began() -> None:
    wanted, unwanted = of_an_older_version(first=True), of_an_older_version(first=False, sees="later")
    declined = of_an_older_version(sees="declined")
    assert wanted is not None
    assert unwanted is not None
    assert declined is not None
    assert (wanted.opens, unwanted.opens, declined.opens) == (Opening(dialogue="commitment"), None, None)
    assert "What you see: nothing yet" in spoken([unwanted.tells[0].phrase])
    assert "Ana M. declined." in spoken([declined.tells[0].phrase])


def test_the_coach_hears_of_a_no_and_of_nothing_else() -> None:
    reply = welcomed(start="declined", sees=None, rhythm=None)
    assert reply is not None
    assert (reply.opens, spoken([reply.tells[0].phrase])[:16]) == (None, "Ana M. declined.")
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
    reply = follow_ups(dialogue, Given(facts=facts(wishes=Preferences(slowdown=slowdown))))
    assert (reply.opens.dialogue if reply and reply.opens else None) == opens


def test_another_hour_is_offered_once_and_never_taken() -> None:
    def offered(*hours: int) -> str:
        known = facts(wishes=Preferences(answer_times=tuple(time(hour) for hour in hours)))
        reply = follow_ups("weekly-checkin", Given(facts=known))
        return heard(reply) if reply else ""

    assert offered(14, 14, 15) == ""
    assert "09:00" in offered(14, 14, 15, 13)
    assert offered(14, 14, 15, 13, 14) == ""
    assert offered(9, 9, 9, 9) == ""
