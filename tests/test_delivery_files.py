"""Files on every platform: asked for in a conversation, made when they leave, and there once."""

import asyncio
import json
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.attachments import Filing
from bot.messages.incoming import Address
from bot.messages.outgoing import Choice, Document, Message
from bot.messages.sending import Parcel
from bot.model.chart_data import Chart, Point, Series
from handlers.console.messenger import ConsoleMessenger
from handlers.console.screen import render
from storage.outbox import rows as outbox
from tests.support.town import Person, Town
from tests.test_pictures import week_of

PNG = b"\x89PNG\r\n\x1a\n"
DAY = datetime(2026, 3, 2, tzinfo=UTC).date()
CHART = Chart(
    kind="line",
    name="confidence.png",
    title="Confidence",
    alt="Confidence was 7.",
    series=(Series(label="you", points=(Point(day=DAY, value=7), Point(day=DAY, value=None))),),
)
PLAN = Document(name="plan.txt", media="text/plain", text="Wörds of a plan, 漢, 👍🏽")


def parcel(message: Message, **more: Any) -> Parcel:
    return Parcel(id=4, address=Address(platform="console", bot="c", chat="ana", user="ana"), message=message, **more)


async def notify(person: Person, message: Message, number: int) -> None:
    """Put a message into somebody's lane, as a record that is settled does."""
    town, place = person.town, await person.place()
    added = partial(
        outbox.add,
        message=message,
        dedup=f"test:{number}",
        lane=place.lane,
        address=place.id,
        person=place.person,
        kind="notice",
        urgency=outbox.PROMPT,
        due_at=town.clock(),
    )
    await town.app.database.transact(added)
    await town.settled()


def uploads(person: Person) -> list[tuple[str, bytes]]:
    """The names and bytes of the files that arrived, in order."""
    sent = [p for user, _, p in person.town.sent if user == person.user and p.file is not None]
    return [(p.file.name, p.file.content) for p in sent if p.file is not None]


def files_below(folder: Path) -> list[Path]:
    return [found for found in folder.rglob("*") if found.is_file()]


# -- on every platform -----------------------------------------------------------------------------------------------


async def test_a_picture_and_a_document_arrive_once_with_their_words(everywhere: Town) -> None:
    await week_of(everywhere)
    ana = everywhere.people["ana"]
    await ana.says("pictures")
    await notify(ana, Message(text="Your plan", file=PLAN), 1)
    (chart, png), (name, text) = uploads(ana)
    assert (chart, png[:8]) == ("done-by-week.png", PNG)
    assert (name, text.decode()) == ("plan.txt", PLAN.text)
    screen = everywhere.seat.screen(ana)
    assert screen.count("📎 ") == 2
    for words in ("done-by-week.png", "What was done, of what was due", "plan.txt", "Your plan"):
        assert screen.count(words) == 1, screen


async def test_the_buttons_of_a_file_are_commands_like_any(everywhere: Town) -> None:
    await week_of(everywhere)
    ana = everywhere.people["ana"]
    await notify(ana, Message(text="Your plan", file=PLAN, choices=(Choice(value="/progress", label="Progress"),)), 1)
    screen = everywhere.seat.screen(ana)
    assert screen.index("plan.txt") < screen.index("Your plan") < screen.index("[Progress]")


async def test_what_waits_sealed_in_the_outbox_comes_back_as_it_was(town: Town) -> None:
    ana = await town.client("ana")
    for number, file in enumerate((CHART, PLAN)):
        await notify(ana, Message(text="Here", file=file), number)
        assert ana.last.file == file


# -- made when it leaves ---------------------------------------------------------------------------------------------


async def test_a_picture_is_drawn_and_keeps_what_it_says_in_words() -> None:
    made = (await Filing().filed(parcel(Message(text="Here", file=CHART)))).file
    assert made is not None
    assert (made.name, made.media, made.content[:8], made.alt) == (CHART.name, "image/png", PNG, CHART.alt)


async def test_what_has_no_file_and_what_changes_an_earlier_message_stay_as_they_are() -> None:
    for waiting in (parcel(Message(text="Here")), parcel(Message(text="Here\n✓", file=CHART), replaces="7")):
        assert await Filing().filed(waiting) is waiting


async def test_text_that_has_no_place_in_a_file_does_not_hold_it_up() -> None:
    odd = Document(name="a.json", media="application/json", text=json.dumps("\ud800") + "\ud800")
    made = (await Filing().filed(parcel(Message(text="", file=odd)))).file
    assert made is not None
    assert made.content == b'"\\ud800"?'


async def test_a_picture_that_takes_too_long_goes_out_in_words() -> None:
    found = await Filing(deadline=0.01).filed(parcel(Message(text="Here", file=CHART)))
    assert found.file is None
    assert found.message == Message(text="Here\n\nConfidence was 7.")


async def test_drawing_never_holds_up_the_loop() -> None:
    worst, stop = 0.0, asyncio.Event()

    async def watch() -> None:
        nonlocal worst
        while not stop.is_set():
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            worst = max(worst, time.perf_counter() - began)

    watching = asyncio.create_task(watch())
    filing = Filing()
    waiting = [parcel(Message(text="Here", file=CHART))] * 3
    assert all(found.file for found in await asyncio.gather(*map(filing.filed, waiting)))
    stop.set()
    await watching
    assert worst < 0.25  # seconds; under 0.05 on an idle machine, where a thread would take 0.5


# -- in a terminal ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["plan.txt", "../../etc/passwd", "/etc/passwd", "..", "a b/ü?.txt"])
async def test_a_file_lies_in_its_folder_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    shown: list[Parcel] = []
    folder = tmp_path / "files"
    held = Document(name=name, media="text/plain", text="words")
    filed = await Filing().filed(parcel(Message(text="Here", file=held)))
    await ConsoleMessenger(shown.append, folder).send(filed)
    (path,) = folder.iterdir()
    assert path.read_text() == "words"
    assert render(shown[0].message).splitlines() == [f"📎 {path}", "Here"]
    assert files_below(tmp_path) == [path]


async def test_a_terminal_says_what_a_picture_shows_and_needs_no_folder(tmp_path: Path) -> None:
    shown: list[Parcel] = []
    await ConsoleMessenger(shown.append).send(await Filing().filed(parcel(Message(text="Here", file=CHART))))
    assert render(shown[0].message) == "📎 confidence.png: Confidence was 7.\nHere"
