"""What fills the gaps of a dialogue's texts: small pure functions, whose values are written for the reader."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.programme.lines import line_now
from bot.coaching.settings.placeholders import pace_in_words
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Given


def _comeback(given: Given) -> Phrase:
    return phrase(f"comeback_{given.get('restart') or 'none'}", pace=pace_in_words(given))


NAMES: Mapping[str, Callable[[Given], Any]] = {
    "comeback_in_words": _comeback,
    "line_now": line_now,
}


# -- options that depend on the client -------------------------------------------------------------------------------


OPTIONS: Mapping[str, Callable[[Given], tuple[tuple[str, Any], ...]]] = {}
