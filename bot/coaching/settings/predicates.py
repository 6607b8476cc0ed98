"""What the dialogue on settings branches on; each is named in the YAML."""

from collections.abc import Callable, Mapping

from bot.coaching.settings.rhythm_rounds import asks_instead
from bot.coaching.shared.outcomes import KEPT
from bot.model.replies import Given

SETTINGS_FORM = ("pace", "weekday", "hour", "city", "sees")
IN_THE_FORM = "form"  # among the words of `to_change`: in a form it is asked in any case


def all_at_once(given: Given) -> bool:
    """The settings came in a form, which holds each of its questions."""
    return all(name in given.values for name in SETTINGS_FORM)


def to_change(given: Given, *values: str) -> bool:
    """What is to be changed is one of these, chosen from the menu or below the form, or came in the form itself."""
    chosen = {given.get("what"), given.get("more")} - {None}
    return bool(chosen.intersection(values)) or (IN_THE_FORM in values and all_at_once(given))


CHANGES = (*SETTINGS_FORM, "week", "focus", "holiday", "called", "keep", "withdraw")


def nothing_set(given: Given) -> bool:
    """None of the questions behind the menu was answered."""
    return given.get("gone") in (None, KEPT) and all(given.get(name) is None for name in CHANGES)


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "all_at_once": all_at_once,
    "to_change": to_change,
    "nothing_set": nothing_set,
    "asks_instead": asks_instead,
}
