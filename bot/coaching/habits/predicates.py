"""What dialogues on habits branch on; each is named in the YAML."""

from collections.abc import Callable, Mapping

from bot.coaching.habits.placeholders import of_here
from bot.coaching.habits.said import is_rare, said, stands
from bot.model.replies import Given

FEW = 0.5  # of what there was to do: below, it is asked whether less would do


def habit_on_days(given: Given) -> bool:
    """The habit has days of its own, on which it can be asked."""
    found = said(given)
    return found is not None and found[1].on_days


def hardly_kept(given: Given) -> bool:
    """Less than half of what there was to do was done, and there was more than one."""
    kept, of = given.get("kept"), of_here(given)
    return kept is not None and of > 1 and int(kept) < FEW * of


def is_kept(given: Given) -> bool:
    """A habit comes of the answers."""
    return stands(given) and given.get("right") != "drop"


PREDICATES: Mapping[str, Callable[..., bool]] = {
    "habit_rare": is_rare,
    "habit_stands": stands,
    "habit_is_kept": is_kept,
    "habit_on_days": habit_on_days,
    "hardly_kept": hardly_kept,
}
