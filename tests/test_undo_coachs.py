"""`undo` of a coach: each kind of thing that coaches do is taken back by name, and clients hear what they had heard."""

from typing import Any

import pytest
from icalendar import Calendar

from bot.messages.outgoing import Document
from tests.support.pages import page
from tests.support.plans import agreement, coachs_ladder, goal, plan, together
from tests.support.town import Person, Town


def calendar(person: Person) -> Any:
    """The newest calendar file that somebody has read."""
    files = (m.file for m in reversed(person.read) if isinstance(m.file, Document) and m.file.media == "text/calendar")
    return Calendar.from_ical(next(files).text)


def state(person: Person) -> str:
    (event,) = calendar(person).walk("VEVENT")
    return str(event["STATUS"])


@pytest.fixture
async def ana(town: Town) -> Person:
    found, _ = await together(town)
    await town.pictured()
    return found


@pytest.fixture
def dana(ana: Person) -> Person:
    return ana.town.people["dana"]


async def test_a_booking_a_move_and_a_cancellation_are_taken_back_one_after_the_other(
    ana: Person, dana: Person
) -> None:
    await dana.says("/session ana Thursday 15:00")
    await dana.says("/session ana")
    booked = dana.told.text
    await dana.taps("Move it", on=dana.told)
    later = next(c.label for c in dana.told.choices if c.value.startswith("/session put"))
    await dana.taps(later, on=dana.told)
    moved = (await plan(ana)).sessions[0].at
    await dana.says("/session ana")
    await dana.taps("Cancel it", on=dana.told)
    assert (await plan(ana)).sessions[0].state == "cancelled"
    await dana.says("undo")
    dana.reads("Taken back: that the session with Ana does not take place", "Ana hears of it")
    assert [(s.state, s.at) for s in (await plan(ana)).sessions] == [("planned", moved)]
    assert "your session takes place: Thu 26 Nov 16:00" in ana.last.text
    await dana.says("undo")
    dana.reads("Taken back: another time for the session with Ana.", "Thu 26 Nov 15:00")
    assert "Thu 26 Nov 15:00" in ana.last.text
    await dana.says("/session ana")
    assert dana.told.text == booked
    await dana.says("undo")
    dana.reads(
        "Taken back: the session with Ana, Thu 26 Nov 15:00, Berlin time. It does not take place, and Ana hears of it."
    )
    assert [s.state for s in (await plan(ana)).sessions] == ["cancelled"]
    assert (state(ana), state(dana)) == ("CANCELLED", "CANCELLED")
    await dana.says("undo")
    dana.reads("your word on who joined, which holds.", "Nothing changed.")


async def test_a_session_that_the_client_has_moved_since_stays(ana: Person, dana: Person) -> None:
    await dana.says("/session ana Thursday 15:00")
    await ana.says("/session")
    await ana.taps("Move it", on=ana.told)
    await ana.taps(next(c.label for c in ana.told.choices if c.value.startswith("/session put")), on=ana.told)
    before = (await plan(ana)).sessions
    await dana.says("undo")
    dana.reads("Something was added to that since", "Nothing changed.")
    assert (await plan(ana)).sessions == before
    await ana.says("undo")
    ana.reads('The last thing was a session, and Dana knows of it; "session" moves it')


async def test_once_its_hour_is_over_a_session_stays(ana: Person, dana: Person) -> None:
    await dana.says("/session ana today 15:00")
    await ana.town.passes(hours=8)
    await dana.says("cancel")
    await dana.says("undo")
    dana.reads("hour is over", "Nothing changed.")


async def test_a_series_is_taken_back_as_a_whole(ana: Person, dana: Person) -> None:
    await dana.says("/session ana every two weeks Thursday 15:00 until 31 January")
    count = len((await plan(ana)).sessions)
    assert count > 2
    await dana.says("undo")
    dana.reads(f"Taken back: {count} sessions with Ana, the first Thu 26 Nov 15:00, Berlin time. None of them")
    assert {s.state for s in (await plan(ana)).sessions} == {"cancelled"}


async def test_sessions_that_were_turned_off_are_on_again(ana: Person, dana: Person) -> None:
    await dana.says("/session ana off")
    told = ana.told.text
    await dana.says("undo")
    dana.reads("Taken back: the change to the sessions with Ana.")
    assert not (await plan(ana)).sessions_off
    assert ana.told.text != told


async def test_a_note_is_gone_and_a_kept_promise_is_open_again(ana: Person, dana: Person) -> None:
    await dana.says("/note ana promise send the paper")
    await dana.says("/note ana")
    waiting = dana.told.text
    await dana.taps(dana.told.choices[0].label, on=dana.told)
    await dana.says("/note ana seems tired")
    await dana.says("undo")
    dana.reads('Taken back: your note on Ana, "seems tired". I keep it no longer.')
    await dana.says("undo")
    dana.reads('Taken back: that "send the paper" is kept. Your promise is open again.')
    assert await page(dana, "note", "ana") == waiting
    await dana.says("undo")
    dana.reads('"send the paper". I keep it no longer.')
    assert (await plan(ana)).notes == ()


async def test_a_proposal_is_taken_back_and_the_client_hears_so(ana: Person, dana: Person) -> None:
    await dana.says("/propose ana call Petra by Friday")
    offered = ana.told
    await dana.says("undo")
    dana.reads('Taken back: your note to Ana, "Call Petra". Ana hears that you took it back.')
    assert ana.told.text == 'Dana has taken back what they wrote to you: "Call Petra"'
    await ana.taps(offered.choices[0].label, on=offered)
    assert not await ana.commitments()


async def test_a_proposal_that_was_answered_stays(ana: Person, dana: Person) -> None:
    await dana.says("/propose ana call Petra by Friday")
    await ana.taps(ana.told.choices[0].label, on=ana.told)
    await dana.says("undo")
    dana.reads("Something was added to that since", "Nothing changed.")
    assert [c.text for c in await ana.commitments()] == ["Call Petra"]


async def test_a_word_to_a_client_is_taken_back(ana: Person, dana: Person) -> None:
    await dana.says("/note ana --share You let them finish")
    for _ in range(4):
        if not dana.last.token or any(c.label == "Send it" for c in dana.last.choices):
            break
        await dana.says("skip")
    await dana.taps(dana.last.choices[0].label)
    assert any("You let them finish" in m.text for m in ana.read)
    await dana.says("undo")
    dana.reads("Ana hears that you took it back")
    ana.reads("Dana has taken back what they wrote to you", "You let them finish")


async def test_a_suggested_goal_is_taken_back_until_the_client_has_taken_it_up(ana: Person, dana: Person) -> None:
    await dana.says("/goals ana: Speak up in the board")
    await dana.says("undo")
    dana.reads('Taken back: the goal "Speak up in the board".')
    ana.reads('Dana has taken back the goal they suggested: "Speak up in the board"')
    assert (await plan(ana)).goals == ()


async def test_absences_are_taken_back_and_clients_hear_what_holds(ana: Person, dana: Person) -> None:
    await dana.says("/away 1 December to 4 December")
    await dana.says("/away 7 December to 11 December")
    await dana.says("undo")
    dana.reads("You are away Tue 1 Dec to Fri 4 Dec again")
    ana.reads("Tue 1 Dec", "Fri 4 Dec")
    await dana.says("undo")
    dana.reads("Taken back: your absence.")
    read = len(ana.read)
    await dana.says("undo")
    dana.reads("your word on who joined, which holds.", "Nothing changed.")
    assert len(ana.read) == read


async def test_an_absence_with_somebody_to_read_says_what_to_do_instead(ana: Person, dana: Person) -> None:
    await ana.town.coach("kim")
    await dana.says("/away 1 December to 4 December cover Kim")
    await dana.says("undo")
    dana.reads('"away over" ends it', "Nothing changed.")


async def test_the_phase_is_as_before(ana: Person, dana: Person) -> None:
    before = await page(dana, "phase", "ana")
    await dana.says("/phase ana to coaching")
    await dana.says("undo")
    dana.reads("With Ana it is", "again.")
    assert await page(dana, "phase", "ana") == before
    ana.reads("Dana has taken back the last step.")


async def test_the_end_is_taken_back_and_another_day_of_it(ana: Person, dana: Person) -> None:
    await dana.says("/phase ana to coaching")
    for day in ("18 December", "20 December"):
        await dana.says(f"/close ana on {day}")
        await dana.taps("Close it")
    await dana.says("undo")
    dana.reads("The coaching with Ana ends on Fri 18 Dec again.")
    assert str((await plan(ana)).ends) == "2026-12-18"
    await dana.says("undo")
    dana.reads("Taken back: the end of the coaching with Ana.", "Ana hears of it")
    found = await plan(ana)
    assert (found.phase, found.ends) == ("coaching", None)
    assert "goes on" in ana.told.text


async def test_the_end_that_was_called_off_holds_again(ana: Person, dana: Person) -> None:
    await dana.says("/phase ana to coaching")
    await dana.says("/close ana on 18 December")
    await dana.taps("Close it")
    await dana.says("/close ana undo")
    await dana.says("undo")
    dana.reads("The coaching with Ana ends on Fri 18 Dec again.")
    found = await plan(ana)
    assert (found.phase, str(found.ends)) == ("closing", "2026-12-18")


async def test_the_program_and_a_review_are_as_before(ana: Person, dana: Person) -> None:
    before = await page(dana, "program", "ana")
    await dana.says("/review ana")
    await dana.says("/assessment ana")
    assert await page(dana, "program", "ana") != before
    for _ in range(2):
        await dana.says("undo")
        dana.reads("Taken back: what Ana was to be asked.")
    assert await page(dana, "program", "ana") == before


async def test_what_does_not_come_back_says_what_to_do_instead(ana: Person, dana: Person) -> None:
    await goal(ana)
    for says, instead in (
        ("/invite Ben", '"invite cancel" and the name'),
        ("/link", '"link" adds one'),
    ):
        await dana.says(says)
        await dana.says("undo")
        dana.reads(instead, "Nothing changed.")
    await agreement(dana)
    await dana.says("undo")
    dana.reads("a working agreement", "Nothing changed.")
    await coachs_ladder(dana)
    await dana.says("undo")
    dana.reads("a ladder of levels", "Nothing changed.")


async def test_of_a_coach_with_nothing_done_there_is_nothing(ana: Person, dana: Person) -> None:
    await dana.town.passes(hours=25)
    await dana.says("undo")
    dana.reads("There is nothing of the last day to take back.")
    await dana.says("/client ana")
    await dana.says("undo")
    dana.reads("There is nothing of the last day to take back.")
