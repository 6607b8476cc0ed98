"""Sessions as conversations: booked, moved, cancelled by either side; what is asked around them, and who reads it."""

from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

from bot.coaching.sessions import effects as sessions_effects
from bot.conversation.load_facts import facts
from bot.messages.outgoing import Document, Message
from storage.people import engagements, people
from tests.support.town import WELCOME, Person, Town

PREPARING = datetime(2026, 11, 25, 8, 1, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 14, 1, tzinfo=UTC)
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 1, tzinfo=UTC)


def calendar_of(message: Message) -> Any:
    assert isinstance(message.file, Document)
    assert message.file.media == "text/calendar"
    return Calendar.from_ical(message.file.text)


def statuses(message: Message) -> set[str]:
    """What the calendar is told of each event: that it takes place, or does not."""
    return {str(event["status"]) for event in calendar_of(message).walk("VEVENT")}


def with_file(person: Person) -> Message:
    return next(message for message in reversed(person.read) if message.file is not None)


def heard(person: Person, words: str) -> list[str]:
    return [message.text for message in person.read if words in message.text]


async def agenda(person: Person) -> list[tuple[str, date]]:
    """What is still to be asked around sessions, with its local day."""
    place = await person.place()
    ours = ("before-session", "after-session", "practice-echo", "brief", "coachs-note")

    def rows(connection: Any) -> list[tuple[str, date]]:
        text = "select dialogue, day from agenda where person = '%s' and state = 'open' order by day, dialogue"
        found = connection.exec_driver_sql(text % place.person).all()
        days = [(row[0], row[1] if isinstance(row[1], date) else date.fromisoformat(row[1])) for row in found]
        return [row for row in days if row[0] in ours]

    return await person.town.app.database.read(rows)


async def both(town: Town, **wishes: str) -> tuple[Person, Person]:
    ana = await town.client("ana", **wishes)
    await town.pictured()
    return ana, town.people["dana"]


async def answers(person: Person, *texts: str) -> None:
    for text in texts:
        await person.says(text)


# -- booking ---------------------------------------------------------------------------------------------------------


async def test_a_session_is_told_to_both_on_both_clocks_with_a_file_for_the_calendar(town: Town) -> None:
    ana, dana = await both(town, city="New York")
    await dana.says("session ana Thursday 15:00")
    dana.reads("Booked with Ana: Thu 26 Nov 15:00, Berlin time (09:00 in New York)")
    ana.reads("Dana has booked a session with you: Thu 26 Nov 09:00, New York time (15:00 in Berlin)")
    for calendar in (calendar_of(ana.last), calendar_of(with_file(dana))):
        assert calendar["method"] == "PUBLISH"
        assert [event["summary"] for event in calendar.events] == ["Session"]
        assert calendar.events[0].start == datetime(2026, 11, 26, 14, tzinfo=UTC)
        assert not any(name in calendar.to_ical().decode() for name in ("Ana", "Dana"))
    assert calendar_of(ana.last).events[0]["uid"] == calendar_of(with_file(dana)).events[0]["uid"]


async def test_a_series_is_booked_at_once_and_cancelled_at_once(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("/session ana every second Tuesday 10:00 until 31 January")
    dana.reads("then every 2 weeks: 5 sessions in all, the last on Tue, 19 Jan 2027")
    ana.reads("5 sessions in all")
    assert len([row for row in await agenda(ana) if row[0] == "after-session"]) == 5
    await dana.taps("Cancel the whole series", on=dana.told)
    dana.reads("Cancelled: 5 sessions")
    ana.reads("Dana has cancelled 5 sessions with you")
    assert statuses(ana.last) == {"CANCELLED"}
    assert await agenda(ana) == await agenda(dana) == []
    await ana.says("session")
    ana.reads("No session is planned just now")


async def test_what_cannot_be_read_books_nothing_and_says_how(town: Town) -> None:
    _, dana = await both(town)
    for words, said in {
        "session ana Thursday": "At what hour?",
        "session ana sometime": "couldn't read when",
        "session ana yesterday at 10": "over already",
        "session zoe Thursday 15:00": 'called "zoe"',
        "session": "No session is planned",
    }.items():
        await dana.says(f"/{words}")
        dana.reads(said)
    assert await agenda(dana) == []


# -- moving and cancelling -------------------------------------------------------------------------------------------


async def test_the_client_moves_it_with_a_tap_and_the_coach_takes_that_back(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    before = await agenda(ana)
    await ana.says("session")
    await ana.taps("Move it", on=ana.last)
    await ana.taps("Fri 27 Nov 15:00", on=ana.last)
    dana.reads("Ana has moved your session: Fri 27 Nov 15:00", "instead of Thu 26 Nov 15:00")
    event = calendar_of(dana.last).events[0]
    assert (event.start, event["sequence"]) == (datetime(2026, 11, 27, 14, tzinfo=UTC), 1)
    assert [row[0] for row in await agenda(ana)] == [row[0] for row in before]
    assert await agenda(ana) != before
    await dana.taps("Thu 26 Nov 15:00", on=dana.last)
    ana.reads("Dana has moved your session: Thu 26 Nov 15:00")
    assert calendar_of(ana.last).events[0]["sequence"] == 2
    assert await agenda(ana) == before


async def test_words_move_it_too_and_a_day_alone_keeps_the_hour(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    await ana.says("/session Friday")
    ana.reads("Moved: Fri 27 Nov 15:00")
    await dana.says("session ana move Friday 16:30")
    dana.reads("Moved: Fri 27 Nov 16:30")
    ana.reads("Dana has moved")


async def test_a_cancelled_session_asks_nothing_more_until_it_takes_place_after_all(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    planned = await agenda(ana), await agenda(dana)
    await ana.says("session")
    await ana.taps("Cancel it", on=ana.last)
    dana.reads("Ana has cancelled your session: Thu 26 Nov 15:00")
    assert statuses(dana.last) == {"CANCELLED"}
    assert await agenda(ana) == await agenda(dana) == []
    await dana.taps("Let it take place", on=dana.last)
    ana.reads("Dana says that your session takes place")
    assert statuses(ana.last) == {"CONFIRMED"}
    assert (await agenda(ana), await agenda(dana)) == planned


async def test_a_moved_session_is_not_prepared_twice_but_for_another_week(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    await town.until(PREPARING)
    assert "Energy right now?" in ana.asked.text
    await dana.says("session ana move Thursday 16:00")
    assert "before-session" not in [name for name, _ in await agenda(ana)]
    await dana.says("session ana move 3 December 15:00")
    assert ("before-session", date(2026, 12, 2)) in await agenda(ana)


async def test_another_persons_session_cannot_be_touched(town: Town) -> None:
    _, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    button = dana.told.choices[1].value
    eve = await town.client("eve", "gil")
    gil = town.people["gil"]
    for stranger in (eve, gil):
        await stranger.says(button)
        assert "Cancelled" not in stranger.last.text
    await dana.says("session ana")
    dana.reads("Thu 26 Nov 15:00")


async def test_with_two_coaches_each_sees_and_moves_their_own(town: Town) -> None:
    ana, dana = await both(town)
    gil = await town.coach("gil")
    place = await gil.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    await answers(ana, *WELCOME)
    await town.pictured()
    for message in [m for m in gil.read if m.choices and m.choices[0].value.startswith("/confirm")]:
        await gil.taps("Yes", on=message)
    await dana.says("session ana Thursday 15:00")
    await gil.says("session ana Friday 10:00")
    await ana.says("session")
    ana.reads("Session with Dana: Thu 26 Nov 15:00", "Session with Gil: Fri 27 Nov 10:00")
    await gil.says("session")
    gil.reads("Fri 27 Nov 10:00")
    assert "Thu 26 Nov" not in gil.last.text
    await town.until(PREPARING)
    assert "Your next session with Dana" in ana.asked.text


# -- around a session ------------------------------------------------------------------------------------------------


async def test_what_is_avoided_stays_private_unless_shared(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    await town.until(PREPARING)
    await answers(ana, "7", "A decision on the offer", "The team meets alone", "The talk with Sam", "no")
    await ana.says("brief")
    await town.until(WEDNESDAY)
    (brief,) = heard(dana, "Brief: Ana")
    assert "A decision on the offer" in brief
    assert "The talk with Sam" not in brief
    assert brief in ana.last.text or brief in "\n".join(message.text for message in ana.read)


async def test_commitments_come_of_a_session_and_the_coach_reads_them(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Tuesday 10:00")
    await town.until(datetime(2026, 11, 24, 12, 1, tzinfo=UTC))
    await answers(ana, "Ask first", "Call Sam by Friday\nWrite the offer", "Call Sam", "7")
    ana.reads("Dana sees these answers.")
    ana.reads("Call Sam, by Fri 27 Nov", "Write the offer, no date")
    made = await ana.commitments()
    assert [(c.text, c.due, c.confidence) for c in made] == [
        ("Call Sam", date(2026, 11, 27), 7),
        ("Write the offer", None, None),
    ]
    await dana.says("/client ana")
    dana.reads("Ask first", "Call Sam", "Write the offer")


async def test_the_coachs_note_stays_theirs_and_their_question_is_asked_once(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Tuesday 10:00")
    await town.until(datetime(2026, 11, 24, 12, 1, tzinfo=UTC))
    await dana.taps("Offer a lighter rhythm")
    await answers(dana, "Asking first", "How did the call feel?", "She looked tired")
    await dana.taps("Tue 1 Dec 10:00")
    assert "Booked with Ana: Tue 1 Dec 10:00" in "\n".join(m.text for m in dana.read[-3:])
    assert heard(ana, "Dana suggests a lighter rhythm")
    await answers(ana, "skip", "skip", "skip", "skip")
    await ana.says("/checkin")
    await ana.says("skip")
    ana.reads("Dana asks: How did the call feel?")
    await ana.says("Easier than I thought")
    await dana.says("/client ana")
    dana.reads("How did the call feel? Easier than I thought")
    assert not any("tired" in message.text for message in ana.read)
    await answers(ana, "A quiet hour", "skip", "skip")
    await dana.says("/client ana")
    dana.reads("How did the call feel? Easier than I thought")  # whatever is answered after it
    await ana.says("/checkin")
    await ana.says("skip")
    assert "Dana asks" not in ana.last.text


async def test_practice_is_asked_about_three_working_days_later(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Tuesday 10:00")
    await town.until(datetime(2026, 11, 24, 12, 1, tzinfo=UTC))
    await answers(ana, *["skip"] * 4)
    assert ("practice-echo", date(2026, 11, 27)) in await agenda(ana)


async def test_a_journey_moves_what_is_asked_and_not_the_session(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana 3 December 15:00")
    await ana.says("/travel New York until 11 December")
    await ana.says("session")
    ana.reads("Thu 3 Dec 09:00, New York time (15:00 in Berlin)")
    assert ("before-session", date(2026, 12, 1)) in await agenda(ana)


async def test_a_pause_over_a_session_leaves_it_and_asks_nothing(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("session ana Thursday 15:00")
    await ana.says("/pause until Friday")
    assert "before-session" not in [name for name, _ in await agenda(ana)]
    await ana.says("/resume")
    assert ("before-session", date(2026, 11, 25)) in await agenda(ana)


# -- notes, words, thinking ------------------------------------------------------------------------------------------


async def test_notes_are_kept_listed_and_never_shown(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("note ana Sharp today, tired too")
    dana.reads("Ana is not shown your notes")
    await dana.says("note ana promise Send the article")
    dana.reads("Ana can read it")
    await dana.says("note ana")
    dana.reads("Sharp today", "your promise: Send the article")
    await ana.says("brief")
    ana.reads("Send the article")
    assert "Sharp" not in ana.last.text
    await dana.taps(dana.last.choices[0].label, on=dana.last)
    dana.reads("as kept")
    await ana.says("brief")
    assert "Send the article" not in ana.last.text
    await ana.says("/whatmycoachsees")
    assert "Sharp" not in ana.last.text


async def test_a_word_reaches_the_client_and_the_answer_the_coach(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("note ana --share")
    await answers(dana, "none", "You let Sam finish", "He spoke up", "Try it in the board")
    assert "You let Sam finish" in dana.asked.text
    assert not heard(ana, "A word from Dana")
    await dana.taps("Send it")
    ana.reads("A word from Dana", "You let Sam finish", "Try it in the board")
    await ana.taps("Let us talk", on=ana.last)
    dana.reads("Ana would like to talk over your word")
    await dana.says("/clients")
    dana.reads("asks for a call")


async def test_thinking_ends_in_a_commitment_and_shows_what_the_client_says(town: Town) -> None:
    ana, dana = await both(town)
    await ana.says("stuck")
    await answers(ana, "Something else", "Peace", "Noise", "Nothing", "Talk to Sam\nWalk\nFly to Mars")
    await ana.taps("Talk to Sam")
    await answers(ana, "By Friday, if he is in", "The commitment only")
    ana.reads("as a commitment: Talk to Sam", "not the thinking")
    (made,) = await ana.commitments()
    assert (made.text, made.due) == ("Talk to Sam", date(2026, 11, 27))
    await dana.says("/client ana")
    dana.reads("Talk to Sam")
    assert "Noise" not in dana.last.text


async def test_a_second_slip_is_offered_another_angle(town: Town) -> None:
    ana, dana = await both(town)
    slip = ("/checkin", "Not yet", "A new day", "today", "skip", "8", "8", "skip", "skip")
    await answers(ana, "/commit Call Sam by today", "9", "done", *slip)
    assert not heard(ana, "Another angle")
    await answers(ana, *slip)
    await ana.taps("Another angle", on=next(m for m in reversed(ana.read) if m.choices and not m.token))
    ana.reads("Who else is touched by this?")
    await answers(ana, "Sam", "That I avoid him", "Call now", "It is about me", "yes")
    await dana.says("/client ana")
    dana.reads("It is about me")
    assert "I avoid him" not in dana.last.text


async def test_of_the_coachs_notes_only_what_was_meant_for_them_ever_reaches_a_clients_facts(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("note ana She looked tired")
    await dana.says("note ana promise Send the article")
    place = await ana.place()

    def notes_in_facts(connection: Any) -> list[str]:
        known = people.person(connection, place.person)
        assert known is not None
        found = facts(connection, known, town.clock())
        return [note.text for plan in found.plans.values() for note in plan.notes]

    assert await town.app.database.read(notes_in_facts) == ["Send the article"]


async def test_storage_itself_refuses_whoever_is_not_one_of_the_two(town: Town) -> None:
    ana, _ = await both(town)
    gil = await town.coach("gil")
    mine, other = await ana.place(), await gil.place()

    def pairs(connection: Any) -> list[bool]:
        (coached,) = engagements.engagements_as_client(connection, mine.person)
        return [
            sessions_effects.pair_of(connection, coached.engagement.id, person) is not None
            for person in (mine.person, coached.engagement.coach, other.person)
        ]

    assert await town.app.database.read(pairs) == [True, True, False]


# -- absences --------------------------------------------------------------------------------------------------------


async def test_clients_hear_when_their_coach_is_away_and_a_call_says_so_at_once(town: Town) -> None:
    ana, dana = await both(town)
    await dana.says("away until Friday")
    dana.reads("from Mon 23 Nov to Fri 27 Nov")
    ana.reads("Dana is away from Mon 23 Nov to Fri 27 Nov")
    await ana.says("callme")
    ana.reads("Dana is away until Fri 27 Nov")
    dana.reads("Ana asks you to call")
    await dana.says("away over")
    ana.reads("Dana is back")
    await ana.says("callme")
    assert "away" not in ana.last.text
