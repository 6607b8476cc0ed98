"""What fills the texts of closing."""

from datetime import date, timedelta
from typing import Any

from bot.coaching.closing.rules import (
    MINUTES_A_GOAL,
    MINUTES_BESIDES,
    days_kept,
    only_coaching,
    wants_all_deleted,
    wants_all_kept,
)
from bot.coaching.follow_up.placeholders import listed_days
from bot.coaching.follow_up.rules import check_ins_chosen, goals_at_the_end
from bot.coaching.planning.goals import goal_chosen
from bot.coaching.shared.retention_period import deleted_on
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def goal_began(given: Given) -> Any:
    """Where the goal began on its ladder; nothing where that is not known."""
    goal = goal_chosen(given)
    ladder = goal.ladder if goal else None
    if ladder is None or ladder.baseline is None:
        return ""
    return phrase("goal_began", level=phrase(f"level_{ladder.baseline}"))


def looking_minutes(given: Given) -> Phrase:
    """How long looking back takes."""
    goals = len(goals_at_the_end(given.facts, given.engagement))
    return phrase("minutes", count=MINUTES_BESIDES + MINUTES_A_GOAL * goals)


def thanks_in_words(given: Given) -> Any:
    """How many thanks are commitments now."""
    told = given.get("thanks") or ()
    return phrase("thanks_noted", count=len(told)) if told else ""


def check_ins_in_words(given: Given) -> Phrase:
    """The check-ins that were agreed to, and who reads of them."""
    days = check_ins_chosen(given) or ()
    if not days:
        return phrase("checkins_none")
    shown = phrase("checkins_shared" if given.get("share") == "share" else "checkins_alone")
    return phrase("checkins_at", days=listed_days(days), shown=shown)


def ends_on(given: Given) -> Any:
    """The day of the end."""
    return given.plan_here.ends or phrase("the_end")


def data_in_words(given: Given) -> Phrase:
    """What becomes of the data."""
    copy = "copy" if given.get("copy") == "send" else "no_copy"
    if wants_all_deleted(given):
        return phrase(f"data_{copy}_delete" if only_coaching(given) else f"data_{copy}_delete_later")
    if not wants_all_kept(given):
        return phrase(f"data_{copy}_unsaid", day=kept_until(given))
    return phrase(f"data_{copy}_keep", day=_end(given) + timedelta(days=days_kept(given)))


def kept_until(given: Given) -> date:
    """The day on which everything is deleted where nothing else is said."""
    return deleted_on(_end(given), given.facts.wishes)


def _end(given: Given) -> date:
    return given.plan_here.closed or given.plan_here.ends or given.facts.today
