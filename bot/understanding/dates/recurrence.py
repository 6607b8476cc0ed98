"""What comes again or lasts: "every second Tuesday 10:00 until June" as weeks, and the words for its two ends."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.understanding.vocabulary import Vocabulary, key, words_of


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


def rest_of(text: str, vocabulary: Vocabulary) -> tuple[str, str, str, str]:
    """Of the words for a rest: how long or which days, the first day, the day before which it ends, and the last day.

    Each is empty when not named. "Until Monday" alone ends before Monday; from a day to another, both belong to it.
    """
    parts = _parts(_dashed(text, vocabulary), vocabulary)
    head, first, end = parts[_HEAD], parts[_FIRST], parts[_END]
    if end and not first and _timely(head, vocabulary):
        head, first = "", head
    lasting = parts[_LASTING] or ("" if (first or end) and not _timely(head, vocabulary) else head)
    first, end = completed(first, end, vocabulary)
    last = bool(first) or not vocabulary.included.isdisjoint(words_of(parts[_MARK] + " " + end))
    return lasting, first, "" if last else end, end if last else ""


def completed(start: str, end: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """Both days with their month, where only one of them names it: "14 to 18 December", "Dec 14 to 18"."""
    one, other = _bare(start, vocabulary), _bare(end, vocabulary)
    if one and end and not other:
        return _NUMBER.sub(one, end, count=1), end
    if other and start and not one:
        return start, _NUMBER.sub(other, start, count=1)
    return start, end


_HEAD, _FIRST, _LASTING, _END, _MARK = "head", "first", "lasting", "end", "mark"
_NUMBER = re.compile(r"\b\d{1,2}(?!\d)")
_APART = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{2,4}|(?<=[\d.])\s*[-–—]\s*(?=\d)")
_JOINED = re.compile(r"([^\W\d_]+)[-–—]([^\W\d_]+)")


def _dashed(text: str, vocabulary: Vocabulary) -> str:
    """The text with blanks around a dash that stands between two days: "14-18 December", "mon-fri"."""

    def apart(found: re.Match[str]) -> str:
        days = {found[1].lower(), found[2].lower()} <= vocabulary.times
        return f"{found[1]} – {found[2]}" if days else found[0]

    return _JOINED.sub(apart, _APART.sub(lambda found: found[0] if found[0][0].isdigit() else " – ", text))


def _parts(text: str, vocabulary: Vocabulary) -> dict[str, str]:
    """What stands before the first mark, and behind the last of each kind; `_MARK` is the mark of the end."""
    ends = vocabulary.up_to | vocabulary.until
    marks = _anywhere(ends | vocabulary.beginning | vocabulary.lasting).pattern
    pieces = re.split(rf"({marks}|\s[-–—]\s)", text, flags=re.IGNORECASE)
    found = {_HEAD: pieces[0].strip(" ,"), _FIRST: "", _LASTING: "", _END: "", _MARK: ""}
    for mark, words in zip(pieces[1::2], pieces[2::2], strict=True):
        known = _plain(mark)
        kind = _FIRST if known in vocabulary.beginning else _LASTING if known in vocabulary.lasting else _END
        found[kind] = words.strip(" ,")
        if kind == _END:
            found[_MARK] = mark
    for kind in (_HEAD, _FIRST):
        found[kind] = "" if key(found[kind]) in vocabulary.at_once else found[kind]
    return found


def _timely(text: str, vocabulary: Vocabulary) -> bool:
    return any(word in vocabulary.times or word[:1].isdecimal() for word in words_of(text))


def _bare(text: str, vocabulary: Vocabulary) -> str:
    """The number of a day that is named without its month: "14", "the 14th", "14."; else nothing."""
    number = re.fullmatch(r"(?:([^\W\d_]+)\s+)?(\d{1,2})(?:\.|st|nd|rd|th)?", text.strip(), re.IGNORECASE)
    if number is None or (number[1] and number[1].lower() not in vocabulary.stop_words):
        return ""
    return number[2]


def _anywhere(texts: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(texts, key=len, reverse=True)
    words = "|".join(r"[\s-]+".join(map(re.escape, text.split())) for text in longest_first)
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _plain(text: str) -> str:
    return " ".join(re.split(r"[\s-]+", text.lower()))
