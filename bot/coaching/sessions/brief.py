"""The brief before a session: ten short parts on one screen, from what the client shares and nothing else.

The client previews the very same lines. Days are local to the client; instants are told on the reader's clock.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from bot.coaching.commitments.lines import trend, with_goal
from bot.coaching.digest.signals import raised
from bot.coaching.habits.lines import habit_lines
from bot.coaching.planning.lines import goal_lines
from bot.coaching.sessions.rules import last_session
from bot.coaching.shared.find_client import ask_which, nobody_named
from bot.coaching.shared.lines import phrase_list, said_in_short
from bot.coaching.visibility.covered import everyone, looked, mark
from bot.coaching.visibility.table import own_engagement, own_view, shows_activity
from bot.messages.readings import Reading
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import Facts
from bot.model.people.answers import Remark
from bot.model.people.client_view import ClientView, SignalLevel
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note
from bot.model.replies import Reply
from bot.rendering.shortening import shortened
from bot.time_zones import local_day

EACH_DAY = 4  # due items on one weekday before a pattern may be named
IDEAS = 3
_EACH = 3  # entries of a kind
_CUT = 120  # characters of an entry
_GOALS = 12  # lines: three goals with their ladders and next steps
_SINCE = timedelta(days=21)  # where there was no session yet
_SLIPS, _HOLDS = 0.5, 0.25
# Signals in the order in which their questions are worth most, and those that only a good week raises.
_IDEAS = ("confidence", "carried", "slips", "stall", "behind", "milestone", "overload", "vague", "energy", "value")
_WISHES, _WINS, _OBSTACLES = ("wish", "session_goal"), ("win",), ("obstacle",)
_PICTURE = ("expectation_now", "expectation_worthwhile", "expectation_challenge", "expectation_works")
_SHARED = ("moved", "avoiding", "answer", "thinking", "insight", "practice", "tweak", "takeaway")


def brief_lines(view: ClientView, today: date, now: datetime, *, notes: Iterable[Note]) -> tuple[Phrase, ...]:
    """The brief on a client's local day; `notes` are the coach's, of which only promises made to the client appear."""
    own = view.engagement
    since = _since(view, today, now)
    parts = [
        [phrase("brief_heading", client=own.client_name, when=_when(view, now))],
        _worded("brief_wish", _said(view, _WISHES, since)),
        _done(view, since, today),
        habit_lines(view.habits, today, view.off),
        list(goal_lines(view.plan, today))[:_GOALS] + trend(view.ratings, "confidence", view.commitments),
        _worded("brief_wins", _said(view, _WINS, since)),
        _worded("brief_obstacles", _said(view, _OBSTACLES, since)),
        _labelled("brief_shared", [*_said(view, _PICTURE, since, most=len(_PICTURE)), *_said(view, _SHARED, since)]),
        list(patterns(view.commitments, today)),
        _promised(notes),
        _ideas(view, since, today),
        _dates(view, now),
        [_footer(view)],
    ]
    return tuple(line for part in parts for line in part)


def _since(view: ClientView, today: date, now: datetime) -> date:
    """From when on things are new: the day of the last session, or three weeks."""
    last = last_session(view.plan, now)
    return local_day(last.at, view.zone) if last is not None else today - _SINCE


def _when(view: ClientView, now: datetime) -> Phrase:
    ahead = view.plan.planned_sessions(now)
    return (
        phrase("brief_on", day=local_day(ahead[0].at, view.zone))
        if ahead
        else phrase("brief_today" if view.plan.sessions_off else "brief_unbooked")
    )


def _footer(view: ClientView) -> Phrase:
    shown = shows_activity(view.engagement)
    return phrase("brief_footer" if shown else "brief_nothing", client=view.engagement.client_name)


# -- what was said ---------------------------------------------------------------------------------------------------


def _said(view: ClientView, kinds: tuple[str, ...], since: date, *, most: int = _EACH) -> list[Remark]:
    found = [remark for remark in view.remarks if remark.kind in kinds and remark.day >= since]
    return sorted(found, key=lambda remark: remark.day)[-most:]


def _worded(key: str, remarks: list[Remark]) -> list[Phrase]:
    """Each remark on a line; the same words said twice stand once."""
    lines = [phrase("brief_quote", text=text) for text in dict.fromkeys(_cut(remark.text) for remark in remarks)]
    return [phrase(key), *lines] if lines else []


def _labelled(key: str, remarks: list[Remark]) -> list[Phrase]:
    """Each remark beside its question in short."""
    lines = [phrase("brief_said", said=said_in_short(remark.kind), text=_cut(remark.text)) for remark in remarks]
    return [phrase(key), *lines] if lines else []


def _cut(text: str) -> str:
    return shortened(" ".join(text.split()), _CUT)


# -- since last time -------------------------------------------------------------------------------------------------


def _done(view: ClientView, since: date, today: date) -> list[Phrase]:
    told = sorted((c for c in view.commitments if _is_new(c, since, today)), key=lambda c: (c.due or today, c.number))
    if not told:
        return []
    lines = [
        phrase(
            f"brief_{_stands(c, today)}",
            what=with_goal(c, _title(c), view.plan),
            day=_day(c, today),
            moved=phrase("moved_clause", count=c.moved) if c.moved else "",
        )
        for c in told[-2 * _EACH :]
    ]
    return [phrase("brief_since", day=since), *lines]


def _is_new(commitment: Commitment, since: date, today: date) -> bool:
    reported = commitment.reported is not None and commitment.reported >= since
    return reported or (commitment.due is not None and since <= commitment.due <= today)


def _stands(commitment: Commitment, today: date) -> str:
    if commitment.standing is not Standing.OPEN:
        return commitment.standing.value
    if commitment.report == "partly":
        return "partly"
    if commitment.due is None:
        return "undated"
    return "open" if commitment.due >= today else "not_done"


def _day(commitment: Commitment, today: date) -> date:
    settled = commitment.standing is not Standing.OPEN or commitment.report == "partly"
    return (commitment.reported if settled else commitment.due) or commitment.due or commitment.reported or today


def _title(commitment: Commitment) -> str | Phrase:
    return _cut(commitment.text) if commitment.text else phrase("words_not_shown")


# -- patterns --------------------------------------------------------------------------------------------------------


def patterns(commitments: Iterable[Commitment], today: date) -> Iterator[Phrase]:
    """Weekdays whose due items slip while another's get done; each with at least `EACH_DAY` of them, and numbers."""
    by_day: dict[int, list[bool]] = {}
    for commitment in commitments:
        if commitment.due is not None and commitment.due < today and commitment.standing is not Standing.DROPPED:
            slipped = commitment.standing is Standing.OPEN or commitment.moved > 0
            by_day.setdefault(commitment.due.weekday(), []).append(slipped)
    counted = {day: (sum(found), len(found)) for day, found in by_day.items() if len(found) >= EACH_DAY}
    bad = [day for day, (missed, count) in sorted(counted.items()) if missed / count >= _SLIPS]
    good = [day for day, (missed, count) in sorted(counted.items()) if missed / count <= _HOLDS]
    if bad and good:
        worst, best = bad[0], good[0]
        yield phrase(
            "brief_pattern",
            bad=phrase(f"weekday_{worst}"),
            missed=counted[worst][0],
            count=counted[worst][1],
            good=phrase(f"weekday_{best}"),
            done=counted[best][1] - counted[best][0],
            of=counted[best][1],
        )


# -- the coach's side ------------------------------------------------------------------------------------------------


def _promised(notes: Iterable[Note]) -> list[Phrase]:
    waiting = [note for note in notes if note.kind == "promise" and not note.done]
    return [phrase("brief_promise", text=_cut(note.text), day=note.day) for note in waiting[-_EACH:]]


def _ideas(view: ClientView, since: date, today: date) -> list[Phrase]:
    """Up to three questions, each for a reason that can be named."""
    found = {
        signal.kind: signal for signal in raised(view, today) if signal.level in (SignalLevel.AMBER, SignalLevel.RED)
    }
    ideas = [phrase(f"idea_{kind}", **found[kind].params) for kind in _IDEAS if kind in found][:IDEAS]
    if not ideas and _all_done(view, since, today):
        ideas = [phrase("idea_all_done")]
    return [phrase("brief_ideas"), *ideas] if ideas else []


def _all_done(view: ClientView, since: date, today: date) -> bool:
    """Whatever was due or told of is done, and nothing that is still open was moved on the way."""
    told = [c for c in view.commitments if _is_new(c, since, today)]
    moved = any(c.standing is Standing.OPEN and (c.moved or c.slips) for c in view.commitments)
    return bool(told) and not moved and all(c.standing is Standing.DONE for c in told)


def _dates(view: ClientView, now: datetime) -> list[Phrase]:
    """Sessions ahead, where the heading has not said already that there is none, and the end of the programme."""
    ends = view.plan.ends
    left = sum(ends is None or local_day(s.at, view.zone) <= ends for s in view.plan.planned_sessions(now))
    parts = [phrase("sessions_off_brief")] if view.plan.sessions_off else []
    parts += [phrase("brief_sessions", count=left)] if left and not parts else []
    if view.plan.ends is not None:
        parts.append(phrase("brief_ends", day=view.plan.ends))
    return [phrase_list(parts)] if parts else []


# -- the command -----------------------------------------------------------------------------------------------------


def own_brief(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """The client previews the very lines that the coach will read."""
    own = own_engagement(facts)
    if own is None:
        return Reply(says=(phrase("no_role"),))
    plan = facts.plan_of(own.id)
    seen = brief_lines(own_view(facts, own), facts.today, now, notes=plan.notes)
    return Reply(says=(phrase("brief_preview", coach=own.coach_name), phrase("in_lines", lines=list(seen))))


def brief_of_next(reading: Reading, facts: Facts, now: datetime) -> Reply:
    """A coach without a name: the brief for the session that comes first."""
    ahead = [(found[0].at, view) for view in everyone(facts) if (found := view.plan.planned_sessions(facts.now))]
    if not ahead:
        return ask_which("brief", nobody_named(everyone(facts)), facts, phrase("help_coach_brief"))
    _, view = min(ahead, key=lambda pair: pair[0])
    return brief_of(reading, view, facts, now)


def brief_of(reading: Reading, view: ClientView, facts: Facts, now: datetime) -> Reply:
    """A coach with a client: what there is to know before a session; that it was read is noted."""
    today = view.today or facts.today  # where the client is
    lines = [*mark(view), *brief_lines(view, today, facts.now, notes=view.plan.notes)]
    return Reply(says=(phrase("in_lines", lines=lines),), records=(looked(view, "brief"),))
