"""What the dialogues around a session go by: what fills the gaps of their texts, predicates, options. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.coaching.commitments.rules import question_open
from bot.coaching.habits.lines import habit_words
from bot.coaching.habits.said import rule_in
from bot.coaching.sessions.rules import last_session, when
from bot.model.habits.values import HabitRule
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.plan import Plan, Session
from bot.model.replies import Given
from bot.rendering.shortening import on_button
from bot.time_zones import local_day, local_time

WORTH_EVERY = 3  # sessions between two questions on how useful they are
ENTRIES = 5  # commitments of one session that are asked about singly
_WEEKS = (1, 2, 3, 4)
_STAMP = "%Y%m%dT%H%M"


def zones(given: Given) -> tuple[str, str]:
    """The zones of whoever is asked, and of the other one."""
    person, own = given.facts.person, given.engagement_here
    if own is None:
        return person.zone, person.zone
    return person.zone, own.client_zone if own.coach == person.id else own.coach_zone


# -- what was answered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a list: what, by when, how sure of it and for whom; or what comes again, by which rule."""

    text: str
    due: date | None
    confidence: int | None
    audience: Audience = Audience.COACH
    rule: HabitRule | None = None


def entries(given: Given) -> tuple[Entry, ...]:
    """The lines of the list of commitments, the one that was rated with its number and as it was made smaller."""
    found = dict(enumerate(_lines(given), 1))
    rated = rated_entry(given)
    if rated is not None:
        found[rated[0]] = _rated(given, rated[1])
    return tuple(found.values())


def _lines(given: Given) -> tuple[Entry, ...]:
    lines = given.get("commitments") or []
    return tuple(
        Entry(
            text=line["text"][:1].upper() + line["text"][1:],
            due=_day(line["day"]),
            confidence=given.get(f"confidence_{number}"),  # of versions that asked about each
            audience=given.audience("commitments"),
            rule=rule_in(line),
        )
        for number, line in enumerate(lines, 1)
    )


def _rated(given: Given, entry: Entry) -> Entry:
    """How sure somebody was of more is no number of what is left; a day that was named with it is the new one."""
    number, smaller, day = given.get("confidence"), given.get("smaller"), given.get("due_smaller")
    hidden = Audience.PRIVATE in (entry.audience, given.audience("smaller"))
    return replace(
        entry,
        text=f"{entry.text} ({smaller})" if smaller else entry.text,
        due=_day(day) or entry.due,
        confidence=entry.confidence if smaller or number is None else number,
        audience=Audience.PRIVATE if hidden else entry.audience,
    )


def rateable(given: Given) -> tuple[tuple[int, Entry], ...]:
    """The entries that can be rated, with their numbers: what comes again and again is counted instead."""
    return tuple((number, each) for number, each in enumerate(_lines(given), 1) if each.rule is None)


def rated_entry(given: Given) -> tuple[int, Entry] | None:
    """The entry that a number is asked about: the one called shakiest, or the only one."""
    found, chosen = rateable(given), given.get("shakiest")
    if chosen is not None:
        return next(((number, each) for number, each in found if str(number) == chosen), None)
    return found[0] if len(found) == 1 else None


def asks_worth(given: Given) -> bool:
    """How useful the sessions are is asked after every third; what was answered of it stays asked."""
    if any(given.key(name) in given.values for name in ("useful", "change")):
        return True
    held = sessions_held(given.plan_here, given.day or given.facts.today, given.facts.person.zone)
    return held > 0 and held % WORTH_EVERY == 0


def sessions_held(plan: Plan, until: date, zone: str) -> int:
    """How many sessions took place up to a local day."""
    return sum(each.state != "cancelled" and local_day(each.ends, zone) <= until for each in plan.sessions)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def option_taken(given: Given) -> str:
    """The option that somebody chose among their own; the only one where there was no choice."""
    lines = [line["text"] for line in given.get("options") or []]
    if len(lines) == 1:
        return str(lines[0])
    taken = given.get("take")
    return str(lines[int(taken)]) if taken not in (None, "none") and int(taken) < len(lines) else ""


def next_session(given: Given) -> Session | None:
    """The session that comes next, or None."""
    ahead = given.plan_here.planned_sessions(given.facts.now)
    return ahead[0] if ahead else None


def week_ahead(given: Given) -> datetime | None:
    """The instant (UTC) that was chosen for the next session, or None."""
    chosen = given.get("next")
    return None if chosen in (None, "none") else datetime.strptime(chosen, _STAMP).replace(tzinfo=UTC)


def word_text(given: Given) -> str:
    """What a client is to read: observation, effect and suggestion, a paragraph each."""
    return "\n\n".join(text for name in ("observation", "effect", "suggestion") if (text := given.get(name)))


def _has(given: Given, question: str) -> bool:
    return given.key(question) in given.values


# -- predicates ------------------------------------------------------------------------------------------------------


def _coach_asks(given: Given) -> bool:
    return _has(given, "asked") or question_open(given) is not None


def _entries_at_least(given: Given, count: int) -> bool:
    """There is an entry of that number that can be rated: what comes again and again is counted instead."""
    found = entries(given)
    return len(found) >= count and found[count - 1].rule is None


def _gave_feedback(given: Given) -> bool:
    told = (name for name in ("useful", "change") if given.get(name) is not None)
    return any(not given.kept_back(name) for name in told)


def _nothing_booked(given: Given) -> bool:
    return _has(given, "next") or next_session(given) is None


def _several_options(given: Given) -> bool:
    return len(given.get("options") or []) > 1


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "coach_asks": _coach_asks,
    "asks_worth": asks_worth,
    "entries_at_least": _entries_at_least,
    "entry_to_rate": lambda given: rated_entry(given) is not None,
    "several_entries": lambda given: len(rateable(given)) > 1,
    "gave_feedback": _gave_feedback,
    "nothing_booked": _nothing_booked,
    "several_options": _several_options,
    "took_one": lambda given: bool(option_taken(given)),
    "word_goes": lambda given: given.get("send") == "send",
}


# -- placeholders ------------------------------------------------------------------------------------------------------


def _ahead(given: Given) -> Phrase:
    """The session that is spoken of, on both clocks; without one, no more than that there is one."""
    found = next_session(given)
    coach = _coach(given)
    if found is None:
        return phrase("session_ahead_some", coach=coach)
    return phrase("session_ahead", coach=coach, at=when(found.at, *zones(given)))


def _coach(given: Given) -> Any:
    own = given.engagement_here
    return own.coach_name if own else phrase("your_coach")


def _entry(number: int) -> Callable[[Given], str]:
    def name(given: Given) -> str:
        found = entries(given)
        return on_button(found[number - 1].text) if number <= len(found) else ""

    return name


def _rated_entry(given: Given) -> str:
    found = rated_entry(given)
    return on_button(found[1].text) if found is not None else ""


def _entries_in_words(given: Given) -> Any:
    """What was noted, a line each."""
    lines = [_entry_in_words(each, given.facts.today) for each in entries(given)]
    return phrase("entries_noted", lines=lines) if lines else ""


def _entry_in_words(each: Entry, today: date) -> Phrase:
    if each.rule is not None:
        return phrase("entry_undated", what=habit_words(each.text, each.rule, today))
    return phrase("entry_by", what=each.text, day=each.due) if each.due else phrase("entry_undated", what=each.text)


def _question(given: Given) -> str:
    found = question_open(given)
    return found.text if found else ""


def _thinking_shown(given: Given) -> Phrase:
    return phrase(f"thinking_{given.get('shows') or 'nothing'}", coach=_coach(given))


def _insight_shown(given: Given) -> Phrase:
    return phrase("insight_shown" if given.get("share") else "insight_kept", coach=_coach(given))


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "session_ahead": _ahead,
    "coach_question": _question,
    "entries_in_words": _entries_in_words,
    "entry_rated": _rated_entry,
    "option_taken": option_taken,
    "thinking_shown": _thinking_shown,
    "insight_shown": _insight_shown,
    "word_draft": word_text,
    **{f"entry_{number}": _entry(number) for number in range(1, ENTRIES + 1)},
}


# -- options ---------------------------------------------------------------------------------------------------------


def _own_options(given: Given) -> tuple[tuple[str, Any], ...]:
    lines = [line["text"] for line in given.get("options") or []]
    return tuple((str(number), on_button(line)) for number, line in enumerate(lines))


def _weeks_ahead(given: Given) -> tuple[tuple[str, Any], ...]:
    """The hour of the last session, one to four weeks on, on the clock of whoever is asked."""
    last = last_session(given.plan_here, given.facts.now)
    if last is None:
        return ()
    wall = local_time(last.at, given.facts.person.zone)
    found = [wall + timedelta(weeks=weeks) for weeks in _WEEKS]
    return tuple((at.astimezone(UTC).strftime(_STAMP), at) for at in found if at > given.facts.now)


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "new_entries": lambda given: tuple((str(number), on_button(each.text)) for number, each in rateable(given)),
    "own_options": _own_options,
    "weeks_ahead": _weeks_ahead,
}
