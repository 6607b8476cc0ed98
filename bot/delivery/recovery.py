"""What becomes of rows of which nobody knows whether they arrived. The states: `bot.delivery`.

A platform that can be asked is asked: found is SENT; absent twice, `apart` from each other, goes again. Slack lets an
app that others installed read its history once a minute, so a reply that is still in doubt after `unresolved` goes
again unasked, and so does whatever holds a reply up for so long; each is counted and logged.

Where nobody can be asked, a question goes once more, when the line is up again: its token makes a copy harmless. What
asks nothing stays UNKNOWN for good, and is shown as unconfirmed.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import Connection

from bot.delivery.circuit_breaker import CircuitBreaker
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.last_checks import ASKING
from bot.delivery.retry_delays import Tempo
from bot.gcra import Rate
from bot.messages.sending import Finder, Messenger, Sent
from storage.database.open import Database
from storage.outbox import claims, rate_limits, uncertain
from storage.outbox.claims import Claim

_log = logging.getLogger(__name__)

BATCH = 32
SKEW = timedelta(minutes=5)  # between the platform's clock and the database's
_AS_OFTEN = frozenset({"update", "page"})  # doing it twice is doing it once
_TRIES = {"reply": 3, "prompt": 2, "form": 3, "update": 5, "page": 5}
_DEATHS = 10  # tries of a row whose senders keep dying: then it may be what kills them

Step = Callable[[str], None]


def no_step(_name: str) -> None:
    """Go on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """Settles rows in doubt, in every process: leases keep two from settling the same one."""

    database: Database
    messengers: Mapping[str, Messenger]
    clock: Callable[[], datetime]
    tempo: Tempo
    tally: Counter[tuple[str, str]]
    breaker: CircuitBreaker
    step: Step
    heartbeat: Heartbeat
    _settling: asyncio.Lock = field(default_factory=asyncio.Lock)
    _silent: set[str] = field(default_factory=set)  # whose histories cannot be read just now

    async def run(self, *, alone: bool = False) -> int:
        """Take over from senders that fell silent, then settle what can be settled now; returns how many rows.

        A platform that is slow to say what it holds keeps nobody from being taken over from meanwhile.
        """
        await self.heartbeat.renew()
        while await self.database.transact(partial(uncertain.overdue, count=BATCH, alone=alone)) == BATCH:
            pass
        if self._settling.locked():
            return 0
        async with self._settling:
            return await self._settled()

    async def _settled(self) -> int:
        settled, after = 0, 0
        up: dict[str, asyncio.Future[bool]] = {}
        while True:  # all of them: those of a bot that is back must not wait behind those of one that is not
            found, ages = await self.database.transact(partial(self._open, after=after))
            if not found:
                return settled
            self.step("recovering")
            with self.heartbeat.holding(found):
                settled += sum(await asyncio.gather(*(self._settle(claim, *ages[claim.id], up) for claim in found)))
            self.step("recovered")
            after = found[-1].id

    def _open(self, connection: Connection, after: int) -> tuple[list[Claim], dict[int, tuple[float, bool]]]:
        apart, lease = timedelta(seconds=self.tempo.apart), timedelta(seconds=self.tempo.lease)
        found = uncertain.doubtful(connection, apart=apart, lease=lease, count=BATCH, after=after)
        return found, uncertain.age(connection, found)

    async def _settle(self, claim: Claim, age: float, holds_reply: bool, up: dict[str, asyncio.Future[bool]]) -> bool:
        row, messenger = claim.of, self.messengers.get(claim.of.platform)
        if row.prompt == "answered" and row.kind in ASKING:
            return await self._resolve(claim, "sent", "answered")
        if row.kind in _AS_OFTEN and messenger is not None:
            return await self._again_or_not(claim, "done once more")
        past = row.expires_at is not None and row.expires_at <= self.clock() and row.kind != "form"
        closed = row.kind in ASKING and row.prompt not in ("", "open")
        if past or closed or messenger is None:
            return await self._resolve(claim, "unknown", "unconfirmed")
        finder = _finder(messenger)
        if row.kind != "form" and finder is not None:
            if await self._looked_for(claim, finder):
                return True
            if age >= self.tempo.unresolved and (row.kind == "reply" or holds_reply):
                self._say("sent again unresolved", claim)
                return await self._resolve(claim, "pending", "sent again: it could not be looked for in time")
            return await self._leave(claim)
        return await self._unasked(claim, age, messenger, up)

    async def _looked_for(self, claim: Claim, finder: Finder) -> bool:
        """Ask the platform, as often as it allows; True when that has settled it."""
        rate = Rate(every=finder.finds_every)
        key = f"{claim.of.budget}|finds"
        if not await self.database.transact(partial(rate_limits.spend, key=key, rate=rate)):
            return False
        since = (claim.of.claimed or self.clock()) - SKEW
        absent = False
        try:
            async with asyncio.timeout(self.tempo.deadline):
                found = await finder.find(claim.parcel, since)
            absent = found is None
            self._silent.discard(claim.of.budget)
        except Exception as error:  # whatever an SDK raises, it says nothing of the message
            level = logging.DEBUG if claim.of.budget in self._silent else logging.WARNING  # one line of an outage
            _log.log(level, "row %s could not be looked for: %s", claim.id, type(error).__name__)
            self._silent.add(claim.of.budget)
            found = None
        if isinstance(found, Sent):
            self._say("found", claim)
            return await self._resolve(claim, "sent", "found there", message_id=found.message_id)
        if absent and claim.of.looks + 1 >= 2:
            self._say("sent again absent", claim)
            return await self._resolve(claim, "pending", "sent again: it was looked for twice and is not there")
        await self.database.transact(partial(uncertain.looked, claim=claim, absent=absent))
        return False

    async def _unasked(
        self, claim: Claim, age: float, messenger: Messenger, up: dict[str, asyncio.Future[bool]]
    ) -> bool:
        """Nobody can be asked: a question goes once more, when there is a sign that the line is up."""
        row = claim.of
        if _spent(claim):
            return await self._again_or_not(claim, "")
        if row.reason != uncertain.SILENT and not self.breaker.recovered(row.budget):
            patience = self.tempo.quiet / 2 if row.kind == "reply" else self.tempo.quiet
            if age < patience:
                return await self._leave(claim)
            if row.budget not in up:  # one question is enough for all that wait
                up[row.budget] = asyncio.ensure_future(_answers(messenger))
            if not await up[row.budget]:
                return await self._leave(claim)
        return await self._again_or_not(claim, "sent once more, since nobody knows")

    async def _again_or_not(self, claim: Claim, reason: str) -> bool:
        if not _spent(claim):
            self._say("sent again", claim)
            return await self._resolve(claim, "pending", reason)
        self._say("unconfirmed", claim)
        return await self._resolve(claim, "unknown", "unconfirmed")

    async def _resolve(self, claim: Claim, state: str, reason: str, *, message_id: str = "") -> bool:
        unit = partial(uncertain.resolve, claim=claim, state=state, reason=reason, message_id=message_id)
        return await self.database.transact(unit)

    async def _leave(self, claim: Claim) -> bool:
        await self.database.transact(partial(claims.release, claim=claim))
        return False

    def _say(self, what: str, claim: Claim) -> None:
        self.tally[claim.of.platform, what] += 1
        _log.info("row %s of %s: %s", claim.id, claim.of.platform, what)


def _spent(claim: Claim) -> bool:
    """Whether a row is not sent again. Where its sender died, it may never have left: each death was one in flight."""
    limit = _TRIES.get(claim.of.kind, 0)
    return claim.of.tries >= (_DEATHS if limit and claim.of.reason == uncertain.SILENT else limit)


def _finder(messenger: Messenger) -> Finder | None:
    """The messenger, if its platform can be asked; by name, since a wrapper passes on what it does not have itself."""
    return cast("Finder", messenger) if callable(getattr(messenger, "find", None)) else None


async def _answers(messenger: Messenger) -> bool:
    """Whether the platform answers just now, as far as the messenger can tell."""
    answers = getattr(messenger, "answers", None)
    return bool(await answers()) if callable(answers) else True
