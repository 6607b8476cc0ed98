"""How long a message waits before it is tried again, and how long everything else about delivery takes."""

from dataclasses import dataclass

FAILURES = 3  # calls in a row without a definite answer: then a bot rests
LONGEST_REST = 15.0  # seconds


def rest_after(tries: int) -> float:
    """For how many seconds a bot rests after so many tries in vain: 1, 2, 4, 8, and then the longest."""
    return min(LONGEST_REST, 2.0 ** (tries - 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tempo:
    """How long things take, in seconds.

    A `lease` is renewed while a call goes on, for which `deadline` is the longest. Looks in vain lie `apart`, or as far
    as a platform lets itself be asked; a reply is `unresolved` after so long; without a sign that the line is up again,
    a question waits until all has been `quiet` for so long. Every `idle` seconds the outbox is looked at unasked, since
    other processes commit without waking us.
    """

    lease: float = 9.0
    deadline: float = 20.0
    apart: float = 10.0
    unresolved: float = 120.0
    quiet: float = 30.0
    idle: float = 5.0
