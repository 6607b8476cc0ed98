"""What the answers around a session come to: pure functions from answers to records, named in the YAML."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bot.coaching.commitments.outcomes import asked
from bot.coaching.habits.outcomes import habit_made
from bot.coaching.sessions.placeholders import Entry, entries, option_taken, week_ahead, word_text
from bot.coaching.sessions.rules import MINUTES, last_session, session_id
from bot.model.commitments.records import CommitmentMade
from bot.model.habits.records import HabitMade
from bot.model.people.answers import Audience
from bot.model.plan import Session
from bot.model.records import Rated, Record, Remarked
from bot.model.records_sessions import NoteKept, SessionSet
from bot.model.replies import Given

_FIRST_THOUGHTS = ("wish", "facts", "tried")


def before_session(given: Given) -> tuple[Record, ...]:
    """The client's wish for the session; what they avoid stays private unless they share it."""
    shown = given.audience_if("avoiding", agreed=bool(given.get("share")))
    wish = given.words("goal") if given.get("goal") not in (None, "none") else ""
    return (
        *_rated(given, "energy"),
        *_remarks(given, worthwhile="wish", moved="moved"),
        *_remark(given, "avoiding", "avoiding", audience=shown),
        *((Remarked(key="goal", kind="session_goal", text=wish, audience=given.audience("goal")),) if wish else ()),
        *asked(given),
    )


def after_session(given: Given) -> tuple[Record, ...]:
    """The takeaway, commitments with their confidence; usefulness and the remark only where the client agrees."""
    agreed, useful = bool(given.get("agree")), given.get("useful")
    promised = [_promised(given, entry, f"line{number}") for number, entry in enumerate(entries(given), 1)]
    shown = given.audience_if("useful", agreed=agreed)
    rated = (Rated(key="useful", kind="usefulness", value=useful, audience=shown),) if useful is not None else ()
    feedback = _remark(given, "change", "feedback", audience=given.audience_if("change", agreed=agreed))
    return (*promised, *rated, *_remarks(given, takeaway="takeaway"), *feedback)


def _promised(given: Given, entry: Entry, key: str) -> CommitmentMade | HabitMade:
    if entry.rule is not None:
        private = entry.audience is Audience.PRIVATE
        return habit_made(given, key=key, text=entry.text, rule=entry.rule, private=private)
    return CommitmentMade(
        key=key,
        text=entry.text,
        due=entry.due,
        confidence=entry.confidence,
        audience=entry.audience,
        engagement=given.engagement,
    )


def practice_echo(given: Given) -> tuple[Record, ...]:
    """What trying it out was like."""
    return tuple(_remarks(given, happened="practice", tweak="tweak"))


def coachs_note(given: Given) -> tuple[Record, ...]:
    """The coach's own notes, a question for the client, the next session."""
    engagement = given.engagement_here
    if engagement is None:
        return ()
    kinds = {"focus": "focus", "question": "question", "own": "note"}
    kept = [
        NoteKept(key=key, engagement=engagement.id, kind=kind, text=given.get(key))
        for key, kind in kinds.items()
        if given.get(key)
    ]
    at = week_ahead(given)
    if at is None:
        return tuple(kept)
    last = last_session(given.plan_here, given.facts.now)
    made = Session(
        id=session_id(engagement.id, given.facts.now if last is None else last.at, given.run),
        engagement=engagement.id,
        at=at,
        minutes=last.minutes if last else MINUTES,
    )
    return (*kept, SessionSet(sessions=(made,), by="coach"))


def think_it_through(given: Given) -> tuple[Record, ...]:
    """The option taken becomes a commitment; the coach sees what the client says they may, else nothing."""
    taken = option_taken(given)
    if not taken:
        return _thought(given, shown=False)
    shows = given.get("shows")
    audience = given.audience_if("options", agreed=shows in ("commitment", "all"))
    due = given.get("due")
    promised = CommitmentMade(
        key="promise",
        text=taken,
        due=date.fromisoformat(due) if due else None,
        audience=audience,
        engagement=given.engagement,
    )
    return (promised, *_thought(given, shown=shows == "all"))


def _thought(given: Given, *, shown: bool) -> tuple[Record, ...]:
    """The way there, as one note; what was kept back of it stands in one of its own."""
    told = [(name, given.get(name)) for name in (*_FIRST_THOUGHTS, "stops") if given.get(name)]
    kept = [text for name, text in told if shown and given.kept_back(name)]
    open_ = [text for name, text in told if not (shown and given.kept_back(name))]
    parts = (("thinking", open_, shown), ("thinking_kept", kept, False))
    return tuple(
        Remarked(
            key=key, kind="thinking", text=" / ".join(texts), audience=Audience.COACH if seen else Audience.PRIVATE
        )
        for key, texts, seen in parts
        if texts
    )


def another_angle(given: Given) -> tuple[Record, ...]:
    """What the client sees now; the way there is theirs."""
    shown = given.audience_if("insight", agreed=bool(given.get("share")))
    insight = _remark(given, "insight", "insight", audience=shown)
    way = " / ".join(text for name in ("touched", "story", "advice") if (text := given.get(name)))
    kept = (Remarked(key="way", kind="angle", text=way, audience=Audience.PRIVATE),) if way else ()
    return (*insight, *kept)


def word_from_coach(given: Given) -> tuple[Record, ...]:
    """A word that the client reads; nothing unless the coach says to send it."""
    engagement = given.engagement_here
    if engagement is None or given.get("send") != "send" or not word_text(given):
        return ()
    goal = given.get("goal")
    about = goal if goal not in (None, "none") else ""
    return (NoteKept(key="word", engagement=engagement.id, kind="word", text=word_text(given), about=about),)


def _rated(given: Given, kind: str) -> Iterator[Rated]:
    value = given.get(kind)
    if value is not None:
        yield Rated(key=kind, kind=kind, value=value, audience=given.audience(kind))


def _remarks(given: Given, **kinds: str) -> Iterator[Remarked]:
    for question, kind in kinds.items():
        yield from _remark(given, question, kind, audience=given.audience(question))


def _remark(given: Given, question: str, kind: str, *, audience: Audience) -> Iterator[Remarked]:
    text = given.get(question)
    if text:
        yield Remarked(key=question, kind=kind, text=text, audience=audience)


OUTCOMES: Mapping[str, Callable[[Given], tuple[Record, ...]]] = {
    "before_session": before_session,
    "after_session": after_session,
    "practice_echo": practice_echo,
    "coachs_note": coachs_note,
    "think_it_through": think_it_through,
    "another_angle": another_angle,
    "word_from_coach": word_from_coach,
}
