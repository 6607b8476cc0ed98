"""What a coach looks up: one line of the roster for each client, and one client in full.

All of it is made from `ClientView`, so from what the client agreed to; `whatmycoachsees` shows the client these lines.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta

from bot.coaching.commitments.lines import commitment_line, trend
from bot.coaching.digest.signal_kinds import WEEK, NotEnough, Signal
from bot.coaching.digest.signals import raised, reason, signals, wins
from bot.coaching.habits.lines import habit_lines
from bot.coaching.planning.lines import goal_lines
from bot.coaching.shared.lines import phrase_list, said_in_short
from bot.coaching.visibility.answered import in_days
from bot.coaching.visibility.table import shows_activity
from bot.model.commitments.values import Standing
from bot.model.occurrences import Answered
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.phrases import Phrase, phrase

MARKS = {SignalLevel.RED: "line_red", SignalLevel.AMBER: "line_amber"}
_REMARKS_SHOWN = 5


# -- one client, one line --------------------------------------------------------------------------------------------


def roster_lines(practice: Collection[ClientView], today: date) -> tuple[Phrase, ...]:
    """Every client of a coach on one line each: those with a signal first, then by name."""
    found = [(view, fresh(view, today)) for view in sorted(practice, key=by_name)]
    found.sort(key=lambda pair: _urgency(pair[1]))
    return tuple(_roster_line(view, kept, today) for view, kept in found)


def fresh(view: ClientView, today: date, *, digest: bool = False) -> list[Signal]:
    """The signals that the coach does not leave be for now."""
    return [signal for signal in raised(view, today, digest=digest) if signal.key not in view.left]


def _urgency(kept: list[Signal]) -> int:
    return 2 if not kept else int(kept[0].level is not SignalLevel.RED)


def _roster_line(view: ClientView, kept: list[Signal], today: date) -> Phrase:
    parts = [state_of(view, today)]
    if shows_activity(view.engagement) and view.connected:
        own = view.today or today
        days = [c.due for c in view.commitments if c.standing is Standing.OPEN and c.due and c.due >= own]
        parts += [phrase("roster_next", day=min(days))] if days else []
    parts += [reason(signal) for signal in kept]
    mark = MARKS[kept[0].level] if kept and kept[0].level else "line_calm"
    return phrase(mark, client=view.name, reasons=both(parts))


def state_of(view: ClientView, today: date) -> Phrase:
    """How things stand with one client, in a few words."""
    if is_declined(view):
        return phrase("roster_declined")
    if is_finished(view):
        return phrase("roster_finished")
    if view.unconfirmed:
        return phrase("roster_unconfirmed")
    if not view.connected:
        return phrase("roster_waiting")
    if not shows_activity(view.engagement):
        return phrase("roster_unseen")
    if view.stopped:
        return phrase("roster_stopped_on", day=view.stopped_on) if view.stopped_on else phrase("roster_stopped")
    if view.paused:
        return phrase("roster_paused_until", day=view.paused_until) if view.paused_until else phrase("roster_paused")
    if view.given_up:
        return phrase("roster_given_up", day=view.given_up)
    return _week(view, view.today or today)


def _week(view: ClientView, today: date) -> Phrase:
    """Whether they answered, today or in the seven days before."""
    _, how = in_days(view.asked, view.replies, today - timedelta(days=WEEK), today)
    return phrase({None: "roster_not_asked", Answered.NOT: "roster_asked"}.get(how) or f"roster_{how}")


def state_line(view: ClientView, today: date) -> Phrase:
    """One client, and how things stand."""
    return phrase("line_calm", client=view.name, reasons=state_of(view, today))


# -- who is not asked just now ---------------------------------------------------------------------------------------


def ended_entries(view: ClientView, told: Callable[[str], bool]) -> list[Phrase]:
    """That asking has ended, which is told once."""
    return [] if all(map(told, ended_keys(view))) else [ended(view)]


def resting_entries(view: ClientView) -> list[Phrase]:
    """That a client rests, for as long as they do."""
    if not view.paused or view.stopped:
        return []
    if view.paused_until is None:
        return [phrase("resting", client=view.name)]
    return [phrase("resting_until", client=view.name, day=view.paused_until)]


def ended_keys(view: ClientView) -> tuple[str, ...]:
    """The key of the end of asking, for whoever counts what was told."""
    if view.stopped:
        return (f"stopped {view.stopped_on}",)
    return (f"given up {view.given_up}",) if view.given_up is not None else ()


def ended(view: ClientView) -> Phrase:
    """That a client has stopped, or that they are asked no more."""
    if view.stopped and view.stopped_on is not None:
        return phrase("stopped_on", client=view.name, day=view.stopped_on)
    return phrase("stopped_by_choice" if view.stopped else "given_up", client=view.name)


# -- one client in full ----------------------------------------------------------------------------------------------


def client_lines(view: ClientView, today: date) -> tuple[Phrase, ...]:
    """All that a coach can look up of one client, every signal about them included."""
    lines = [state_line(view, today)]
    lines += [_reason_line(view, s) for s in raised(view, today)]
    if not (view.connected and shows_activity(view.engagement)):
        return tuple(lines)
    lines += [phrase("reason_good", reason=reason(s)) for s in wins(view, today)]
    lines += _commitment_lines(view)
    lines += habit_lines(view.habits, today, view.off)
    lines += goal_lines(view.plan, today)
    for kind in ("confidence", "energy"):
        lines += trend(view.ratings, kind, view.commitments)
    lines += _remark_lines(view)
    lacking = [s for s in signals(view, today) if isinstance(s, NotEnough)]
    if lacking:
        each = [phrase("not_enough", kind=phrase(f"kind_{s.kind}"), have=s.have, need=s.need) for s in lacking]
        lines.append(phrase("not_enough_data", kinds=phrase_list(each)))
    return tuple(lines)


def _reason_line(view: ClientView, signal: Signal) -> Phrase:
    said = phrase("left_for_now", reason=reason(signal)) if signal.key in view.left else reason(signal)
    return phrase("reason_red" if signal.level is SignalLevel.RED else "reason_amber", reason=said)


def _commitment_lines(view: ClientView) -> list[Phrase]:
    live = sorted((c for c in view.commitments if c.standing is Standing.OPEN), key=lambda c: c.due or date.max)
    if not live:
        return [phrase("none_open")]
    return [phrase("open_heading"), *(commitment_line(c, view.plan) for c in live)]


def _remark_lines(view: ClientView) -> list[Phrase]:
    last = sorted(view.remarks, key=lambda r: r.day)[-_REMARKS_SHOWN:]
    lines = [phrase("remark_line", said=said_in_short(r.kind), day=r.day, text=" ".join(r.text.split())) for r in last]
    return [phrase("remarks_heading"), *lines] if lines else []


# -- small things ----------------------------------------------------------------------------------------------------


def both(parts: list[Phrase]) -> Phrase:
    """Phrases on one line, parted by semicolons."""
    return phrase("and_also", first=parts[0], rest=both(parts[1:])) if len(parts) > 1 else parts[0]


def by_name(view: ClientView) -> tuple[str, str]:
    """For sorting by name, which ranks nobody."""
    return (view.name.casefold(), view.engagement.id)


def is_finished(view: ClientView) -> bool:
    """The coaching has ended."""
    return view.engagement.state == "closed"


def is_declined(view: ClientView) -> bool:
    """The client said no."""
    return view.engagement.state == "declined"
