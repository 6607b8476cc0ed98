"""Signals: reasons for a coach to look at a client, each with its numbers. Never a score, never a ranking.

`SIGNALS` is the table: a new signal is a new row. All of them count in local days of the client with paused time taken
out, and look at nothing but what the coach may see.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.coaching.backoff import Quiet, policy
from bot.coaching.backoff import Signal as Level
from bot.coaching.visibility import Data, Role, is_active, may_read
from bot.facts import Audience, ClientView, Commitment, Pace, Pause, Rating, Standing
from bot.records import Phrase, phrase

WINDOW = 21  # days that slips and confidence look back
_OVERDUE = 2
_FRESH = 10
_DAY = timedelta(days=1)
_TITLE = 60  # characters of a commitment in a line


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One signal as it stands; without a level there is nothing to look at. `params` fill its phrase."""

    kind: str
    level: Level | None
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEnough:
    """Too little is known for this signal: so many numbers there are, so many it takes."""

    kind: str
    have: int
    need: int


Found = Signal | NotEnough


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One signal: how it is found, whether the weekly digest carries it, whether a pause silences it."""

    kind: str
    find: Callable[[ClientView, date], Found]
    digest: bool = False
    silenced: bool = True


def signals(view: ClientView, today: date) -> tuple[Found, ...]:
    """Every signal of one client on the client's local day `today`, in the order of the table.

    Nothing of a client who shows nothing, and nothing but a wanted call of one who is paused.
    """
    shown = may_read(Role.COACH, Data.SIGNALS, active=is_active(view.engagement), visible=view.engagement.visible)
    rows = (row for row in SIGNALS if not row.silenced or (shown and view.connected and not view.paused))
    return tuple(row.find(view, today) for row in rows)


def raised(view: ClientView, today: date, *, digest: bool = False) -> tuple[Signal, ...]:
    """The signals that have a level, red before amber; with `digest`, only those that the digest carries."""
    carried = {row.kind for row in SIGNALS if row.digest or not digest}
    found = [s for s in signals(view, today) if isinstance(s, Signal) and s.level and s.kind in carried]
    return tuple(sorted(found, key=lambda s: s.level is not Level.RED))


def reason(signal: Signal) -> Phrase:
    """A signal in words: what is counted, and the numbers."""
    return phrase(f"signal_{signal.kind}", **signal.params)


def title(commitment: Commitment) -> str:
    """The words of a commitment on one line, shortened; empty where they are not shown."""
    text = " ".join(commitment.text.split())
    return text if len(text) <= _TITLE else text[: _TITLE - 1].rstrip() + "…"


def days_since(day: date, today: date, pauses: Collection[Pause] = ()) -> int:
    """Count the days after `day` up to and including `today`, those of pauses left out; 0 for a day to come."""
    counted, cursor = max((today - day).days, 0), day
    for pause in sorted(pauses, key=lambda pause: pause.first):
        first, last = max(pause.first, cursor + _DAY), min(pause.last or today, today)
        if first <= last:
            counted, cursor = counted - (last - first).days - 1, last
    return counted


def _level(value: float, amber: float, red: float) -> Level | None:
    return Level.RED if value >= red else Level.AMBER if value >= amber else None


# -- the signals -----------------------------------------------------------------------------------------------------


def _call(view: ClientView, today: date) -> Found:
    level = Level.RED if view.call_wanted else None
    return Signal(kind="call", level=level, params={"day": view.call_wanted})


def _quiet(view: ClientView, today: date) -> Found:
    level = policy(Quiet(unanswered=view.unanswered), minimal=view.pace is Pace.MINIMAL).signal
    last = phrase("last_reply_on", day=view.last_reply) if view.last_reply else phrase("no_reply_yet")
    return Signal(kind="quiet", level=level, params={"count": view.unanswered, "last": last})


def _slips(view: ClientView, today: date) -> Found:
    """A promise with a date: what was dropped before it came does not count, half-done counts half."""
    due = [c for c in view.commitments if _fell_due(c, view, today)]
    if len(due) < 4:
        return NotEnough(kind="slips", have=len(due), need=4)
    weights = [_missed(c, view, today) for c in due]
    partly = weights.count(0.5)
    params = {
        "missed": weights.count(1.0),
        "count": len(due),
        "partly": phrase("and_partly", number=partly) if partly else "",
    }
    return Signal(kind="slips", level=_level(sum(weights) / len(due), 0.5, 0.75), params=params)


def _fell_due(commitment: Commitment, view: ClientView, today: date) -> bool:
    due, dropped = commitment.due, commitment.standing is Standing.DROPPED
    if due is None or due > today or days_since(due, today, view.pauses) > WINDOW:
        return False
    return not (dropped and (commitment.reported is None or commitment.reported < due))


def _missed(commitment: Commitment, view: ClientView, today: date) -> float:
    """0 done, 0.5 partly, 1 not done. A report from before the day counts for an earlier date of the same promise."""
    if commitment.standing is not Standing.OPEN:
        return float(commitment.standing is Standing.DROPPED)
    if commitment.report == "partly":
        return 0.5
    due = commitment.due or today
    told = commitment.report == "not_yet" and (commitment.reported is None or commitment.reported >= due)
    return float(told or days_since(due, today, view.pauses) > _OVERDUE)


def _carried(view: ClientView, today: date) -> Found:
    most = max(_open(view), key=lambda c: c.moved, default=None)
    moved = most.moved if most else 0
    return Signal(kind="carried", level=_level(moved, 3, 5), params={"about": _about(most), "count": moved})


def _confidence(view: ClientView, today: date) -> Found:
    given = _ratings(view, "confidence")
    recent = [r for r in given if days_since(r.day, today, view.pauses) <= WINDOW]
    if len(recent) < 3:
        return NotEnough(kind="confidence", have=len(recent), need=3)
    latest = recent[-1]
    if days_since(latest.day, today, view.pauses) > _FRESH:
        return NotEnough(kind="confidence", have=0, need=1)
    high = max(recent, key=lambda r: r.value)
    same = next((c for c in view.commitments if latest.about and high.about == latest.about == c.id), None)
    on = phrase("on_commitment", commitment=title(same)) if same and same.text else ""
    params = {"high": high.value, "now": latest.value, "day": high.day, "on": on}
    return Signal(kind="confidence", level=_level(high.value - latest.value, 2, 4), params=params)


def _energy(view: ClientView, today: date) -> Found:
    given = _ratings(view, "energy")
    if len(given) < 2:
        return NotEnough(kind="energy", have=len(given), need=2)
    before, now = given[-2].value, given[-1].value
    level = Level.AMBER if max(before, now) <= 3 else None
    return Signal(kind="energy", level=level, params={"before": before, "now": now})


def _overload(view: ClientView, today: date) -> Found:
    count = len(_open(view))
    return Signal(kind="overload", level=_level(count, 6, 9), params={"count": count})


def _vague(view: ClientView, today: date) -> Found:
    """Amber only. Needs the words: where they are not shown, nobody can tell."""
    worded = may_read(
        Role.COACH,
        Data.WORDS,
        active=is_active(view.engagement),
        visible=view.engagement.visible,
        audience=Audience.COACH,
    )
    last = sorted(view.commitments, key=lambda c: (c.made, c.number))[-5:] if worded else []
    if len(last) < 5:
        return NotEnough(kind="vague", have=len(last), need=5)
    lacking = sum(c.due is None or not c.proof.strip() for c in last)
    return Signal(kind="vague", level=Level.AMBER if lacking >= 3 else None, params={"count": lacking})


def _open(view: ClientView) -> list[Commitment]:
    return [c for c in view.commitments if c.standing is Standing.OPEN]


def _ratings(view: ClientView, kind: str) -> list[Rating]:
    return sorted((r for r in view.ratings if r.kind == kind), key=lambda r: r.day)


def _about(commitment: Commitment | None) -> Phrase:
    words = title(commitment) if commitment else ""
    return phrase("about_commitment", commitment=words) if words else phrase("about_one")


SIGNALS: tuple[Row, ...] = (
    Row(kind="call", find=_call, digest=True, silenced=False),
    Row(kind="quiet", find=_quiet, digest=True),
    Row(kind="confidence", find=_confidence, digest=True),
    Row(kind="carried", find=_carried, digest=True),
    Row(kind="slips", find=_slips),
    Row(kind="energy", find=_energy),
    Row(kind="overload", find=_overload),
    Row(kind="vague", find=_vague),
)
