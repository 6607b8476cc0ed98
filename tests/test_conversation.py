"""What holds for every conversation: once, in order, at the same question after a restart, one prompt at a time."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.engine.dialogue.load import build
from bot.messages.incoming import ButtonPressed
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


# a redelivered event changes nothing
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


# the events of one person are handled in order, those of different people do not wait for each other
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


# a crash at any point resumes at the same question, with its timers
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


# every prompt carries a token
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


# changing the subject in mid-dialogue is served, then the question is asked again
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


# local time is the person's own
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


# a running dialogue keeps the version that it began with
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
