"""What is made of an answer's words: typed, tapped, quoted, in reply to an older question, or past reading."""

from datetime import UTC, date, datetime

import pytest

from tests.support.town import Town


async def test_a_word_in_quotes_is_an_answer_and_not_a_command(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    await ana.taps("Not this week")
    ana.reads("One thing that went well?")
    await ana.says('"skip"')
    ana.reads("Anything in the way?")
    assert ("weekly-checkin", "well", "skip") in await ana.answers()


# buttons and typed text share one parser; a reply to a message answers that message
async def test_typed_and_tapped_answers_are_the_same(everywhere: Town) -> None:
    town = everywhere
    for number, said in enumerate(("7", "seven", "7/10", "about a 7", "tap")):
        who = await town.client(f"person{number}")
        await who.says("/commit Call Sam by Friday")
        await (who.taps("7") if said == "tap" else who.says(said))
        assert ("commitment", "confidence", "7") in await who.answers()


async def test_a_reply_to_an_older_question_answers_that_one(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    older = ana.asked
    await ana.says("/commit Write to Priya by Thursday")
    newer = ana.asked
    await ana.says("9", hangs_on=older)
    ana.reads("One more minute")
    await ana.taps("Clear enough")
    assert (await ana.commitments())[0].text == "Call Sam"
    await ana.taps("8", on=newer)
    await ana.taps("Clear enough")
    assert {c.text: c.confidence for c in await ana.commitments()} == {"Call Sam": 9, "Write to Priya": 8}


# bounded re-ask
async def test_an_answer_that_cannot_be_read_is_asked_for_twice_more_and_then_passed_over(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("quite")
    ana.reads("A whole number from 1 to 10, please.", "How sure are you")
    await ana.says("very")
    ana.reads("Tap one of these")
    assert [c.label for c in ana.last.choices]
    await ana.says("dunno")
    ana.reads("Let's leave that one for now.", "One more minute")


async def test_the_day_of_a_promise_is_asked_for_until_it_is_named_or_skipped(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    for words in ("when the cows come home", "sometime", "dunno", "whenever"):
        await ana.says(words)
        ana.reads("I couldn't read a day in that.", "By when?")
    await ana.says("skip")
    ana.reads("How sure are you")


async def test_the_simple_choices_of_a_date_can_be_tapped(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    await ana.says("when the cows come home")
    await ana.taps("Tue 24 Nov")
    await ana.taps("9")
    await ana.taps("Clear enough")
    assert (await ana.commitments())[0].due == date(2026, 11, 24)


# a text is read for the question that is open, also when the answer before it has changed the facts at once


@pytest.mark.parametrize("words", ["progress on the audit", "goals are clear now"])
async def test_words_that_begin_like_a_command_answer_the_open_question(town: Town, words: str) -> None:
    ana = await town.client()
    await ana.says("checkin")
    assert "one step" in ana.asked.text
    await ana.says("Ask Kim for her view by Thursday")  # a promise already, so nothing lacks a step any more
    for _ in range(4):
        if "went well" in ana.asked.text:
            break
        await ana.says("skip")
    assert "went well" in ana.asked.text
    await ana.says(words)
    assert "well" in {question for _, question, _ in await ana.answers()}
    assert "went well" not in ana.asked.text
