"""Whether a text says what somebody will do, in how many parts, and by which words that a note of it can leave out."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.messages.readings import DateKind, DateReading, Deed
from bot.understanding.habits import habit_in
from bot.understanding.vocabulary import Phrases, Vocabulary, starts, words_of

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_LONGEST = 4  # words of a phrase
_LONGEST_TEXT = 300  # characters in which several promises are looked for
_MOST = 5  # promises of one line
_EDGES = " \t\n.,;:!-"


def promise_in(text: str, vocabulary: Vocabulary) -> tuple[bool, str]:
    """Whether a text promises something, and its opener as it stands: "I'll", or nothing where a verb says it."""
    pieces = list(_WORD.finditer(text))
    words = [word for piece in pieces for word in words_of(piece[0])]
    if len(words) != len(pieces) or starts(words, vocabulary.askers) or vocabulary.unpromised & {*words}:
        return False, ""
    for at in range(len(words)):
        for length in range(_LONGEST, 0, -1):
            said = tuple(words[at : at + length])
            if said in vocabulary.promises:
                first = 0 if vocabulary.fillers.issuperset(words[:at]) else at
                return True, text[pieces[first].start() : pieces[min(at + length, len(pieces)) - 1].end()]
            if said in vocabulary.promised:
                return True, ""
    return False, ""


def bare_promise(text: str, found: DateReading | None, vocabulary: Vocabulary) -> str:
    """A promise as it is noted: without "I'll" or "also", and without the day's words where they begin or end it.

    A whole sentence with a verb of its own keeps the day that it begins with, since it would not read well without.
    """
    promises, opener = promise_in(text, vocabulary)
    words = text.strip(_EDGES)
    if found is not None and found.phrase and found.kind is DateKind.FUTURE:
        if words.endswith(found.phrase):
            words = words.removesuffix(found.phrase)
        elif words.startswith(found.phrase) and not (promises and not opener):
            words = words.removeprefix(found.phrase)
    words = words.strip(_EDGES).removeprefix(opener).strip(_EDGES)
    return _without_fillers(words, vocabulary)


def deeds_of(parts: Sequence[str], days: Sequence[DateReading], vocabulary: Vocabulary) -> tuple[Deed, ...]:
    """The promises of a text as they are noted, each with the day that its words name, or with its rule."""
    return tuple(_deed(part, day, vocabulary) for part, day in zip(parts, days, strict=True))


def _deed(part: str, day: DateReading, vocabulary: Vocabulary) -> Deed:
    habit = habit_in(part, vocabulary, promise_in(part, vocabulary)[1])
    if habit is None or not habit.text or (habit.rule is None and day.kind is DateKind.FUTURE):
        return Deed(text=bare_promise(part, day, vocabulary), day=day)
    said = bare_promise(part, None, vocabulary)
    return Deed(text=habit.text, day=DateReading(kind=DateKind.NONE), habit=habit, said=said)


def _without_fillers(text: str, vocabulary: Vocabulary) -> str:
    while (first := _WORD.match(text)) is not None and first[0].lower() in vocabulary.fillers and text[first.end() :]:
        text = text[first.end() :].strip(_EDGES)
    return text


def says_deed(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text begins with what somebody does, as a promise in short does: "write the memo"."""
    return _has_verb(_spoken(text, vocabulary), vocabulary)


# -- several in one line ---------------------------------------------------------------------------------------------


def parted(text: str, vocabulary: Vocabulary) -> list[str]:
    """The promises of one line: a part stands alone by a verb or by a day of its own; in doubt there is one.

    Where only the day is its own, it is done as the part before it: "call Petra on Monday and Sam on Friday".
    """
    pieces = _pieces(text, vocabulary)
    found = pieces[:1]
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        own = _own(found[-1], joint, piece, vocabulary)
        if own:
            found.append(own)
        else:
            found[-1] += joint + piece
    return found if len(found) <= _MOST else [text]


def _pieces(text: str, vocabulary: Vocabulary) -> list[str]:
    """The stretches of a text and, between them, what joins them."""
    return re.split(_joints(vocabulary.between), text) if len(text) <= _LONGEST_TEXT else [text]


@lru_cache(maxsize=16)
def _joints(between: Phrases) -> re.Pattern[str]:
    words = "|".join(re.escape(" ".join(phrase)) for phrase in sorted(between, key=len, reverse=True))
    return re.compile(rf"(\s*[;\n]\s*|\s*,\s+(?:(?:{words})\s+)?|(?<=[.!])\s+|\s+(?:{words})\s+)", re.IGNORECASE)


def _own(before: str, joint: str, piece: str, vocabulary: Vocabulary) -> str:
    """The piece as a promise of its own, or nothing where it goes with the one before it."""
    left, right = _spoken(before, vocabulary), _spoken(piece, vocabulary)
    if vocabulary.earlier & {*right} or len(left) < 2 or not _content(left, vocabulary):
        return ""
    content = _content(right, vocabulary)
    if _has_verb(right, vocabulary) and content:
        timed = _again(before, vocabulary) or _has_day(left, vocabulary)
        dated = timed and _has_day(right, vocabulary)
        sure = joint.strip() != "," or _has_verb(left, vocabulary) or dated
        return piece if sure else ""
    if content and _again(piece, vocabulary) and (_again(before, vocabulary) or _has_day(left, vocabulary)):
        return _as_before(left[0], piece, vocabulary) if _again(before, vocabulary) and joint.strip() != "," else piece
    both = _has_day(left, vocabulary) and _has_day(right, vocabulary)
    if content and both and not vocabulary.deeds_last and left[0] in vocabulary.deeds and joint.strip() != ",":
        return _as_before(left[0], piece, vocabulary)
    return ""


def _as_before(verb: str, piece: str, vocabulary: Vocabulary) -> str:
    """A piece with the verb of the one before it, where that has one that it can take."""
    return f"{verb} {piece.strip()}" if not vocabulary.deeds_last and verb in vocabulary.deeds else piece


def _again(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a stretch alone says what comes again and again, and by which rule."""
    habit = habit_in(text, vocabulary)
    return habit is not None and habit.rule is not None and bool(habit.text)


def _spoken(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of a stretch from its verb on: without what begins any promise."""
    return [word for word in words_of(bare_promise(text, None, vocabulary)) if word != ","]


def _has_verb(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    if words and words[0] in vocabulary.deeds:
        return len(words) < 2 or words[1] not in vocabulary.no_deed_before
    return not vocabulary.deeds_last.isdisjoint(words)


def _has_day(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    return not vocabulary.times.isdisjoint(words)


def _content(words: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether there is anything in it besides a verb, a day and small words."""
    small = vocabulary.times | vocabulary.stop_words | vocabulary.until | vocabulary.fillers | vocabulary.deeds_last
    rest = words[1:] if words and words[0] in vocabulary.deeds else words
    return any(word not in small and not word[:1].isdecimal() for word in rest)
