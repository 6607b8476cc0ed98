"""What the state machine has found, each as a conversation of its own."""

from datetime import UTC, date, datetime, timedelta

from bot.simulated import stage
from storage.programme import commitments
from tests.support.town import Town


async def test_a_promise_made_in_the_middle_of_a_check_in_is_known_when_the_check_in_goes_on(town: Town) -> None:
    """The question that comes next is asked with the promise in mind, and the answer to it is stored."""
    ana = await town.client("ana")
    await ana.says("/checkin")
    ana.reads("What one step would you take this week?")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    ana.reads('"Call Sam"', "Back to: The week's check-in.", 'How sure are you about "Call Sam"')
    await ana.taps("8")
    ana.reads("One thing that went well?")
    await ana.says("Sam was glad")
    told = [a[1:] for a in await ana.answers() if a[0] == "weekly-checkin"]
    assert told == [("confidence", "8"), ("well", "Sam was glad")]


async def test_a_report_in_the_middle_of_a_check_in_is_known_when_the_check_in_goes_on(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    await ana.says("/checkin")
    ana.reads("How sure are you about")
    await ana.says("/log 1 done")
    ana.reads("done", "Back to: The week's check-in.", "What one step would you take this week?")
    await ana.says("Thank Sam by Friday")
    assert ("weekly-checkin", "step.what", "Thank Sam") in await ana.answers()


async def test_answers_of_a_check_in_that_was_left_count_though_a_promise_came_between(town: Town) -> None:
    ana = await town.client("ana")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    await ana.says("skip")
    await ana.says("The offsite")
    ana.reads("Anything in the way?")
    await ana.says("/commit Call Sam by Tuesday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    ana.reads("How sure are you about")
    await town.passes(days=6)
    place = await ana.place()
    told = await town.app.database.read(lambda c: commitments.remarks(c, place.person, date(2026, 11, 1)))
    assert [(r.kind, r.text, r.day) for r in told] == [("win", "The offsite", date(2026, 11, 27))]


async def test_an_edit_of_a_message_that_was_taken_back_changes_nothing(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("5")
    number = ana.numbers[-1]
    await ana.says("back")
    await ana.says("9")
    ana.reads("One more minute")
    await ana.edits("3", number=number)
    ana.reads("I can only follow changes to an answer.")
    assert ("commitment", "confidence", "9") in await ana.answers()


async def test_a_day_that_is_changed_in_a_message_moves_the_promise(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Sam by Friday")
    number = ana.numbers[-1]
    await ana.taps("9")
    await ana.edits("Call Sam by Thursday", number=number)
    ana.reads("Changed to: Thu 26 Nov.")
    await ana.taps("Clear enough")
    await ana.edits("Call Sam and Priya by Wednesday", number=number)
    (promise,) = await ana.commitments()
    assert (promise.text, promise.due) == ("Call Sam and Priya", date(2026, 11, 25))


async def test_a_reply_to_an_older_question_is_read_as_an_answer_to_that_one(town: Town) -> None:
    """A day in words answers a question for a day, though the open question is for a number."""
    ana = await town.client("ana")
    await ana.says("/commit Call Sam")
    older = ana.asked
    await ana.says("/commit Write to Priya by Thursday")
    ana.reads("How sure are you")
    await ana.says("Friday", hangs_on=older)
    assert ("commitment", "due", "Fri 27 Nov") in await ana.answers()


async def test_an_edit_does_not_bring_back_what_was_taken_back(town: Town) -> None:
    ana = await town.client("ana", what="Write the memo by 18 December")
    await ana.says("/checkin")
    await ana.says("7")
    number = ana.numbers[-1]
    await ana.says("cancel")
    await ana.taps("Take it back", on=ana.told)
    before = await ana.answers()
    await ana.edits("4", number=number)
    ana.reads("I can only follow changes to an answer.")
    assert await ana.answers() == before
    place = await ana.place()
    assert not await town.app.database.read(lambda c: commitments.ratings(c, place.person, date(2026, 11, 1)))


async def test_a_reminder_waits_until_a_talk_of_their_own_is_over(town: Town) -> None:
    """Else the next answer would go to the reminder's question."""
    ana = await town.client("ana")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    ana.reads("What one step would you take this week?")
    reminder = await stage.next_due(town.app)
    assert reminder is not None
    await town.until(reminder - timedelta(minutes=5))
    await ana.says("/commit Call Sam by Friday")
    await town.passes(minutes=10)
    ana.reads("How sure are you")
    await ana.says("8")
    assert [a for a in await ana.answers() if a[2] == "8"] == [("commitment", "confidence", "8")]
    read = len(ana.read)
    await town.passes(hours=1)
    assert len(ana.read) == read + 1
    ana.reads("The week's check-in is still open.")
