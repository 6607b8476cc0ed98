"""Commitments in words, for the dialogues on them; and what there is to choose from."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.coaching.commitments.confidence import rated_here, shrunk
from bot.coaching.commitments.promised import (
    MOST,
    NewCommitment,
    goal_in_turn,
    promised,
    promised_day,
    promised_text,
)
from bot.coaching.commitments.rules import reports, slipped, still_open
from bot.coaching.habits.lines import asked_of_habits, habit_words
from bot.coaching.habits.placeholders import counted_lines
from bot.coaching.habits.rules import going
from bot.coaching.shared.lines import on_one_line, phrase_list
from bot.coaching.shared.placeholders import coach_of
from bot.coaching.visibility.table import is_related
from bot.model.commitments.records import Reported
from bot.model.commitments.values import Commitment
from bot.model.habits.values import Habit
from bot.model.people.answers import Audience
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given, Notification, Reply
from bot.rendering.shortening import on_button, shortened

_RATED = ("confidence", "energy")
_GOAL = 80  # characters of a goal in a question
_ENDS = " .,;"  # what stands around words before they stand in a sentence


def _commitment(given: Given) -> str:
    return given.commitment.text if given.commitment else ""


def due_day(given: Given) -> Any:
    """The day of the commitment that is asked about; today is called so."""
    due = given.commitment.due if given.commitment else None
    return phrase("today") if due == given.facts.today else due or phrase("some_day")


def _due_clause(given: Given) -> Any:
    due = given.commitment.due if given.commitment else None
    return phrase("due_clause", due=due_day(given)) if due else ""


def _next_commitment(given: Given) -> str:
    found = rated_here(given) or next(iter(still_open(given)), None)
    return _now(given, found) if found else ""


def _now(given: Given, commitment: Commitment) -> str:
    """Its words, as they are after what was just said of it."""
    told = (report.text for report in reports(given) if report.commitment == commitment.id)
    return next(told, "") or commitment.text


def _step_goal(given: Given) -> str:
    goal = goal_in_turn(given)
    return shortened(on_one_line(goal.text), _GOAL) if goal else ""


def _due(given: Given) -> Any:
    day = promised_day(given)
    return phrase("due_sentence", day=day) if day else phrase("no_due_sentence")


def told_afterwards(given: Given) -> Reply | None:
    """After the end the coach hears of a promise only where the client wants it."""
    own = given.engagement_here
    if own is None or given.get("show") != "show":
        return None
    lines = phrase("in_lines", lines=[_said_back(each, given.facts.today) for each in promised(given)])
    told = phrase("told_afterwards", client=own.client_name, promises=lines)
    return Reply(tells=(Notification(person=own.coach, phrase=told),))


def _said_back(each: NewCommitment, today: date) -> Phrase:
    """A promise as it is said back, with its day or its rule."""
    what = each.text.strip(_ENDS)
    if each.rule is not None:
        return phrase("promise_again", habit=habit_words(what, each.rule, today))
    return phrase("promise_by", what=what, day=each.due) if each.due else phrase("promise_undated", what=what)


def _with_days(given: Given) -> Phrase:
    return phrase("in_lines", lines=[_said_back(each, given.facts.today) for each in promised(given)])


def _asked_on_the_day(given: Given) -> Phrase | str:
    """Of what has a day, the day on which it is asked is said behind it, once that is known."""
    found = promised(given)
    if not any(each.due or each.rule for each in found):
        return phrase("asked_not")
    if any(each.rule for each in found):
        return asked_of_habits(given.facts.wishes)
    return ""


def _promised(number: int) -> Callable[[Given], str]:
    def name(given: Given) -> str:
        found = promised(given)
        return on_one_line(found[number - 1].text) if number <= len(found) else ""

    return name


def _plan(given: Given) -> Phrase:
    """When, and then what, in one sentence."""
    cue, what = (given.get("cue") or "").strip(_ENDS), promised_text(given).strip(_ENDS)
    small = what[1:2].islower() and not given.facts.capitals  # where nouns are large, the first word may be one
    return phrase("promise_plan", cue=cue[:1].upper() + cue[1:], what=what[:1].lower() + what[1:] if small else what)


def _cue(given: Given) -> str:
    cue = given.get("cue") or ""
    if given.facts.capitals:  # the first word may be a noun
        return cue
    return cue[:1].lower() + cue[1:] if cue[1:2].islower() else cue


def _told(given: Given) -> Any:
    """What was just said, counted: reports and ratings on one line."""
    counts: dict[str, int] = {}
    for report in reports(given):
        counts[report.report] = counts.get(report.report, 0) + 1
    parts = [phrase(f"count_{kind}", count=count) for kind, count in counts.items()]
    parts += [
        phrase(f"rated_{kind}", value=given.get(kind))
        for kind in ("confidence", "energy")
        if given.get(kind) is not None
    ]
    return phrase("in_list", parts=phrase_list(parts)) if parts else ""


def _habits(given: Given) -> tuple[Habit, ...]:
    return going(given.facts)


def _open_count_new(given: Given) -> int:
    return len(given.facts.open_commitments) + len(_habits(given)) + max(1, len(promised(given)))


# -- what was told, said back ------------------------------------------------------------------------------------------


def told(given: Given) -> Phrase:
    """What becomes of each commitment, a line each, and the numbers that were given."""
    smaller = shrunk(given)
    news = (*reports(given), *((smaller,) if smaller else ()))
    lines = [*(_line(given, report) for report in news), *counted_lines(given)]
    numbers = [phrase(f"rated_{kind}", value=given.get(kind)) for kind in _RATED if given.get(kind) is not None]
    if numbers:
        lines.append(phrase("told_numbers", numbers=phrase_list(numbers)))
    return phrase("in_lines", lines=lines) if lines else phrase("told_nothing")


def _line(given: Given, report: Reported) -> Phrase:
    commitment = given.facts.commitment(report.commitment)
    what = on_one_line(report.text or (commitment.text if commitment else ""))
    due = report.due or (commitment.due if commitment and report.report != "parked" else None)
    if report.report in ("done", "let_go", "on_track", "parked"):
        return phrase(f"told_{report.report}", what=what)
    if report.text:
        return phrase("told_goes_on" if due else "told_goes_on_undated", what=what, day=due)
    if report.due is not None:
        return phrase("told_moved", what=what, day=report.due)
    return phrase("told_open" if due else "told_open_undated", what=what, day=due)


def coach_sees(given: Given) -> Phrase:
    """What the coach sees of what was just told: nothing of what is private, nothing before they know who joined."""
    made, engagement = tuple(reports(given)), given.engagement_here
    known = {c.id: c for c in given.facts.commitments}
    shown = [r for r in made if known[r.commitment].audience is not Audience.PRIVATE] if made else []
    if engagement is None or not is_related(engagement) or engagement.visible == "none" or not shown:
        return phrase("sees_status_none")
    moved = all(r.report in ("moved", "not_yet") and r.due is not None and not r.text for r in shown)
    if moved:
        return phrase("sees_new_day" if len(shown) == 1 else "sees_new_days", coach=coach_of(given))
    return phrase(f"sees_status_{engagement.visible}", coach=coach_of(given))


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "commitment": _commitment,
    "due_day": due_day,
    "due_clause": _due_clause,
    "next_commitment": _next_commitment,
    "step_goal": _step_goal,
    **{f"promised_{number}": _promised(number) for number in range(1, MOST + 1)},
    "open_count_new": _open_count_new,
    "slipped_count": lambda given: len(slipped(given)),
    "due_count_in_words": lambda given: phrase("due_count", count=len(given.lists.get("due_items", ()))),
    "promise_in_words": promised_text,
    "due_in_words": _due,
    "promise_with_day": _with_days,
    "when_and_what": _plan,
    "asked_on_the_day": _asked_on_the_day,
    "cue_in_words": _cue,
    "told_in_words": _told,
    "told_of_them": told,
    "coach_sees_news": coach_sees,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _open_commitments(given: Given) -> tuple[tuple[str, Any], ...]:
    found = still_open(given)[:8]
    return tuple((c.id, on_button(_now(given, c))) for c in found)


def _days_ahead(given: Given) -> tuple[tuple[str, Any], ...]:
    days = [given.facts.today + timedelta(days=n) for n in range(1, 9)]
    return tuple((day.isoformat(), day) for day in days if day.weekday() in given.facts.wishes.working_days)[:3]


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "open_commitments": _open_commitments,
    "days_ahead": _days_ahead,
}
