"""What fills the gaps of a dialogue's texts: small pure functions, whose values are written for the reader."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.coaching.closing.gaps import CLOSING_NAMES, CLOSING_OPTIONS
from bot.coaching.commitments.rules import promised_text, reports, slipped, still_open
from bot.coaching.planning import gaps as planning_gaps
from bot.coaching.practice.cover import COVER_NAMES
from bot.coaching.practice.outcomes import COACH_NAMES
from bot.coaching.programme.lines import line_now
from bot.coaching.shared.phrase_list import phrase_list
from bot.coaching.shared.places import city_of
from bot.coaching.shared.validators import hour_of
from bot.coaching.sponsor.report import REPORT_GAPS
from bot.model.facts import Pace
from bot.model.phrases import Phrase, phrase
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


def _hour(given: Given) -> Any:
    return hour_of(given.get("hour") or "", given.facts) or given.facts.wishes.at


def _pace(given: Given) -> Phrase:
    return phrase(f"pace_{given.get('pace') or given.facts.wishes.pace}")


def _weekday(given: Given) -> Phrase:
    chosen = given.get("weekday")
    return phrase(f"weekday_{chosen if chosen is not None else given.facts.wishes.weekday}")


def _when(given: Given) -> Phrase:
    """The rhythm in one clause; daily has no day of its own."""
    pace = given.get("pace") or given.facts.wishes.pace
    return phrase(
        "when_daily" if pace == Pace.DAILY else "when", pace=_pace(given), day=_weekday(given), at=_hour(given)
    )


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


def _comeback(given: Given) -> Phrase:
    return phrase(f"comeback_{given.get('restart') or 'none'}", pace=_pace(given))


NAMES: Mapping[str, Callable[[Given], Any]] = {
    **CLOSING_NAMES,
    "commitment": _commitment,
    "due_day": _due_day,
    "due_clause": _due_clause,
    "next_commitment": _next_commitment,
    "open_count_new": lambda given: len(given.facts.open_commitments) + 1,
    "slipped_count": lambda given: len(slipped(given)),
    "due_count_in_words": lambda given: phrase("due_count", count=len(given.lists.get("due_items", ()))),
    "pace_in_words": _pace,
    "when_in_words": _when,
    "zone_now": lambda given: city_of(given.facts.person.zone),
    "pace_set": lambda given: str(given.facts.wishes.pace),
    "weekday_set": lambda given: str(given.facts.wishes.weekday),
    "hour_set": lambda given: f"{given.facts.wishes.at:%H:%M}",
    "place_set": lambda given: given.facts.person.home,
    "promise_in_words": promised_text,
    "due_in_words": _due,
    "cue_in_words": _cue,
    "told_in_words": _told,
    "comeback_in_words": _comeback,
    "line_now": line_now,
    **COACH_NAMES,
    **COVER_NAMES,
    **REPORT_GAPS,
    **planning_gaps.GAPS,
}


# -- options that depend on the client -------------------------------------------------------------------------------


def _open_commitments(given: Given) -> tuple[tuple[str, Any], ...]:
    found = still_open(given)[:8]
    return tuple((c.id, on_button(c.text)) for c in found)


def _working_days(given: Given) -> tuple[tuple[str, Any], ...]:
    week = given.get("week")
    days = [int(day) for day in week] if week else sorted(given.facts.wishes.working_days)
    return tuple((str(day), phrase(f"weekday_{day}")) for day in days)


def _days_ahead(given: Given) -> tuple[tuple[str, Any], ...]:
    days = [given.facts.today + timedelta(days=n) for n in range(1, 9)]
    return tuple((day.isoformat(), day) for day in days if day.weekday() in given.facts.wishes.working_days)[:3]


def _likely_cities(given: Given) -> tuple[tuple[str, Any], ...]:
    home = given.facts.person.home
    return ((home, city_of(home)),) if "/" in home else ()


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {
    **CLOSING_OPTIONS,
    "open_commitments": _open_commitments,
    "working_days": _working_days,
    "days_ahead": _days_ahead,
    "likely_cities": _likely_cities,
}
