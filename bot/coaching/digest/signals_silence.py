"""Signals from a client's silence: a call they ask for, prompts that stay unanswered, an answer after that."""

from datetime import date

from bot.coaching.digest.signal_kinds import Found, NotEnough, Row, Signal, this_week
from bot.coaching.rhythm.backoff import Quiet, policy
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.people.preferences import Pace
from bot.model.phrases import phrase

_QUIET = 3  # prompts without an answer, after which one is a return


def call(view: ClientView, today: date) -> Found:
    """The client asked to be called."""
    level = SignalLevel.RED if view.call_wanted else None
    return Signal(kind="call", level=level, params={"day": view.call_wanted})


def quiet(view: ClientView, today: date) -> Found:
    """Prompts unanswered in a row: three are amber, five red; never in the minimal rhythm."""
    level = policy(Quiet(unanswered=view.unanswered), minimal=view.pace is Pace.MINIMAL).signal
    last = phrase("last_reply_on", day=view.last_reply) if view.last_reply else phrase("no_reply_yet")
    return Signal(kind="quiet", level=level, params={"count": view.unanswered, "last": last})


def back(view: ClientView, today: date) -> Found:
    """An answer this week, the first after three or more prompts without one."""
    if not view.replies:
        return NotEnough(kind="back", have=0, need=1)
    fresh = [day for day in view.replies if this_week(day, today)]
    first = min(fresh, default=None)
    earlier = [day for day in view.replies if first is not None and day < first]
    since = max(earlier, default=date.min)
    missed = sum(since < day <= first for day in view.misses) if first is not None else 0
    good = missed >= _QUIET and not view.unanswered
    return Signal(kind="back", good=good, params={"count": missed, "day": first}, of=str(first))


SIGNALS = (
    Row(kind="call", place=10, find=call, digest=True, silenced=False),
    Row(kind="quiet", place=20, find=quiet, digest=True),
)
POSITIVES = (Row(kind="back", place=40, find=back, digest=True),)
