"""The words of one language, from its catalogue, in the shape in which the other modules look them up.

No word of any language stands in the code: whatever is compared with a text comes from `words.yaml`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.wording import Wording

Phrases = frozenset[tuple[str, ...]]

_APART = str.maketrans(
    dict.fromkeys('-/–—−:;()[]{}<>"“”„‟«»|\\=~`*_…', " ") | {"’": "'", "ʼ": "'", ",": " , ", "،": " , "}
)
_TRIMMED = ".!?'‘¡¿。！？؟،,"


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """What the words of a language mean; every phrase is in the form that `key` or `words_of` gives.

    `senses` holds, for a phrase of a report, what it says and whether a commitment must be named beside it.
    """

    controls: Mapping[str, str]
    verbs: Mapping[str, str]
    longest_verb: int
    changes: frozenset[str]
    say: frozenset[str]
    answers: frozenset[str]
    polite: Phrases
    until: frozenset[str]
    spans: frozenset[str]
    times: frozenset[str]
    numbers: Mapping[str, int]
    numbering: frozenset[str]
    stop_words: frozenset[str]
    senses: Mapping[tuple[str, ...], tuple["Sense", ...]]
    longest_sense: int
    askers: Phrases
    joins: frozenset[str]
    contrasts: frozenset[str]
    not_first: Phrases


@dataclass(frozen=True, kw_only=True, slots=True)
class Sense:
    """What a phrase says: a report (`named`: only of a commitment that is named), or how to take one."""

    role: str
    report: str = ""
    named: bool = False


_HELD: dict[int, tuple[Mapping[str, Any], Vocabulary]] = {}
_MOST_HELD = 64


def vocabulary_of(wording: Wording) -> Vocabulary:
    """The vocabulary of a language, made once for each catalogue."""
    held = _HELD.get(id(wording.words))
    if held is None:
        if len(_HELD) >= _MOST_HELD:
            _HELD.clear()
        held = _HELD[id(wording.words)] = (wording.words, _made(wording.words))  # held, so that the id stays its own
    return held[1]


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without the punctuation around them; a comma is a word of its own."""
    found = (word if word == "," else word.strip(_TRIMMED) for word in text.lower().translate(_APART).split())
    return [word for word in found if word]


def key(text: str) -> str:
    """A text for comparing with known phrases; one of punctuation only is itself."""
    return " ".join(word for word in words_of(text) if word != ",") or text.strip()


def starts(words: list[str], phrases: Phrases) -> int:
    """How many words the longest of the phrases takes at the beginning; 0 when none stands there."""
    return next((n for n in range(min(len(words), 4), 0, -1) if tuple(words[:n]) in phrases), 0)


def ends(words: list[str], phrases: Phrases) -> int:
    """How many words the longest of the phrases takes at the end; 0 when none stands there."""
    return next((n for n in range(min(len(words), 4), 0, -1) if tuple(words[-n:]) in phrases), 0)


def _made(words: Mapping[str, Any]) -> Vocabulary:
    verbs = {key(text): verb for verb, texts in words["verbs"].items() for text in texts}
    senses: dict[tuple[str, ...], tuple[Sense, ...]] = {}
    for phrase, sense in _senses(words):
        senses[phrase] = (*senses.get(phrase, ()), sense)
    return Vocabulary(
        controls={key(text): control for control, texts in words["controls"].items() for text in texts},
        verbs=verbs,
        longest_verb=max(len(text.split()) for text in verbs),
        changes=_keys(words["changes"]),
        say=_keys(words["say"]),
        answers=_keys([*words["yes"], *words["no"]]),
        polite=_phrases(words["polite"]),
        until=_keys(words["until"]),
        spans=_keys(words["spans"]),
        times=_keys(words["times"]),
        numbers=words["numbers"],
        numbering=_keys(words["numbering"]),
        stop_words=_keys(words["stop_words"]),
        senses=senses,
        longest_sense=max(map(len, senses)),
        askers=_phrases(words["askers"]),
        joins=frozenset(words["joins"]),
        contrasts=_keys(words["contrasts"]),
        not_first=_phrases(words["not_first"]),
    )


def _senses(words: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Sense]]:
    for role in ("negations", "attempts", "almost", "intentions", "ahead", "deadlines"):
        for phrase in _phrases(words[role]):
            yield phrase, Sense(role=role)
    for named, entry in ((False, "reports"), (True, "reports_if_named")):
        for report, texts in words[entry].items():
            for phrase in _phrases(texts):
                yield phrase, Sense(role="report", report=report, named=named)


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(key(text) for text in texts)


def _phrases(texts: Iterable[str]) -> Phrases:
    return frozenset(tuple(words_of(text)) for text in texts)
