"""Before their yes nothing reaches a client but the welcome's own question and its one reminder; then, what waited."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from bot.features import CARDS
from bot.model.roles import Who
from tests.support.beginnings import played_once
from tests.support.said import said
from tests.support.town import WELCOME, Person, Town

# What may stand behind a client's name, for whatever command there is; a card's own words come on top.
BEHIND = (
    *("", "Thursday 15:00", "Thursday 15:00 every week until 18 December", "Call Petra by Friday", "off", "on", "undo"),
    *("--share You were clear on Tuesday.", "change", "new Learn to wait", "levels", "lighter", "to Kim", "to closing"),
    *("to coaching", "on 30 December", "strengths-and-direction on", "first-picture", "1", "done"),
)
ALONE = ("", "1 December to 12 December cover Kim", "Kim", "tomorrow to Friday", "next week")
COACHS = sorted(verb for verb, by_role in CARDS.items() if by_role.keys() & {Who.COACH, Who.EITHER})


@played_once
async def unanswered(town: Town) -> tuple[Person, Person]:
    """Dana, her colleague Kim, and Ana, who reads the welcome and has not said a word yet."""
    ana = await town.invited("ana")
    await town.coach("kim")
    return ana, town.people["dana"]


async def answers(person: Person) -> None:
    """Answer what is asked, by the first button, in words, or not at all; then leave it."""
    for _ in range(14):
        if not await person.open_prompts():
            return
        taps = [choice.value for choice in person.asked.choices if not choice.value.startswith("!")]
        await (person.taps(taps[0]) if taps else person.says("Thursday 15:00, on how to hand over"))
    await person.says("cancel")


def lines(verb: str) -> Iterable[str]:
    own = (word for card in CARDS[verb].values() for word in sorted(card.own_words))
    yield from (f"/{verb} {words}".rstrip() for words in ALONE)
    yield from (f"/{verb} ana {words}".rstrip() for words in (*BEHIND, *own))


# -- the law ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", COACHS)
async def test_whatever_a_coach_says_a_client_reads_nothing_before_their_yes(town: Town, verb: str) -> None:
    ana, dana = await unanswered(town)
    read = len(ana.read)
    for line in lines(verb):
        await dana.says(line)
        await answers(dana)
        assert [m.text for m in ana.read[read:]] == [], line
    await town.passes(days=40)
    assert [m.text for m in ana.read[read:] if not m.token] == []
    assert len(ana.read) <= read + 1


# -- what becomes of it ----------------------------------------------------------------------------------------------


WAITS = said("waits_for_yes", names="Ana")


async def agrees(person: Person) -> list[str]:
    """Go through the welcome, and give back what was read that is neither asked nor said by it."""
    read = len(person.read)
    for line in WELCOME:
        await person.says(line)
    rest = [message for message in person.read[read:] if not message.token]
    return [message.text for message in rest if not message.text.startswith("All right.")]


async def test_a_session_that_was_moved_meanwhile_is_told_once_and_as_it_stands(town: Town) -> None:
    ana, dana = await unanswered(town)
    for line in ("/session ana 3 December 15:00", "/session ana 10 December 15:00"):
        await dana.says(line)
        dana.reads(WAITS)
    await dana.says("/session ana 24 November 15:00")
    await town.passes(days=2)
    told = await agrees(ana)
    assert ["3 Dec 15:00" in told[0], "10 Dec 15:00" in told[1], len(told)] == [True, True, 2]
    assert "Dana has booked a session with you" in told[0]
    await ana.says("session")
    ana.reads("3 Dec")


async def test_a_session_that_was_cancelled_meanwhile_was_never_there(town: Town) -> None:
    ana, dana = await unanswered(town)
    await dana.says("/session ana 3 December 15:00")
    await dana.says("/session ana cancel")
    await answers(dana)
    assert await agrees(ana) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/note ana --share You were clear on Tuesday.", "You were clear on Tuesday."),
        ("/propose ana Call Petra by Friday", 'Dana proposes: "Call Petra", by Fri 27 Nov.'),
        ("/away 1 December to 12 December", "Dana is away"),
        ("/session ana off", "Dana has turned sessions off here"),
    ],
)
async def test_what_was_said_meanwhile_is_read_after_the_yes_and_the_coach_knows_that_it_waits(
    town: Town, line: str, told: str
) -> None:
    ana, dana = await unanswered(town)
    await dana.says(line)
    await answers(dana)
    assert sum(WAITS in message.text for message in dana.read) == 1
    await town.passes(days=1)
    (read,) = await agrees(ana)
    assert told in read
    await dana.says(line)
    assert sum(WAITS in message.text for message in dana.read) == 1


@pytest.mark.parametrize("back", ["/away back", "/close ana undo"])
async def test_what_was_taken_back_meanwhile_is_not_told_at_all(town: Town, back: str) -> None:
    ana, dana = await unanswered(town)
    await dana.says("/away 1 December to 12 December" if "away" in back else "/close ana on 30 December")
    await answers(dana)
    assert WAITS in dana.last.text
    await dana.says(back)
    assert await agrees(ana) == []


async def test_an_absence_that_is_over_by_the_yes_is_not_told(town: Town) -> None:
    ana, dana = await unanswered(town)
    await dana.says("/away tomorrow to Friday")
    await town.passes(days=10)
    assert await agrees(ana) == []


async def test_not_now_keeps_it_for_the_yes_that_comes_later(town: Town) -> None:
    ana, dana = await unanswered(town)
    await dana.says("/propose ana Call Petra by 18 December")
    await ana.says("not now")
    await town.passes(days=3)
    await ana.says("start")
    (read,) = await agrees(ana)
    assert "Call Petra" in read


async def test_what_the_programme_asks_meanwhile_is_asked_after_the_yes_however_late(town: Town) -> None:
    ana, dana = await unanswered(town)
    await dana.says("/assessment ana")
    assert WAITS in dana.last.text
    await town.passes(days=45)
    await agrees(ana)
    asked = len(ana.read)
    for _ in range(7):
        await town.passes(days=1)
        await answers(ana)
    assert any("strengths" in message.text.lower() for message in ana.read[asked:] if message.token)


# -- two coaches -----------------------------------------------------------------------------------------------------


async def of_two(town: Town, *, sees: str = "All of that") -> tuple[Person, Person, Person]:
    """Ana works with Dana, and has been invited by Eve, whom she has not answered."""
    ana = await town.client("ana", sees=sees)
    eve = await town.coach("eve")
    place = await eve.place()
    await ana.says(f"join {await town.code('client', place.person, 'Ana', 'Europe/Berlin')}")
    await eve.taps("Yes", on=next(m for m in eve.read if m.choices and "/confirm" in m.choices[0].value))
    return ana, town.people["dana"], eve


async def test_a_yes_to_one_coach_is_none_to_another(town: Town) -> None:
    ana, dana, eve = await of_two(town)
    read = len(ana.read)
    await eve.says("/propose ana Call Petra by Friday")
    eve.reads(WAITS)
    await eve.says("/session ana Thursday 15:00")
    await dana.says("/propose ana Write to Kim by Friday")
    assert [("Kim" in m.text, "Petra" in m.text) for m in ana.read[read:]] == [(True, False)]
    await town.until(datetime(2026, 11, 26, 18, tzinfo=UTC))
    assert not any("Eve" in m.text for m in ana.read[read:] if not m.token)


@pytest.mark.parametrize(
    ("answers_given", "dana_sees"), [(("No thank you",), True), (("Start", "All of that", "Fits", "skip"), False)]
)
async def test_what_is_said_to_one_coach_holds_for_that_one(
    town: Town, answers_given: tuple[str, ...], dana_sees: bool
) -> None:
    ana, dana, _ = await of_two(town, sees="All of that" if dana_sees else "Nothing")
    for answer in answers_given:
        await ana.says(answer)
    await dana.says("/client ana")
    assert ("shows you nothing" not in dana.last.text) is dana_sees
    read = len(ana.read)
    await town.passes(days=5)
    assert any("check-in" in message.text for message in ana.read[read:])


# -- what takes the question away ------------------------------------------------------------------------------------


async def test_who_was_not_meant_is_told_at_once_and_reads_nothing_more(town: Town) -> None:
    ana = await town.invited("ana", confirmed=False)
    dana = town.people["dana"]
    await dana.says("/confirm ana no")
    ana.reads("Dana")
    read = len(ana.read)
    await town.passes(days=10)
    assert len(ana.read) == read
