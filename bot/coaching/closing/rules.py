"""When the questions of closing come, and what they ask of the facts. Pure."""

import re
from datetime import time
from typing import Any

from bot.coaching.programme.rules import wants
from bot.coaching.shared.validators import LINE
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given

LOOKING_BACK, NEXT_CHAPTER, ABOUT_THE_COACHING = "looking-back", "next-chapter", "about-the-coaching"
SPONSOR_CLOSE, COACH_LEVELS = "sponsor-close", "coach-levels"
# Days after closing began on which each is asked; sooner where the end is near.
ASKED_ON_DAY = {LOOKING_BACK: 1, SPONSOR_CLOSE: 5, NEXT_CHAPTER: 8, ABOUT_THE_COACHING: 12}
NOT_ASKED_ANY_MORE = ("review", "first-picture", "strengths-and-direction")  # closing takes their place
COACH_ASKED_AT = time(9)  # on the day after closing began, on the coach's clock
NEXT_CHAPTER_OFFERED = 7  # days before the end in which it is offered at once, after what went well
KEPT_AFTER_LAST_CHECK_IN = 21  # days for which data outlasts it, so that its answer and the good-bye have their time
MOST_HABITS = 2
MINUTES_A_GOAL, MINUTES_BESIDES = 2, 1  # that a client is told looking back takes


# -- your data -------------------------------------------------------------------------------------------------------


def days_kept(given: Given) -> int:
    """For how many days after the end data is kept where it is to outlast the last check-in, and no more."""
    return max((int(day) for day in given.plan_here.follow_up), default=0) + KEPT_AFTER_LAST_CHECK_IN


def wants_all_deleted(given: Given) -> bool:
    """The client wants everything deleted, and is sure."""
    return (given.get("keep"), given.get("sure")) == ("delete", "sure")


def wants_all_kept(given: Given) -> bool:
    """The client wants everything kept until the follow-up ends: said so, or thought better of deleting it."""
    return given.get("keep") == "keep" or (given.get("keep"), given.get("sure")) == ("delete", "no")


def only_coaching(given: Given) -> bool:
    """The client has no other engagement under way."""
    mine = [e.id for e in given.facts.engagements if e.client == given.facts.person.id and e.state != "closed"]
    return set(mine) <= {given.engagement}


# -- predicates ------------------------------------------------------------------------------------------------------


def in_programme(given: Given, dialogue: str) -> bool:
    """The coach has that dialogue in the programme."""
    return wants(given.plan_here.programme, dialogue)


def told_of_coaching(given: Given) -> bool:
    """Something was said about the coaching that was not kept back."""
    told = (name for name in ("matter", "fit", "keep", "change") if given.get(name) is not None)
    return any(not given.kept_back(name) for name in told)


# -- habits ----------------------------------------------------------------------------------------------------------


def lines_in(text: str | list[dict[str, str]] | None) -> tuple[str, ...]:
    """The entries of a list, or of a text, one a line or parted by semicolons, as they stand."""
    if isinstance(text, list):
        return tuple(entry["text"] for entry in text)
    return tuple(part.strip() for part in re.split(r"[\n;]", text or "") if part.strip())


def two_habits(value: Any, given: Given) -> Phrase | None:
    """One habit or two, a line each."""
    if len(lines_in(value)) > MOST_HABITS:
        return phrase("wrong_habits", limit=MOST_HABITS)
    return phrase("wrong_too_long", limit=LINE) if sum(map(len, lines_in(value))) > LINE else None
