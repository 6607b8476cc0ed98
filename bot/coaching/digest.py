"""What a coach reads: the weekly digest, one line of the roster, and one client in full.

Exceptions come first, always with reason and numbers; within a level clients stand by name, which ranks nobody. All of
it is made from `ClientView`, so from what the client agreed to; a client's own words appear only as the titles of
commitments, and in `client_lines`, never in what is pushed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from bot.coaching.backoff import Signal as Level
from bot.coaching.names import phrase_list
from bot.coaching.signals import NotEnough, Signal, raised, reason, signals, title
from bot.coaching.visibility import shows_activity
from bot.facts import ClientView, Commitment, Rating, Standing
from bot.records import Phrase, phrase

ABOVE = 4  # entries of a kind above the fold
STILL_FOR = 3  # weeks after which the same signal is no longer repeated
_WEEK = timedelta(days=7)
_MARKS = {Level.RED: "line_red", Level.AMBER: "line_amber"}
_NUMBERS_SHOWN, _REMARKS_SHOWN = 4, 5

Repeats = Mapping[tuple[str, str], int]
_NONE: Repeats = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    """Entries of one kind: the first ones share the line `short` above the fold, the rest follow below."""

    short: str
    more: str
    entries: tuple[Phrase, ...]


def weekly_digest(practice: Collection[ClientView], today: date, *, repeats: Repeats = _NONE) -> tuple[Phrase, ...]:
    """The digest of one coach on their local day `today`: at most ten lines, a fold, and below it whatever was cut.

    `repeats` says for (engagement id, kind and level of signal) in how many digests running it has stood already; after
    three it is left out until it has cleared (`standing` gives the keys to count). A wanted call is always said.
    """
    views = sorted(practice, key=_by_name)
    joined = [view for view in views if view.connected and shows_activity(view.engagement)]
    if not views:
        return (phrase("digest_empty"),)
    found = [(view, _fresh(view, today, repeats)) for view in views if view.connected]
    pressing = sorted(((v, s) for v, s in found if s), key=lambda pair: pair[1][0].level is not Level.RED)
    lines = [_exception(view, kept, repeats) for view, kept in pressing]
    above = [_header(views, joined, pressing, today), *lines[:ABOVE]]
    above += [phrase("digest_more", count=len(lines) - ABOVE)] if len(lines) > ABOVE else []
    below = lines[ABOVE:]
    for section in _sections(views, joined, today):
        above += _short(section)
        below += section.entries if len(section.entries) > ABOVE else ()
    below += _unseen(views)
    fold = (phrase("digest_fold"), *below) if below else ()
    return (*above, phrase("digest_hint"), *fold)


def standing(practice: Collection[ClientView], today: date) -> frozenset[tuple[str, str]]:
    """The keys of the signals that a digest of this day may carry, for whoever counts repeats."""
    return frozenset(_key(v, s) for v in practice for s in raised(v, today, digest=True))


def _key(view: ClientView, signal: Signal) -> tuple[str, str]:
    """Names a signal for counting; one that has grown worse is another one, and is told anew."""
    return view.engagement.id, f"{signal.kind} {signal.level}"


def _header(
    views: list[ClientView], joined: list[ClientView], pressing: list[tuple[ClientView, list[Signal]]], today: date
) -> Phrase:
    return phrase(
        "digest_header",
        week=today - timedelta(days=today.weekday()),
        clients=phrase("digest_clients", count=len(views)),
        answered=phrase("digest_answered", count=sum(view.answered_this_week for view in joined)),
        need=phrase("digest_need", count=sum(kept[0].level is Level.RED for _, kept in pressing)),
    )


def _fresh(view: ClientView, today: date, repeats: Repeats) -> list[Signal]:
    kept = raised(view, today, digest=True)
    return [s for s in kept if s.kind == "call" or repeats.get(_key(view, s), 0) < STILL_FOR]


def _exception(view: ClientView, kept: list[Signal], repeats: Repeats = _NONE) -> Phrase:
    said = [phrase("still", reason=reason(s)) if repeats.get(_key(view, s)) else reason(s) for s in kept]
    level = kept[0].level or Level.AMBER
    return phrase(_MARKS[level], client=_name(view), reasons=both(said))


def _sections(views: list[ClientView], joined: list[ClientView], today: date) -> Iterable[_Section]:
    wins = tuple(win for win in (_win(view, today) for view in joined) if win)
    if joined:
        yield _Section(short="digest_wins", more="digest_wins_none", entries=wins)
    resting = tuple(_resting(view) for view in joined if view.paused)
    yield _Section(short="digest_paused", more="", entries=resting)
    waiting = tuple(phrase("one_name", client=_name(v)) for v in views if not v.connected and not _declined(v))
    yield _Section(short="digest_waiting", more="", entries=waiting)


def _short(section: _Section) -> list[Phrase]:
    """The line above the fold: all entries when there are few, else the first and how many more."""
    if not section.entries:
        return [phrase(section.more)] if section.more else []
    shown = list(section.entries[:ABOVE])
    cut = len(section.entries) - len(shown)
    listed = phrase_list(shown + ([phrase("more_below", count=cut)] if cut else []))
    return [phrase(section.short, entries=listed)]


def _win(view: ClientView, today: date) -> Phrase | None:
    """What was done in the last seven days, of what was to be done in them."""
    done = [c for c in view.commitments if c.standing is Standing.DONE and _recent(c.reported, today)]
    missed = [c for c in view.commitments if c.standing is Standing.OPEN and _recent(c.due, today)]
    if not done:
        return None
    return phrase("win", client=_name(view), done=len(done), count=len(done) + len(missed))


def _recent(day: date | None, today: date) -> bool:
    return day is not None and today - _WEEK < day <= today


def _resting(view: ClientView) -> Phrase:
    if view.paused_until is None:
        return phrase("one_name", client=_name(view))
    return phrase("until_day", client=_name(view), day=view.paused_until)


def _unseen(views: list[ClientView]) -> list[Phrase]:
    """Clients who are there and show nothing; a call that one of them wants stands above with the others."""
    silent = [view for view in views if (view.connected and not shows_activity(view.engagement)) or _declined(view)]
    return [_state_line(view) for view in silent]


# -- one client, one line --------------------------------------------------------------------------------------------


def roster_lines(practice: Collection[ClientView], today: date) -> tuple[Phrase, ...]:
    """Every client of a coach on one line each: those with a signal first, then by name."""
    found = [(view, raised(view, today)) for view in sorted(practice, key=_by_name)]
    found.sort(key=lambda pair: _urgency(pair[1]))
    return tuple(_roster_line(view, list(kept), today) for view, kept in found)


def _urgency(kept: tuple[Signal, ...]) -> int:
    return 2 if not kept else int(kept[0].level is not Level.RED)


def _roster_line(view: ClientView, kept: list[Signal], today: date) -> Phrase:
    parts = [_state(view)]
    if shows_activity(view.engagement) and view.connected:
        days = [c.due for c in view.commitments if c.standing is Standing.OPEN and c.due and c.due >= today]
        parts += [phrase("roster_next", day=min(days))] if days else []
    parts += [reason(signal) for signal in kept]
    mark = _MARKS[kept[0].level] if kept and kept[0].level else "line_calm"
    return phrase(mark, client=_name(view), reasons=both(parts))


def _state(view: ClientView) -> Phrase:
    """How things stand with one client, in a few words."""
    if _declined(view):
        return phrase("roster_declined")
    if not view.connected:
        return phrase("roster_waiting")
    if not shows_activity(view.engagement):
        return phrase("roster_unseen")
    if view.paused and view.paused_until:
        return phrase("roster_paused_until", day=view.paused_until)
    if view.paused:
        return phrase("roster_paused")
    week = "answered" if view.answered_this_week else "asked" if view.asked_this_week else "not_asked"
    return phrase(f"roster_{week}")


def _state_line(view: ClientView) -> Phrase:
    return phrase("line_calm", client=_name(view), reasons=_state(view))


# -- one client in full ----------------------------------------------------------------------------------------------


def client_lines(view: ClientView, today: date) -> tuple[Phrase, ...]:
    """All that a coach can look up of one client; `whatmycoachsees` shows the client these same lines."""
    lines = [_state_line(view)]
    lines += [_reason_line(s) for s in raised(view, today)]
    if not (view.connected and shows_activity(view.engagement)):
        return tuple(lines)
    lines += _commitment_lines(view)
    for kind in ("confidence", "energy"):
        lines += trend(view.ratings, kind)
    lines += _remark_lines(view)
    lacking = [s for s in signals(view, today) if isinstance(s, NotEnough)]
    if lacking:
        each = [phrase("not_enough", kind=phrase(f"kind_{s.kind}"), have=s.have, need=s.need) for s in lacking]
        lines.append(phrase("not_enough_data", kinds=phrase_list(each)))
    return tuple(lines)


def _reason_line(signal: Signal) -> Phrase:
    return phrase("reason_red" if signal.level is Level.RED else "reason_amber", reason=reason(signal))


def trend(ratings: Iterable[Rating], kind: str) -> list[Phrase]:
    """The last numbers of one kind with their days, the oldest first; nothing when there are none."""
    last = sorted((r for r in ratings if r.kind == kind), key=lambda r: r.day)[-_NUMBERS_SHOWN:]
    numbers = [phrase("dated_number", value=r.value, day=r.day) for r in last]
    return [phrase(f"trend_{kind}", numbers=phrase_list(numbers))] if numbers else []


def _commitment_lines(view: ClientView) -> list[Phrase]:
    live = sorted((c for c in view.commitments if c.standing is Standing.OPEN), key=lambda c: c.due or date.max)
    if not live:
        return [phrase("none_open")]
    return [phrase("open_heading"), *(commitment_line(c) for c in live)]


def commitment_line(commitment: Commitment, hidden: bool = False) -> Phrase:
    """One open commitment: its number, words, day, and how often it moved; `hidden` marks one kept from the coach."""
    return phrase(
        "commitment_line",
        number=commitment.number,
        commitment=title(commitment) or phrase("words_not_shown"),
        due=phrase("due_clause", due=commitment.due) if commitment.due else phrase("no_day_clause"),
        moved=phrase("moved_clause", count=commitment.moved) if commitment.moved else "",
        hidden=phrase("hidden_clause") if hidden else "",
    )


def _remark_lines(view: ClientView) -> list[Phrase]:
    last = sorted(view.remarks, key=lambda r: r.day)[-_REMARKS_SHOWN:]
    lines = [phrase("remark_line", day=r.day, text=" ".join(r.text.split())) for r in last]
    return [phrase("remarks_heading"), *lines] if lines else []


# -- small things ----------------------------------------------------------------------------------------------------


def both(parts: list[Phrase]) -> Phrase:
    """Phrases on one line, parted by semicolons."""
    return phrase("and_also", first=parts[0], rest=both(parts[1:])) if len(parts) > 1 else parts[0]


def _name(view: ClientView) -> str:
    return " ".join(view.engagement.client_name.split())


def _by_name(view: ClientView) -> tuple[str, str]:
    return (_name(view).casefold(), view.engagement.id)


def _declined(view: ClientView) -> bool:
    return view.engagement.state == "declined"
