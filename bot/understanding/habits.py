"""What somebody says they do again and again, and by which rule: "gym mon wed fri", "three 1:1s a week", "every 15th".

The words that matter become letters, one each, and short patterns over these find the rule; what is left says what.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.model.habits.values import HabitRule, HabitWords
from bot.understanding.vocabulary import Vocabulary, starts, words_of

LONGEST = 160  # characters
_MOST_TIMES = 14  # a week
_MOST_WEEKS = 4  # from one time to the next
_LONGEST_PHRASE = 3  # words
_TOKEN = re.compile(r"[^\W_]+(?:[.:'’][^\W_]+)*\.?|[,/&+–—-]")
_ORDINAL = re.compile(r"(\d{1,2})(st|nd|rd|th|ter|ten|\.)")
_TIMES = re.compile(r"(\d{1,2})(x|mal)")
_LETTERS = {
    "day": "D",
    "on_days": "P",
    "weekdays": "K",
    "weekends": "S",
    "a_day": "V",
    "at_least": "G",
    "every_day": "Y",
    "each": "E",
    "parts": "p",
    "a_week": "W",
    "a_month": "M",
    "times": "T",
    "how_often": "H",
    "units": "U",
    "joined": "J",
    "through": "R",
    "before": "B",
    "once_only": "Z",
    "for_now": "1",
    "every_weeks": "F",
    "each_other": "A",
    "order": "L",
    "others": "X",
}
_DESCRIBING = ("F", "M", "W", "X")  # one word of these may only describe what is done: "the monthly report"
_EVERY_DAY, _WORKING, _WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sign:
    """A word or phrase of the text: its letter, its number, and where it stands."""

    letter: str
    number: int
    at: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A rule, and the stretches of the text that say it; without a rule, something that no rule here can keep."""

    rule: HabitRule | None
    said: tuple[tuple[int, int], ...] = ()


def habit_in(text: str, vocabulary: Vocabulary, opener: str = "") -> HabitWords | None:
    """What comes again in a text, without the words of its rule and the `opener`; None where nothing does."""
    if len(text) > LONGEST:
        return None
    signs = _meant(list(_signs(text, vocabulary)), text)
    found = _found("".join(sign.letter for sign in signs), signs)
    if found is None:
        return None
    return HabitWords(text=_left(text, found.said, opener), rule=found.rule)


def states_habit(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text that nobody asked for can be meant as a habit: it asks and tells nothing."""
    words = words_of(text)
    if text.rstrip().endswith("?") or starts(words, vocabulary.askers):
        return False
    first = words[0] if words else ""
    begins = any(tuple(words[:length]) in vocabulary.recurring for length in range(1, _LONGEST_PHRASE + 1))
    return first not in vocabulary.stop_words or first in vocabulary.no or begins


def _signs(text: str, vocabulary: Vocabulary) -> Iterator[_Sign]:
    pieces = list(_TOKEN.finditer(text))
    words = [piece[0].lower() for piece in pieces]
    at = 0
    while at < len(pieces):
        for length in range(min(_LONGEST_PHRASE, len(pieces) - at), 0, -1):
            letter, number = _meaning(words[at : at + length], vocabulary)
            if letter:
                break
        yield _Sign(letter=letter or "_", number=number, at=pieces[at].start(), end=pieces[at + length - 1].end())
        at += length


def _meant(signs: list[_Sign], text: str) -> list[_Sign]:
    """The signs without those that only describe something: "prepare the monthly report", or what has its own day."""
    letters = "".join(sign.letter for sign in signs)
    once = _DEADLINE.search(letters) is not None
    for at, sign in enumerate(signs):
        single = sign.letter in _DESCRIBING and not re.search(r"[\s-]", text[sign.at : sign.end])
        if single and letters[at + 1 : at + 2] == "_" and (at or once):
            signs[at] = replace(sign, letter="_")
    return signs


def _meaning(words: Sequence[str], vocabulary: Vocabulary) -> tuple[str, int]:
    """The letter of a phrase and its number; N is a number, Q a large one, O a day of the month, # so many times."""
    known = vocabulary.recurring.get(tuple(word.rstrip(".") for word in words))
    if known is not None:
        return _LETTERS[known[0]], known[1]
    if len(words) > 1:
        return "", 0
    (word,) = words
    for letter, pattern in (("O", _ORDINAL), ("#", _TIMES)):
        if number := pattern.fullmatch(word):
            return letter, int(number[1])
    if word == ",":
        return "J", 0
    if word.isdecimal() and len(word) > 2:
        return "Q", 0  # so many words or steps, and no times
    number_of = int(word) if word.isdecimal() and len(word) <= 2 else vocabulary.numbers.get(word)
    return ("", 0) if number_of is None else ("N", number_of)


# -- the patterns ----------------------------------------------------------------------------------------------------

_DEADLINE = re.compile(r"ZB*[DNO]")
_MANY = re.compile(r"(?<![ZL])(?<![ZL]B)B*E?B*[DP](?:[JRBE]*[DP])+")
_ONE = re.compile(r"(?<![ZL])B*(?:E[DP]|P)")
_WEEKDAYS = re.compile(r"(?<!Z)B*E?K")
_RARELY = re.compile(r"B*(?:[AF]|EO)B*[DP](?:[JRB]*[DP])*|B*[DP](?:[JRBE]*[DP])*J?F")
_NTH = re.compile(r"(?:M[JB]*)?B*E?B*[LAO]B*[DP]B*M|M[JB]*[LO]B*[DP]")
_LAST_DAY = re.compile(r"B*E?B*LB*M|M[JB]*LB*$")
_WEEKENDS = re.compile(r"(?<!Z)B*E?S")
_DAILY = re.compile(r"Y")
_EACH_DAY = re.compile(r"(?<=[NQ])V|(?<=[NQ][^V])V|(?<=[NQ][^V][^V])V$")
_EACH_PART = re.compile(r"Ep")
_OF_MONTH = re.compile(r"B*(?:E|M[JB]*)[BJ]*O(?:[JB]*O)*|B*O(?:[JB]*O)*B*M")
_SO_OFTEN = re.compile(r"G?(?:N[RJ])?(?:(?:H|#|NT)[WF]|N[WF])|[WF]G?(?:N[RJ])?(?:H|#|NT)")
_STRETCHES = ((_WEEKDAYS, _WORKING), (_WEEKENDS, _WEEKEND), (_DAILY, _EVERY_DAY), (_EACH_DAY, _EVERY_DAY))
_WEEKLY = re.compile(r"^W|W(?:$|J)")


def _found(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    """The rule that the letters say: days before numbers, and what no rule can keep before all."""
    if "1" in letters:
        return None
    if "X" in letters:
        return _Found(rule=None)
    for find in (_in_month, _rarely, _on_days, _of_month, _so_often):
        found = find(letters, signs)
        if found is not None:
            return found
    return None


def _in_month(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    """One weekday of a month by its place, or its last day; other than that only a numbered day can be kept."""
    if "M" not in letters:
        return None
    for pattern in (_NTH, _LAST_DAY):
        at = pattern.search(letters)
        here = signs[at.start() : at.end()] if at else ()
        nth = next((sign.number for sign in here if sign.letter in "LAO"), 0)
        if at is not None and pattern is _NTH and -1 <= nth <= 4:
            return _ruled(HabitRule(weekdays=_days(at, signs), nth=nth), signs, at, letters)
        if at is not None and pattern is _LAST_DAY and nth == -1:
            return _ruled(HabitRule(month_days=(0,)), signs, at, letters)
    return _Found(rule=None) if "O" not in letters or {*"DP"} & {*letters} else None


def _rarely(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    """Days of every other week, or after more of them."""
    at = _RARELY.search(letters)
    if at is None:
        return None
    every = next(sign.number for sign in signs[at.start() : at.end()] if sign.letter in "AFO")
    if not 2 <= every <= _MOST_WEEKS:
        return _Found(rule=None)
    return _ruled(HabitRule(weekdays=_days(at, signs), every=every), signs, at, letters)


def _on_days(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    for pattern, days in _STRETCHES:
        if at := pattern.search(letters):
            return _ruled(HabitRule(weekdays=days), signs, at, letters)
    if _EACH_PART.search(letters):
        return _Found(rule=HabitRule(weekdays=_EVERY_DAY))
    at = _MANY.search(letters)
    if at is not None and ({*"EP"} & {*at[0]} or not letters[at.end() :].strip("pW")):
        return _ruled(HabitRule(weekdays=_days(at, signs)), signs, at, letters)
    at = _ONE.search(letters)
    return _ruled(HabitRule(weekdays=_days(at, signs)), signs, at, letters) if at else None


def _days(at: re.Match[str], signs: Sequence[_Sign]) -> tuple[int, ...]:
    """The weekdays that are named; two with a word for "to" between them are the ends of a stretch."""
    named = [sign.number for sign in signs[at.start() : at.end()] if sign.letter in "DP"]
    if len(named) == 2 and "R" in at[0]:
        length = (named[1] - named[0]) % 7
        return tuple(sorted((named[0] + n) % 7 for n in range(length + 1)))
    return tuple(sorted({*named}))


def _of_month(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    at = _OF_MONTH.search(letters)
    if at is None:
        return None
    days = {sign.number for sign in signs[at.start() : at.end()] if sign.letter == "O"}
    if not all(1 <= day <= 31 for day in days):
        return _Found(rule=None)
    return _ruled(HabitRule(month_days=tuple(sorted(days))), signs, at, letters)


def _so_often(letters: str, signs: Sequence[_Sign]) -> _Found | None:
    """So many times a week; a number far from the word for a week counts what is done, but for "10 km a week"."""
    at = _SO_OFTEN.search(letters)
    if at is not None:
        here = signs[at.start() : at.end()]
        number, every = (next((s.number for s in here if s.letter in kind), 1) for kind in ("H#N", "F"))
        return _often(number, (_stretch(signs, at.start(), at.end()),), every)
    found = re.search("[WF]", letters)
    if found is None:
        return None
    week = found.start()
    every = signs[week].number if letters[week] == "F" else 1
    first = re.match(r"[B_]?(G?(?:N[RJ])?N)", letters[:week])
    if first is not None and letters[first.end() : first.end() + 1] != "U":
        number = next(s.number for s in signs[first.start(1) : first.end()] if s.letter == "N")
        said = _stretch(signs, first.start(1), first.end())
        return _often(number, (said, (signs[week].at, signs[week].end)), every)
    keeps = "NU" in letters  # "Run 10 km a week" says how much, and would not without its end
    if not (keeps or _WEEKLY.search(letters) or letters[week] == "F"):
        return None
    return _Found(rule=HabitRule(times=1, every=every), said=() if keeps else (_stretch(signs, week, week + 1),))


def _often(number: int, said: tuple[tuple[int, int], ...], every: int = 1) -> _Found:
    return _Found(rule=HabitRule(times=number, every=every) if 1 <= number <= _MOST_TIMES else None, said=said)


def _ruled(rule: HabitRule, signs: Sequence[_Sign], at: re.Match[str], letters: str) -> _Found:
    """A rule with where it is said; "every week" beside days says nothing more."""
    begin, end = at.start() - (letters[: at.start()].endswith("W")), at.end() + letters.startswith("W", at.end())
    return _Found(rule=rule, said=(_stretch(signs, begin, end),))


def _stretch(signs: Sequence[_Sign], begin: int, end: int) -> tuple[int, int]:
    return signs[begin].at, signs[end - 1].end


def _left(text: str, said: Sequence[tuple[int, int]], opener: str) -> str:
    """The text without what says its rule."""
    for begin, end in sorted(said, reverse=True):
        text = f"{text[:begin]} {text[end:]}"
    text = " ".join(text.split()).strip(" .,;:!-–—").removeprefix(opener).strip(" .,;:!-–—")
    return text[:1].upper() + text[1:]
