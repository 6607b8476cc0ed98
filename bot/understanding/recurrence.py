"""What comes again: "every second Tuesday 10:00 until June" as weeks, and the words for its beginning and end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.understanding.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretches:
    """Where the days of a command stand: `start` and `until` are words, `every` is in weeks, 0 for once only."""

    start: str
    until: str = ""
    every: int = 0


def stretches_of(text: str, vocabulary: Vocabulary) -> Stretches:
    """The words that say when something begins, how often it comes again, and until when; never raises."""
    found = _anywhere(vocabulary.every).search(text) if vocabulary.every else None
    every = 0
    if found is not None:
        every = vocabulary.every[_plain(found.group())]
        text = f"{text[: found.start()]} {text[found.end() :]}"
    start, until = span_of(text, vocabulary.until) if every else (text, "")
    return Stretches(start=start, until=until, every=every)


def span_of(text: str, marks: Iterable[str]) -> tuple[str, str]:
    """The words before the last of these marks, and those from it on; all before it if none stands.

    A dash between blanks is such a mark too, and is left out.
    """
    parts = list(re.finditer(rf"{_anywhere(marks).pattern}|\s[-–—]\s", text, re.IGNORECASE))
    if not parts:
        return text.strip(), ""
    return text[: parts[-1].start()].strip(), text[parts[-1].start() :].strip(" -–—")


def cut_at(text: str, marks: Iterable[str]) -> tuple[str, str]:
    """The words before the first of these marks, and those behind it; all and nothing if none stands."""
    found = _anywhere(marks).search(text) if marks else None
    return (text[: found.start()].strip(" ,;"), text[found.end() :].strip(" :")) if found else (text.strip(), "")


def place_in(text: str, vocabulary: Vocabulary) -> str:
    """Where a journey leads: without the small word before it, and without until when."""
    words = cut_at(text, vocabulary.until)[0].split()
    while words and words[0].lower() in vocabulary.towards:
        words.pop(0)
    return " ".join(words)


def _anywhere(texts: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(texts, key=len, reverse=True)
    words = "|".join(r"[\s-]+".join(map(re.escape, text.split())) for text in longest_first)
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(re.split(r"[\s-]+", text.lower()))
