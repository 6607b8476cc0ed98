"""An outbox with its delivery to a platform that does as it is told."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from bot.clock import SetClock
from bot.delivery.deliver import Delivery, confirm
from bot.delivery.retry_delays import Tempo
from bot.messages.incoming import Address
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Parcel, Sent, Unclear
from bot.model.people.preferences import Preferences
from storage.conversation import conversations
from storage.database.open import Database
from storage.outbox import claims
from storage.outbox import rows as outbox
from storage.outbox.claims import Claim
from storage.outbox.rows import REPLY
from storage.people import addresses, people
from storage.people.people import Known
from storage.tables.outbox import LaneRow, OutboxRow
from storage.tables.people import AddressRow, table_of

LEASE = timedelta(seconds=60)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OUTBOX, LANE, ADDRESS = table_of(OutboxRow), table_of(LaneRow), table_of(AddressRow)


@dataclass(slots=True)
class FakeMessenger:
    """A platform that does with each text what it is told to; with everything else it sends."""

    platform: str = "console"
    edits: bool = True
    forms: bool = False
    pages: bool = False
    fates: dict[str, list[Fate | Exception]] = field(default_factory=lambda: defaultdict(list))
    sent: list[Parcel] = field(default_factory=list)
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    async def send(self, parcel: Parcel) -> Fate:
        """Do as told."""
        if parcel.message.text in self.held:
            await self.held[parcel.message.text].wait()
        told = self.fates[parcel.message.text]
        fate = told.pop(0) if told else Sent(message_id=f"m{parcel.id}")
        if isinstance(fate, Exception):
            raise fate
        if isinstance(fate, Sent | Unclear):
            self.sent.append(parcel)
        return fate

    def texts(self, chat: str = "") -> list[str]:
        """What arrived, in its order."""
        return [p.message.text for p in self.sent if chat in ("", p.address.chat)]


@dataclass(slots=True)
class SendMessage:
    """An outbox, its delivery, and a record of every state that each row was ever seen in."""

    database: Database
    messenger: FakeMessenger
    delivery: Delivery
    clock: SetClock
    seen: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0

    async def puts(self, chat: str, text: str, **more: Any) -> int:
        """Put a message into a chat's lane; returns its number."""
        self.count += 1
        number = await self.database.transact(partial(put, chat=chat, text=text, dedup=f"d{self.count}", **more))
        await self.look()
        return number

    async def look(self) -> None:
        """Note the state of every row, when it has changed."""
        for number, state in (await self.states()).items():
            if self.seen[number][-1:] != [state]:
                self.seen[number].append(state)

    async def states(self) -> dict[int, str]:
        """The state of every row."""
        rows = select(OUTBOX.c.id, OUTBOX.c.state).order_by(OUTBOX.c.id)
        return await self.database.read(lambda c: {row.id: row.state for row in c.execute(rows)})

    async def row(self, number: int) -> Any:
        """One row."""
        found = select(OUTBOX).where(OUTBOX.c.id == number)
        return await self.database.read(lambda c: dict(c.execute(found).mappings().one()))

    async def drains(self) -> int:
        """Send what is due."""
        handled = await self.delivery.drain()
        await self.look()
        return handled

    async def claims(self, count: int = 10) -> list[Claim]:
        """Claim as a worker does that then says nothing."""
        wanted = partial(claims.claim, at=self.clock(), lease=LEASE, count=count)
        taken = await self.database.transact(wanted)
        await self.look()
        return list(taken.claims)

    async def learns(self, claim: Claim, fate: Fate) -> None:
        """The fate of a claim becomes known."""
        await self.database.transact(partial(confirm, claim=claim, fate=fate, now=self.clock()))
        await self.look()

    async def recovers(self, *, alone: bool = False) -> int:
        """Settle what a killed sender left behind."""
        settled = await self.delivery.recover(alone=alone)
        await self.look()
        return settled

    async def changes(self, table: Any, **values: Any) -> None:
        """Change every row of a table, as time or another process would."""
        await self.database.transact(lambda c: c.execute(update(table).values(**values)).rowcount)

    async def asks(self, chat: str, text: str, token: str, **more: Any) -> int:
        """Put a question whose prompt is open."""
        opening = partial(
            conversations.open_prompt, token=token, person=chat, run="run", question="q", opening=False, at=self.clock()
        )
        number = await self.puts(chat, text, token=token, **more)
        await self.database.transact(opening)
        return number


def put(
    connection: Connection,
    chat: str,
    text: str,
    dedup: str,
    kind: str = "reply",
    token: str = "",
    **more: Any,
) -> int:
    address = Address(platform="console", bot="console", chat=chat, user=chat)
    if addresses.place_at(connection, address) is None:
        known = Known(
            id=chat, name=chat, home="UTC", language="en", locale="en-GB", coach=False, began=NOON, wishes=Preferences()
        )
        people.add_person(connection, known)
        addresses.add_place(connection, chat, address)
    place = addresses.place_at(connection, address)
    assert place is not None
    outbox.add(
        connection,
        Message(text=text, token=token),
        dedup=dedup,
        lane=place.lane,
        address=place.id,
        person=chat,
        kind=kind,
        **{"urgency": REPLY, "due_at": NOON, **more},
    )
    return int(connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.dedup == dedup)).scalar_one())


def delivery_to(database: Database, clock: SetClock, *messengers: FakeMessenger) -> Delivery:
    """A delivery that serves these platforms, and draws no pages."""
    served = {messenger.platform: messenger for messenger in messengers}
    blank = Message(text="")
    return Delivery(database, served, clock, lambda connection, person, now: blank, tempo=Tempo(quiet=0.0))
