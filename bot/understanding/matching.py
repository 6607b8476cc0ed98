"""Which open commitment a text names, by its number or by its words."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from bot.model.commitments.values import Commitment
from bot.rendering.wording import Wording
from bot.understanding.vocabulary import Vocabulary, vocabulary_of, words_of

_ALIKE = 82  # of 100: "plans" is "plan" and "memmo" is "memo", but "deck" is not "desk"
_STEM = 4  # letters from which a word that begins like another is taken for it: "draft", "drafting"
_ONE_WORD, _MORE_WORDS = 0.55, 0.35  # the least likeness, when one word or several are shared
_CLEAR = 0.15  # by how much the best must lead
_PRECISION = 0.9  # of a text all of whose words are found; the rest is how much of the commitment was said
_MOST_WORDS = 25

Names = Mapping[str, Sequence[str]]


def match_commitment(text: str, commitments: Sequence[Commitment], wording: Wording) -> str:
    """The id of the commitment that a text names: by number ("2", "#2"), or by words when one is clearly the best.

    Empty when none is named, or several are equally likely.
    """
    vocabulary = vocabulary_of(wording)
    words = [word for word in words_of(text) if word != ","]
    numbers = numbers_of(words, vocabulary)
    if len(numbers) == 1 and not telling(words, vocabulary, numbers=False):
        return by_number(numbers[0], commitments)
    return by_words(telling(words, vocabulary), names_of(commitments, vocabulary))


def number_of(word: str) -> int | None:
    """The number that a word of digits stands for ("2", "#2"), or None."""
    digits = word.removeprefix("#")
    return int(digits) if digits.isdecimal() and len(digits) <= 4 else None


def numbers_in(text: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """The numbers that a text begins with: "2", "#2", "2, 3 and 5", but not "1:1 with Sam", nor "1.5 hours"."""
    joins = "|".join(map(re.escape, vocabulary.joins))
    more = rf"(?:\s*(?:,|&|\+|\b(?:{joins})\b)\s*#?\d{{1,4}})*"
    found = re.match(rf"\s*((?:#?\d{{1,4}}[.):]?){more}[.):,;]?)(?=\s|$)", text, re.IGNORECASE)
    return tuple(int(number) for number in re.findall(r"\d+", found[1])) if found else ()


def numbers_of(words: Iterable[str], vocabulary: Vocabulary) -> list[int]:
    """The numbers among the words, in digits or spelt out; a spelt one that is mostly a filler does not count."""
    found: list[int] = []
    for word in words:
        number = number_of(word)
        if number is None and word not in vocabulary.stop_words:
            number = vocabulary.numbers.get(word)
        if number is not None:
            found.append(number)
    return found


def by_number(number: int, commitments: Sequence[Commitment]) -> str:
    """The id of the commitment with that number, or nothing."""
    return next((c.id for c in commitments if c.number == number), "")


def telling(words: Iterable[str], vocabulary: Vocabulary, *, numbers: bool = True) -> list[str]:
    """The words that may name something: no fillers, no times, and without `numbers` none of those either."""
    dull = vocabulary.stop_words | vocabulary.times | vocabulary.numbering
    found = [word for word in words if word not in dull]
    if numbers:
        return found
    return [word for word in found if number_of(word) is None and word not in vocabulary.numbers]


def names_of(commitments: Sequence[Commitment], vocabulary: Vocabulary) -> Names:
    """The telling words of each commitment, by its id."""
    return {
        c.id: telling((word for word in words_of(c.text) if word != ","), vocabulary)[:_MOST_WORDS] for c in commitments
    }


def by_words(wanted: Sequence[str], names: Names) -> str:
    """The id of the commitment that shares the most words with those, when it is clearly the best."""
    if not wanted:
        return ""
    wanted = list(dict.fromkeys(wanted))[:_MOST_WORDS]
    scored = sorted(((_likeness(wanted, have), which) for which, have in names.items()), reverse=True)
    if not scored or not scored[0][0]:
        return ""
    second = scored[1][0] if len(scored) > 1 else 0.0
    return scored[0][1] if scored[0][0] - second >= _CLEAR else ""


def _likeness(wanted: Sequence[str], have: Sequence[str]) -> float:
    """From 0 to 1: Dice's coefficient over words, or the share of the text's own words, whichever is kinder."""
    if not have:
        return 0.0
    shared = sum(any(_alike(word, other) for other in have) for word in wanted)
    if not shared:
        return 0.0
    dice = 2 * shared / (len(wanted) + len(have))
    score = max(min(dice, 1.0), _PRECISION * shared / len(wanted))
    return score if score >= (_ONE_WORD if shared == 1 else _MORE_WORDS) else 0.0


def _alike(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) < _STEM or word[0] != other[0]:
        return False
    if word.startswith(other) or other.startswith(word):
        return True
    return fuzz.ratio(word, other, score_cutoff=_ALIKE) > 0
