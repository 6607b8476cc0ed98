"""After a session: what was taken away, what comes of it, how sure of the shakiest; its worth after every third one."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from bot.model.people.answers import Audience
from storage.programme import commitments
from tests.support.town import Person, Town

TUESDAY = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)  # two hours after the first session
WORTH = "How useful was it?"


async def after_one(town: Town) -> tuple[Person, Person]:
    """A client who is asked after the first session, and the coach."""
    ana = await town.client("ana")
    dana = town.people["dana"]
    await town.pictured()
    await dana.says("session ana Tuesday 10:00")
    await town.until(TUESDAY)
    ana.reads("After your session with Dana", "What is your main takeaway?")
    return ana, dana


async def says(person: Person, *texts: str) -> None:
    for text in texts:
        await person.says(text)


async def test_of_several_the_shakiest_is_rated_and_no_other(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday\nWrite the offer by 4 December")
    ana.reads("Which is the shakiest?")
    await ana.taps("Write the offer")
    ana.reads('How sure are you about "Write the offer"')
    await ana.taps("8")
    ana.reads("Call Sam, by Fri 27 Nov", "Write the offer, by Fri 4 Dec")
    assert not ana.last.token
    assert [(c.text, c.confidence) for c in await ana.commitments()] == [("Call Sam", None), ("Write the offer", 8)]


async def test_a_single_one_is_rated_at_once(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday", "That's all")
    ana.reads('How sure are you about "Call Sam"')
    await ana.taps("8")
    assert [(c.text, c.confidence) for c in await ana.commitments()] == [("Call Sam", 8)]


async def test_nothing_promised_is_nothing_to_rate(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "nothing")
    assert not ana.last.token
    assert await ana.commitments() == ()


async def test_a_habit_is_counted_and_not_rated(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "gym Mon Wed Fri\nCall Sam by Friday")
    ana.reads('How sure are you about "Call Sam"')


async def test_a_low_number_asks_what_would_make_it_surer(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday\nWrite the offer by 4 December", "2", "6")
    ana.reads("What would you change to make that an 8")
    await ana.says("only the outline by Thursday")
    ana.reads("Call Sam, by Fri 27 Nov", "Write the offer (only the outline), by Thu 26 Nov")
    made = await ana.commitments()
    assert [(c.text, c.due, c.confidence) for c in made] == [
        ("Call Sam", date(2026, 11, 27), None),
        ("Write the offer (only the outline)", date(2026, 11, 26), None),
    ]


async def test_another_day_alone_keeps_the_words_and_the_number(town: Town) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday", "That's all", "6", "4 December")
    assert [(c.text, c.due, c.confidence) for c in await ana.commitments()] == [("Call Sam", date(2026, 12, 4), 6)]


async def test_what_is_smaller_in_private_is_private(town: Town) -> None:
    ana, dana = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday\nWrite the offer", "1", "4", "private: only if I dare")
    assert [c.audience for c in await ana.commitments()] == [Audience.PRIVATE, Audience.COACH]
    await dana.says("client ana")
    assert "dare" not in dana.last.text


async def test_what_was_taken_away_is_skipped_with_one_tap(town: Town) -> None:
    ana, _ = await after_one(town)
    await ana.taps("Nothing this time")
    ana.reads("What will you do, and by when?")


async def test_its_worth_is_asked_after_every_third_session_and_shown_only_with_a_yes(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await town.pictured()
    await dana.says("session ana every Tuesday 10:00 until 31 January")
    asked = []
    for week in range(6):
        await town.until(TUESDAY + timedelta(days=7 * week))
        while "main takeaway" not in ana.asked.text:
            await ana.says("skip")
        await says(ana, "Ask first", "nothing")
        asked.append(WORTH in ana.last.text)
        if asked[-1]:
            await says(ana, "4", "Less theory", "no" if week == 2 else "yes")
            ana.reads("Dana sees these answers")
            await dana.says("/client ana")
            assert ("Less theory" in dana.last.text) == (week > 2)
        while await ana.open_prompts():
            await ana.says("skip")
    assert asked == [False, False, True, False, False, True]
    place = await ana.place()
    given = await town.app.database.read(partial(commitments.ratings, person=place.person, since=date(2026, 11, 1)))
    worth = [(r.value, r.audience.value) for r in given if r.kind == "usefulness"]
    assert worth == [(4, "private"), (4, "coach")]


@pytest.mark.parametrize("said", ["6", "7"])
async def test_up_to_six_and_no_further(town: Town, said: str) -> None:
    ana, _ = await after_one(town)
    await says(ana, "Ask first", "Call Sam by Friday", "That's all", said)
    assert ("make that an 8" in ana.last.text) == (said == "6")
