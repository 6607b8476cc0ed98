"""What an hour for prompts must be."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.rhythm.quiet_hours import CLOSES, OPENS
from bot.coaching.shared.validators import hour_of
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def an_hour(value: Any, given: Given) -> Phrase | None:
    """An hour of the day, outside the quiet hours."""
    at = hour_of(value, given.facts)
    if at is None:
        return phrase("wrong_hour")
    return None if OPENS <= at < CLOSES else phrase("wrong_quiet_hour", opens=OPENS, closes=CLOSES)


VALIDATORS: Mapping[str, Callable[[Any, Given], Phrase | None]] = {"an_hour": an_hour}
