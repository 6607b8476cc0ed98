"""What a platform does, kept going: where it fails that is this platform's outage, and ends nothing else.

The platforms wait out by themselves what they know of. Here is what nobody thought of: any exception at all is noted,
`/readyz` names the platform, and the work is begun again after rests that grow.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.conversation.failed_events import place_of

RESTS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds before each new beginning; work that lasts longer begins anew
CALM = 5.0  # seconds after which work that was begun again is believed to go on
FAILING = "failing"

_log = logging.getLogger("throughline")


class Part(Protocol):
    """A platform as it is watched: how it stands, why, since when, and how long ago it was last heard of."""

    @property
    def state(self) -> str:
        """In one word; `ready` is a good one."""
        ...

    @property
    def reason(self) -> str:
        """What is wrong, in a line without secrets; empty when nothing is."""
        ...

    @property
    def down_for(self) -> float | None:
        """Seconds since it was last ready; None while it is."""
        ...

    @property
    def quiet_for(self) -> float | None:
        """Seconds since the last ping or poll was answered; None where there is neither, or none has been yet."""
        ...


class Watched:
    """A platform with the work that is kept going for it; seen from outside it is one `Part`."""

    def __init__(self, name: str, part: Part, *, rests: tuple[float, ...] = RESTS, calm: float = CALM) -> None:
        self._name = name
        self._part = part
        self._rests = rests
        self._calm = calm
        self._failing: dict[object, tuple[float, str]] = {}  # since when (time.monotonic()), and why

    @property
    def state(self) -> str:
        """The platform's own word, or `failing`."""
        return FAILING if self._failing else str(self._part.state)

    @property
    def reason(self) -> str:
        """What is wrong, in a line without secrets; empty when nothing is."""
        return next((why for _, why in self._failing.values()), self._part.reason)

    @property
    def down_for(self) -> float | None:
        """Seconds since it was last ready; None while it is."""
        failing = [time.monotonic() - since for since, _ in self._failing.values()]
        return max([*failing, self._part.down_for or 0.0]) if failing else self._part.down_for

    @property
    def quiet_for(self) -> float | None:
        """As the platform says."""
        return self._part.quiet_for

    async def keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do work that has no end, from the beginning each time that it fails or ends; for ever."""
        failures, key = 0, object()
        while True:
            began = time.monotonic()
            calm = asyncio.get_running_loop().call_later(self._calm, self._goes_on, key)
            try:
                await work()
                why = "it came to an end"
            except Exception as error:  # whatever it is
                why = _kind(error)
            finally:
                calm.cancel()
            failures = 1 if time.monotonic() - began > self._rests[-1] else failures + 1
            self._failed(key, why)
            rest = self._rests[min(failures, len(self._rests)) - 1]
            await asyncio.sleep(rest * random.uniform(0.8, 1.2))  # noqa: S311 (not a secret)

    def _failed(self, key: object, why: str) -> None:
        if key not in self._failing:
            _log.error("%s fails and is begun again: %s", self._name, why)
        since, _ = self._failing.get(key, (time.monotonic(), ""))
        self._failing[key] = since, why

    def _goes_on(self, key: object) -> None:
        if self._failing.pop(key, None):
            _log.info("%s goes on", self._name)


def _kind(error: Exception) -> str:
    """The kind of an error and where it arose: its text may quote what people wrote, or a token."""
    if isinstance(error, ExceptionGroup):
        return _kind(error.exceptions[0])
    return place_of(error)
