"""The welcome, held as conversations: six turns to the first promise, and no consent that silence stands for."""

from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

import pytest

from bot.engine.dialogue.tree import every_ask
from storage.people import engagements, people
from storage.people.people import Known
from tests.support.town import WELCOME, Person, Town, shipped, town_on

START, SEES, RHYTHM = "Two minutes to set up?", "What should Dana see?", "May I write on working days"


async def known(person: Person) -> Known:
    place = await person.place()
    found = await person.town.app.database.read(partial(people.person, wanted=place.person))
    assert found is not None
    return found


async def shown(person: Person) -> tuple[str, frozenset[str]]:
    """What the coach sees of them, and the kinds of consent that hold."""
    place = await person.place()
    (own,) = await person.town.app.database.read(partial(engagements.engagements_as_client, wanted=place.person))
    return own.engagement.visible, own.engagement.consents


async def says(person: Person, *lines: str) -> None:
    for line in lines:
        await person.says(line)


# -- six turns -------------------------------------------------------------------------------------------------------


async def test_a_client_promises_something_within_six_turns(town: Town) -> None:
    ana = await town.invited("ana")
    ana.reads("Hello Ana.", START)
    before = len(ana.receipts)
    await ana.taps("Start")
    ana.reads("Who reads what: Dana sees what you commit to", "A sponsor reads only words you approved", SEES)
    assert [c.label for c in ana.last.choices] == ["All of that", "Only what got done", "Decide later", "Nothing"]
    await ana.taps("All of that")
    ana.reads("May I write on working days: Berlin, Monday to Friday, Fridays at 09:00?")
    await ana.taps("Fits")
    ana.reads("I'll write once a week, Friday at 09:00, Berlin time.", "before you next meet Dana?")
    await ana.says("Call Petra")
    ana.reads("By when?")
    await ana.says("Thursday")
    ana.reads('"Call Petra", by Thu 26 Nov. Right?')
    await ana.taps("Right")
    assert len(ana.receipts) - before == 6
    assert [(c.text, c.due) for c in await ana.commitments()] == [("Call Petra", date(2026, 11, 26))]
    assert any("Ana has set things up: check-ins once a week." in m.text for m in town.people["dana"].read)
    assert await shown(ana) == ("described", {"programme", "coach_sees"})


async def test_a_line_that_names_its_day_needs_no_further_question(town: Town) -> None:
    ana = await town.client("ana", what="Hand over the Q2 plan by Friday")
    ana.reads('"Hand over the Q2 plan", by Fri 27 Nov. Right?')
    await ana.taps("Change it")
    ana.reads("before you next meet Dana?")
    await ana.says("Hand over the Q3 plan by Thursday")
    await ana.says("yes")
    assert [(c.text, c.due) for c in await ana.commitments()] == [("Hand over the Q3 plan", date(2026, 11, 26))]


async def test_a_line_of_two_promises_is_two_and_one_that_recurs_is_a_habit(town: Town) -> None:
    ana = await town.client("ana", what="I'll call the board tomorrow and write the memo by Friday")
    assert [(c.text, c.due) for c in await ana.commitments()] == [
        ("Call the board", date(2026, 11, 24)),
        ("Write the memo", date(2026, 11, 27)),
    ]
    ben = await town.client("ben", what="gym mon wed fri")
    ben.reads("Gym")
    assert not await ben.commitments()


async def test_a_promise_stands_without_a_tap(town: Town) -> None:
    ana = await town.client("ana", what="Call Petra by Thursday")
    await ana.says("progress")
    ana.reads("Call Petra")
    assert await ana.open_prompts() == 0


@pytest.mark.parametrize("nothing", ["Nothing yet", "no", "nothing", "-", "skip"])
async def test_who_has_nothing_to_promise_yet_promises_nothing(town: Town, nothing: str) -> None:
    ana = await town.client("ana", what=nothing)
    ana.reads('"commit" notes one whenever you like.')
    assert not ana.last.token
    assert not await ana.commitments()


PLACE = "Berlin, Monday to Friday, "


@pytest.mark.parametrize(
    ("line", "said_back"),
    [
        ("9:30", PLACE + "Fridays at 09:30"),
        ("at half past nine, no, 9.30", ""),
        ("5 pm please", PLACE + "Fridays at 17:00"),
        ("Thursdays", PLACE + "Thursdays at 09:00"),
        ("Thursday at 11", PLACE + "Thursdays at 11:00"),
        ("Vienna", "Vienna, Monday to Friday, Fridays at 09:00"),
        ("I'm in São Paulo", "Sao Paulo, Monday to Friday, Fridays at 09:00"),
        ("weekdays but Monday", "Berlin, Tuesday to Friday, Fridays at 09:00"),
        ("not Fridays", "Berlin, Monday to Thursday, Thursdays at 09:00"),
        (
            "Mon, Tue and Thursday to Saturday",
            "Berlin, Monday, Tuesday, Thursday, Friday, Saturday, Fridays at 09:00",
        ),
        ("Saturdays", "Berlin, Monday to Saturday, Saturdays at 09:00"),
        ("Vienna, Thursdays at 9:30", "Vienna, Monday to Friday, Thursdays at 09:30"),
        ("Mon-Thu, Wednesdays, 8", "Berlin, Monday to Thursday, Wednesdays at 08:00"),
        ("every two weeks", PLACE + "every second week, Fridays at 09:00"),
        ("daily at 8", "Berlin, Monday to Friday, "),
        ("23:00", ""),
        ("Atlantis", ""),
        ("who reads this?", ""),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_what_is_to_change_is_said_in_one_line_and_said_back_in_the_same_form(
    town: Town, line: str, said_back: str, at_once: bool
) -> None:
    ana = await town.invited("ana")
    await says(ana, "Start", "All of that", *(() if at_once else ("Change",)))
    asked = ana.last.text
    await ana.says(line)
    if not said_back:
        assert ana.last.text.endswith(asked)
        assert (await shown(ana))[1] == frozenset()
        return
    ana.reads(said_back, "does that fit?")
    assert [c.label for c in ana.last.choices] == ["Fits", "Change"]
    await ana.taps("Fits")
    ana.reads("Thank you. I'll write")


async def test_lines_add_up_until_it_fits(town: Town) -> None:
    ana = await town.invited("ana")
    await says(ana, "Start", "All of that", "Change")
    assert [c.label for c in ana.last.choices][:4] == ["Mondays", "Tuesdays", "Wednesdays", "Thursdays"]
    await ana.taps("Thursdays")
    ana.reads("Berlin, Monday to Friday, Thursdays at 09:00: does that fit?")
    await says(ana, "10:30", "Change", "Vienna")
    ana.reads("Vienna, Monday to Friday, Thursdays at 10:30: does that fit?")
    await says(ana, "Tue, Wed and Thu")
    ana.reads("Vienna, Tuesday to Thursday, Thursdays at 10:30: does that fit?")
    assert not (await known(ana)).wishes.begun
    await ana.taps("Fits")
    ana.reads("Thursday at 10:30, Vienna time")
    found = await known(ana)
    assert (found.home, found.wishes.at, found.wishes.weekday) == ("Europe/Vienna", time(10, 30), 3)
    assert found.wishes.working_days == {1, 2, 3}


@pytest.mark.parametrize("change", [("Thursdays at 9:30",), ("Change", "Thursdays"), ("Change", "17:00")])
async def test_with_a_change_a_client_promises_something_within_eight_turns(
    town: Town, change: tuple[str, ...]
) -> None:
    ana = await town.invited("ana")
    before = len(ana.receipts)
    await says(ana, "Start", "All of that", *change, "Fits", "Call Petra", "Thursday", "Right")
    assert len(ana.receipts) - before <= 8
    assert [(c.text, c.due) for c in await ana.commitments()] == [("Call Petra", date(2026, 11, 26))]


async def test_a_change_is_said_in_german_too(town: Town) -> None:
    town.meet("ana").language = "de"
    ana = await town.invited("ana")
    await says(ana, "Beginnen", "Alles davon", "donnerstags um 9:30")
    ana.reads("Berlin, Montag bis Freitag, donnerstags um 09:30", "Passt das so?")
    await says(ana, "Ändern", "Wien, werktags außer Montag")
    ana.reads("Vienna, Dienstag bis Freitag")
    await ana.taps("Passt")
    assert (await known(ana)).wishes.working_days == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Sunday to Thursday", {6, 0, 1, 2, 3}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("Mon-Thu", {0, 1, 2, 3}),
        ("tue & wed + sat", {1, 2, 5}),
        ("Monday to Sunday", set(range(7))),
    ],
)
async def test_a_working_week_is_any_set_of_days(town: Town, said: str, days: set[int]) -> None:
    ana = await town.client("ana", week=said, weekday="Monday" if 0 in days else "Tuesday")
    assert (await known(ana)).wishes.working_days == days


async def test_what_is_offered_is_the_week_that_is_usual_there(town: Town) -> None:
    ana = await town.invited("ana", zone="Asia/Jerusalem")
    await says(ana, "Start", "yes")
    ana.reads("Jerusalem, Sunday to Thursday, Thursdays at 09:00?")
    await ana.says("Fits")
    assert (await known(ana)).wishes.working_days == {6, 0, 1, 2, 3}


@pytest.mark.parametrize("seat", ["slack"], indirect=True)
async def test_slack_says_where_somebody_is(seat: Any, sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh, seat).open() as town:
        ana = await town.invited("ana", zone="America/New_York")
        await says(ana, "Start", "yes")
        ana.reads("Berlin, Monday to Friday")  # as Slack has it, not the coach's New York
        await ana.says("Fits")
        assert (await known(ana)).home == "Europe/Berlin"


# -- nothing is agreed to by silence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("lines", "question"), [((), START), (("Start",), SEES), (("Start", "yes"), RHYTHM)])
@pytest.mark.parametrize("dodge", [("skip",), ("what?", "hm", "dunno", "well", "perhaps")])
async def test_a_consent_is_neither_skipped_nor_passed_over(
    town: Town, lines: tuple[str, ...], question: str, dodge: tuple[str, ...]
) -> None:
    ana = await town.invited("ana")
    await says(ana, *lines)
    before = await shown(ana)
    for words in dodge:
        await ana.says(words)
        ana.reads(question)
        assert "I'll write" not in ana.last.text
    assert await shown(ana) == before == ("none", frozenset())
    assert not (await known(ana)).wishes.begun


@pytest.mark.parametrize("seat", ["console", "slack", "telegram"], indirect=True)
@pytest.mark.parametrize(
    ("language", "skip", "asked_again"),
    [
        ("en", "skip", "You wanted to decide later"),
        ("de", "überspringen", "Sie wollten später entscheiden"),
    ],
)
async def test_on_every_platform_and_in_each_language_a_consent_waits_for_its_word(
    seat: Any, sqlite_fresh: str, language: str, skip: str, asked_again: str
) -> None:
    async with town_on(sqlite_fresh, seat).open() as town:
        town.meet("ana").language = language
        ana = await town.invited("ana")
        for value in ("start", "later", "fits"):
            asked = ana.asked.text.rpartition("\n\n")[2]
            await ana.says(skip)
            assert ana.last.text.endswith(asked)
            assert await shown(ana) == ("none", frozenset())
            await ana.taps(value)
        await ana.taps("none")
        assert await shown(ana) == ("none", {"programme"})
        await town.until(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
        ana.reads(asked_again)
        await ana.says(skip)
        assert await shown(ana) == ("none", {"programme"})


@pytest.mark.parametrize("lines", [(), ("Start",), ("Start", "yes"), ("Start", "yes", "9:30")])
@pytest.mark.parametrize("said", ["who reads this?", "who sees what", "can my boss see this?"])
async def test_who_asks_who_reads_it_is_told_so_at_any_question(town: Town, lines: tuple[str, ...], said: str) -> None:
    ana = await town.invited("ana")
    await says(ana, *lines)
    asked = ana.last.text
    await ana.says(said)
    ana.reads("Private entries: you")
    assert ana.last.text.endswith(asked)


# How each question of the welcome is reached, and what its reminder says.
QUESTIONS = {
    "start": ((), "Two minutes to get ready?"),
    "sees": (("Start",), "what should Dana see of what you write here?"),
    "rhythm": (("Start", "yes"), "One answer is missing before I can begin. May I write on working days: Berlin"),
    "instead": (
        ("Start", "yes", "Change"),
        "It stood at Berlin, Monday to Friday, Fridays at 09:00; what shall I change?",
    ),
    "again": (("Start", "yes", "9:30"), "Berlin, Monday to Friday, Fridays at 09:30: does that fit?"),
}
REST = {"instead": ("10:00", "Fits", "skip"), "again": ("Fits", "skip")}


def test_each_question_of_the_welcome_has_its_reminder() -> None:
    for language in ("en", "de"):
        asked = list(every_ask(shipped().newest("welcome", language)))
        assert {ask.id for ask in asked} == QUESTIONS.keys()
        assert all(ask.remind and ask.required for ask in asked)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("weekday", range(5))
async def test_who_stops_is_reminded_once_at_that_question_and_hears_nothing_else(
    town: Town, question: str, weekday: int
) -> None:
    lines, reminder = QUESTIONS[question]
    await town.passes(days=weekday)
    ana = await town.invited("ana")
    await says(ana, *lines)
    read = len(ana.read)
    await town.passes(days=4)
    assert [reminder in message.text for message in ana.read[read:]] == [True]
    await town.passes(days=30)
    assert len(ana.read) == read + 1
    rest = REST.get(question, WELCOME[len(lines) :])
    await says(ana, *rest)
    assert (await known(ana)).wishes.begun
    await town.passes(days=7)
    assert len(ana.read) > read + 1 + len(rest)


async def test_a_button_still_counts_after_weeks(town: Town) -> None:
    ana = await town.invited("ana")
    await ana.taps("Start")
    await town.passes(days=20)
    await ana.taps("Only what got done")
    ana.reads(RHYTHM)
    await ana.taps("Fits")
    assert (await shown(ana))[0] == "status"


async def test_who_puts_it_off_is_asked_then_and_can_answer_weeks_later(town: Town) -> None:
    ana = await town.invited("ana")
    await says(ana, "Start", "remind me later")
    ana.reads("I'll ask again")
    await town.passes(days=20)
    ana.reads("what should Dana see of what you write here?")
    await ana.says("All of that")
    ana.reads(RHYTHM)


async def test_declining_is_kept_and_nothing_is_sent_and_the_coach_hears_only_that(town: Town) -> None:
    ana = await town.invited("ana")
    await ana.taps("No thank you")
    ana.reads("I will not write to you")
    read = len(ana.read)
    await town.passes(days=20)
    assert len(ana.read) == read
    dana = town.people["dana"]
    assert any("declined" in message.text for message in dana.read)
    await dana.says("/client ana")
    dana.reads("shows you nothing for now")


async def test_not_now_waits_until_the_client_says_start(town: Town) -> None:
    ana = await town.invited("ana")
    await ana.taps("Not now")
    ana.reads("until then I stay quiet")
    read = len(ana.read)
    await town.passes(days=20)
    assert len(ana.read) == read
    await ana.says("start")
    ana.reads(START)


async def test_not_now_to_a_second_coach_leaves_the_first_ones_check_ins(town: Town) -> None:
    ana = await town.client("ana")
    eve = await town.coach("eve")
    place = await eve.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    await ana.taps("Not now")
    assert not (await known(ana)).wishes.stopped


# -- what each answer means ------------------------------------------------------------------------------------------


async def test_who_decides_later_shows_nothing_and_is_asked_again_in_the_second_week(town: Town) -> None:
    ana = await town.client("ana", sees="Decide later", what="Call Petra by 8 December")
    await ana.taps("Right")
    assert any("Dana sees nothing for now; I'll ask again in your second week." in m.text for m in ana.read)
    dana = town.people["dana"]
    await dana.says("/client ana")
    assert "Petra" not in dana.last.text
    await town.until(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
    ana.reads("You wanted to decide later", SEES)
    await ana.says("skip")
    ana.reads("This one needs a word from you", SEES)
    await ana.taps("All of that")
    await dana.says("/client ana")
    dana.reads("Call Petra")


async def test_who_has_decided_in_the_meantime_is_not_asked_again(town: Town) -> None:
    ana = await town.client("ana", sees="Decide later")
    await says(ana, "/settings", "What my coach sees", "Nothing")
    await town.passes(days=21)
    assert not any("You wanted to decide later" in message.text for message in ana.read)


async def test_nothing_shows_nothing_and_the_check_ins_come_all_the_same(town: Town) -> None:
    ana = await town.client("ana", sees="Nothing", what="Call Petra by Thursday")
    await ana.taps("Right")
    await town.check_ins_only("ana")
    dana = town.people["dana"]
    await dana.says("/client ana")
    assert "Petra" not in dana.last.text
    await town.until(datetime(2026, 11, 26, 8, 1, tzinfo=UTC))
    ana.reads("Today: call Petra.")


async def test_a_welcome_that_is_cancelled_begins_again_by_start(town: Town) -> None:
    ana = await town.invited("ana")
    await says(ana, "Start", "All of that", "cancel")
    ana.reads("Stopped: Setting up.")
    read = len(ana.read)
    await town.passes(days=14)
    assert len(ana.read) == read
    assert await shown(ana) == ("none", frozenset())
    await ana.says("start")
    ana.reads(START)


async def test_what_a_coach_puts_on_the_way_is_asked_after_the_yes(town: Town) -> None:
    ana, dana = await town.invited("ana"), town.people["dana"]
    kim = await town.coach("kim")
    await dana.says("/away 1 December to 12 December cover Kim")
    await kim.says("clients")
    await town.passes(days=1)
    assert not any("may Kim read" in message.text for message in ana.read)
    await says(ana, *WELCOME)
    await town.passes(days=1)
    assert any("may Kim read" in message.text for message in ana.read)


async def test_a_welcome_that_is_stopped_begins_again_by_start(town: Town) -> None:
    ana = await town.invited("ana")
    await says(ana, "Start", "stop")
    read = len(ana.read)
    await town.passes(days=14)
    assert len(ana.read) == read
    await ana.says("start")
    ana.reads(SEES)
    await says(ana, *WELCOME[1:])
    await town.until(datetime(2026, 12, 11, 8, 1, tzinfo=UTC))
    ana.reads("The week's check-in")


# -- start inside it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de"])
async def test_start_inside_the_welcome_repeats_the_question_and_never_the_welcome(town: Town, language: str) -> None:
    town.meet("ana").language = language
    ana = await town.invited("ana")
    await ana.says("start")  # is the answer to "shall we start?", in either language
    assert ana.last.choices[0].value == "described"
    for value in ("described", "fits"):
        question = ana.last.text
        await says(ana, "start", "start")
        assert ana.last.text.endswith(question)
        await ana.taps(value)
    assert ana.last.kind == "text"
    await ana.says("skip")
    assert not ana.last.token
    assert await ana.open_prompts() == 0
    asked = [message.text for message in ana.read if message.token]
    assert sum("Throughline" in text for text in asked) == 1


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("call me lexi", "lexi"),
        ("Lexi, please", "Lexi"),
        ("my name is Lexi", "Lexi"),
        ("I'm Lexi.", "Lexi"),
        ("just Lexi", "Lexi"),
        ("Noah", "Noah"),
    ],
)
async def test_a_name_is_taken_out_of_how_it_is_said(town: Town, said: str, called: str) -> None:
    ana = await town.client("ana")
    await says(ana, "/settings", "My name", said)
    ana.reads(f"I call you {called}.")
    assert (await known(ana)).name == called


NO_NAMES = ("hello?", "no", "hello", "what?", "...", "nothing", "yes", "/start", "👍", "a" * 300)


@pytest.mark.parametrize("said", NO_NAMES)
async def test_what_is_no_name_is_not_taken_for_one(town: Town, said: str) -> None:
    ana = await town.client("ana")
    await says(ana, "/settings", "My name", said)
    assert ana.last.text.endswith("What should I call you?")
    assert (await known(ana)).name == "Ana"


async def test_a_nickname_never_replaces_the_coachs_own_name_for_somebody(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await says(ana, "/settings", "My name", "call me Lexi")
    await dana.says("clients")
    dana.reads("Ana")
    assert "Lexi" not in dana.last.text
    await dana.says("client ana")
    dana.reads("Ana")
    await dana.says("session ana Thursday 15:00")
    await ana.says("session cancel")
    assert not any("Lexi" in message.text for message in dana.read)
    eve = await town.coach("eve")
    place = await eve.place()
    await ana.says(f"join {await town.code('client', place.person, 'Alexandra', 'Europe/Berlin')}")
    ana.reads("Hello Lexi.")
    await says(ana, *WELCOME)
    await eve.taps("Yes", on=next(m for m in eve.read if m.choices and "/confirm" in m.choices[0].value))
    await eve.says("clients")
    eve.reads("Alexandra")
