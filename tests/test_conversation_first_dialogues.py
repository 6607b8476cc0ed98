"""The first dialogues, held as conversations: what each asks, what it writes, and what the coach may see of it."""

from datetime import UTC, date, datetime
from functools import partial

import pytest

from bot.model.people.answers import Remark
from bot.model.people.preferences import Pace
from storage.people import people
from storage.people.people import Known
from storage.programme import commitments
from tests.support.said import said
from tests.support.town import STALE, Person, Town


async def known(person: Person) -> Known:
    place = await person.place()
    found = await person.town.app.database.read(partial(people.person, wanted=place.person))
    assert found is not None
    return found


async def remarks(person: Person) -> list[Remark]:
    place = await person.place()
    read = partial(commitments.remarks, person=place.person, since=date(2026, 1, 1))
    return list(await person.town.app.database.read(read))


async def promise(person: Person, words: str, confidence: str = "9") -> None:
    """A commitment as it is, without a plan."""
    await person.says(f"/commit {words}")
    await person.says(confidence)
    if "which one waits" in person.last.text.lower():
        await person.taps("None of them")
    await person.taps("Clear enough")


async def test_status_only_shows_that_a_commitment_exists_and_not_its_words(town: Town) -> None:
    ana = await town.client("ana", sees="Only what got done")
    await promise(ana, "See a lawyer by Friday", "7")
    dana = town.people["dana"]
    await dana.says("/client ana")
    assert "lawyer" not in dana.last.text
    dana.reads("due Fri 27 Nov")


# -- commitment ------------------------------------------------------------------------------------------------------


async def test_low_confidence_asks_once_for_a_smaller_version_and_the_plan_is_said_as_one_sentence(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Write the hiring brief by Friday")
    await ana.says("5")
    ana.reads("What would you change to make that an 8: less of it, or another day?")
    await ana.says("the first page")
    await ana.taps("Add both")
    await ana.says("After Monday's stand-up")
    await ana.says("It is in Sam's inbox")
    ana.reads(
        "Your plan: \"After Monday's stand-up I'll write the hiring brief (the first page).\" By Fri 27 Nov. Right?"
    )
    (made,) = await ana.commitments()
    assert (made.cue, made.proof) == ("After Monday's stand-up", "It is in Sam's inbox")


async def test_the_fourth_commitment_asks_which_one_waits_and_never_blocks(town: Town) -> None:
    ana = await town.client("ana")
    for words in ("Call Sam by Friday", "Write to Priya by Friday", "Draft the update by Friday"):
        await promise(ana, words)
    await ana.says("/commit Thank the team by Friday")
    await ana.says("9")
    ana.reads("That's 4 now", "Which could wait?")
    await ana.taps("Call Sam")
    await ana.taps("Clear enough")
    made = {c.text: c.due for c in await ana.commitments()}
    assert made["Call Sam"] is None
    assert made["Thank the team"] == date(2026, 11, 27)


async def test_an_intention_without_a_date_is_kept_and_not_chased(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit Read more")
    await ana.says("skip")
    await ana.says("8")
    await ana.taps("Clear enough")
    ana.reads('"Read more", no date yet.')


# -- due today, slips ------------------------------------------------------------------------------------------------


async def test_what_was_reported_elsewhere_is_not_asked_about_any_more(town: Town) -> None:
    ana = await town.client("ana")
    for words in ("Call Sam by Wednesday", "Write the brief by Wednesday"):
        await promise(ana, words)
    await town.until(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    ana.reads("Today: call Sam.")
    first = ana.asked
    await ana.says("/log 1 done")
    ana.reads('"Call Sam" is done.', "Today: write the brief.")
    assert (await ana.taps("Done", on=first)).outcome is STALE
    ana.reads("Today: write the brief.")
    await ana.says("/log 2 not yet")
    await ana.taps("A new day")
    await ana.says("Friday")
    ana.reads("What got in the way")
    read = len(ana.read)
    await ana.says("skip")
    told = '"Write the brief" moved to Fri 27 Nov. Dana sees the new date, nothing more.'
    assert [message.text for message in ana.read[read:]] == [told]
    open_now = await town.app.database.read(partial(commitments.open_commitments, person=(await ana.place()).person))
    assert [(c.text, c.due, c.slips, c.moved) for c in open_now] == [("Write the brief", date(2026, 11, 27), 1, 1)]


async def test_a_word_on_what_is_due_later_is_asked_for_all_the_same(town: Town) -> None:
    ana = await town.client("ana")
    await promise(ana, "Plan the offsite by 4 December")
    await ana.says("log 1")
    ana.reads("You set this for Fri 4 Dec: Plan the offsite. How did it go?")
    await ana.taps("Partly")
    await ana.says("The agenda, by 9 December")
    ana.reads('It goes on as "Plan the offsite (The agenda)", by Wed 9 Dec.')


async def test_several_slips_are_met_with_one_message(town: Town) -> None:
    ana = await town.client("ana", weekday="Monday")
    for words in ("Call Sam by Wednesday", "Write to Priya by Wednesday"):
        await promise(ana, words)
    await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    await ana.taps("Not yet")
    await ana.taps("Not yet")
    ana.reads("2 of them haven't happened yet.", "Move them all")
    await ana.taps("Move all")
    await ana.says("next Wednesday")
    await ana.says("I plan too much")
    await ana.taps("No")
    ana.reads("moved to Wed 2 Dec", "Dana sees the new dates, nothing more.")
    assert {c.due for c in await ana.commitments()} == {date(2026, 12, 2)}
    assert [(r.kind, r.audience.value) for r in await remarks(ana)] == [("learning", "private")]


async def test_a_due_item_in_a_pause_is_held_and_asked_about_on_the_second_working_day_back(town: Town) -> None:
    ana = await town.client("ana")
    await promise(ana, "Call Sam by Thursday")
    await ana.says("/pause through Friday")
    read = len(ana.read)
    await town.until(datetime(2026, 12, 1, 7, 59, tzinfo=UTC))
    assert len(ana.read) == read
    await town.until(datetime(2026, 12, 1, 8, 1, tzinfo=UTC))
    ana.reads("Welcome back. One commitment fell due while you were away.")
    await ana.taps("Let go")
    assert (await ana.commitments())[0].standing == "dropped"


# -- rhythms ---------------------------------------------------------------------------------------------------------


async def test_daily_is_one_tap_and_a_day_and_after_two_weeks_asks_whether_to_go_on(town: Town) -> None:
    ana = await town.client("ana", pace="Daily for two weeks")
    await promise(ana, "Call Sam by Friday")
    await town.until(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    ana.reads("Call Sam, due Fri 27 Nov. Where does it stand?")
    await ana.taps("Slipped")
    ana.reads("Give it another day?")
    await ana.taps("Leave it as it is")
    ana.reads('"Call Sam" stays open, for Fri 27 Nov.')
    assert not await ana.open_prompts()
    while "two weeks of daily check-ins" not in ana.last.text:
        assert town.clock.now < datetime(2026, 12, 9, tzinfo=UTC)
        await town.passes(hours=12)
        while ana.last.token and "two weeks" not in ana.last.text:
            await ana.says("skip")
    await ana.taps("Weekly from now")
    assert (await known(ana)).wishes.pace is Pace.WEEKLY


async def test_the_monday_focus_comes_when_it_is_wanted(town: Town) -> None:
    ana = await town.client("ana")
    await promise(ana, "Call Sam by next Friday")
    await ana.says("/settings")
    await ana.taps("Monday focus")
    await ana.taps("Yes")
    await town.until(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
    ana.reads("A new week. Which commitment comes first?")
    await ana.taps("Call Sam")
    await ana.says("Tuesday morning")
    assert ("focus", "Call Sam (Tuesday morning)") in [(r.kind, r.text) for r in await remarks(ana)]


async def test_silence_slows_down_step_by_step_and_stops_and_any_word_picks_things_up(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await town.passes(days=120)
    said = [message.text for message in ana.read]
    assert any("A quick one" in text for text in said)
    assert any("half as often" in text for text in said)
    assert any("It has been quiet, and nothing is owed" in text for text in said)
    assert "I'll stop here for now" in said[-1]
    assert not any(word in text.lower() for text in said for word in ("streak", "you broke", "you failed"))
    assert any("~ Ana: quiet: 3 prompts unanswered" in message.text for message in dana.read)
    assert any("! Ana: quiet: 5 prompts unanswered" in message.text for message in dana.read)
    read = len(ana.read)
    await town.passes(days=60)
    assert len(ana.read) == read
    await ana.says("hello")
    assert "Good to hear from you" in "".join(message.text for message in ana.read[read:])
    await ana.taps("As before")
    found = await known(ana)
    assert (found.wishes.slowdown, found.wishes.unanswered, found.wishes.pace) == ("normal", 0, Pace.WEEKLY)


async def test_stop_stops_and_start_begins_again(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("stop")
    read = len(ana.read)
    await town.passes(days=15)
    assert len(ana.read) == read
    await ana.says("start")
    await town.passes(days=8)
    ana.reads("Still open: what one step would you take this week?")


async def test_a_call_is_asked_for_at_once_and_stands_in_the_digest(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await ana.says("/callme")
    dana.reads("Ana asks you to call.")
    await dana.says("/digest")
    dana.reads("! Ana: asks for a call")


async def test_words_out_of_the_blue_are_taken_for_what_they_are(town: Town) -> None:
    ana = await town.client("ana")
    await promise(ana, "Send the deck to Priya by Friday")
    await ana.says("sent the deck to Priya")
    ana.reads("is done.")
    assert (await ana.commitments())[0].standing == "done"
    await ana.says("I'll call Sam by Thursday")
    ana.reads("How sure are you")
    await ana.says("cancel")
    await ana.says("the weather is lovely")
    assert "commit" in ana.last.text


async def test_the_last_word_of_a_check_in_is_true_of_what_was_kept_back(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/checkin")
    for words in ("skip", "skip", "private", "My boss", "7"):
        await ana.says(words)
    ana.reads("Dana sees these answers, but for what you kept private.")
    await ana.says("/checkin")
    for words in ("skip", "skip", "Time", "7"):
        await ana.says(words)
    ana.reads("Dana sees these answers.")


async def test_whoever_takes_a_consent_back_is_told_that_it_holds(town: Town) -> None:
    ana = await town.client("ana")
    for taken in ("What my coach sees", "Being asked at all"):
        await ana.says("/settings")
        await ana.taps("What I agreed to")
        await ana.taps(taken)
        ana.reads("Taken back, from this moment on.", '"whosees"', '"start" begins again')
    read = len(ana.read)
    await town.passes(days=15)
    assert len(ana.read) == read


async def test_a_setting_is_changed_and_not_hidden(town: Town) -> None:
    ana = await town.client("ana")
    before = await known(ana)
    await ana.says("private")
    ana.reads("a setting, or something you agreed to", "Nothing changed.")
    assert await known(ana) == before
    await ana.says("/settings")
    await ana.taps("My name")
    await ana.says("Annie")
    await ana.says("private")
    ana.reads("Nothing changed.")
    assert (await known(ana)).name == "Annie"


async def test_a_setting_is_taken_back_and_a_consent_is_not(town: Town) -> None:
    ana = await town.client("ana")
    before = await known(ana)
    await ana.says("/settings")
    await ana.taps("My name")
    await ana.says("Annie")
    await ana.says("undo")
    ana.reads("Taken back: the other name.", "I call you Ana again.")
    assert (await known(ana)).name == "Ana"
    for _ in range(2):
        await ana.says("undo")
        ana.reads('something you agreed to; "settings" changes that. Nothing changed.')
        assert (await known(ana)).wishes.since == before.wishes.since


@pytest.mark.parametrize("word", ["start", "resume"])
async def test_after_a_consent_was_taken_back_it_is_asked_for_again_and_not_presumed(town: Town, word: str) -> None:
    dana = await town.coach("dana")
    ana = await town.client("ana", zone="America/New_York")
    await ana.says("/settings")
    await ana.taps("What I agreed to")
    await ana.taps("Being asked at all")
    await dana.says("session ana thursday 10:00")
    assert any("Booked with Ana: Thu 26 Nov 10:00, Berlin time." in m.text for m in dana.read)  # not where Ana is
    dana.reads(said("waits_for_yes", names="Ana"))
    await ana.says(word)
    ana.reads("Two minutes to set up?")
