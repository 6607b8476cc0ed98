"""The twelve behaviours of a conversation, and those of the first dialogues: the real app, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.engine.dialogue.load import build
from bot.messages.incoming import ButtonPressed
from storage.people import people
from storage.programme import commitments
from tests.support.town import DUPLICATE, STALE, Town


async def test_a_promise_is_asked_about_when_due_answered_and_the_coach_is_told(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Hand over the Q2 plan by Wednesday")
    ana.reads("How sure are you")
    await ana.taps("8")
    await ana.taps("Clear enough")
    ana.reads('"Hand over the Q2 plan", by Wed 25 Nov.')
    await town.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    ana.reads("Today: hand over the Q2 plan.")
    await ana.taps("Done")
    ana.reads("is done.")
    await town.until(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    town.people["dana"].reads("Week of Mon 30 Nov", "Wins: Ana 1 of 1 done")


# 1. a redelivered event changes nothing


async def test_an_event_that_comes_twice_counts_once(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit")
    read = len(ana.read)
    await ana.says("Write the hiring brief by Friday", key="one and the same")
    again = await ana.says("Write the hiring brief by Friday", key="one and the same")
    assert again.outcome is DUPLICATE
    assert len(ana.read) == read + 1
    confidence = ana.asked
    await ana.taps("9", key="a tap")
    assert (await ana.taps("9", on=confidence, key="a tap")).outcome is DUPLICATE


# 2. the events of one person are handled in order, those of different people do not wait for each other


async def test_quick_answers_go_to_one_question_each_in_their_order(everywhere: Town) -> None:
    town = everywhere
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/commit")
    await ben.says("/commit")
    for text in ("Write the brief by Friday", "8"):
        await asyncio.gather(ana.says(text), ben.says(text))
    for person in (ana, ben):
        told = [(question, label) for dialogue, question, label in await person.answers() if dialogue == "commitment"]
        assert told[-1] == ("confidence", "8")
        assert ("what", "Write the brief") in told


# 3. a crash at any point resumes at the same question, with its timers


async def test_a_restart_stands_at_the_same_question_and_keeps_its_timers(ground: Town) -> None:
    town = ground
    async with town.open():
        ana = await town.client("ana", what="Write the memo by 18 December")
        await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
        ana.reads('How sure are you about "Write the memo"')
        asked = ana.asked
        read = len(ana.read)
    async with town.open():
        assert len(ana.read) == read
        await town.until(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
        ana.reads("The week's check-in is still open.")
        assert len(ana.read) == read + 1
        assert ana.asked.token == asked.token
        await ana.taps("7", on=asked)
        ana.reads("One thing that went well?")


# 4. every prompt carries a token


async def test_an_old_button_changes_nothing_and_says_so(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    confidence = ana.asked
    await ana.taps("9")
    answers = await ana.answers()
    assert (await ana.taps("3", on=confidence)).outcome is STALE
    assert ana.receipt.toast == "Already answered; nothing changed."
    assert await ana.answers() == answers
    ana.reads("One more minute")


async def test_a_button_made_up_by_someone_changes_nothing(everywhere: Town) -> None:
    town = everywhere
    ana, ben = await town.client("ana"), await town.client("ben")
    await ana.says("/commit Call Sam by Friday")
    receipt = await ben.does(ButtonPressed(token=ana.asked.token, value="1"))
    assert receipt.outcome is STALE
    await ana.taps("8")
    assert ("commitment", "confidence", "8") in await ana.answers()
    assert not [a for a in await ben.answers() if a[0] == "commitment"]


async def test_an_expired_prompt_takes_its_one_answer_for_a_week_under_its_own_day(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    sure = ana.asked
    await town.until(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    await ana.taps("4", on=sure)
    ana.reads("for Fri 27 Nov: 4.")
    assert (await ana.taps("5", on=sure)).outcome is STALE
    assert ("weekly-checkin", "confidence", "4") in await ana.answers()
    place = await ana.place()
    ratings = await town.app.database.read(lambda c: commitments.ratings(c, place.person, date(2026, 11, 1)))
    assert [(r.kind, r.value, r.day) for r in ratings] == [("confidence", 4, date(2026, 11, 27))]


async def test_a_late_answer_is_not_taken_after_a_week_and_the_open_question_is_asked_again(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", what="Write the memo by 18 December")
    await town.check_ins_only()
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    first = ana.asked
    await town.until(datetime(2026, 12, 4, 8, 0, tzinfo=UTC))
    second = ana.asked
    assert second.token != first.token
    await ana.taps("4", on=first)
    ana.reads("for Fri 27 Nov: 4.", 'How sure are you about "Write the memo"')
    await town.until(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    await town.passes(days=12)
    assert (await ana.taps("4", on=second)).outcome is STALE


# 5. an edited message revises the answer that it gave


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


# 6. changing the subject in mid-dialogue is served, then the question is asked again


async def test_another_subject_is_served_and_the_question_comes_back(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("/progress")
    ana.reads("Back to: Your commitment.", "How sure are you")
    await ana.says("/commit Write to Priya by Thursday")
    ana.reads("How sure are you")
    await ana.taps("9")
    await ana.taps("Clear enough")
    ana.reads('"Write to Priya"', "Back to: Your commitment.", "How sure are you")
    await ana.taps("7")
    await ana.taps("Clear enough")
    assert {c.text for c in await ana.commitments()} == {"Call Sam", "Write to Priya"}


# 7. back, skip, cancel, later, help, private, change, at any question, and a way to say such a word


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


async def test_a_slip_is_counted_and_moved_and_never_blamed(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    await ana.says("log 1 not yet")
    ana.reads("hasn't happened yet. That happens.")
    await ana.taps("A new day")
    await ana.says("next Tuesday")
    await ana.says("skip")
    (promise,) = await ana.commitments()
    assert (promise.slips, promise.moved, promise.due) == (1, 1, date(2026, 12, 1))


async def test_a_word_in_quotes_is_an_answer_and_not_a_command(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await town.until(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))
    await ana.taps("Not this week")
    ana.reads("One thing that went well?")
    await ana.says('"skip"')
    ana.reads("Anything in the way?")
    assert ("weekly-checkin", "well", "skip") in await ana.answers()


# 8. buttons and typed text share one parser; a reply to a message answers that message


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


# 9. bounded re-ask


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


# 10. unanswered: the nudge ladder, and signs of life


async def test_silence_is_reminded_of_once_and_then_recorded_as_missed(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", weekday="Tuesday")
    await town.check_ins_only()
    await town.until(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    first = len(ana.read)
    await town.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert len(ana.read) == first + 1
    await town.until(datetime(2026, 11, 30, 7, 0, tzinfo=UTC))
    assert len(ana.read) == first + 1
    place = await ana.place()
    known = await town.app.database.read(lambda c: people.person(c, place.person))
    assert known is not None
    assert known.wishes.unanswered == 1


async def test_a_sign_of_life_ends_the_silence_and_is_never_taken_for_an_answer(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", weekday="Tuesday")
    await town.until(datetime(2026, 11, 30, 7, 0, tzinfo=UTC))
    answers = await ana.answers()
    await ana.stirs("voice")
    ana.reads("I can't keep that; a tap or a few words will do.")
    assert await ana.answers() == answers
    place = await ana.place()
    known = await town.app.database.read(lambda c: people.person(c, place.person))
    assert known is not None
    assert known.wishes.unanswered == 0


# 11. local time is the person's own


async def test_the_hour_is_the_clients_own_and_survives_a_clock_change(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", city="New York", zone="America/New_York", weekday="Monday")
    town.clock.now = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)
    read = len(ana.read)
    await town.until(datetime(2027, 3, 8, 14, 0, tzinfo=UTC))
    assert len(ana.read) == read + 1
    await ana.says("7")
    await ana.says("skip")
    await ana.says("skip")
    read = len(ana.read)
    await town.until(datetime(2027, 3, 15, 12, 59, tzinfo=UTC))
    assert len(ana.read) == read
    await town.until(datetime(2027, 3, 15, 13, 0, tzinfo=UTC))
    assert len(ana.read) == read + 1


async def test_travel_moves_the_hour_and_ends_by_itself(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await town.check_ins_only()
    await ana.says("/travel Tokyo until Saturday")
    ana.reads("Tokyo")
    read = len(ana.read)
    await town.until(datetime(2026, 11, 27, 0, 0, tzinfo=UTC))
    assert len(ana.read) == read + 1
    await ana.says("7")
    await ana.says("skip")
    await ana.says("skip")
    read = len(ana.read)
    await town.until(datetime(2026, 12, 4, 7, 59, tzinfo=UTC))
    assert len(ana.read) == read
    await town.until(datetime(2026, 12, 4, 8, 0, tzinfo=UTC))
    assert len(ana.read) == read + 1


# 12. a running dialogue keeps the version that it began with


async def test_a_running_dialogue_keeps_the_wording_that_it_began_with(ground: Town) -> None:
    town = ground
    async with town.open():
        ana = await town.client("ana")
        await ana.says("/commit Call Sam by Friday")
    async with town.open():
        reword(town, "commitment", "One more minute", "Sharpen it, in new words")
        await ana.taps("9")
        ana.reads("One more minute")
        await ana.taps("Clear enough")
        await ana.says("/commit Call Priya by Friday")
        await ana.taps("9")
        ana.reads("Sharpen it, in new words")


def reword(town: Town, name: str, old: str, new: str) -> None:
    """Ship another version of a dialogue, as an upgrade between two starts does."""
    made = town.app.library
    source = made.dialogues["en", name].source.replace(old, new)
    assert source != made.dialogues["en", name].source
    newer = build(source)
    without = {v: d for v, d in made.versions.items() if d.name != name}
    library = replace(
        made, dialogues={**made.dialogues, ("en", name): newer}, versions={**without, newer.version: newer}
    )
    town.app.conversation.use(library)


# at most one open prompt, whatever happens


async def test_there_is_never_more_than_one_open_prompt(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana")
    await ana.says("/commit Call Sam by Friday")
    await ana.says("/commit Write to Priya by Thursday")
    await ana.says("/settings")
    assert await ana.open_prompts() == 1
    await town.passes(days=5)
    assert await ana.open_prompts() <= 1


async def test_after_an_outage_there_is_no_burst(everywhere: Town) -> None:
    town = everywhere
    ana = await town.client("ana", pace="Daily for two weeks")
    await ana.says("/commit Call Sam by Wednesday")
    await ana.taps("9")
    await ana.taps("Clear enough")
    read = len(ana.read)
    await town.sleeps(days=10, hours=3)
    assert len(ana.read) <= read + 1
    assert timedelta(days=10) < town.clock.now - datetime(2026, 11, 23, tzinfo=UTC)
