"""Signals: reasons for a coach to look at a client, each with its numbers. Never a score, never a ranking.

A new signal is a finder and its row in one of the files that `_FILES` names, and its phrase. All of them count in local
days of the client with paused time taken out, and look at nothing but what the coach may see.
"""

from datetime import date

from bot.coaching.digest import signals_commitments, signals_plan, signals_ratings, signals_silence
from bot.coaching.digest.signal_kinds import Found, Row, Signal
from bot.coaching.visibility.table import Data, Role, is_related, may_read
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.phrases import Phrase, phrase

_FILES = (signals_silence, signals_commitments, signals_plan, signals_ratings)
SIGNALS: tuple[Row, ...] = tuple(sorted((row for file in _FILES for row in file.SIGNALS), key=lambda row: row.place))
POSITIVES: tuple[Row, ...] = tuple(
    sorted((row for file in _FILES for row in file.POSITIVES), key=lambda row: row.place)
)


def _shown(view: ClientView) -> bool:
    allowed = may_read(Role.COACH, Data.SIGNALS, active=is_related(view.engagement), visible=view.engagement.visible)
    return allowed and view.connected and not view.paused


def _over(view: ClientView) -> bool:
    """Asking has stopped after too many silences: that is told once, and is no risk, until the client answers again."""
    return view.given_up is not None and view.unanswered > 0


def signals(view: ClientView, today: date) -> tuple[Found, ...]:
    """Every signal of one client on the client's local day, in the order of the table; `today` where it is not known.

    Nothing of a client who shows nothing, and nothing but a wanted call of one who is paused or asked no more.
    """
    shown, today = _shown(view) and not _over(view), view.today or today
    return tuple(row.find(view, today) for row in SIGNALS if shown or not row.silenced)


def raised(view: ClientView, today: date, *, digest: bool = False) -> tuple[Signal, ...]:
    """The signals that have a level, red before amber; with `digest`, only those that the digest carries."""
    carried = {row.kind for row in SIGNALS if row.digest or not digest}
    found = [s for s in signals(view, today) if isinstance(s, Signal) and s.level and s.kind in carried]
    return tuple(sorted(found, key=lambda s: s.level is not SignalLevel.RED))


def wins(view: ClientView, today: date) -> tuple[Signal, ...]:
    """What went well lately, of a client who shows it."""
    found = [row.find(view, view.today or today) for row in POSITIVES] if _shown(view) else []
    return tuple(signal for signal in found if isinstance(signal, Signal) and signal.good)


def reason(signal: Signal) -> Phrase:
    """A signal in words: what is counted, and the numbers."""
    return phrase(f"signal_{signal.kind}", **signal.params)
