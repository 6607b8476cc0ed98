"""`undo`: what was changed last is taken back by name, whatever way it came, and it is said what holds again."""

from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy import Connection, select

from bot.messages.incoming import CommandSent, FormSubmitted, Inbound
from handlers.console.keyboard import address_of
from schedules import deletion
from storage.people import people
from storage.people.people import Known
from storage.tables.ledger import LedgerRow
from storage.tables.people import table_of
from tests.support.plans import coachs_ladder, goal, plan, together
from tests.support.town import Person, Town, town_on

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # when the week's check-in comes


def entries(connection: Connection) -> list[bytes]:
    return list(connection.execute(select(table_of(LedgerRow).c.body)).scalars())


async def known(person: Person) -> Known:
    place = await person.place()
    found = await person.town.app.database.read(partial(people.person, wanted=place.person))
    assert found is not None
    return found


async def promised(ana: Person, words: str) -> None:
    await ana.says(f"/commit {words}")
    await ana.taps("9")
    await ana.taps("Clear enough")


async def standing(ana: Person) -> list[tuple[str, str, date | None]]:
    return [(c.text, str(c.standing), c.due) for c in await ana.commitments()]


async def test_what_was_said_just_now_is_taken_back_and_not_the_note_before_it(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await ana.says("private secret thought")
    await ana.says("done with call petra")
    ana.reads('"undo"')
    await ana.says("undo")
    ana.reads('Taken back: "Call Petra" is done.', "It is open again, due Thu 26 Nov.")
    assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 26))]
    await ana.says("undo")
    ana.reads('Taken back: your note "secret thought". I keep it no longer.')
    await ana.says("undo")
    ana.reads('Taken back: "Call Petra". It is on your list no longer.')
    assert await standing(ana) == []


async def test_a_move_is_taken_back_and_the_promise_stays(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "Write the memo by Friday")
    await ana.says("moved the memo to monday")
    assert await standing(ana) == [("Write the memo", "open", date(2026, 11, 30))]
    await ana.says("undo")
    ana.reads('Taken back: "Write the memo" moved to Mon 30 Nov.', "It is due Fri 27 Nov again.")
    assert await standing(ana) == [("Write the memo", "open", date(2026, 11, 27))]


async def test_with_nothing_to_take_back_one_sentence_says_so(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await ana.says("undo")
    before = len(ana.read)
    await town.passes(hours=25)
    await ana.says("undo")
    ana.reads("There is nothing of the last day to take back.")
    assert len(ana.read) > before


# -- whatever way it came ------------------------------------------------------------------------------------------


async def test_a_check_in_is_one_change_and_its_reports_are_named(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await promised(ana, "write the memo by Friday")
    await town.until(FRIDAY)
    asked = ana.asked
    await ana.taps("Done", on=asked)
    while ana.last.token:
        await ana.says("skip")
    assert "done" in [s for _, s, _ in await standing(ana)]
    await ana.says("undo")
    ana.reads("Taken back:", " is done.", "open again")
    assert {s for _, s, _ in await standing(ana)} == {"open"}
    assert not [answer for answer in await ana.answers() if answer[0] == "weekly-checkin"]


async def test_an_edit_is_taken_back_before_what_it_edited(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit")
    await ana.says("Call Petra by Friday")
    number = ana.numbers[-1]
    await ana.taps("9")
    await ana.taps("Clear enough")
    await ana.edits("Call Petra and Sam by Wednesday", number=number)
    assert await standing(ana) == [("Call Petra and Sam", "open", date(2026, 11, 25))]
    await ana.says("undo")
    ana.reads('Taken back: the change to "Call Petra and Sam". It reads "Call Petra" again.')
    assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 27))]
    await ana.edits("Call Petra and Priya by Wednesday", number=number)
    assert await standing(ana) == [("Call Petra and Priya", "open", date(2026, 11, 25))]
    await ana.says("undo")
    await ana.says("undo")
    ana.reads('Taken back: "Call Petra". It is on your list no longer.')
    assert await standing(ana) == []


async def test_an_answer_that_came_late_is_taken_back(town: Town) -> None:
    ana = await town.client("ana")
    await town.check_ins_only("ana")
    await promised(ana, "call Petra by Friday")
    await town.until(FRIDAY)
    asked = ana.asked
    await town.passes(days=4)
    await ana.taps("Done", on=asked)
    ana.reads("Fri 27 Nov")
    assert await standing(ana) == [("Call Petra", "done", date(2026, 11, 27))]
    await ana.says("undo")
    ana.reads('Taken back: "Call Petra" is done.', "It is open again, due Fri 27 Nov.")
    assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 27))]


async def test_in_a_dialogue_that_is_open_undo_is_a_step_back(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit call Petra by Thursday")
    await ana.taps("3")
    ana.reads("less of it, or another day")
    await ana.says("undo")
    ana.reads("How sure are you")
    assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 26))]


async def test_what_was_said_beside_an_open_question_is_taken_back_and_the_question_stays(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await ana.says("/checkin")
    await ana.taps("8")
    await ana.says("/log 1 done")
    assert [s for _, s, _ in await standing(ana)] == ["done"]
    await ana.says("undo")
    ana.reads('Taken back: "Call Petra" is done.', "Back to: The week's check-in.")
    assert [s for _, s, _ in await standing(ana)] == ["open"]
    assert ("weekly-checkin", "confidence", "8") in await ana.answers()
    await ana.says("undo")
    ana.reads("How sure are you")
    assert ("weekly-checkin", "confidence", "8") not in await ana.answers()


async def test_a_dialogue_that_was_put_off_keeps_its_answer_and_says_so(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/checkin")
    await ana.says("Call Petra by Thursday")
    await ana.says("later")
    before = await ana.answers()
    await ana.says("undo")
    ana.reads('belongs to "The week\'s check-in"', "Nothing changed.")
    assert await ana.answers() == before


async def test_the_button_below_what_was_stopped_is_for_that_and_nothing_newer(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit call Petra by Thursday")
    await ana.says("cancel")
    offered = ana.told
    await ana.says("private secret thought")
    await ana.taps("Take it back", on=offered)
    ana.reads("Something came after that", "Nothing changed.")
    assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 26))]
    await ana.says("undo")
    await ana.taps("Take it back", on=offered)
    ana.reads('Taken back: "Call Petra".')
    assert await standing(ana) == []
    await ana.taps("Take it back", on=offered)
    ana.reads("Nothing changed.")


# -- private -------------------------------------------------------------------------------------------------------


async def test_what_was_made_private_is_shown_again_only_on_a_word_of_its_own(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await promised(ana, "look for another job by Friday")
    await ana.says("/private")
    await ana.says("undo")
    ana.reads("Dana could read it again", "Look for another job")
    offered = ana.told
    await dana.says("/client Ana")
    assert "another job" not in dana.last.text
    await ana.taps("Show it again", on=offered)
    ana.reads('Taken back: "private" for "Look for another job"', "It is shown again, as before.")
    await dana.says("/client Ana")
    dana.reads("Look for another job")
    await ana.taps("Show it again", on=offered)
    ana.reads("Nothing changed.")
    assert len(await ana.commitments()) == 1


# -- what others heard -----------------------------------------------------------------------------------------------


async def test_whoever_was_told_is_told_that_it_was_taken_back(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await ana.says("callme")
    dana.reads("call")
    await ana.says("undo")
    ana.reads("Taken back: your wish for a call.", "Dana hears that it was taken back.")
    dana.reads("Ana has taken back the wish for a call")
    await dana.says("/client Ana")
    assert "call" not in dana.last.text.lower()


# -- rests and settings ----------------------------------------------------------------------------------------------


async def test_rests_stops_and_journeys_are_taken_back_one_after_the_other(town: Town) -> None:
    ana = await town.client("ana")
    before = await known(ana)
    await ana.says("travel Lisbon until Friday")
    await ana.says("pause until Monday")
    await ana.says("stop")
    await ana.says("start")
    for words in (
        ("going on", "nothing, as before"),
        ("Taken back: the stop.",),
        ("Taken back: the pause.", "I'll write next"),
        ("change of your journey", "Berlin"),
    ):
        await ana.says("undo")
        ana.reads(*words)
    after = await known(ana)
    assert after.wishes == before.wishes
    assert after.next_at == before.next_at


# -- how far, and how long -------------------------------------------------------------------------------------------


async def test_ten_changes_are_taken_back_and_no_more(town: Town) -> None:
    ana = await town.client("ana")
    for number in range(12):
        await ana.says(f"private thought {number}")
    for number in range(11, 1, -1):
        await ana.says("undo")
        ana.reads(f'your note "thought {number}"')
    await ana.says("undo")
    ana.reads("There is nothing of the last day to take back.")


async def test_what_can_be_taken_back_is_sealed_and_gone_after_a_day(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("private secret thought")
    rows = await town.app.database.read(entries)
    assert rows
    assert not any(b"secret" in body for body in rows)
    await town.passes(hours=25)
    await deletion.tick(town.app.database, town.app.library, town.clock())
    assert await town.app.database.read(entries) == []


async def test_what_others_have_built_upon_stays(town: Town) -> None:
    """The goal of a client to which the coach has put a ladder is not taken away from under it."""
    ana, dana = await together(town)
    await goal(ana)
    await coachs_ladder(dana)
    await ana.says("undo")
    ana.reads("Something was added to that since", "Nothing changed.")
    assert len((await plan(ana)).goals) == 1


async def test_a_report_that_leads_to_a_question_is_asked_for_again_once_it_was_taken_back(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await ana.says("/log 1 not yet")
    ana.reads("That happens")
    await ana.says("undo")
    ana.reads("Call Petra. How did it go?")
    (promise,) = await ana.commitments()
    assert (promise.slips, promise.due) == (0, date(2026, 11, 26))


async def test_in_german_it_is_named_as_well(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("language deutsch")
    await ana.says("/zusage Petra anrufen bis Donnerstag")
    await ana.taps("9")
    await ana.says("überspringen")
    await ana.says("Petra anrufen ist erledigt")
    await ana.says("rückgängig")
    ana.reads("Zurückgenommen: „Petra anrufen“ ist erledigt.", "Es ist wieder offen, fällig Do., 26. November.")


async def test_private_says_where_there_is_no_answer_to_keep_back(town: Town) -> None:
    ana = await town.client("ana")
    await promised(ana, "call Petra by Thursday")
    await ana.says("/log 1 done")
    await ana.says("/private")
    ana.reads("no answer that I could keep back", "Nothing changed.")
    await ana.says("/private secret thought")
    await ana.says("/private")
    ana.reads("That is not shown to your coach as it is")


async def test_a_promise_that_stands_without_a_tap_is_over_once_something_else_begins(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit call Petra by Thursday")
    await ana.taps("9")
    await ana.taps("Add both")
    await ana.says("After the stand-up")
    await ana.says("She has said yes")
    ana.reads("Right?")
    await ana.says("/checkin")
    await ana.says("undo")
    ana.reads("Taken back", "Call Petra")
    assert await standing(ana) == []


# -- settings, habits, forms -----------------------------------------------------------------------------------------


async def test_a_setting_is_named_and_holds_again(town: Town) -> None:
    ana = await town.client("ana")
    before = await known(ana)
    await ana.says("/settings")
    await ana.taps("How often")
    await ana.taps("Every two weeks")
    while await ana.open_prompts():
        await ana.says("skip")
    assert (await known(ana)).wishes.pace != before.wishes.pace
    await ana.says("undo")
    ana.reads("Taken back: the other setting.", "You hear from me", "Friday", "again")
    after = await known(ana)
    assert (after.wishes, after.next_at) == (before.wishes, before.next_at)


async def test_what_was_told_of_a_habit_is_taken_back_and_the_habit_stays(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("gym mon wed fri")
    while await ana.open_prompts():
        await ana.says("skip" if "Right?" not in ana.asked.text else "Yes")
    before = (await ana.says("/progress"), ana.told.text)[1]
    await town.until(FRIDAY)
    while await ana.open_prompts() and "gym" not in ana.asked.text.lower():
        await ana.says("skip")
    await ana.says("2")
    await ana.says("cancel")
    await ana.says("/progress")
    assert ana.told.text != before
    await ana.says("undo")
    ana.reads('Taken back: what you said of "Gym".')
    await ana.says("/progress")
    assert ana.told.text == before


async def test_a_form_is_taken_back_as_one(sqlite_fresh: str) -> None:
    async with town_on(sqlite_fresh).open() as town:
        ana = await town.client("ana")
        town.messenger.forms = True
        content = CommandSent(verb="commit")
        opening = Inbound(key="f1", address=address_of("ana"), content=content, trigger="lent for three seconds")
        await town.app.conversation.receive(opening, town.clock())
        await town.app.delivery.drain()
        values = {"what": "Call Petra", "due": "Friday", "confidence": "8"}
        await ana.does(FormSubmitted(token=ana.asked.token, values=values))
        await ana.says("cancel")
        assert await standing(ana) == [("Call Petra", "open", date(2026, 11, 27))]
        await ana.says("undo")
        ana.reads('Taken back: "Call Petra". It is on your list no longer.')
        assert await standing(ana) == []
        await ana.says("undo")
        ana.reads("Nothing changed.")
