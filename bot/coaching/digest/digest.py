"""The weekly digest: ten lines, a fold, and below it whatever was cut.

Exceptions come first, always with reason and numbers; within a level clients stand by name, which ranks nobody. All of
it is made from `ClientView`, so from what the client agreed to; a client's own words appear only as the titles of
commitments and goals.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.coaching.digest.client_lines import (
    MARKS,
    both,
    by_name,
    ended_entries,
    ended_keys,
    fresh,
    is_declined,
    is_finished,
    resting_entries,
    state_line,
)
from bot.coaching.digest.signal_kinds import Signal, day_of
from bot.coaching.digest.signals import raised, reason
from bot.coaching.digest.wins import win_entries, win_keys, won
from bot.coaching.rhythm.slots import DAILY, WEEKLY
from bot.coaching.shared.client_ref import ref_of
from bot.coaching.shared.lines import phrase_list
from bot.coaching.visibility.answered import A_DAY, answered, asked_key, lately
from bot.coaching.visibility.table import is_active, shows_activity
from bot.model.occurrences import Answered, Asked
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.phrases import Phrase, phrase

ABOVE = 4  # entries of a kind above the fold
STILL_FOR = 3  # weeks after which the same signal is no longer repeated
BUTTONS = 3  # for each client that is flagged
_WEEK = timedelta(days=7)
CHECK_INS = frozenset({WEEKLY, DAILY})
_FLAGGED, _LINES = 8, 20  # clients with buttons, or lines without, in one message below the fold
_TOGETHER = 8  # lines below the fold that stand in the same message

Repeats = Mapping[tuple[str, str], int]
_NONE: Repeats = MappingProxyType({})
Button = tuple[str, Phrase]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One message of a digest: its lines, and buttons that are commands, `BUTTONS` in a row."""

    lines: tuple[Phrase, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Flag:
    """A client with a reason to look, and the line that says it."""

    view: ClientView
    line: Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """A digest before it is cut into messages: ten lines at most, and what follows below the fold."""

    above: tuple[Phrase, ...]
    flagged: tuple[_Flag, ...] = ()
    below: tuple[Phrase, ...] = ()

    @property
    def lines(self) -> tuple[Phrase, ...]:
        """All of it, as one text."""
        rest = (*(flag.line for flag in self.flagged[ABOVE:]), *self.below)
        return (*self.above, *((phrase("digest_fold"), *rest) if rest else ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Section:
    """Entries of one kind: the first ones share the line `short` above the fold, the rest follow below."""

    short: str
    more: str
    entries: tuple[Phrase, ...]
    sentences: bool = False  # whether each entry is one


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """When the digest is read, on whose clock, and what was told before."""

    today: date
    now: datetime
    zone: str
    repeats: Repeats | None

    def told(self, view: ClientView) -> Callable[[str], bool]:
        return lambda key: (view.engagement.id, key) in (self.repeats or _NONE)

    def asked(self, view: ClientView) -> tuple[Asked, ...]:
        """What a client was asked since the digest before."""
        found = lately(view.asked, self.now, self.told(view))
        return found if self.repeats is not None else tuple(each for each in found if self.now - each.at < _WEEK)

    def answered(self, view: ClientView) -> Answered | None:
        """How far a client answered; None for whoever was not asked."""
        first, last = (day_of(at, view) for at in (self.now - _WEEK, self.now))
        asked = self.asked(view)
        return answered(asked, any(first < day <= last for day in view.replies)) if asked else None


def weekly_digest(
    practice: Collection[ClientView],
    today: date,
    *,
    repeats: Repeats | None = None,
    now: datetime | None = None,
    zone: str = "UTC",
) -> Digest:
    """The digest of one coach on their local day `today`; `now` (UTC) and `zone` tell which sessions come.

    `repeats` says for (engagement id, key) in how many digests running a thing has stood already: after three a signal
    is left out until it has cleared, and what is told once after the first (`standing` gives the keys to count). A
    wanted call is always said. Without it, as at any time that a coach asks, all of the last seven days is told.
    """
    views = sorted((view for view in practice if is_told_of(view)), key=by_name)
    joined = [view for view in views if view.connected and shows_activity(view.engagement)]
    if not views:
        return Digest(above=(phrase("digest_empty"),))
    now = now or datetime.combine(today, time(), UTC)
    look = _Look(today=today, now=now, zone=zone, repeats=repeats)
    repeats = repeats or _NONE
    found = [(view, _fresh(view, today, repeats)) for view in views if view.connected]
    pressing = sorted(((v, s) for v, s in found if s), key=lambda pair: pair[1][0].level is not SignalLevel.RED)
    flags = tuple(_Flag(view=view, line=_exception(view, kept, repeats)) for view, kept in pressing)
    above = [_header(views, joined, pressing, look), *(flag.line for flag in flags[:ABOVE])]
    below: list[Phrase] = []
    for section in _sections(views, joined, look):
        above += _short(section)
        below += section.entries if len(section.entries) > ABOVE else ()
    below += _unseen(views, today)
    cut = len(flags) - ABOVE
    above.append(phrase("digest_hint_more", count=cut) if cut > 0 else phrase("digest_hint"))
    return Digest(above=tuple(above), flagged=flags, below=tuple(below))


def is_told_of(view: ClientView) -> bool:
    """Whether a digest has a word on this client: while the coaching runs, and while they want a call."""
    return not is_finished(view) or view.call_wanted is not None


def parts_of(digest: Digest) -> tuple[Part, ...]:
    """The messages of a digest: ten lines with the buttons of whom they flag; little else stays with them."""
    rest = digest.flagged[ABOVE:]
    together = not rest and len(digest.below) <= _TOGETHER
    first = digest.lines if together else digest.above
    found = [Part(lines=first, buttons=_buttons(digest.flagged[:ABOVE]))]
    for at in range(0, len(rest), _FLAGGED):
        some = rest[at : at + _FLAGGED]
        found.append(Part(lines=tuple(flag.line for flag in some), buttons=_buttons(some)))
    if not together:
        found += [Part(lines=digest.below[at : at + _LINES]) for at in range(0, len(digest.below), _LINES)]
    return tuple(found)


def _buttons(flags: Iterable[_Flag]) -> tuple[Button, ...]:
    found: list[Button] = []
    for flag in flags:
        ref, client = ref_of(flag.view.engagement.id), flag.view.name
        found.append((f"/client {ref}", phrase("button_open", client=client)))
        found.append((f"/note {ref}", phrase("button_note", client=client)))
        found.append((f"/leave {ref}", phrase("button_leave", client=client)))
    return tuple(found)


def standing(practice: Collection[ClientView], today: date, now: datetime | None = None) -> frozenset[tuple[str, str]]:
    """The keys of all that a digest of this moment may carry, for whoever counts what was told."""
    now = now or datetime.combine(today, time(), UTC)
    return frozenset((view.engagement.id, key) for view in practice for key in _keys(view, today, now))


def _keys(view: ClientView, today: date, now: datetime) -> set[str]:
    signals = {signal.key for signal in raised(view, today, digest=True)}
    asked = {asked_key(each) for each in lately(view.asked, now, lambda key: False)}
    return signals | asked | win_keys(view, view.today or today) | set(ended_keys(view))


def _header(
    views: list[ClientView],
    joined: list[ClientView],
    pressing: list[tuple[ClientView, list[Signal]]],
    look: _Look,
) -> Phrase:
    return phrase(
        "digest_header",
        week=look.today - timedelta(days=look.today.weekday()),
        clients=phrase("digest_clients", count=len(views)),
        asked=_asked([how for view in joined if (how := look.answered(view)) is not None]),
        need=phrase("digest_need", count=len(pressing)),
    )


def _asked(found: list[Answered]) -> Phrase:
    """How many were asked since the last digest, and how many of them answered."""
    parts = [phrase(f"digest_{how}", count=found.count(how)) for how in Answered if how in found]
    if not parts:
        return phrase("digest_none_asked")
    return phrase("digest_asked", count=len(found), how=phrase_list(parts))


def _fresh(view: ClientView, today: date, repeats: Repeats) -> list[Signal]:
    kept = fresh(view, today, digest=True)
    return [s for s in kept if s.kind == "call" or repeats.get((view.engagement.id, s.key), 0) < STILL_FOR]


def _exception(view: ClientView, kept: list[Signal], repeats: Repeats = _NONE) -> Phrase:
    told = [bool(repeats.get((view.engagement.id, s.key))) for s in kept]
    said = [phrase("still", reason=reason(s)) if before else reason(s) for s, before in zip(kept, told, strict=True)]
    level = kept[0].level or SignalLevel.AMBER
    return phrase(MARKS[level], client=view.name, reasons=both(said))


# -- what follows the exceptions -------------------------------------------------------------------------------------


def _sections(views: list[ClientView], joined: list[ClientView], look: _Look) -> Iterable[_Section]:
    if joined:
        all_won = [won(view, view.today or look.today, look.told(view)) for view in joined]
        unfinished = {view.engagement.id: _unfinished(look.asked(view), look.now) for view in joined}
        yield _Section(short="digest_wins", more="digest_wins_none", entries=win_entries(all_won, unfinished))
    yield _Section(short="digest_sessions", more="", entries=_sessions(views, look.now, look.zone))
    waiting = tuple(entry for view in views for entry in _waiting(view))
    yield _Section(short="digest_waiting", more="", entries=waiting)
    ended = tuple(entry for view in joined for entry in ended_entries(view, look.told(view)))
    resting = (*ended, *(entry for view in joined for entry in resting_entries(view)))
    yield _Section(short="digest_resting", more="", entries=resting, sentences=True)


def _unfinished(asked: Iterable[Asked], now: datetime) -> bool:
    """Whether a check-in was answered in part, and nobody went on within a day."""
    partly = [each for each in asked if each.slot in CHECK_INS and each.answered is Answered.PARTLY]
    return any(not each.open or now - each.at >= A_DAY for each in partly)


def _short(section: _Section) -> list[Phrase]:
    """The line above the fold: all entries when there are few, else the first and how many more."""
    if not section.entries:
        return [phrase(section.more)] if section.more else []
    shown = list(section.entries[:ABOVE])
    cut = len(section.entries) - len(shown)
    shown += [phrase("more_below", count=cut)] if cut else []
    return [phrase(section.short, entries=_sentences(shown) if section.sentences else phrase_list(shown))]


def _sentences(parts: list[Phrase]) -> Phrase:
    return phrase("and_sentence", first=parts[0], rest=_sentences(parts[1:])) if len(parts) > 1 else parts[0]


def _sessions(views: list[ClientView], now: datetime, zone: str) -> tuple[Phrase, ...]:
    """The sessions of the next seven days, as the coach's own clock shows them."""
    coming = [
        (session.at, view.name)
        for view in views
        for session in view.plan.sessions
        if session.state == "planned" and now <= session.at < now + _WEEK and not view.plan.sessions_off
    ]
    return tuple(
        phrase("digest_session", at=at.astimezone(ZoneInfo(zone)), client=client) for at, client in sorted(coming)
    )


def _waiting(view: ClientView) -> list[Phrase]:
    """What the coach has still to say: who joined, a success ladder, an agreement."""
    client = view.name
    if is_active(view.engagement) and not view.engagement.confirmed:
        return [phrase("waiting_join", client=client)]
    if not is_active(view.engagement):
        return []
    found = []
    if any(g.drafted and g.drafted.whole and not g.drafted.alone and not g.drafted.coach_ok for g in view.plan.goals):
        found.append(phrase("waiting_ladder", client=client))
    proposed = view.plan.proposed
    if proposed is not None and proposed.coach_ok is None:
        found.append(phrase("waiting_agreement", client=client))
    return found


def _unseen(views: list[ClientView], today: date) -> list[Phrase]:
    """Clients whose chat is closed, or who show nothing; a call that one of them wants stands above with the others."""
    known = [view for view in views if view.engagement.confirmed or not is_active(view.engagement)]
    silent = [v for v in known if not v.connected or not shows_activity(v.engagement) or is_declined(v)]
    return [state_line(view, today) for view in silent]
