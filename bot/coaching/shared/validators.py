"""What an answer must be besides readable: each check gives the phrase that says what is wrong, or None."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from bot.coaching.shared.places import zone_of
from bot.engine.answers import LINE_LIMIT
from bot.model.facts import Facts
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given
from bot.rendering.shortening import shortened
from bot.understanding.names import name_in
from bot.understanding.week_days import days_of

LINE = LINE_LIMIT  # characters of one line
NAME = 60
NO_HELPLINE = "none"  # the local emergency number only

_NUMBER = re.compile(r"(?<![\w.,])\+?(?:\d{3,}|\(?\d(?:[\s()./\u2013-]{0,3}\d){5,})(?!\w)")
_ADDRESS = re.compile(r"(?<![\w.-])(?:[\w-]{2,}\.)+[^\W\d_]{2,}(?![\w-])")


def a_line(value: Any, given: Given) -> Phrase | None:
    """A line or two, not a page."""
    return phrase("wrong_too_long", limit=LINE) if len(value) > LINE else None


def a_name(value: Any, given: Given) -> Phrase | None:
    """A name as one is called, however it is said."""
    if len(value) > NAME or "\n" in value:
        return phrase("wrong_name", limit=NAME)
    return None if name_in(value, given.facts) else phrase("wrong_no_name")


def a_week(value: Any, given: Given) -> Phrase | None:
    """Some days of a week."""
    return None if days_of(value, given.facts) else phrase("wrong_week")


def a_helpline(value: Any, given: Given) -> Phrase | None:
    """A line with something to call or to write to, or the button for none."""
    return a_line(value, given) if value == NO_HELPLINE or is_helpline(value) else phrase("wrong_helpline")


def is_helpline(text: str) -> bool:
    """Whether a line holds a number (three digits in a row, or six in all) or an address of the web or of e-mail."""
    return "\n" not in text and any(found.search(text) for found in (_NUMBER, _ADDRESS))


def a_city(value: Any, given: Given) -> Phrase | None:
    """A city or zone that is known."""
    return None if zone_of(value[:NAME]) else phrase("wrong_city", city=shortened(value, NAME))


def any_hour(value: Any, given: Given) -> Phrase | None:
    """An hour of the day."""
    return phrase("wrong_hour") if hour_of(value, given.facts) is None else None


def not_past(value: Any, given: Given) -> Phrase | None:
    """A day that is not over, and not years away."""
    day = date.fromisoformat(value)
    if day < given.facts.today:
        return phrase("misread_date_past")
    return phrase("wrong_far_date") if (day - given.facts.today).days > 730 else None


def hour_of(text: str, facts: Facts | None = None) -> time | None:
    """ "9", "9:30", "09.30", "5 pm", "17h" as a time of day, with the words of the person's language around it."""
    around = "|".join(map(re.escape, facts.around_an_hour if facts else ()))
    digits = r"(\d{1,2})(?:[:.h](\d{2})?)?\s*([ap])?\.?(?:m\.?)?"
    found = re.fullmatch(rf"\s*(?:(?:{around})\s+)?{digits}\s*(?:{around})?\s*", text.lower())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None


VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {
    "a_line": a_line,
    "a_name": a_name,
    "a_week": a_week,
    "a_helpline": a_helpline,
    "a_city": a_city,
    "any_hour": any_hour,
    "not_past": not_past,
}
