"""Delivery: drains the outbox, woken by every commit.

Theory of operation. Whatever the bot says is a row, written in the transaction that made it true. A row is in one of
eight states, and only the moves of `MOVES` exist:

    PENDING    waits for its lane, its due time, or the end of a flood wait
    SENDING    committed before any byte leaves; ours while the lane's fence is
    SENT       the platform took it, under a message id
    UNKNOWN    it may have arrived; holds its lane until recovery has settled it
    BLOCKED    the chat is closed to us
    DEAD       the platform will never take it
    EXPIRED    its time had passed before it could be sent
    CANCELLED  no longer wanted: answered, paused, replaced

A lane is one chat. Its lowest unfinished row goes first and alone, so order holds; lanes do not wait for each other.
A claim raises the lane's fence, and a confirmation counts only under the newest fence, so that a worker that slept
past its lease can do no harm.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.messages import Fate, Message, Messenger, NotSent, Refused, Sent, Unclear, Unreachable
from storage import addresses, outbox
from storage.database import Database
from storage.outbox import Claim

MOVES: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"sending", "cancelled", "blocked"}),
    "sending": frozenset({"sent", "pending", "unknown", "blocked", "dead", "expired", "cancelled"}),
    "unknown": frozenset({"sent", "pending", "unknown"}),
    "sent": frozenset(),
    "blocked": frozenset(),
    "dead": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
}

LEASE = timedelta(seconds=60)  # longer than the deadline of any one call
DEADLINE = 20.0  # seconds for one call, whatever it does inside
BATCH = 32  # lanes claimed at a time
RETRY = (1.0, 5.0, 30.0, 120.0, 600.0)  # seconds to wait after a row did not leave
IDLE = 5.0  # seconds; other processes commit without waking us
SHORTEST = 0.05  # seconds between two looks

_KINDS_ASKING = frozenset({"reply", "prompt", "form"})
Page = Callable[[Connection, str, datetime], Message]


class Delivery:
    """Sends what the outbox holds through the messengers of the platforms that this process serves."""

    def __init__(
        self, database: Database, messengers: Mapping[str, Messenger], clock: Callable[[], datetime], page: Page
    ) -> None:
        self._database = database
        self._messengers = messengers
        self._clock = clock
        self._page = page
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something was committed that may have to be said."""
        self._woken.set()

    async def run(self) -> None:
        """Drain for ever; cancel to stop. What is being sent is finished first: a clean stop leaves no doubt."""
        while True:
            self._woken.clear()
            draining = asyncio.ensure_future(self.drain())
            try:
                handled = await asyncio.shield(draining)
            except asyncio.CancelledError:
                self._stopping = True
                await draining
                raise
            if handled == 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), await self._rest())

    async def drain(self) -> int:
        """Send until nothing more is due; returns how many rows were handled."""
        handled = 0
        while not self._stopping and (taken := await self._database.transact(self._claim)):
            await asyncio.gather(*(self._deliver(claim) for claim in taken if claim is not None))
            handled += len(taken)
        return handled

    async def _rest(self) -> float:
        """Seconds until it is worth looking again: when a flood wait ends, or when others may have committed."""
        wait = await self._database.read(outbox.shortest_wait)
        return IDLE if wait is None else min(IDLE, max(wait, SHORTEST))

    async def recover(self, *, alone: bool = False) -> int:
        """Settle rows whose sender was killed or timed out, and say how many. `alone`: no other process sends."""
        settled = await self._database.transact(partial(recover, alone=alone))
        if settled:
            self.wake()
        return settled

    def _claim(self, connection: Connection) -> list[Claim | None]:
        """Claim, recheck and commit SENDING, all in one transaction; None stands for a row that ended here."""
        now = self._clock()
        claims = outbox.claim(connection, at=now, lease=LEASE, count=BATCH)
        wanted = [None if self._stopped(connection, claim, now) else claim for claim in claims]
        return [self._drawn(connection, claim, now) if claim and claim.kind == "page" else claim for claim in wanted]

    def _drawn(self, connection: Connection, claim: Claim, now: datetime) -> Claim:
        """A page is drawn when it leaves, so that it shows what is so then."""
        message = self._page(connection, claim.person, now)
        return replace(claim, parcel=replace(claim.parcel, message=message))

    def _stopped(self, connection: Connection, claim: Claim, now: datetime) -> bool:
        ends = why_not(claim, now, self._messengers.get(claim.platform))
        if ends is None:
            return False
        state, reason = ends
        if claim.kind == "form":
            outbox.without_form(connection, claim)
            return True
        outbox.finish(connection, claim, state, reason=reason)
        return True

    async def _deliver(self, claim: Claim) -> None:
        fate = await self._send(claim)
        await self._database.transact(partial(confirm, claim=claim, fate=fate))

    async def _send(self, claim: Claim) -> Fate:
        messenger = self._messengers[claim.platform]
        try:
            async with asyncio.timeout(DEADLINE):
                return await messenger.send(claim.parcel)
        except TimeoutError:
            return Unclear(reason="no answer within the deadline")
        except Exception as error:  # a messenger that breaks its word must not hold the other lanes
            return Unclear(reason=f"the messenger raised {type(error).__name__}")


def why_not(claim: Claim, now: datetime, messenger: Messenger | None) -> tuple[str, str] | None:
    """The last look before a row leaves: the state that it ends in instead and the reason, or None."""
    if messenger is None:
        return "dead", f"platform {claim.platform} is not served"
    if claim.address_state == "blocked" and claim.kind != "reply":
        return "blocked", "the chat is closed to us"
    if claim.expires_at is not None and claim.expires_at <= now:
        return "expired", "its time had passed"
    if claim.kind in _KINDS_ASKING and claim.token and claim.prompt != "open":
        return "cancelled", f"the question is {claim.prompt}"
    if claim.kind == "form" and not messenger.forms:
        return "expired", "the platform has no forms"
    if claim.kind == "page" and not messenger.pages:
        return "cancelled", "the platform has no pages"
    if claim.kind == "update" and not messenger.edits:
        return "cancelled", "the platform does not change messages"
    if claim.kind == "update" and claim.updates_state != "sent":
        return "cancelled", "the message was not sent"
    return None


def confirm(connection: Connection, *, claim: Claim, fate: Fate) -> None:
    """Write down what became of a row, under its fence."""
    if claim.kind == "form" and not isinstance(fate, Sent):
        outbox.without_form(connection, claim)
        return
    match fate:
        case Sent(message_id=message_id):
            outbox.finish(connection, claim, "sent", message_id=message_id)
        case NotSent(reason=reason, retry_after=retry_after):
            wait = max(retry_after, RETRY[min(claim.tries - 1, len(RETRY) - 1)])
            outbox.put_back(connection, claim, reason=reason, wait=timedelta(seconds=wait))
        case Unclear(reason=reason):
            outbox.finish(connection, claim, "unknown", reason=reason)
        case Refused(reason=reason):
            outbox.finish(connection, claim, "dead", reason=reason)
        case Unreachable(reason=reason):
            outbox.finish(connection, claim, "blocked", reason=reason)
            addresses.block_lane(connection, claim.lane)


def recover(connection: Connection, *, alone: bool = False) -> int:
    """Where a platform cannot be asked, a question goes out once more: its token makes a copy harmless."""
    outbox.overdue_leases(connection, alone=alone)
    found = outbox.unknown(connection, BATCH)
    for claim in found:
        again = claim.kind in _KINDS_ASKING and claim.tries < 2 and claim.prompt in ("", "open")
        outbox.resolve_unknown(
            connection,
            claim.id,
            "pending" if again else "unknown",
            "sent once more, since nobody knows" if again else "unconfirmed",
        )
    return len(found)
