"""A town to hold conversations in: the real app on a real database, a clock that is moved, people at consoles."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot import stage
from bot.app import App, running
from bot.clock import SetClock
from bot.messages import (
    Called,
    Content,
    Edited,
    Fate,
    Inbound,
    Message,
    Outcome,
    Parcel,
    Receipt,
    Refused,
    Said,
    Stirred,
    Tapped,
)
from bot.settings import Settings
from handlers.console.keyboard import address_of
from handlers.console.messenger import ConsoleMessenger
from storage import outbox, people, promises, talks

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # ten o'clock in Berlin, before the week's check-in
KEY = "6Jb0lGZyBPhLJNiD6VCvQ1e5-2cbzQ3FfJ6o8lIh7oQ="  # a key for tests, and for nothing else


@dataclass(slots=True)
class Person:
    """Someone at a console: what they do, and what they have read."""

    town: "Town"
    user: str
    read: list[Message] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def last(self) -> Message:
        """The message read last."""
        return self.read[-1]

    @property
    def asked(self) -> Message:
        """The question read last."""
        return next(message for message in reversed(self.read) if message.token)

    @property
    def receipt(self) -> Receipt:
        """What the platform was told of the last event."""
        return self.receipts[-1]

    async def does(self, content: Content, *, key: str = "", message_id: str = "") -> Receipt:
        """An event of theirs; delivered at once, as are the answers to it."""
        number = message_id or f"{self.user}-{len(self.numbers) + 1}"
        if not isinstance(content, Edited):
            self.numbers.append(number)
        event = Inbound(
            key=key or f"{self.user}:{len(self.receipts)}:{number}",
            address=address_of(self.user),
            content=content,
            message_id=number,
        )
        self.town.clock.now += timedelta(seconds=1)
        receipt = await self.town.app.conversation.receive(event, self.town.clock())
        self.receipts.append(receipt)
        await self.town.app.delivery.drain()
        return receipt

    async def says(self, text: str, *, hangs_on: Message | None = None, key: str = "") -> Receipt:
        """Type a text, or a slash command; `hangs_on` is the message it replies to."""
        if text.startswith("/"):
            verb, _, rest = text[1:].partition(" ")
            return await self.does(Called(verb=verb, rest=rest), key=key)
        hook = self.town.number_of(self, hangs_on) if hangs_on else ""
        return await self.does(Said(text=text, hangs_on=hook), key=key)

    async def taps(self, label: str, *, on: Message | None = None, key: str = "") -> Receipt:
        """Press the button with that label, on the last question or on an older message."""
        message = on or self.asked
        found = [c for c in message.choices if label in (c.label, c.value)]
        assert found, f"no button {label!r} among {[c.label for c in message.choices]} of {message.text!r}"
        return await self.does(Tapped(token=message.token, value=found[0].value), key=key)

    async def edits(self, text: str, *, number: str = "") -> Receipt:
        """Change a message of theirs, the last one if none is named."""
        return await self.does(Edited(text=text), message_id=number or self.numbers[-1])

    async def stirs(self, kind: str = "voice") -> Receipt:
        """Send something that holds no text."""
        return await self.does(Stirred(kind=kind))

    def reads(self, *words: str) -> None:
        """The last message says so."""
        for word in words:
            assert word in self.last.text, f"{word!r} is not in {self.last.text!r}"

    async def open_prompts(self) -> int:
        """How many prompts of theirs are open."""
        place = await self.place()
        return await self.town.app.database.read(partial(talks.open_prompt_count, person=place.person))

    async def place(self) -> people.Place:
        """Where they are reached."""
        found = await self.town.app.database.read(partial(people.place_at, address=address_of(self.user)))
        assert found is not None
        return found

    async def commitments(self) -> Any:
        """Their commitments as the database holds them."""
        place = await self.place()
        return await self.town.app.database.read(partial(promises.all_commitments, person=place.person))

    async def answers(self) -> list[tuple[str, str, str]]:
        """Every answer of theirs in the database: dialogue, question and label."""
        place = await self.place()
        return await self.town.app.database.read(partial(talks.all_answers, person=place.person))


class AbleMessenger(ConsoleMessenger):
    """A console that can be told to have forms and pages, and to fail at forms."""

    def __init__(self, show: Callable[[Parcel], None]) -> None:
        super().__init__(show)
        self.forms = False
        self.pages = False
        self.refuse_forms = False

    async def send(self, parcel: Parcel) -> Fate:
        """Show it, or say that the trigger was too old."""
        if parcel.message.form is not None and self.refuse_forms:
            return Refused(reason="expired trigger")
        return await super().send(parcel)


@dataclass(slots=True)
class Town:
    """The app, its clock, and everyone who has been met."""

    settings: Settings
    clock: SetClock
    people: dict[str, Person] = field(default_factory=dict)
    sent: list[Parcel] = field(default_factory=list)
    messenger: AbleMessenger = field(init=False)
    _apps: list[App] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Set up the console."""
        self.messenger = AbleMessenger(self.show)

    @property
    def app(self) -> App:
        """The app that runs now."""
        return self._apps[-1]

    def meet(self, user: str) -> Person:
        """Someone at a console of their own."""
        return self.people.setdefault(user, Person(town=self, user=user))

    def show(self, parcel: Parcel) -> None:
        """A message arrives at somebody's console."""
        self.sent.append(parcel)
        self.meet(parcel.address.user).read.append(parcel.message)

    def number_of(self, person: Person, message: Message) -> str:
        """The platform's id of a message that somebody read."""
        return next(str(p.id) for p in self.sent if p.message is message and p.address.user == person.user)

    async def coach(self, user: str = "dana", zone: str = "Europe/Berlin") -> Person:
        """A coach who has joined."""
        await stage.join(self.app, user, role="coach", coach=None, name=user.capitalize(), zone=zone, now=self.clock())
        await self.app.delivery.drain()
        return self.meet(user)

    async def invited(self, user: str, coach: str = "dana", zone: str = "Europe/Berlin") -> Person:
        """A client who has redeemed a code and reads the welcome; the coach is made when there is none."""
        if coach not in self.people:
            await self.coach(coach, zone)
        place = await self.people[coach].place()
        await stage.join(
            self.app, user, role="client", coach=place.person, name=user.capitalize(), zone=zone, now=self.clock()
        )
        await self.app.delivery.drain()
        return self.meet(user)

    async def client(self, user: str = "ana", coach: str = "dana", **wishes: str) -> Person:
        """A client who has been through the welcome: weekly, Friday at nine, as described, unless wished otherwise."""
        person = await self.invited(user, coach, wishes.pop("zone", "Europe/Berlin"))
        chosen = {
            "start": "Start",
            "sees": "As described",
            "city": "Berlin",
            "week": "Monday to Friday",
            "pace": "Weekly",
            "weekday": "Friday",
            "hour": "09:00",
            "called": user.capitalize(),
            "first": "No",
        } | wishes
        for question, answer in chosen.items():
            assert person.last.token, f"nothing is asked where {question} was expected: {person.last.text!r}"
            await person.says(answer)
        return person

    async def passes(self, **span: float) -> None:
        """Let time pass: whatever falls due on the way happens at its moment."""
        end = self.clock.now + timedelta(**span)
        while (at := await stage.next_due(self.app)) is not None and at <= end:
            self.clock.now = max(at, self.clock.now)
            await stage.tick(self.app, self.clock.now, self.app.jobs)
        self.clock.now = end
        await self.app.delivery.drain()

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
        async with running(self.settings, {"console": self.messenger}, self.clock) as app:
            self._apps.append(app)
            await app.delivery.recover(alone=True)
            await app.delivery.drain()
            yield self


def town_on(url: str) -> Town:
    """A town on that database, on a Monday morning."""
    settings = Settings(database_url=url, encryption_keys=KEY)
    return Town(settings=settings, clock=SetClock(MONDAY))


STALE, DUPLICATE, ACCEPTED = Outcome.STALE, Outcome.DUPLICATE, Outcome.ACCEPTED
