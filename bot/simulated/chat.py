"""`throughline chat`: a sample coach and a sample client at one terminal, on a clock that can be moved."""

import asyncio
import codecs
import io
import os
import re
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.app import App, running
from bot.clock import MovedClock
from bot.messages.outgoing import Message
from bot.messages.sending import Parcel
from bot.settings import Settings, read_settings
from bot.simulated import stage
from handlers.console.keyboard import address_of, inbound
from handlers.console.messenger import ConsoleMessenger
from handlers.console.screen import render
from schedules.scheduler import Body, scheduler
from storage import meta
from storage.conversation import conversations
from storage.database.open import lock_for_one_process
from storage.ids import new_id
from storage.outbox import rows as outbox
from storage.people import addresses
from storage.people.addresses import Place

NAMES = {"client": "Alex Sample", "coach": "Dana Sample"}
ZONE = "Europe/Berlin"
_SPAN = re.compile(r"/tick\s+(\d{1,4})\s*(m|h|d|w)\w*\s*")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_OFFSET = "chat clock offset"
GUIDE = """You are {name}, a sample client; Dana Sample is a sample coach. Type as you would in a chat.
/as coach, /as client  change seats      /tick 1d (m, h, d, w)  move the clock
#2  press the second button              /edit TEXT  change your last line      Ctrl-C  leave; it stands where it stood
"""


@dataclass(slots=True)
class Table:
    """The terminal: who sits at it, and the last message that each of the two was shown."""

    clock: MovedClock
    user: str = "client"
    shown: dict[str, Message] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    def show(self, parcel: Parcel) -> None:
        """Print a message with whom it is for."""
        user = parcel.address.user
        if parcel.message.token or parcel.message.choices:
            self.shown[user] = parcel.message
        now = self.clock().astimezone(ZoneInfo(ZONE))
        text = render(parcel.message).replace("\n", "\n    ")
        sys.stdout.write(f"\n{now:%a %d %b %H:%M %Z}  Throughline to {NAMES.get(user, user)}:\n    {text}\n")
        sys.stdout.flush()


def run_chat(file: Path) -> None:
    """Hold a conversation until end of input or Ctrl-C."""
    settings = read_settings().on_file(file)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a letter still shows the rest
    with suppress(KeyboardInterrupt), lock_for_one_process(settings.database):
        asyncio.run(_chat(settings, file.with_name(f"{file.stem}-files")))


async def _chat(settings: Settings, folder: Path) -> None:
    table = Table(clock=MovedClock())
    async with running(settings, {"console": ConsoleMessenger(table.show, folder)}, table.clock) as app:
        saved = await app.database.read(partial(meta.recall, name=_OFFSET))
        table.clock.offset = timedelta(seconds=float(saved or 0))
        sys.stdout.write(GUIDE.format(name=NAMES["client"]))
        await app.delivery.recover(alone=True)
        await _take_seats(app, table)
        jobs = scheduler({name: _then_deliver(app, name) for name in ("due", "digests")}, table.clock)
        jobs.start()
        try:
            await _listen(app, table)
        finally:
            jobs.shutdown(wait=False)


def _then_deliver(app: App, name: str) -> Body:
    async def body(now: datetime) -> int:
        done = await app.jobs[name](now)
        await app.delivery.drain()
        return done

    return body


async def _take_seats(app: App, table: Table) -> None:
    """Make the two people at the first start; later, show where each conversation stands."""
    now = table.clock()
    coach = await _place(app, "coach")
    if coach is None:
        await stage.join(app, "coach", role="coach", coach=None, name=NAMES["coach"], zone=ZONE, now=now)
        coach = await _place(app, "coach")
    client = await _place(app, "client")
    if client is None and coach is not None:
        await stage.join(app, "client", role="client", coach=coach.person, name=NAMES["client"], zone=ZONE, now=now)
    await app.delivery.drain()
    for user in ("coach", "client"):
        await _show_open(app, table, user)


async def _place(app: App, user: str) -> Place | None:
    return await app.database.read(partial(addresses.place_at, address=address_of(user)))


async def _show_open(app: App, table: Table, user: str) -> None:
    place = await _place(app, user)
    if place is None or user in table.shown:
        return
    message = await app.database.read(partial(_open_question, person=place.person))
    if message is not None:
        table.shown[user] = message
        text = render(message).replace("\n", "\n    ")
        sys.stdout.write(f"\nWhere {NAMES[user]} was:\n    {text}\n")


def _open_question(connection: Connection, person: str) -> Message | None:
    """The question that a typed line would answer, as it was last said."""
    _, runs = conversations.state(connection, person)
    awake = [run for run in runs if run.until is None and run.asked is not None]
    asked = awake[-1].asked if awake else None
    return outbox.last_said(connection, asked.token) if asked else None


async def _listen(app: App, table: Table) -> None:
    lines = _typed_lines()
    while True:
        sys.stdout.write(f"\n{NAMES[table.user]}> " if sys.stdin.isatty() else "")
        sys.stdout.flush()
        line = await lines.get()
        if line is None:
            return
        await _take(app, table, line)


def _typed_lines() -> "asyncio.Queue[str | None]":
    """The lines of standard input as they come, None at its end.

    A read cannot be cancelled: it happens in a thread that nobody waits for and that holds no lock, so that Ctrl-C
    ends at once. Bytes that are no text become lone surrogates, which are refused like any text that cannot be kept.
    """
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    source, decoder = sys.stdin.fileno(), codecs.getincrementaldecoder(sys.stdin.encoding)("surrogateescape")

    def read() -> None:
        rest = ""
        with suppress(OSError):  # the terminal is gone
            while data := os.read(source, 65_536):
                *whole, rest = (rest + decoder.decode(data)).split("\n")
                for line in whole:
                    loop.call_soon_threadsafe(lines.put_nowait, line.removesuffix("\r"))
        for last in (rest, None) if rest else (None,):
            loop.call_soon_threadsafe(lines.put_nowait, last)

    def until_closed() -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            read()

    threading.Thread(target=until_closed, daemon=True).start()
    return lines


async def _take(app: App, table: Table, line: str) -> None:
    span = _SPAN.fullmatch(line)
    if span is not None:
        await _move(app, table, int(span[1]) * _UNITS[span[2]])
    elif line.startswith("/tick"):
        sys.stdout.write("/tick needs a span such as 30m, 2h, 1d or 1w.\n")
    elif line.startswith("/as"):
        wanted = line.removeprefix("/as").strip()
        if wanted not in NAMES:
            sys.stdout.write("/as coach or /as client.\n")
            return
        table.user = wanted
    elif line or not sys.stdin.isatty():
        await _say(app, table, line)


async def _say(app: App, table: Table, line: str) -> None:
    number = new_id()
    last = table.shown.get(table.user)
    event = inbound(line, user=table.user, number=number, last=last, last_number=table.typed.get(table.user, ""))
    table.typed[table.user] = event.message_id
    receipt = await app.conversation.receive(event, table.clock())
    if receipt.toast and receipt.outcome == "stale":
        sys.stdout.write(f"    ({receipt.toast})\n")
    await app.delivery.drain()


async def _move(app: App, table: Table, span: timedelta) -> None:
    """Move the clock, stopping at everything that falls due on the way."""
    end = table.clock() + span
    while (at := await stage.next_due(app)) is not None and at < end:
        await _set(app, table, at)
        await stage.tick(app, table.clock(), app.jobs)
    await _set(app, table, end)
    await stage.tick(app, table.clock(), app.jobs)
    sys.stdout.write(f"    It is {table.clock().astimezone(ZoneInfo(ZONE)):%a %d %b %Y %H:%M %Z}.\n")


async def _set(app: App, table: Table, at: datetime) -> None:
    """Set the clock ahead, and remember it before anything happens at that time: no restart finds an earlier one."""
    table.clock.offset += max(at - table.clock(), timedelta())
    seconds = str(table.clock.offset.total_seconds())
    await app.database.transact(partial(meta.remember, name=_OFFSET, text=seconds))
