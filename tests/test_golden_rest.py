"""Golden transcripts of the dialogues that come seldom, in Telegram, each by its plainest answers."""

from functools import partial
from typing import Any

import pytest

from storage.people import engagements
from storage.programme import agenda
from tests.support.town import Person, Town, town_on
from tests.test_golden import compare

OF_CLIENTS = (
    *("monday-focus", "daily-checkin", "daily-review", "one-tap", "coming-back", "welcome-back", "last-note"),
    *("delete", "revision"),
)
OF_COACHES = ("program-change",)
LONGEST = 12  # questions of one dialogue


@pytest.mark.parametrize("seat", ["telegram"], indirect=True)  # one platform a story
async def test_what_is_seen_of_the_dialogues_that_come_seldom(sqlite_fresh: str, seat: Any) -> None:
    town = town_on(sqlite_fresh, seat)
    async with town.open():
        ana = await town.client("ana")
        await town.check_ins_only()
        for words in ("/commit Call Sam by 4 December", "9", "Clear enough"):
            await ana.says(words)
        for dialogue in OF_CLIENTS:
            await opened(town, ana, dialogue)
        for dialogue in OF_COACHES:
            await opened(town, town.people["dana"], dialogue)
        await town.coach("kim")
        for words in ("/away 1 December to 12 December cover Kim", "/handover Ana to Kim"):
            await town.people["dana"].says(words)
            await town.passes(minutes=40)
            await ana.taps(ana.asked.choices[-1].label)
        for user in ("ana", "dana"):
            compare(f"{seat.name}-seldom-{user}", seat.screen(town.people[user]))


async def opened(town: Town, person: Person, dialogue: str) -> None:
    """The bot opens a dialogue of its own accord; it is answered by the first button, or with a line."""
    place, client = await person.place(), await town.people["ana"].place()
    own = await town.app.database.read(partial(engagements.engagements_as_client, wanted=client.person))
    await town.app.database.transact(
        partial(
            agenda.schedule,
            person=place.person,
            engagement=own[0].engagement.id,
            dialogue=dialogue,
            day=town.clock().date(),
            due_at=town.clock(),
        )
    )
    await town.passes(minutes=40)
    for _ in range(LONGEST):
        if not person.last.token:
            return
        choices = person.last.choices
        await (person.taps(choices[0].label, on=person.last) if choices else person.says("A line of words"))
    await person.says("cancel")
