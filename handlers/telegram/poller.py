"""Long polling that loses nothing: an update is confirmed to Telegram only after it was stored.

Theory of operation. `getUpdates` with an offset confirms everything below it, so the offset is always the lowest update
that is not stored yet. One chat's updates go through one chain, in order; a chain that is slow, or whose storing fails,
holds only its own chat: meanwhile the same offset is asked for again, without waiting, and what is new in the answer
starts on its own chain. A kill at any moment leaves the unstored ones unconfirmed, and they come again.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from secrets import SystemRandom

from telegram.error import Conflict, InvalidToken

from handlers.telegram.health import Health, State
from handlers.telegram.inbound import chat_of
from handlers.telegram.line import WHOLE, FloodError, Json, Line, redacted

_log = logging.getLogger(__name__)
_random = SystemRandom()


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How long to wait for what, in seconds.

    `poll` is how long Telegram may hold a poll and `grace` how late it may end, `patience` how long storing is waited
    for before looking for more, `first` to `longest` the back-off, `watch` how often a webhook is looked after. After
    `forgetting` without an update the offset is dropped, since Telegram may begin a new count after a week. An update
    that could not be stored `poison` times, while others could, is given up. `call` is for one whole other call.
    """

    call: float = WHOLE
    poll: int = 30
    grace: float = 15.0
    patience: float = 0.25
    first: float = 0.5
    longest: float = 30.0
    conflict: float = 15.0
    unauthorised: float = 60.0
    watch: float = 60.0
    forgetting: float = 3600.0
    poison: int = 8

    def back_off(self, failures: int) -> float:
        """How long to wait after so many failures in a row, spread so that many do not come back at once."""
        return min(self.longest, self.first * 2.0 ** min(failures - 1, 16)) * _random.uniform(0.5, 1.0)


def trouble(error: Exception, failures: int, health: Health, pace: Pace) -> float:
    """Say in `health` what an error of the line means; returns how long to wait before trying again, in seconds."""
    match error:
        case FloodError():
            return error.seconds
        case Conflict():
            health.turn(State.CONFLICT, "another process polls this bot, or it has a webhook; only one may receive")
            return pace.conflict
        case InvalidToken():
            health.turn(State.UNAUTHORISED, "the token was revoked; set TELEGRAM_BOT_TOKEN to the new one")
            return pace.unauthorised
        case _:
            health.turn(State.OFFLINE, redacted(error))
            return pace.back_off(failures)


class Poller:
    """Fetches updates and has each one taken; `take` returns when it is stored, and raises when it could not be.

    `ours` says whether this process is the one that polls; when it no longer is, polling ends.
    """

    def __init__(
        self,
        line: Line,
        take: Callable[[Json], Awaitable[None]],
        health: Health,
        pace: Pace,
        *,
        ours: Callable[[], bool] = lambda: True,
    ) -> None:
        self._line = line
        self._ours = ours
        self._take = take
        self._health = health
        self._pace = pace
        self._next: int | None = None
        self._waiting: set[int] = set()
        self._stored: set[int] = set()
        self._stored_ever = 0
        self._chains: dict[int, deque[Json]] = {}
        self._failing: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll while it is ours to; cancel to stop. What is being stored then is let finish for a moment."""
        failures = idle = 0
        heard = asyncio.get_running_loop().time()
        calm = heard  # two pollers take turns at succeeding: the conflict is over only when it has not come back
        try:
            while self._ours():
                try:
                    updates = await self._fetch()
                except Exception as error:  # whatever Telegram's answer had PTB raise
                    failures += 1
                    wait = trouble(error, failures, self._health, self._pace)
                    if isinstance(error, Conflict):
                        calm = asyncio.get_running_loop().time() + 4 * wait
                    await asyncio.sleep(wait)
                    continue
                failures = 0
                now = self._health.heard = asyncio.get_running_loop().time()
                if not self._failing and now >= calm:
                    self._health.ready()
                fresh = [update for update in updates if self._hand_on(update)]
                heard = now if updates else heard
                if not updates and now - heard > self._pace.forgetting:
                    self._next = None
                idle = 0 if fresh or not updates else idle + 1
                await self._settle(idle)
        finally:
            await self._stop()

    async def _fetch(self) -> list[Json]:
        offset = min(self._waiting) if self._waiting else self._next
        wait = 0 if self._waiting else self._pace.poll
        async with asyncio.timeout(wait + 1.5 * self._pace.grace):  # dripping bytes would outlast a read timeout
            updates = await self._line.updates(offset=offset, wait=wait, grace=self._pace.grace)
        self._stored = {number for number in self._stored if offset is not None and number >= offset}
        return updates

    def _hand_on(self, update: Json) -> bool:
        """Put an update at the end of its chat's chain; False if it is there already, or is none."""
        number = update.get("update_id")
        if not isinstance(number, int) or number in self._waiting or number in self._stored:
            return False
        self._waiting.add(number)
        self._next = max(self._next or 0, number + 1)
        chat = chat_of(update)
        if chat in self._chains:
            self._chains[chat].append(update)
            return True
        self._chains[chat] = deque([update])
        task = asyncio.create_task(self._drain(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _settle(self, idle: int) -> None:
        """Wait until all is stored, or for a moment; longer each time that nothing new came."""
        patience = min(self._pace.patience * 2.0 ** min(idle, 8), 2.0)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        elif idle:
            await asyncio.sleep(patience)

    async def _drain(self, chat: int) -> None:
        chain = self._chains[chat]
        try:
            while chain:
                await self._store(chat, chain[0])
                number = chain.popleft()["update_id"]
                self._waiting.discard(number)
                self._stored.add(number)
        finally:
            del self._chains[chat]
            self._failing.discard(chat)

    async def _store(self, chat: int, update: Json) -> None:
        """Have it stored, however long that takes; unless it alone fails while others go through."""
        failures, before = 0, self._stored_ever
        while True:
            try:
                await self._take(update)
            except Exception as error:
                failures += 1
                kind = type(error).__name__  # its text may quote what somebody wrote
                if failures >= self._pace.poison and self._stored_ever > before:
                    _log.error("telegram: update %s is given up, it cannot be stored (%s)", update["update_id"], kind)
                    break
                self._failing.add(chat)
                self._health.turn(State.HELD_UP, f"updates cannot be stored ({kind}); they stay with Telegram")
                await asyncio.sleep(self._pace.back_off(failures))
            else:
                self._stored_ever += 1
                break
        self._failing.discard(chat)
        if failures and not self._failing:
            self._health.ready()

    async def _stop(self) -> None:
        busy = [task for task in self._tasks if not self._failing]
        if busy:
            await asyncio.wait(busy, timeout=2.0)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
