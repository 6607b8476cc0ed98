"""What the sponsor's dialogues say: the words approved, the lines of the report, and who sends them."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.shared.placeholders import coach_of
from bot.coaching.sponsor.report import attendance, lines_of
from bot.coaching.sponsor.rules import approved
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def _approved_words(given: Given) -> Any:
    lines = [phrase("one_text", text=text) for text in approved(given).values()]
    return phrase("in_lines", lines=lines) if lines else ""


def _sender(given: Given) -> Phrase:
    key = "sponsor_sent_by_me" if given.get("sender") == "me" else "sponsor_sent_by_coach"
    return phrase(key, coach=coach_of(given))


def _line(given: Given) -> Phrase | str:
    goal = given.goal
    return phrase("report_goal", text=goal.sponsor_text) if goal is not None else ""


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "approved_words": _approved_words,
    "sender_in_words": _sender,
    "attendance_in_words": attendance,
    "sponsor_line": _line,
    "report_in_words": lambda given: phrase("in_lines", lines=list(lines_of(given))),
}
