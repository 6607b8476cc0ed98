"""A town to hold conversations in: the real app on a real database, a clock that is moved, people on a platform."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, update

from bot.app import App, Delivering, library, running
from bot.clock import SetClock
from bot.delivery.attachments import FilingHere
from bot.delivery.retry_delays import Tempo
from bot.engine.library import Library
from bot.messages.incoming import (
    ButtonPressed,
    CommandSent,
    Content,
    Inbound,
    NonTextSent,
    Outcome,
    Receipt,
    TextEdited,
    TextSent,
)
from bot.messages.outgoing import Message
from bot.messages.sending import Messenger, Parcel
from bot.observer import SILENT, Observer
from bot.settings import Settings
from bot.simulated import stage
from storage.outbox import rows as outbox
from storage.people import addresses, engagements, invites
from storage.programme import agenda
from storage.programme import commitments as commitments_rows
from storage.tables.people import table_of
from storage.tables.plan import AgendaRow
from tests.support import stored
from tests.support.beginnings import played_once, written
from tests.support.dates_in_process import NearDates
from tests.support.seats import AbleMessenger, ConsoleSeat, Recorded

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Berlin, before the week's check-in
_agenda = table_of(AgendaRow)
KEY = "6Jb0lGZyBPhLJNiD6VCvQ1e5-2cbzQ3FfJ6o8lIh7oQ="  # a key for tests, and for nothing else


# Nobody waits for the pace of a platform, or for a line to be quiet; tests/test_delivery_rate_limits.py does.
AT_ONCE = Delivering(paces={}, tempo=Tempo(quiet=0.0))


@cache
def shipped() -> Library:
    """The library as it is shipped, read once for all towns."""
    return library()


def picture_asked(connection: Connection, person: str) -> None:
    """Let the first picture count as asked: the first session is then prepared as all others are."""
    asked = (_agenda.c.person == person, _agenda.c.dialogue == "first-picture", _agenda.c.state == "open")
    connection.execute(update(_agenda).where(*asked).values(state="done"))


def rhythm_only(connection: Connection, person: str) -> None:
    """Take what the programme puts on days of its own off a client's agenda: nothing but the rhythm is left."""
    picture_asked(connection, person)
    for coached in engagements.engagements_as_client(connection, person):
        agenda.unschedule(connection, engagement=coached.engagement.id)


WELCOME = ("Start", "All of that", "Fits", "skip")  # the shortest way through, with nothing promised yet
RHYTHM = ("city", "week", "pace", "weekday", "hour")


def answers_to_welcome(**wishes: str) -> list[tuple[str, str]]:
    """What is answered to each question of the welcome, in their order; another rhythm is said in one line."""
    line = "; ".join(_in_line(name, wishes[name]) for name in RHYTHM if name in wishes)
    rhythm = {"rhythm": line, "again": "Fits"} if line else {"rhythm": "Fits"}
    chosen = {"start": "Start", "sees": "All of that", **rhythm, "what": "skip"}
    chosen |= {name: said for name, said in wishes.items() if name not in RHYTHM}
    last = [(name, chosen.pop(name)) for name in ("again", "what") if name in chosen]
    return [*chosen.items(), *last]


def _in_line(name: str, said: str) -> str:
    return f"{said}s" if name == "weekday" and said.endswith("day") else said


@dataclass(slots=True)
class Person:
    """Someone on a platform: what they do, and what they have read."""

    town: "Town"
    user: str
    language: str = ""  # what their platform says they speak
    read: list[Message] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def last(self) -> Message:
        """The message read last."""
        return self.read[-1]

    @property
    def told(self) -> Message:
        """The last message that is no file."""
        return next((message for message in reversed(self.read) if message.file is None), self.last)

    @property
    def asked(self) -> Message:
        """The question read last."""
        return next(message for message in reversed(self.read) if message.token)

    @property
    def receipt(self) -> Receipt:
        """What the platform was told of the last event."""
        return self.receipts[-1]

    async def does(self, content: Content, *, key: str = "") -> Receipt:
        """An event straight to the conversation: what no platform lets a person do, or the same one twice."""
        self.town.clock.now += timedelta(seconds=1)
        key = key or f"straight:{self.user}:{len(self.receipts)}"
        address = self.town.seat.address(self.user)
        event = Inbound(key=key, address=address, content=content, message_id=key, language=self.language)
        receipt = await self.town.app.conversation.receive(event, self.town.clock())
        self.receipts.append(receipt)
        await self.town.app.delivery.drain()
        return receipt

    async def acts(self, content: Content, number: str = "") -> Receipt:
        """Something that they do on their platform; the answers to it are delivered at once."""
        self.town.clock.now += timedelta(seconds=1)
        before = len(self.receipts)
        number = await self.town.seat.act(self, content, number)
        if not isinstance(content, TextEdited):
            self.numbers.append(number)
        assert len(self.receipts) > before
        await self.town.settled()
        return self.receipt

    async def says(self, text: str, *, hangs_on: Message | None = None, key: str = "") -> Receipt:
        """Type a text, or a slash command; `hangs_on` is the message it replies to."""
        if text.startswith("/"):
            verb, _, rest = text[1:].partition(" ")
            return await self.acts(CommandSent(verb=verb, rest=rest))
        if key:
            return await self.does(TextSent(text=text), key=key)
        hook = self.town.number_of_token(self, hangs_on.token) if hangs_on else ""
        return await self.acts(TextSent(text=text, hangs_on=hook))

    async def taps(self, label: str, *, on: Message | None = None, key: str = "") -> Receipt:
        """Press the button with that label, on the last question or on an older message."""
        message = on or self.asked
        found = [c for c in message.choices if label in (c.label, c.value)]
        assert found, f"no button {label!r} among {[c.label for c in message.choices]} of {message.text!r}"
        tapped = ButtonPressed(token=message.token, value=found[0].value)
        return await (self.does(tapped, key=key) if key else self.acts(tapped))

    async def edits(self, text: str, *, number: str = "") -> Receipt:
        """Change a message of theirs, the last one if none is named."""
        return await self.acts(TextEdited(text=text), number or self.numbers[-1])

    async def stirs(self, kind: str = "voice") -> Receipt:
        """Send something that holds no text."""
        return await self.acts(NonTextSent(kind=kind))

    def label_of(self, token: str, value: str) -> str:
        """What the button of a prompt says."""
        shown = next(m for m in reversed(self.read) if m.token == token and any(c.value == value for c in m.choices))
        return next(choice.label for choice in shown.choices if choice.value == value)

    def reads(self, *words: str) -> None:
        """The last message says so, or the one that its file follows."""
        text = self.last.text if self.last is self.told else f"{self.told.text}\n{self.last.text}"
        for word in words:
            assert word in text, f"{word!r} is not in {text!r}"

    async def open_prompts(self) -> int:
        """How many prompts of theirs are open."""
        place = await self.place()
        return await self.town.app.database.read(partial(stored.open_prompt_count, person=place.person))

    async def place(self) -> addresses.Place:
        """Where they are reached."""
        found = await self.town.app.database.read(
            partial(addresses.place_at, address=self.town.seat.address(self.user))
        )
        assert found is not None
        return found

    async def commitments(self) -> Any:
        """Their commitments as the database holds them."""
        place = await self.place()
        return await self.town.app.database.read(partial(commitments_rows.all_commitments, person=place.person))

    async def answers(self) -> list[tuple[str, str, str]]:
        """Every answer of theirs in the database: dialogue, question and label."""
        place = await self.place()
        return await self.town.app.database.read(partial(stored.all_answers, person=place.person))


@dataclass(slots=True)
class Town:
    """The app, its clock, and everyone who has been met."""

    settings: Settings
    clock: SetClock
    seat: Any = field(default_factory=ConsoleSeat)
    people: dict[str, Person] = field(default_factory=dict)
    sent: list[tuple[str, str, Parcel]] = field(default_factory=list)
    observer: Observer = SILENT
    at_opening: int = -1  # how much had been written
    _apps: list[App] = field(default_factory=list)

    @property
    def messenger(self) -> AbleMessenger:
        """The console's."""
        return self.seat.messenger

    @property
    def app(self) -> App:
        """The app that runs now."""
        return self._apps[-1]

    @property
    def is_usual(self) -> bool:
        """As `town_on` makes one, and just opened."""
        console, chosen = self.messenger, self.settings.model_fields_set
        able = console.forms or console.pages or console.refuse_forms
        opened = len(self._apps) == 1 and self.clock.now == MONDAY
        return opened and not able and self.observer is SILENT and chosen == {"database_url", "encryption_keys"}

    def meet(self, user: str) -> Person:
        """Someone at a console of their own."""
        return self.people.setdefault(user, Person(town=self, user=user))

    def show(self, parcel: Parcel, number: str) -> None:
        """A message arrives at somebody's chat."""
        user = next((u for u in self.people if self.seat.address(u).chat == parcel.address.chat), parcel.address.user)
        self.sent.append((user, number, parcel))
        self.meet(user).read.append(parcel.message)

    def taken(self, inbound: Inbound, receipt: Receipt) -> None:
        """An event was taken in."""
        user = next((u for u in self.people if self.seat.address(u).user == inbound.address.user), inbound.address.user)
        self.meet(user).receipts.append(receipt)

    def number_of_token(self, person: Person, token: str, value: str = "") -> str:
        """The platform's id of the newest message that showed somebody a prompt, or a button that is a command."""
        found = ((n, p.message) for user, n, p in reversed(self.sent) if user == person.user)
        if token:
            return next(number for number, message in found if message.token == token)
        return next(n for n, m in found if not m.token and any(choice.value == value for choice in m.choices))

    async def code(self, role: str, coach: str | None, name: str, zone: str) -> str:
        """A code that somebody can redeem."""
        code, expires = invites.new_code(), self.clock() + timedelta(days=7)
        invited = partial(
            invites.add_invite, code=code, role=role, coach=coach, name=name, zone=zone, expires_at=expires
        )
        await self.app.database.transact(invited)
        return code

    @played_once
    async def coach(self, user: str = "dana", zone: str = "Europe/Berlin", *, setup: bool = False) -> Person:
        """A coach who has joined; they keep what is usual, or with `setup` stand before the first of five questions."""
        dana = self.meet(user)
        await dana.says(f"join {await self.code('coach', None, user.capitalize(), zone)}")
        if not setup:
            await dana.says("cancel")
        return dana

    async def invited(
        self, user: str, coach: str = "dana", zone: str = "Europe/Berlin", *, confirmed: bool = True, called: str = ""
    ) -> Person:
        """A client who has redeemed a code and reads the welcome; the coach, made if need be, says it is them."""
        if coach not in self.people:
            await self.coach(coach, zone)
        dana = self.people[coach]
        place = await dana.place()
        ana = self.meet(user)
        await ana.says(f"join {await self.code('client', place.person, called or user.capitalize(), zone)}")
        if confirmed:
            await dana.taps("Yes", on=dana.last)
        return ana

    @played_once
    async def client(self, user: str = "ana", coach: str = "dana", **wishes: str) -> Person:
        """A client who has been through the welcome: all is shown, weekly, Friday at nine, unless wished otherwise.

        Wishes are answers by question; another rhythm is said in one line. Nothing is promised yet.
        """
        confirmed = wishes.pop("confirmed", "yes") == "yes"
        zone, called = wishes.pop("zone", "Europe/Berlin"), wishes.pop("called", "")
        person = await self.invited(user, coach, zone, confirmed=confirmed, called=called)
        for question, answer in answers_to_welcome(**wishes):
            assert person.last.token, f"nothing is asked where {question} was expected: {person.last.text!r}"
            await person.says(answer)
        return person

    async def check_ins_only(self, user: str = "ana") -> None:
        """Take what the programme puts on days of its own off somebody's agenda: nothing but the rhythm is left."""
        place = await self.people[user].place()
        await self.app.database.transact(partial(rhythm_only, person=place.person))

    async def pictured(self, user: str = "ana") -> None:
        """Let somebody's first picture count as asked."""
        place = await self.people[user].place()
        await self.app.database.transact(partial(picture_asked, person=place.person))

    async def settled(self) -> None:
        """Deliver what was said; where the platform says "too many", wait as it asks."""
        await self.app.delivery.drain()
        while self.seat.name != "console" and await self.app.database.read(outbox.next_due) is not None:
            await asyncio.sleep(0.05)
            await self.app.delivery.drain()

    async def passes(self, **span: float) -> None:
        """Let time pass: whatever falls due on the way happens at its moment."""
        end = self.clock.now + timedelta(**span)
        while (at := await stage.next_due(self.app)) is not None and at <= end:
            self.clock.now = max(at, self.clock.now)
            await stage.tick(self.app, self.clock.now, self.app.jobs)
        self.clock.now = end
        await self.settled()

    async def sleeps(self, **span: float) -> None:
        """The host sleeps: time passes and nothing happens until it is over."""
        self.clock.now += timedelta(**span)
        await stage.tick(self.app, self.clock.now, self.app.jobs)

    async def until(self, at: datetime) -> None:
        """Let time pass until an instant."""
        await self.passes(seconds=(at - self.clock.now).total_seconds())

    async def outbox_counts(self) -> dict[str, int]:
        """How many rows of the outbox are in each state."""
        return await self.app.database.read(outbox.counts)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Town"]:
        """Run the app on this town's database; opened again, it is a restart."""
        messengers: dict[str, Messenger] = {}
        wired = running(
            self.settings,
            messengers,
            self.clock,
            observer=self.observer,
            delivering=AT_ONCE,
            made=shipped(),
            dates=NearDates(),
            filing=FilingHere(),
        )
        async with wired as app:
            self._apps.append(app)
            async with self.seat.open(app, self.taken, self.clock) as messenger:
                messengers[self.seat.name] = Recorded(messenger, self.show)
                await app.delivery.recover(alone=True)
                await app.delivery.drain()
                self.at_opening = written(self.settings.database)
                yield self


def town_on(url: str, seat: Any = None) -> Town:
    """A town on that database, on a Monday morning; at consoles unless seated elsewhere."""
    settings = Settings(database_url=url, encryption_keys=KEY)
    return Town(settings=settings, clock=SetClock(MONDAY), seat=seat or ConsoleSeat())


STALE, DUPLICATE, ACCEPTED = Outcome.STALE, Outcome.DUPLICATE, Outcome.ACCEPTED
