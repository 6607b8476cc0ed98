"""Signals: reasons for a coach to look at a client, each with its numbers. Never a score, never a ranking.

`SIGNALS` and `POSITIVES` are the tables: a new signal is a new row. All of them count in local days of the client with
paused time taken out, and look at nothing but what the coach may see.
"""

from dataclasses import dataclass
from datetime import date

from bot.coaching.digest import signals_commitments, signals_plan, signals_talk
from bot.coaching.digest.signal_kinds import Find, Found, Signal
from bot.coaching.visibility.table import Data, Role, is_related, may_read
from bot.model.facts import ClientView
from bot.model.facts import SignalLevel as Level
from bot.model.phrases import Phrase, phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One signal: how it is found, whether the weekly digest carries it, whether a pause silences it."""

    kind: str
    find: Find
    digest: bool = False
    silenced: bool = True


SIGNALS: tuple[Row, ...] = (
    Row(kind="call", find=signals_talk.call, digest=True, silenced=False),
    Row(kind="quiet", find=signals_talk.quiet, digest=True),
    Row(kind="confidence", find=signals_talk.confidence, digest=True),
    Row(kind="carried", find=signals_commitments.carried, digest=True),
    Row(kind="session_gap", find=signals_plan.session_gap, digest=True),
    Row(kind="slips", find=signals_commitments.slips),
    Row(kind="stall", find=signals_plan.stall),
    Row(kind="behind", find=signals_plan.behind),
    Row(kind="milestone", find=signals_plan.milestone),
    Row(kind="energy", find=signals_talk.energy),
    Row(kind="overload", find=signals_commitments.overload),
    Row(kind="vague", find=signals_commitments.vague),
    Row(kind="value", find=signals_talk.value),
)
POSITIVES: tuple[Row, ...] = (
    Row(kind="level_up", find=signals_plan.level_up, digest=True),
    Row(kind="more_confident", find=signals_talk.more_confident, digest=True),
    Row(kind="first_done", find=signals_commitments.first_done, digest=True),
    Row(kind="back", find=signals_talk.back, digest=True),
)


def _shown(view: ClientView) -> bool:
    allowed = may_read(Role.COACH, Data.SIGNALS, active=is_related(view.engagement), visible=view.engagement.visible)
    return allowed and view.connected and not view.paused


def signals(view: ClientView, today: date) -> tuple[Found, ...]:
    """Every signal of one client on the client's local day `today`, in the order of the table.

    Nothing of a client who shows nothing, and nothing but a wanted call of one who is paused.
    """
    shown = _shown(view)
    return tuple(row.find(view, today) for row in SIGNALS if shown or not row.silenced)


def raised(view: ClientView, today: date, *, digest: bool = False) -> tuple[Signal, ...]:
    """The signals that have a level, red before amber; with `digest`, only those that the digest carries."""
    carried = {row.kind for row in SIGNALS if row.digest or not digest}
    found = [s for s in signals(view, today) if isinstance(s, Signal) and s.level and s.kind in carried]
    return tuple(sorted(found, key=lambda s: s.level is not Level.RED))


def wins(view: ClientView, today: date) -> tuple[Signal, ...]:
    """What went well lately, of a client who shows it."""
    found = [row.find(view, today) for row in POSITIVES] if _shown(view) else []
    return tuple(signal for signal in found if isinstance(signal, Signal) and signal.good)


def reason(signal: Signal) -> Phrase:
    """A signal in words: what is counted, and the numbers."""
    return phrase(f"signal_{signal.kind}", **signal.params)
