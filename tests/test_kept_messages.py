"""What a client keeps from the coach is asked about in messages of its own, which count for nothing else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest

from storage.people import people
from storage.programme import occurrences
from tests.support.beginnings import played_once
from tests.support.town import MONDAY, Person, Town, town_on

WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
async def town(sqlite_fresh: str) -> AsyncIterator[Town]:
    async with town_on(sqlite_fresh).open() as opened:
        yield opened


@played_once
async def promised(town: Town) -> tuple[Person, Person]:
    """Ana keeps one promise to herself, and shares another of the same day."""
    ana = await town.client("ana")
    await ana.says("/commit private: look for another job by wednesday")
    for _ in range(2):
        await ana.says("skip")
    await ana.says("/commit Call Kim by wednesday")
    for _ in range(2):
        await ana.says("skip")
    return ana, town.people["dana"]


def asked(ana: Person, words: str) -> int:
    return sum(bool(message.token) and words in message.text.casefold() for message in ana.read)


async def test_it_comes_behind_what_is_shared_and_is_no_part_of_it(town: Town) -> None:
    ana, _ = await promised(town)
    await town.until(WEDNESDAY)
    assert (asked(ana, "call kim"), asked(ana, "another job")) == (1, 0)
    await ana.taps("Done", on=ana.asked)
    await town.until(WEDNESDAY + timedelta(hours=2))
    assert asked(ana, "another job") == 1
    await ana.taps("Done")
    ana.reads('"Look for another job" is done. It is not shown to your coach.')


async def test_it_says_when_it_is_asked_about_and_that_the_coach_sees_nothing(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit private: look for another job by saturday")
    for _ in range(2):
        await ana.says("skip")
    ana.reads("I'll ask on Mon 30 Nov.")
    assert not any("Dana" in message.text for message in ana.read[-3:])


async def test_it_waits_for_an_open_question_and_neither_ends_nor_repeats_it(town: Town) -> None:
    ana, dana = await promised(town)
    await town.until(WEDNESDAY)
    question = ana.asked
    await town.until(WEDNESDAY + timedelta(hours=8))
    assert asked(ana, "another job") == 0
    await ana.taps("Done", on=question)
    await dana.says("/client ana")
    dana.reads("Ana: answered this week")


async def test_it_is_not_reminded_of_and_missing_it_is_no_silence(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await ana.says("/commit private: look for another job by wednesday")
    for _ in range(2):
        await ana.says("skip")
    await town.until(WEDNESDAY + timedelta(days=1, hours=8))
    assert asked(ana, "another job") == 1
    await dana.says("/client ana")
    dana.reads("Ana: not asked this week")


@pytest.mark.parametrize("rest", ["/pause", "/stop"])
async def test_it_is_not_asked_while_nothing_is(town: Town, rest: str) -> None:
    ana, _ = await promised(town)
    await ana.says("/commit private: therapy twice a week")
    await ana.taps("Right")
    await ana.says(rest)
    await town.passes(days=9)
    assert (asked(ana, "another job"), asked(ana, "therapy: how many")) == (0, 0)


async def test_a_habit_of_their_own_is_counted_in_a_message_of_its_own(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit private: therapy twice a week")
    ana.reads("It is not shown to your coach.")
    await ana.taps("Right")
    await town.until(MONDAY + timedelta(days=4, minutes=-59))
    assert asked(ana, "therapy: how many") == 0
    for _ in range(8):
        if "Therapy" in ana.asked.text:
            break
        await ana.says("skip")
        await town.passes(hours=1)
    ana.reads("Therapy: how many of 2 this week?")
    await ana.says("1")
    ana.reads("Therapy: 1 of 2.")


async def test_a_habit_of_their_own_takes_no_place_in_the_rhythm(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/commit private: meditate every weekday")
    await ana.taps("Ask me on the days too")
    await town.until(MONDAY + timedelta(days=1, hours=8))
    assert asked(ana, "meditate: done today?")
    person = (await ana.place()).person
    memory = await town.app.database.read(partial(occurrences.memory, person=person, since=MONDAY.date()))
    assert memory.asked == frozenset()


async def missed(ana: Person) -> int:
    """How many prompts in a row stayed without an answer, as the coach's signals count them."""
    place = await ana.place()
    known = await ana.town.app.database.read(partial(people.person, wanted=place.person))
    assert known is not None
    return known.wishes.unanswered


@played_once
async def silent(town: Town) -> Person:
    """Ana, who has a private promise and a shared one, and answers nothing for two weeks."""
    ana, _ = await promised(town)
    await town.passes(days=15)
    assert await missed(ana) > 1
    return ana


PRIVATELY = (
    "/private a bad week",
    "/commit private: see the doctor by friday",
    "/log another job done",
    "/log 99 done",
)


@pytest.mark.parametrize("said", PRIVATELY)
async def test_private_words_are_no_sign_of_life(town: Town, said: str) -> None:
    ana = await silent(town)
    before = await missed(ana)
    await ana.says(said)
    assert await missed(ana) == before


async def test_nor_is_an_answer_in_private_but_any_other_is(town: Town) -> None:
    ana = await silent(town)
    before = await missed(ana)
    await ana.says("/commit private: see the doctor by friday")
    await ana.says("7")
    assert await missed(ana) == before
    await ana.says("/progress")
    assert await missed(ana) == 0


async def test_an_undo_of_what_is_kept_is_none_either(town: Town) -> None:
    ana = await silent(town)
    await ana.says("/commit private: see the doctor by friday")
    for _ in range(2):
        await ana.says("skip")
    before, read = await missed(ana), len(ana.read)
    await ana.says("/undo")
    assert "See the doctor" in "".join(message.text for message in ana.read[read:])
    assert await missed(ana) == before


async def test_only_shared_answers_make_a_check_in_answered_in_part(town: Town) -> None:
    ana = await town.client("ana")
    dana = town.people["dana"]
    await town.until(MONDAY + timedelta(days=4))
    await ana.says("private")
    await ana.says("4", hangs_on=ana.asked)
    await town.passes(days=5)
    await dana.says("/client ana")
    dana.reads("Ana: asked this week, no answer yet")


@pytest.mark.parametrize(("three", "one"), [("private: ", ""), ("", "private: ")])
async def test_three_open_things_are_counted_without_what_is_kept(town: Town, three: str, one: str) -> None:
    ana = await town.client("ana")
    for what in (f"{three}find the plan", f"{three}call Kim", f"{three}see Tom", f"{one}write to Eve"):
        await ana.says(f"/commit {what} by friday")
        for _ in range(4):
            if await ana.open_prompts():
                assert "could wait" not in ana.asked.text
                await ana.says("skip")


async def test_what_follows_from_a_private_report_is_nothing_that_the_coach_hears(town: Town) -> None:
    ana = await silent(town)
    dana = town.people["dana"]
    before = len(dana.read)
    await ana.says("/log another job done")
    assert not await ana.open_prompts() or "Welcome back" not in ana.last.text
    assert len(dana.read) == before


async def test_a_goal_of_their_own_is_reviewed_alone(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/goals new")
    await ana.says("private")
    await ana.says("Leave by summer")
    for _ in range(8):
        if not await ana.open_prompts():
            break
        await ana.says("yes" if "Shall that be" in ana.asked.text else "skip")
    await ana.says("/review")
    ana.reads("the goals that you keep to yourself", "not shown to your coach")
