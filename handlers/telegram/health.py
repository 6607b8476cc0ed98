"""How the line stands, for readiness and for the log: one line whenever it changes, and none in between."""

import logging
import time
from enum import StrEnum

_log = logging.getLogger(__name__)


class State(StrEnum):
    """How Telegram and we stand."""

    STARTING = "starting"
    READY = "ready"
    OFFLINE = "offline"
    CONFLICT = "conflict"
    UNAUTHORISED = "unauthorised"
    HELD_UP = "held up"


class Health:
    """Remembers the state and why; only a change is logged."""

    def __init__(self) -> None:
        self.state = State.STARTING
        self.reason = ""
        self.since: float | None = time.monotonic()  # when it was last ready, while it is not
        self._unanswered = False
        self.heard: float | None = None  # seconds of the loop's clock

    def ready(self) -> None:
        """All is well."""
        self._turn(State.READY, "", logging.INFO)

    def turn(self, state: State, reason: str) -> None:
        """Something is wrong: `reason` is one line for an operator, without secrets."""
        self._turn(state, reason, logging.WARNING)

    def unanswered(self, reason: str) -> None:
        """What we send gets no answer, whatever comes in."""
        self._unanswered = True
        self.turn(State.OFFLINE, reason)

    def answered(self) -> None:
        """What we send gets answers; if it did not before, that is over."""
        if self._unanswered and self.state is State.OFFLINE:
            self.ready()
        self._unanswered = False

    def _turn(self, state: State, reason: str, level: int) -> None:
        changed = state is not self.state
        self.state, self.reason = state, reason
        self.since = None if state is State.READY else self.since or time.monotonic()
        if changed:
            _log.log(level, "telegram is %s%s", state.value, f": {reason}" if reason else "")
