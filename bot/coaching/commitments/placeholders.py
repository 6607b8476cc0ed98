"""Commitments in words, for the dialogues on them; and what there is to choose from."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.coaching.commitments.rules import promised_text, reports, slipped, still_open
from bot.coaching.habits.rules import live
from bot.coaching.shared.lines import phrase_list
from bot.model.habits.values import Habit
from bot.model.phrases import phrase
from bot.model.replies import Given
from bot.rendering.shortening import on_button


def _commitment(given: Given) -> str:
    return given.commitment.text if given.commitment else ""


def _due_day(given: Given) -> Any:
    due = given.commitment.due if given.commitment else None
    return phrase("today") if due == given.facts.today else due or phrase("some_day")


def _due_clause(given: Given) -> Any:
    due = given.commitment.due if given.commitment else None
    return phrase("due_clause", due=_due_day(given)) if due else ""


def _next_commitment(given: Given) -> str:
    found = still_open(given)
    return found[0].text if found else ""


def _due(given: Given) -> Any:
    day = given.get("due_smaller") or given.get("due")
    return phrase("due_sentence", day=date.fromisoformat(day)) if day else phrase("no_due_sentence")


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
    return live(given.facts.habits, given.facts.today)


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "commitment": _commitment,
    "due_day": _due_day,
    "due_clause": _due_clause,
    "next_commitment": _next_commitment,
    "open_count_new": lambda given: len(given.facts.open_commitments) + len(_habits(given)) + 1,
    "slipped_count": lambda given: len(slipped(given)),
    "due_count_in_words": lambda given: phrase("due_count", count=len(given.lists.get("due_items", ()))),
    "promise_in_words": promised_text,
    "due_in_words": _due,
    "cue_in_words": _cue,
    "told_in_words": _told,
}


# -- options ---------------------------------------------------------------------------------------------------------


def _open_commitments(given: Given) -> tuple[tuple[str, Any], ...]:
    found = still_open(given)[:8]
    return tuple((c.id, on_button(c.text)) for c in found)


def _days_ahead(given: Given) -> tuple[tuple[str, Any], ...]:
    days = [given.facts.today + timedelta(days=n) for n in range(1, 9)]
    return tuple((day.isoformat(), day) for day in days if day.weekday() in given.facts.wishes.working_days)[:3]


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    "open_commitments": _open_commitments,
    "days_ahead": _days_ahead,
}
