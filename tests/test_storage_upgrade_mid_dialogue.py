"""A database of a release is opened by the code of today, and everybody in it goes on where they stood.

`data/release_cb40dc5.sql` was left by a town of that commit on Friday 27 November 2026 at nine: Dana coaches; Ana has
answered the first item of the week's check-in, Ben the first question after his session, Cleo two of the welcome; an
edit of Zoe's had raised; what Eve asked for was written and had not left.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.clock import SetClock
from bot.model.commitments.values import Standing
from bot.settings import Settings
from storage.database.migrate import upgrade
from tests.support.seats import ConsoleSeat
from tests.support.town import Person, Town

DATA = Path(__file__).parent / "data"
FRIDAY = datetime(2026, 11, 27, 8, 10, tzinfo=UTC)  # ten past nine in Berlin
MADE = 1_000  # events are numbered on from here; the release had made fewer


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """The town of the release, its database brought up to date."""
    file = tmp_path / "release.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((DATA / "release_cb40dc5.sql").read_text(encoding="utf-8"))
    url, key = f"sqlite:///{file}", (DATA / "release_cb40dc5_key.txt").read_text(encoding="utf-8").strip()
    upgrade(url)
    made = Town(
        settings=Settings(database_url=url, encryption_keys=key), clock=SetClock(FRIDAY), seat=ConsoleSeat(made=MADE)
    )
    for user in ("dana", "ana", "ben", "cleo", "zoe", "eve"):
        made.meet(user)
    async with made.open():
        yield made


async def answers(person: Person, *texts: str) -> None:
    for text in texts:
        await person.says(text)


async def test_the_weeks_check_in_goes_on_at_its_second_item(town: Town) -> None:
    ana, dana = town.people["ana"], town.people["dana"]
    await ana.says("progress")
    ana.reads("Write the plan, due Thu 26 Nov. How did it go?")
    await answers(ana, "done")
    ana.reads("Energy this week?")
    await answers(ana, "7", "Sam was glad", "skip")
    assert not ana.last.token
    assert [(c.text, c.standing) for c in await ana.commitments()] == [
        ("Call Sam", Standing.DONE),
        ("Write the plan", Standing.DONE),
    ]
    await dana.says("client ana")
    dana.reads("Sam was glad", "7")


async def test_the_questions_after_a_session_go_on_at_the_second(town: Town) -> None:
    ben, dana = town.people["ben"], town.people["dana"]
    await answers(ben, "Ask sooner", "Write the brief by Friday", "That's all")
    ben.reads('How confident are you about "Write the brief"?')
    await answers(ben, "8", "More examples", "yes")
    assert not ben.last.token
    (promise,) = await ben.commitments()
    assert (promise.text, promise.due, promise.confidence) == ("Write the brief", date(2026, 12, 4), 8)
    assert ("after-session", "useful", "9") in await ben.answers()
    await dana.says("client ben")
    dana.reads("Ask sooner", "Write the brief")


async def test_the_welcome_goes_on_and_the_rhythm_begins(town: Town) -> None:
    cleo = town.people["cleo"]
    await cleo.says("start")
    cleo.reads("Which city are you in?")
    await answers(cleo, "Berlin", "Monday to Friday", "Weekly", "Friday", "09:00", "Cleo", "No")
    assert not cleo.last.token
    await town.until(datetime(2026, 12, 4, 8, 1, tzinfo=UTC))
    cleo.reads("What one step would you take this week?")


async def test_an_edit_that_had_raised_is_replayed_as_an_edit(town: Town) -> None:
    zoe = town.people["zoe"]
    assert await town.app.conversation.retry_failed(town.clock()) == 1
    await town.settled()
    zoe.reads("Changed to: Buy hemlock.")
    await answers(zoe, "8", "Fine as it is")
    (promise,) = await zoe.commitments()
    assert (promise.text, promise.due) == ("Buy hemlock", date(2026, 12, 1))


async def test_what_had_not_left_leaves_once(town: Town) -> None:
    eve = town.people["eve"]
    assert [message.text for message in eve.read] == ["Nothing is open just now."]
    assert (await town.outbox_counts()).get("pending", 0) == 0
    await town.settled()
    assert len(eve.read) == 1
