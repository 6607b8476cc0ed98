"""What a coach takes back: each part by name, what holds again, and who hears of it. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.coaching.sessions.booking import Side, side_with
from bot.coaching.sessions.changes import cancelled, turned
from bot.coaching.sessions.changes import moved as session_moved
from bot.coaching.shared.lines import on_one_line
from bot.model.facts import Facts, Undoable
from bot.model.people.coachs_deed import CoachsDeed, SessionWas
from bot.model.people.engagements import Engagement
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Note, Session
from bot.model.records import Record, TakenBack
from bot.model.replies import Notification, Reply, Sheet, Sketch

_TOLD_NOTES = ("word", "proposal")  # kinds of notes that the client reads at once
_ROWS = ("programme", "left_signal", "coach", "agenda")  # what is put back as it was, with a line for each


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What is said of one part, and what puts it back; `heard` are those who hear of it from what puts it back."""

    says: tuple[Phrase, ...]
    records: tuple[Record, ...] = ()
    tells: tuple[Notification, ...] = ()
    files: tuple[Sheet | Sketch, ...] = ()
    heard: frozenset[str] = frozenset()


_Parts = list[_Part]


def taken_back_by_coach(found: Undoable, deed: CoachsDeed, facts: Facts, now: datetime) -> Reply | None:
    """All of it, part by part; None where nothing of it has a line of its own."""
    engagement = next((own for own in facts.engagements if own.id == deed.engagement), None)
    parts = _sessions(deed, facts, now)
    if parts is None:
        return Reply(says=(phrase("undo_coachs_past"),))
    parts += [*_ending(deed, engagement, facts), *_off(deed, engagement), *_written(found, deed, engagement, facts)]
    if not parts:
        return None
    heard = frozenset().union(*(part.heard for part in parts)) | {t.person for part in parts for t in part.tells}
    tells = [Notification(person=person, phrase=_plainly(found, facts)) for person in deed.told if person not in heard]
    return Reply(
        says=(phrase("in_lines", lines=[line for part in parts for line in part.says]),),
        records=(*(record for part in parts for record in part.records), TakenBack(run=found.run)),
        tells=(*(told for part in parts for told in part.tells), *tells),
        files=tuple(file for part in parts for file in part.files),
        withdraws=found.run,
    )


def _plainly(found: Undoable, facts: Facts) -> Phrase:
    return phrase("told_coachs_taken_back", coach=facts.person.name, day=found.day)


# -- sessions --------------------------------------------------------------------------------------------------------


def _sessions(deed: CoachsDeed, facts: Facts, now: datetime) -> _Parts | None:
    """Sessions as they were; None where the hour of one is over, or it is not this coach's any more."""
    pairs = [(was, side_with(was.id, facts)) for was in deed.sessions]
    held = [(was, side, side.session(was.id)) for was, side in pairs if side is not None]
    known = [(was, side, session) for was, side, session in held if session is not None]
    if len(known) < len(pairs) or any((was.at or session.at) <= now for was, _, session in known):
        return None
    made = [(side, session) for was, side, session in known if not was.state]
    parts = [_not_booked(made[0][0], tuple(session for _, session in made))] if made else []
    return parts + [_as_before(was, side, session, now) for was, side, session in known if was.state]


def _not_booked(side: Side, made: tuple[Session, ...]) -> _Part:
    says = phrase("undone_sessions", client=side.other, count=len(made), at=side.words(made[0]))
    return _by(cancelled(side, made), says, side)


def _as_before(was: SessionWas, side: Side, session: Session, now: datetime) -> _Part:
    if was.state == "cancelled":
        return _by(
            cancelled(side, (session,)), phrase("undone_session_on", client=side.other, at=_at(session, side)), side
        )
    on_again = session.state == "cancelled"
    at = was.at or session.at
    key = "undone_session_off" if on_again else "undone_session_moved"
    says = phrase(key, client=side.other, at=_at(session, side, at))
    return _by(session_moved(side, session, at, now), says, side)


def _at(session: Session, side: Side, at: datetime | None = None) -> Phrase:
    return side.words(replace(session, at=at or session.at))


def _by(reply: Reply, says: Phrase, side: Side) -> _Part:
    """The other side hears of it from the effects of the record."""
    heard = frozenset({side.engagement.client})
    return _Part(says=(says,), records=reply.records, files=reply.files, heard=heard)


def _off(deed: CoachsDeed, engagement: Engagement | None) -> _Parts:
    if deed.off is None or engagement is None:
        return []
    reply = turned(engagement, "off" if deed.off else "on", off=not deed.off)
    if reply is None:
        return []
    said = phrase("undone_sessions_turned", client=engagement.client_name)
    return [_Part(says=(said, *reply.says), records=reply.records, tells=reply.tells)]


# -- phase and end ---------------------------------------------------------------------------------------------------


def _ending(deed: CoachsDeed, engagement: Engagement | None, facts: Facts) -> _Parts:
    if engagement is None:
        return []
    if deed.end is not None:
        return [_end(deed, engagement, facts)]
    if deed.phase is None or deed.notes:
        return []
    stands = phrase(f"phase_{deed.phase}")
    says = phrase("undone_phase", client=engagement.client_name, phase=stands)
    told = phrase("told_phase_back", coach=engagement.coach_name, phase=stands)
    tells = (Notification(person=engagement.client, phrase=told),) if engagement.client in deed.told else ()
    return [_Part(says=(says,), tells=tells)]


def _end(deed: CoachsDeed, engagement: Engagement, facts: Facts) -> _Part:
    client, coach, end = engagement.client_name, engagement.coach_name, deed.end
    if end is None or not end.closing:
        told = phrase("closing_undone_client", coach=coach)
        return _Part(says=(phrase("undone_closing", client=client),), tells=_tells(deed, told))
    day = end.ends or facts.plan_of(engagement.id).ends
    if day is None:
        return _Part(says=(phrase("undone_closing_open", client=client),), tells=_tells(deed, _no_day(coach)))
    told = phrase("told_closing_day", coach=coach, day=day)
    return _Part(says=(phrase("undone_closing_day", client=client, day=day),), tells=_tells(deed, told))


def _no_day(coach: str) -> Phrase:
    return phrase("told_closing_open", coach=coach)


# -- what was written ------------------------------------------------------------------------------------------------


def _written(found: Undoable, deed: CoachsDeed, engagement: Engagement | None, facts: Facts) -> _Parts:
    client = engagement.client_name if engagement else ""
    parts = [_note(note, deed, client, facts) for note in deed.notes]
    parts += [_Part(says=(phrase("undone_kept", text=on_one_line(note.text)),)) for note in deed.settled]
    parts += [_goal(goal, made, deed, client, facts) for goal, made in found.goals]
    parts += _away(deed, facts)
    if not (parts or deed.end or deed.phase):
        named = (name for name in _ROWS if name in deed.tables)
        parts += [_Part(says=(phrase(f"undone_rows_{name}", client=client),)) for name in named]
    return parts


def _note(note: Note, deed: CoachsDeed, client: str, facts: Facts) -> _Part:
    text = on_one_line(note.text)
    if note.kind not in _TOLD_NOTES:
        return _Part(says=(phrase("undone_note_on", client=client, text=text),))
    told = phrase("told_note_back", coach=facts.person.name, text=text)
    return _Part(says=(phrase("undone_note_to", client=client, text=text),), tells=_tells(deed, told))


def _goal(goal: str, made: bool, deed: CoachsDeed, client: str, facts: Facts) -> _Part:
    words = on_one_line(goal)
    key = "undone_goal" if made else "undone_goal_change"
    told = phrase("told_goal_back", coach=facts.person.name, goal=words) if made else None
    return _Part(says=(phrase(key, goal=words),), tells=_tells(deed, told))


def _tells(deed: CoachsDeed, told: Phrase | None) -> tuple[Notification, ...]:
    return tuple(Notification(person=person, phrase=told) for person in deed.told) if told else ()


def _away(deed: CoachsDeed, facts: Facts) -> _Parts:
    if deed.away is None and deed.was_away is None:
        return []
    name, was = facts.person.name, deed.was_away
    if was is None:
        return [_Part(says=(phrase("undone_away"),), tells=_tells(deed, phrase("told_back", coach=name)))]
    told = phrase("told_away", coach=name, first=was.first, last=was.last)
    return [_Part(says=(phrase("undone_back", first=was.first, last=was.last),), tells=_tells(deed, told))]
