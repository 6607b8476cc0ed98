"""The working agreement, the first picture, and what a sponsor says and reads; held as conversations."""

from datetime import UTC, date, datetime
from functools import partial

from bot.model.plan import Phase
from storage.programme import commitments
from tests.support.plans import agreed, agreement, goal, plan, together
from tests.support.town import Person, Town

FIRST = datetime(2026, 11, 25, 8, 1, tzinfo=UTC)  # a minute past nine, the day before a session on Thursday
GOALS = "Attendance and approved goals"


async def remarks(person: Person, kind: str) -> set[tuple[str, str]]:
    place = await person.place()
    read = partial(commitments.remarks, person=place.person, since=date(2026, 1, 1))
    found = await person.town.app.database.read(read)
    return {(remark.kind, remark.text) for remark in found if remark.kind.startswith(kind)}


async def pictured(ana: Person) -> None:
    """The first picture, answered by a tap and in words."""
    ana.reads("A first picture for Dana: four questions, about two minutes.", "What made now the right time")
    await ana.taps("A new role")
    ana.reads("When the coaching ends, what would tell you it was worth it?")
    await ana.says("A team that runs without me")
    await ana.says("directly")
    await ana.says("I need a day to think")
    assert await remarks(ana, "expectation") == {
        ("expectation_now", "A new role"),
        ("expectation_worthwhile", "A team that runs without me"),
        ("expectation_challenge", "Directly"),
        ("expectation_works", "I need a day to think"),
    }


async def test_the_first_picture_is_asked_in_place_of_what_prepares_the_first_session(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("session ana every week Thursday 15:00")
    await town.until(FIRST)
    await pictured(ana)
    await dana.says("/client ana")
    assert "I need a day to think" in dana.last.text
    await dana.says("/brief ana")
    dana.reads("Worth it when: “A team that runs without me”")
    asked = len(ana.read)
    await town.until(datetime(2026, 12, 2, 9, tzinfo=UTC))
    assert not any("A first picture" in message.text for message in ana.read[asked:])
    assert any("Your next session with Dana" in message.text for message in ana.read[asked:])


async def test_a_session_that_is_booked_before_the_first_one_takes_the_picture_along(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("session ana 10 December 15:00")
    await dana.says("session ana Thursday 15:00")
    await town.until(FIRST)
    await pictured(ana)
    await town.until(datetime(2026, 12, 9, 8, 1, tzinfo=UTC))
    ana.reads("Your next session with Dana")


async def test_a_first_session_that_moves_or_is_cancelled_moves_the_picture(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("session ana Thursday 15:00")
    await dana.says("session ana cancel")
    await town.until(FIRST)
    assert not any("A first picture" in message.text for message in ana.read)
    await dana.says("session ana 10 December 15:00")
    await town.until(datetime(2026, 12, 9, 8, 1, tzinfo=UTC))
    await pictured(ana)


async def test_without_a_session_the_first_picture_comes_after_the_first_fortnight(town: Town) -> None:
    ana, _ = await together(town)
    await town.until(datetime(2026, 12, 8, 7, 59, tzinfo=UTC))
    assert not any("A first picture" in message.text for message in ana.read)
    await town.until(datetime(2026, 12, 8, 8, 1, tzinfo=UTC))
    await pictured(ana)


async def test_an_agreement_holds_when_both_have_confirmed_this_very_version(town: Town) -> None:
    ana, dana = await together(town)
    await agreement(dana)
    dana.reads("Ana can read and confirm it now")
    ana.reads("Dana has worded how you will work together")
    assert (await plan(ana)).agreement is None
    await ana.taps("Read it", on=ana.last)
    ana.reads(
        "What it is for: Decisions and priorities",
        "Meetings: Every two weeks",
        "Until: Mon, 31 May 2027",
        "Stays between you: Everything said between us",
        "Sponsor: there is none",
        "Confidentiality gives way: Danger to life, or a court order",
    )
    await ana.taps("I agree")
    dana.reads("Ana agrees to the working agreement")
    found = await plan(ana)
    assert found.agreement is not None
    assert (found.agreement.version, found.ends, found.contracted) == (1, date(2027, 5, 31), False)
    assert (found.phase, found.steps[-1].by, found.steps[-1].skipped) == (Phase.ASSESSMENT, "bot", ())
    await ana.says("agreement")
    ana.reads("Working agreement, version 1")


async def test_what_should_change_reaches_the_coach_and_makes_a_new_version(town: Town) -> None:
    ana, dana = await together(town)
    await agreement(dana)
    await ana.says("/agreement")
    await ana.taps("Something should change")
    await ana.says("Every three weeks, please")
    dana.reads("would like the working agreement worded otherwise")
    assert await remarks(ana, "agreement") == {("agreement_wish", "Every three weeks, please")}
    await dana.taps("Word it anew", on=dana.last)
    dana.reads("new version on what the last one says", "Meetings: Every two weeks")
    await dana.says("change 3")
    dana.reads("How often will you meet?")
    await dana.taps("Every three weeks")
    await dana.taps("I agree")
    await ana.says("/agreement")
    ana.reads("version 2", "Meetings: Every three weeks")
    await ana.taps("I agree")
    assert [(a.version, a.holds) for a in (await plan(ana)).agreements] == [(1, False), (2, True)]


async def test_a_yes_to_a_version_that_was_overtaken_does_not_count(town: Town) -> None:
    ana, dana = await together(town)
    await agreement(dana)
    await ana.says("/agreement")
    await dana.says("/agreement ana")
    await dana.says("change 3")
    await dana.taps("Once a month")
    await dana.taps("I agree")
    old = next(message for message in ana.read if message.token and "version 1" in message.text)
    await ana.taps("I agree", on=old)
    ana.reads("There is a newer version by now", "version 2", "Meetings: Once a month")
    assert (await plan(ana)).agreement is None


async def test_an_agreement_does_not_change_by_an_edit(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/agreement ana")
    await dana.says("Leading a bigger team")
    words = dana.numbers[-1]
    await dana.edits("Leading a very big team", number=words)
    for _ in range(7):
        await dana.says("skip")
    dana.reads("Leading a very big team")
    await dana.taps("I agree")
    await dana.edits("Something else", number=words)
    dana.reads("What was agreed does not change by an edit")
    assert dict((await plan(ana)).agreements[0].terms) == {"scope": "Leading a very big team"}


async def test_a_coach_who_does_not_agree_yet_shows_nothing(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/agreement ana")
    await dana.taps("Decisions and priorities")
    for _ in range(7):
        await dana.says("skip")
    await dana.taps("Not yet")
    read = len(ana.read)
    await ana.says("/agreement")
    assert len(ana.read) == read + 1
    ana.reads("no working agreement to read yet")


async def test_the_coach_types_in_what_the_sponsor_said_and_both_read_it(town: Town) -> None:
    ana, dana = await agreed(town, sponsor=GOALS)
    assert (await plan(ana)).contracted
    await dana.says("/sponsor ana")
    dana.reads("Type them as the sponsor gave them", "What would success look like")
    await dana.says("A team that does not wait for her")
    await dana.says("Her calm")
    await dana.says("A place on the board of the pilot")
    ana.reads("Dana typed in what your sponsor hopes for", "A team that does not wait for her", "Her calm")
    assert ("sponsor_wish_typed", "A team that does not wait for her") in await remarks(ana, "sponsor")
    await dana.says("/client ana")
    dana.reads("Her calm")


async def test_without_a_sponsor_in_the_agreement_nothing_is_asked_for_one(town: Town) -> None:
    ana, dana = await agreed(town)
    await dana.says("/sponsor ana")
    dana.reads("names no sponsor")
    await ana.says("/sponsor")
    ana.reads("No sponsor was agreed on")


async def test_a_sponsor_reads_only_what_was_approved_word_by_word(town: Town) -> None:
    ana, dana = await agreed(town, sponsor=GOALS)
    await goal(ana, "Stop rescuing the Q2 team")
    await goal(ana, "Speak up in the board")
    await ana.says("/sponsor")
    ana.reads("Which goals may they read?")
    await ana.taps("Stop rescuing the Q2 team")
    await ana.taps("That's all")
    ana.reads("They would read exactly this:", "Stop rescuing the Q2 team")
    await ana.says("Ana hands over more of the Q2 work")
    await ana.taps("My coach does")
    ana.reads("Approved, word by word:", "Ana hands over more of the Q2 work")
    dana.reads("asks you to send them exactly so:", "Ana hands over more of the Q2 work")
    first, second = (await plan(ana)).goals
    assert (first.sponsor_text, second.sponsor_text) == ("Ana hands over more of the Q2 work", "")
    await ana.says("/sponsor")
    await ana.taps("None of them")
    await ana.taps("That's all")
    ana.reads("your sponsor reads none of them")
    dana.reads("approves no words")
    assert not any(goal.sponsor_text for goal in (await plan(ana)).goals)


async def test_yes_to_a_wording_approves_the_wording_and_not_the_word_yes(town: Town) -> None:
    ana, _ = await agreed(town, sponsor=GOALS)
    await goal(ana, "Speak up in the board")
    await ana.says("/sponsor")
    await ana.says("Speak up in the board")
    await ana.says("yes")
    await ana.taps("I do")
    assert (await plan(ana)).goals[0].sponsor_text == "Speak up in the board"
