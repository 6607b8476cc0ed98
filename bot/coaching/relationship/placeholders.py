"""What the dialogues of the beginning say: places, and the agreement in words."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.relationship.lines import agreement_lines
from bot.coaching.relationship.rules import agreement_at, terms_given
from bot.coaching.settings.rhythm_rounds import chosen
from bot.coaching.shared.outcomes import day_of
from bot.coaching.shared.places import city_of, zone_of
from bot.model.phrases import phrase
from bot.model.plan import Agreement
from bot.model.replies import Given


def _city(given: Given) -> str:
    return city_of(zone_of(given.get("city") or "") or chosen(given).zone)


def _agreement(given: Given) -> Any:
    found = agreement_at(given)
    return _in_lines(found) if found else ""


def _agreement_draft(given: Given) -> Any:
    versions = given.plan_here.agreements
    draft = Agreement(
        id="",
        engagement="",
        version=max((version.version for version in versions), default=0) + 1,
        terms=terms_given(given),
        until=day_of(given.get("until")),
    )
    return _in_lines(draft)


def _in_lines(agreement: Agreement) -> Any:
    return phrase("in_lines", lines=list(agreement_lines(agreement)))


PLACEHOLDERS: Mapping[str, Callable[[Given], Any]] = {
    "city_in_words": _city,
    "agreement_in_words": _agreement,
    "agreement_draft": _agreement_draft,
}
