"""Delivery: drains the outbox, woken by every commit.

Theory of operation. Whatever the bot says is a row, written in the transaction that made it true. A row is in one of
eight states, and only the moves of `MOVES` exist:

    PENDING    waits for its lane, its due time, the pace of its bot and chat, or the end of a flood wait; or is held
    SENDING    committed before any byte leaves; ours while the lane's fence is
    SENT       the platform took it, under a message id; or an answer to it proves that it did
    UNKNOWN    it may have arrived; holds its lane until recovery has settled it, then it is final
    BLOCKED    the chat is closed to us
    DEAD       the platform will never take it
    EXPIRED    its time had passed before it could be sent
    CANCELLED  no longer wanted: answered, paused, stopped, erased, replaced

 1. Claim the lane, not the row: a lane is one chat, and its lowest unfinished row goes first and alone, so order holds;
    lanes do not wait for each other. A claim raises the lane's fence and leases it by the database's clock, for seconds
    that `bot.delivery.heartbeat` renews. New looks of a chat's messages have a second lane, which holds nothing up.
 2. Look again in the same transaction (`bot.delivery.last_checks`): consent, pause, stop, binding, erasure, expiry,
    state of the prompt. What ends here costs no slot; the occurrence of a prompt says why it was not sent.
 3. Take a slot of the bot's and the chat's pace (`bot.gcra`), where all processes see it; replies overtake. SENDING
    is committed a fifth of a second before the slot at most.
 4. Send, with one deadline for the whole call; the SDKs' own retries are off.
 5. Write down the fate, where the fence is still ours. A worker that slept past its lease may add evidence that its row
    was sent, and nothing else. Not sent: back to PENDING, and the lane waits (the bot, when many are told to). In
    doubt: UNKNOWN. While a bot's line is down one row at a time is sent to try it (`bot.delivery.circuit_breaker`).
 6. Recover (`bot.delivery.recovery`): ask the platform where it can be asked; else a question goes once more, and
    what asks nothing stays UNKNOWN, shown as unconfirmed.

After an outage nothing comes in a burst: prompts expire, and what waited when the last process stopped is held if that
was over an hour ago, since a backup may have been restored: `throughline outbox` shows and releases it.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.conversation.failed_events import of_the_database, place_of
from bot.delivery import last_checks
from bot.delivery.circuit_breaker import CircuitBreaker
from bot.delivery.composed_anew import Compose, compose_waiting
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.last_checks import confirm
from bot.delivery.recovery import Recovery, Step, no_step
from bot.delivery.retry_delays import Tempo
from bot.gcra import Pace
from bot.messages.outgoing import Message
from bot.messages.sending import Fate, Messenger, NotSent, Parcel, Refused, Sent, Unclear
from storage.database.open import Database
from storage.errors import StorageError
from storage.outbox import claims, lanes, leases
from storage.outbox import rows as outbox
from storage.outbox.claims import Claim, Ending, Rest, Taken, no_rest
from storage.outbox.lanes import Waiting
from storage.outbox.rows import REPLY

MOVES: Mapping[str, frozenset[str]] = {
    "pending": frozenset({"sending", "sent", "expired", "cancelled", "blocked", "dead"}),
    "sending": frozenset({"sent", "pending", "unknown", "blocked", "dead"}),
    "unknown": frozenset({"sent", "pending", "unknown"}),
    "sent": frozenset(),
    "blocked": frozenset(),
    "dead": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
}
STEPS = ("claiming", "claimed", "sending", "sent", "confirming", "confirmed", "recovering", "recovered")

ABREAST = 64  # rows on their way at a time
FRESH = 24  # of them, those that are no replies: fewer than 30, so that a slow network that lets go is no burst
SHORTEST = 0.01  # seconds between two looks
AWAY = timedelta(hours=1)  # nobody delivered for so long: what waited then is held
HELD = "nobody was delivering for over an hour: perhaps a backup was restored"
_TELL_ALIVE = 60.0  # seconds
_PATIENCE = (0.5, 2.0, 5.0, 10.0)  # seconds before a fate is written down once more
_OURS = (StorageError, DBAPIError, OSError)
_log = logging.getLogger(__name__)

Page = Callable[[Connection, str, datetime], Message]
Filed = Callable[[Parcel], Awaitable[Parcel]]


async def _without_files(parcel: Parcel) -> Parcel:
    return parcel


def _nothing_anew(_connection: Connection, _row: Any, _now: datetime) -> None:
    return None


class Delivery:
    """Sends what the outbox holds through the messengers of the platforms that this process serves.

    `filed` makes a row's file when it leaves, `compose` makes anew what tells of somebody who shares otherwise by now.
    `step` is told the name of each of STEPS as it is passed. `tally` counts what became of rows, by platform.
    """

    def __init__(
        self,
        database: Database,
        messengers: Mapping[str, Messenger],
        clock: Callable[[], datetime],
        page: Page,
        *,
        filed: Filed = _without_files,
        compose: Compose = _nothing_anew,
        paces: Mapping[str, Pace] | None = None,
        tempo: Tempo | None = None,
        step: Step = no_step,
    ) -> None:
        self._database = database
        self._messengers = messengers
        self._clock = clock
        self._page = page
        self._filed = filed
        self._compose = compose
        self._stale = False
        self._paces = paces or {}
        self._tempo = tempo or Tempo()
        self._step = step
        self._woken = asyncio.Event()
        self._stopping = False
        self._told_alive = 0.0
        self._breaker = CircuitBreaker()
        self._heartbeat = Heartbeat(database, self._tempo.lease)
        self.tally: Counter[tuple[str, str]] = Counter()
        self._recovery = Recovery(
            database=database,
            messengers=messengers,
            clock=clock,
            tempo=self._tempo,
            tally=self.tally,
            breaker=self._breaker,
            step=step,
            heartbeat=self._heartbeat,
        )

    def wake(self) -> None:
        """Something was committed that may have to be said."""
        self._woken.set()

    async def begin(self, *, alone: bool) -> int:
        """Settle what an earlier process left behind, and hold what is long overdue; returns how many rows are held.

        `alone`: no other process sends.
        """
        held = await self._database.transact(self._hold)
        if held:
            _log.warning("%s messages are held: `throughline outbox` shows and releases them", held)
        await self.recover(alone=alone)
        return held

    async def run(self) -> None:
        """Drain for ever; cancel to stop. What is being sent is finished first: a clean stop leaves no doubt."""
        draining = asyncio.ensure_future(self._pump(for_ever=True))
        try:
            await asyncio.shield(draining)
        except asyncio.CancelledError:
            self._stopping = True
            self._woken.set()
            await draining
            raise

    async def drain(self) -> int:
        """Send until nothing more may leave now; returns how many rows were handled."""
        return await self._pump(for_ever=False)

    async def recover(self, *, alone: bool = False) -> int:
        """Settle rows whose fate is open, as far as that can be done now, and say how many. See `begin` for `alone`."""
        await compose_waiting(self._database, self._compose, self._clock())
        settled = await self._recovery.run(alone=alone)
        now = time.monotonic()
        if now - self._told_alive > _TELL_ALIVE:
            await self._database.transact(leases.beat)
            self._told_alive = now
        if settled:
            self.wake()
        return settled

    def _hold(self, connection: Connection) -> int:
        away = leases.away_for(connection)
        leases.beat(connection)
        if away < AWAY:
            return 0
        return outbox.hold(connection, before=self._clock() - away + timedelta(minutes=1), reason=HELD)

    # -- the pump ----------------------------------------------------------------------------------------------------

    async def _pump(self, *, for_ever: bool) -> int:
        """Claim and send, many lanes abreast, each row as soon as it may go."""
        under_way: dict[asyncio.Task[None], int] = {}
        handled = 0
        try:
            while True:
                self._woken.clear()
                taken = Taken() if self._stopping else await self._taken(under_way, for_ever=for_ever)
                handled += len(taken.claims) + taken.ended
                for claim in taken.claims:
                    under_way[asyncio.create_task(self._deliver(claim, for_ever=for_ever))] = claim.of.urgency
                if taken.any:
                    continue
                if not for_ever or self._stopping:
                    if not under_way:
                        return handled
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._rest(under_way, taken)
                for task in [task for task in under_way if task.done()]:
                    del under_way[task]
                    _ended(task, for_ever=for_ever)
        finally:
            if under_way:
                await asyncio.wait(under_way)

    async def _taken(self, under_way: Mapping[asyncio.Task[None], int], *, for_ever: bool) -> Taken:
        count = ABREAST - len(under_way)
        if count <= 0:
            return Taken()
        fresh = FRESH - sum(urgency != REPLY for urgency in under_way.values())
        try:
            rest = self._rests if for_ever else None
            taken = await self._database.transact(partial(self._claim, count=count, fresh=fresh, rest=rest))
        except Exception as error:
            if not for_ever:
                raise
            _log.warning("nothing can be claimed just now", extra={"reason": place_of(error)})
            return Taken(again=1.0)
        if self._stale:
            self._stale = False
            await compose_waiting(self._database, self._compose, self._clock())
        for claim in taken.claims:
            self._breaker.tried(claim.of.budget, time.monotonic())
        if taken.claims:
            self._step("claimed")
        return taken

    def _rests(self, bot: str) -> float | None:
        return self._breaker.rests(bot, time.monotonic())

    async def _rest(self, under_way: Mapping[asyncio.Task[None], int], taken: Taken) -> None:
        """Until it is worth looking again: something was committed or sent, or a wait is over."""
        wait = self._tempo.idle if taken.again is None else min(self._tempo.idle, taken.again)
        with contextlib.suppress(*_OURS):
            waits = await self._database.read(partial(lanes.shortest_wait, since=taken.at))
            wait = wait if waits is None else min(wait, waits)
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait([woken, *under_way], timeout=max(wait, SHORTEST), return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()

    def _claim(self, connection: Connection, count: int, fresh: int, rest: Rest | None) -> Taken:
        """Claim, look again and commit SENDING, all in one transaction."""
        now = self._clock()
        taken = claims.claim(
            connection,
            at=now,
            lease=timedelta(seconds=self._tempo.lease),
            count=count,
            fresh=fresh,
            paces=self._paces,
            look=partial(last_checks.look, now=now, messengers=self._messengers),
            end=partial(self._end, now=now),
            rest=rest or no_rest,
            spares=self._has_own_way,
        )
        if taken.claims:
            self._step("claiming")
        drawn = (self._drawn(connection, claim, now) if claim.kind == "page" else claim for claim in taken.claims)
        claims_left = tuple(claim for claim in drawn if claim is not None)
        return replace(taken, claims=claims_left, ended=taken.ended + len(taken.claims) - len(claims_left))

    def _has_own_way(self, look: Waiting) -> bool:
        """Whether the platform lent a way for just this message's new look; by name, as wrappers pass it on."""
        own = getattr(self._messengers.get(look.platform), "has_own_way", None)
        return callable(own) and bool(own(look.bot, look.row.user or look.chat, look.updates_message))

    def _end(self, connection: Connection, ending: Ending, now: datetime) -> None:
        self._stale |= ending[1] == last_checks.COMPOSE
        last_checks.end(connection, ending, now=now)

    def _drawn(self, connection: Connection, claim: Claim, now: datetime) -> Claim | None:
        """A page is drawn when it leaves, so that it shows what is so then; None for one that cannot be.

        A stranger's shows nothing that could change.
        """
        if not claim.of.person:
            return claim
        try:
            message = self._page(connection, claim.of.person, now)
        except Exception as error:
            if of_the_database(error):
                raise
            reason = f"it cannot be drawn: {place_of(error)}"
            _log.error("a page is given up", extra={"kind": "page", "key": claim.id, "reason": reason})
            confirm(connection, claim=claim, fate=Refused(reason=reason), now=now)
            return None
        return replace(claim, parcel=replace(claim.parcel, message=message))

    # -- one row -----------------------------------------------------------------------------------------------------

    async def _deliver(self, claim: Claim, *, for_ever: bool) -> None:
        with self._heartbeat.holding([claim]):
            await self._carried(claim, for_ever=for_ever)

    async def _carried(self, claim: Claim, *, for_ever: bool) -> None:
        if claim.parcel.message.file is not None:
            claim = replace(claim, parcel=await self._filed(claim.parcel))
        if claim.wait:
            await asyncio.sleep(claim.wait)
        self._step("sending")
        fate = await self._send(claim)
        self._step("sent")
        self._note(claim, fate)
        await self._confirm(claim, fate, _PATIENCE if for_ever else ())
        self._step("confirmed")

    async def _send(self, claim: Claim) -> Fate:
        messenger = self._messengers[claim.of.platform]
        try:
            async with asyncio.timeout(self._tempo.deadline):
                return await messenger.send(claim.parcel)
        except TimeoutError:
            return Unclear(reason="no answer within the deadline")
        except Exception as error:  # a messenger that breaks its word must not hold the other lanes
            return Unclear(reason=f"the messenger raised {type(error).__name__}")

    async def _confirm(self, claim: Claim, fate: Fate, patience: tuple[float, ...]) -> None:
        """Write the fate down; while the database is away, again. Else the lease runs out, and recovery settles it."""
        for pause in (*patience, None):
            try:
                await self._database.transact(partial(self._write, claim=claim, fate=fate))
            except _OURS as error:
                if not patience:
                    raise
                _log.warning("the fate of row %s cannot be written down: %s", claim.id, type(error).__name__)
                if pause is not None and not self._stopping:
                    await asyncio.sleep(pause)
            else:
                return

    def _write(self, connection: Connection, claim: Claim, fate: Fate) -> None:
        confirm(connection, claim=claim, fate=fate, now=self._clock())
        self._step("confirming")

    def _note(self, claim: Claim, fate: Fate) -> None:
        platform, now = claim.of.platform, time.monotonic()
        what = "sent" if isinstance(fate, Sent) else _WORDS.get(type(fate), "refused")
        flood = isinstance(fate, NotSent) and fate.retry_after > 0
        self.tally[platform, "told to wait" if flood else what] += 1
        definite = not isinstance(fate, Unclear | NotSent) or flood
        self._breaker.note(claim.of.budget, now, definite=definite)


def _ended(task: asyncio.Task[None], *, for_ever: bool) -> None:
    """A row is done with; where it raised, its lease runs out and recovery settles it, and the others go on."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, Exception) and for_ever:
        _log.error("a row could not be carried through", extra={"reason": place_of(error)})
    elif error is not None:
        raise error


_WORDS: Mapping[type, str] = {NotSent: "not sent", Unclear: "in doubt"}
