"""An edited message changes the answer that it gave, and is never read as a new one."""

from datetime import date

from tests.support.town import Town


async def test_an_edit_in_an_open_dialogue_changes_the_answer_and_walks_the_branches_again(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("5")
    ana.reads("What would you change to make that an 8")
    await ana.edits("9")
    ana.reads("Changed to: 9.", "One more minute")
    await ana.taps("Clear enough")
    (promise,) = await ana.commitments()
    assert (promise.text, promise.confidence) == ("Call Sam", 9)


async def test_an_edit_is_never_read_as_a_new_answer(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    number = ana.numbers[-1]
    await ana.edits("Call Sam and Priya", number=number)
    ana.reads("Changed to: Call Sam and Priya.")
    assert ("commitment", "confidence", "8") not in await ana.answers()
    await ana.says("8")
    await ana.taps("Clear enough")
    (promise,) = await ana.commitments()
    assert promise.text == "Call Sam and Priya"
    assert promise.due == date(2026, 11, 27)


async def test_an_edit_of_a_command_changes_the_answer_that_it_held(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.edits(
        "/commit Call Sam and Priya by Thursday"
        if town.seat.name != "slack"
        else "commit Call Sam and Priya by Thursday"
    )
    ana.reads("Changed to: Call Sam and Priya.")
    await ana.says("8")
    await ana.taps("Clear enough")
    (promise,) = await ana.commitments()
    assert (promise.text, promise.due) == ("Call Sam and Priya", date(2026, 11, 26))


async def test_an_edit_after_the_end_writes_the_outcome_again_and_adds_nothing(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    number = ana.numbers[-1]
    await ana.says("8")
    await ana.taps("Clear enough")
    await town.passes(days=1)
    await ana.edits("Call Sam about the budget", number=number)
    ana.reads("Changed to: Call Sam about the budget.")
    (promise,) = await ana.commitments()
    assert (promise.text, promise.number) == ("Call Sam about the budget", 1)


async def test_an_edit_that_would_have_led_elsewhere_asks_first(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("8")
    number = ana.numbers[-1]
    await ana.taps("Clear enough")
    await ana.edits("4", number=number)
    ana.reads("I would have asked something else next")
    assert (await ana.commitments())[0].confidence == 8
    await ana.taps("Yes")
    assert (await ana.commitments())[0].confidence == 4


async def test_consents_do_not_change_by_an_edit(everywhere: Town) -> None:
    town = everywhere
    ana = await town.invited("ana")
    await ana.taps("Start")
    await ana.says("All of that")
    await ana.edits("Nothing")
    ana.reads("does not change by an edit")
    assert ("welcome", "sees", "All of that") in await ana.answers()


async def test_an_old_edit_and_an_edit_of_something_else_change_nothing(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    number = ana.numbers[-1]
    await ana.says("8")
    await ana.taps("Clear enough")
    await town.passes(days=9)
    await ana.edits("Call nobody", number=number)
    ana.reads("more than a week old")
    await ana.says("progress")
    await ana.edits("whosees")
    ana.reads("only follow changes to an answer")
    assert (await ana.commitments())[0].text == "Call Sam"
