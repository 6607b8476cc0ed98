"""What can be said at any question: back, skip, cancel, help, later, change, private, undo."""

from datetime import UTC, datetime

import pytest

from tests.support.town import Town


async def test_back_asks_the_question_before_again(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("3")
    await ana.says("back")
    ana.reads("How sure are you")
    await ana.taps("9")
    ana.reads("One more minute")
    assert ("commitment", "confidence", "9") in await ana.answers()
    assert ("commitment", "confidence", "3") not in await ana.answers()


async def test_skip_cancel_and_help(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    ana.reads("By when?")
    await ana.says("help")
    ana.reads('"skip" keeps it as an intention', "By when?")
    await ana.says("skip")
    ana.reads("How sure are you")
    await ana.says("cancel")
    ana.reads("Stopped: Your commitment. What you said is kept: Call Sam.")
    assert [c.text for c in await ana.commitments()] == ["Call Sam"]
    await ana.taps("Take it back", on=ana.told)
    assert await ana.commitments() == ()
    await ana.says("skip")
    ana.reads("There is no open question")


async def test_later_asks_again_at_a_better_hour(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("later")
    ana.reads("I'll ask again Mon 23 Nov 13:00.")
    await town.until(datetime(2026, 11, 23, 12, 1, tzinfo=UTC))
    ana.reads("How sure are you")


async def test_change_names_an_earlier_question(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.says("change confidence")
    ana.reads("How sure are you")
    await ana.taps("8")
    ana.reads("One more minute")
    await ana.says("change")
    ana.reads("Which one?", "1. What will you do?")


async def test_private_hides_the_next_answer_from_the_coach_and_nothing_hints_at_it(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("private")
    ana.reads("will not be shown to your coach", "What will you do?")
    await ana.says("Look for another job by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    dana = town.people["dana"]
    for asked in ("/clients", "/client Ana", "/digest"):
        await dana.says(asked)
        assert "another job" not in dana.last.text
        assert "1 open" not in dana.last.text


async def test_private_after_the_fact_hides_the_commitment_and_says_what_was_seen(everywhere: Town) -> None:
    town = everywhere
    ana, dana = await town.client("ana"), town.people["dana"]
    await ana.says("/commit Look for another job by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    await dana.says("/client Ana")
    dana.reads("Look for another job")
    await ana.says("/private")
    ana.reads("not shown to your coach: Look for another job", "Dana may have seen it before now")
    await dana.says("/client Ana")
    assert "another job" not in dana.last.text


async def test_undo_takes_the_last_thing_back(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    await ana.says("log 1 done")
    ana.reads("is done.")
    assert (await ana.commitments())[0].standing == "done"
    await ana.says("undo")
    assert (await ana.commitments())[0].standing == "open"
    await ana.says("undo")
    ana.reads('Taken back: "Call Sam"')
    assert await ana.commitments() == ()


# -- after stop ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["yes", "done", "ok", "7"])
async def test_no_word_after_stop_answers_what_was_open(town: Town, word: str) -> None:
    ana = await town.client("ana")
    await town.check_ins_only()
    await ana.says("/commit call Petra by thursday")
    await ana.says("cancel")
    await town.until(datetime(2026, 11, 26, 8, 1, tzinfo=UTC))
    ana.reads("Today: call Petra.")
    await ana.says("stop")
    ana.reads("Stopped.")
    read = len(ana.read)
    await ana.says(word)
    assert [(c.text, c.standing) for c in await ana.commitments()] == [("Call Petra", "open")]
    assert not any("is done" in message.text or message.token for message in ana.read[read:])
    await ana.says("/resume")
    ana.reads("Today: call Petra.")
    await ana.says("done")
    assert [c.standing for c in await ana.commitments()] == ["done"]
