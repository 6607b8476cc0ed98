"""How each bot's line to its platform stands in this process, and how seldom it is tried while it is down.

Theory of operation (the circuit breaker of M. Nygard, "Release It!", 2007). After `FAILURES` calls in a row without a
definite answer the bot rests; after each rest one message goes out to try, and the rests grow up to `LONGEST_REST`. The
first definite answer ends them all: nothing waits for long once the platform is back, and meanwhile it is not hammered,
nor does every message that falls due spend one of its tries.
"""

from dataclasses import dataclass, field

from bot.delivery.retry_delays import FAILURES, rest_after


@dataclass(slots=True)
class CircuitBreaker:
    """When each bot's platform last gave a definite answer and last did not; in seconds on this process's clock."""

    well: dict[str, float] = field(default_factory=dict)
    ill: dict[str, float] = field(default_factory=dict)
    _failures: dict[str, int] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _until: dict[str, float] = field(default_factory=dict)

    def note(self, bot: str, now: float, *, definite: bool) -> None:
        """A call has ended."""
        (self.well if definite else self.ill)[bot] = now
        if definite:
            for noted in (self._failures, self._tries, self._until):
                noted.pop(bot, None)
            return
        self._failures[bot] = self._failures.get(bot, 0) + 1
        if self._failures[bot] == FAILURES:
            self.tried(bot, now)

    def recovered(self, bot: str) -> bool:
        """Whether something has gone through since the last doubt."""
        return self.well.get(bot, -1.0) > self.ill.get(bot, 0.0)

    def rests(self, bot: str, now: float) -> float | None:
        """For how many seconds a bot still rests; 0 when one message may go out to try, None when all is well."""
        if self._failures.get(bot, 0) < FAILURES:
            return None
        return max(0.0, self._until.get(bot, 0.0) - now)

    def tried(self, bot: str, now: float) -> None:
        """A message goes out; while a bot rests that is the one to try, and the next may not follow for a while."""
        if self._failures.get(bot, 0) < FAILURES:
            return
        tries = self._tries[bot] = self._tries.get(bot, 0) + 1
        self._until[bot] = now + rest_after(tries)
