"""The questions that the branches of the sponsor's dialogues ask."""

from collections.abc import Callable, Mapping

from bot.coaching.sponsor.report import lines_of
from bot.coaching.sponsor.rules import approved
from bot.model.replies import Given


def for_sponsor(given: Given) -> bool:
    """The goal that the loop is at was chosen for the sponsor."""
    chosen = given.get("which") or []
    return given.item in chosen and "none" not in chosen


def any_for_sponsor(given: Given) -> bool:
    """The words of at least one goal are approved."""
    return bool(approved(given))


def any_report_line(given: Given) -> bool:
    """At least one line is approved."""
    return bool(lines_of(given))


def report_leaves(given: Given) -> bool:
    """Something is approved, and somebody hands it on."""
    return any_report_line(given) and given.get("sender") is not None


PREDICATES: Mapping[str, Callable[[Given], bool]] = {
    "for_sponsor": for_sponsor,
    "any_for_sponsor": any_for_sponsor,
    "any_report_line": any_report_line,
    "report_leaves": report_leaves,
}
