"""How many messages Slack takes, below which rates nothing is refused, and the ways it lends that are not counted."""

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.gcra import Pace, Rate

# docs.slack.dev/apis/web-api/rate-limits: one message a second in a channel with short bursts, chat.update in tier 3,
# 50 a minute in a workspace, of which these are 49 at most.
PACE = Pace(chat=Rate(every=1.0, replies=4), changes=Rate(every=1.5, burst=9))

LIVES = 25 * 60.0  # seconds of the thirty minutes that Slack lends it for
KEPT = 10_000

Pressed = tuple[str, str, str]  # workspace, person, and the message's timestamp


class ResponseUrls:
    """The address that Slack lends with each press of a button, for the new look of the message that it was on.

    In memory alone: whoever knows one may change the message. One that is lost, as when another process sends, costs
    nothing but a call of `chat.update`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lent: OrderedDict[Pressed, tuple[str, float]] = OrderedDict()

    def lend(self, pressed: Pressed, url: str) -> None:
        """A button of that message was pressed."""
        self._lent.pop(pressed, None)
        self._lent[pressed] = url, self._clock()
        if len(self._lent) > KEPT:
            self._lent.popitem(last=False)

    def has(self, pressed: Pressed) -> bool:
        """Whether there is one that still holds."""
        _, at = self._lent.get(pressed, ("", -LIVES))
        return self._clock() - at < LIVES

    def take(self, pressed: Pressed) -> str:
        """The one for a message, which is used up by that; empty where there is none."""
        url = self._lent[pressed][0] if self.has(pressed) else ""
        self._lent.pop(pressed, None)
        return url
