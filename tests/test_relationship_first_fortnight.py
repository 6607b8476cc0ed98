"""The first fortnight of a client who answers whatever is asked, with a first session on the eleventh day."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.engine.dialogue.tree import Kind
from tests.support.town import MONDAY, Person, Town

SESSION = datetime(2026, 12, 3, 14, tzinfo=UTC)  # day eleven, from the Monday of the welcome on; three in Berlin
END = datetime(2026, 12, 6, 23, tzinfo=UTC)
MOST = 20
BELONGS = {
    *("welcome", "first-promise", "due-today", "weekly-checkin", "agreement-confirm"),
    *("first-picture", "before-session", "after-session"),
}


async def answers_all(person: Person) -> None:
    """Answer as long as something is asked, by the first button or in words."""
    for _ in range(12):
        if not await person.open_prompts():
            return
        taps = [choice.value for choice in person.asked.choices if not choice.value.startswith("!")]
        if person.asked.kind in (Kind.DATE, Kind.CHOICES):
            await person.says("skip")
        else:
            await (person.taps(taps[0]) if taps else person.says("Ask Sam what he would change"))
    raise AssertionError(f"it never ends: {person.last.text!r}")


async def a_day_at_a_time(person: Person, until: datetime) -> None:
    """Let time pass by half hours, and answer at once."""
    town = person.town
    while town.clock.now < until:
        await town.until(min(town.clock.now + timedelta(minutes=30), until))
        await answers_all(person)


async def agrees(ana: Person, dana: Person) -> None:
    """The coach words how they will work, and the client says yes to it."""
    await dana.says("/agreement ana")
    await answers_all(dana)
    await ana.says("/agreement")
    await ana.taps("I agree")


async def test_at_most_twenty_answers_are_asked_before_the_first_session(town: Town) -> None:
    ana = await town.client("ana", what="Hand over the Q2 plan by Wednesday")
    dana = town.people["dana"]
    await answers_all(ana)
    await agrees(ana, dana)
    await dana.says("session ana 3 December 15:00")
    await a_day_at_a_time(ana, SESSION)
    before = Counter(dialogue for dialogue, _, _ in await ana.answers())
    assert before["first-picture"] == 4
    assert before["due-today"] >= 1
    assert sum(before.values()) <= MOST, before
    await a_day_at_a_time(ana, END)
    whole = Counter(dialogue for dialogue, _, _ in await ana.answers())
    assert whole.keys() <= BELONGS
    assert whole["after-session"] >= 1


# Rhythms as they are said in the welcome.
RHYTHMS = ("Fridays", "Every two weeks", "As little as possible", "Mondays", "Every two weeks, Wednesdays", "daily")


@pytest.mark.parametrize("day", [day for day in range(3, 15) if (MONDAY + timedelta(days=day)).weekday() < 5])
@pytest.mark.parametrize("rhythm", RHYTHMS)
async def test_twenty_answers_at_most_in_any_rhythm_and_whenever_the_first_session_is(
    town: Town, rhythm: str, day: int
) -> None:
    ana, dana = await town.client("ana", pace=rhythm, what="Hand over the Q2 plan by Wednesday"), town.people["dana"]
    await answers_all(ana)
    await agrees(ana, dana)
    session = datetime.combine((MONDAY + timedelta(days=day)).date(), time(14), UTC)
    await dana.says(f"/session ana {session:%-d %B} 15:00")
    await a_day_at_a_time(ana, session)
    before = Counter(dialogue for dialogue, _, _ in await ana.answers())
    assert before["first-picture"] == 4
    assert before.keys() <= (BELONGS - {"weekly-checkin"} | {"daily-checkin"} if rhythm == "daily" else BELONGS)
    assert sum(before.values()) <= MOST, before


async def test_nothing_but_the_rhythm_is_asked_of_who_has_no_session_yet(town: Town) -> None:
    ana = await town.client("ana")
    await a_day_at_a_time(ana, END)
    asked = Counter(dialogue for dialogue, _, _ in await ana.answers())
    assert asked.keys() <= {"welcome", "first-promise", "weekly-checkin", "due-today"}
    assert sum(asked.values()) <= MOST


async def test_strengths_come_only_when_the_coach_sends_them(town: Town) -> None:
    ana, dana = await town.client("ana"), town.people["dana"]
    await a_day_at_a_time(ana, END + timedelta(days=14))
    assert "strengths-and-direction" not in {dialogue for dialogue, _, _ in await ana.answers()}
    await dana.says("assessment ana")
    dana.reads("Ana gets five questions on strengths and direction")
    await a_day_at_a_time(ana, END + timedelta(days=16))
    assert "strengths-and-direction" in {dialogue for dialogue, _, _ in await ana.answers()}
