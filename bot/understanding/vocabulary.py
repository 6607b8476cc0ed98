"""The words of one language, from its catalogue, in the shape in which the other modules look them up.

No word of any language stands in the code: whatever is compared with a text comes from `words.yaml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.rendering.wording import Wording

Phrases = frozenset[tuple[str, ...]]

_APART = str.maketrans(
    dict.fromkeys('-/–—−:;()[]{}<>"“”„‟«»|\\=~`*_…', " ") | {"’": "'", "ʼ": "'", ",": " , ", "،": " , "}
)
_TRIMMED = ".!?'‘¡¿。！？؟،,"


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """What the words of a language mean; every phrase is in the form that `key` or `words_of` gives.

    `behind` are the words behind a command that stand for one which the command itself looks for, by verb; `promises`
    begin what somebody will do, `promised` say it by a verb of their own, `unpromised` take either back; `openers`
    are the first words of commands and of politeness, `tellers` those of phrases that can tell of progress;
    `reach` is the length of the longest phrase in `senses` by its first word; `recurring` are the words for what comes
    again and again, each with its kind (an entry of `words.yaml`) and its number.
    """

    controls: Mapping[str, str]
    verbs: Mapping[str, str]
    behind: Mapping[str, Mapping[str, str]]
    longest_verb: int
    openers: frozenset[str]
    changes: frozenset[str]
    say: frozenset[str]
    answers: frozenset[str]
    polite: Phrases
    greetings: Phrases
    promises: Phrases
    promised: Phrases
    unpromised: frozenset[str]
    fillers: frozenset[str]
    between: Phrases
    deeds: frozenset[str]
    deeds_last: frozenset[str]
    earlier: frozenset[str]
    no_deed_before: frozenset[str]
    towards: frozenset[str]
    until: frozenset[str]
    spans: frozenset[str]
    every: Mapping[str, int]
    up_to: frozenset[str]
    beginning: frozenset[str]
    at_once: frozenset[str]
    lasting: frozenset[str]
    included: frozenset[str]
    cover: frozenset[str]
    times: frozenset[str]
    numbers: Mapping[str, int]
    numbering: frozenset[str]
    stop_words: frozenset[str]
    senses: Mapping[tuple[str, ...], "Sense"]
    reach: Mapping[str, int]
    tellers: frozenset[str]
    askers: Phrases
    joins: frozenset[str]
    contrasts: frozenset[str]
    not_first: Phrases
    crisis: Phrases
    crisis_idioms: Phrases
    crisis_fillers: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    recurring: Mapping[tuple[str, ...], tuple[str, int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sense:
    """What a phrase says: a report (`named`: only of a commitment that is named), and how it turns one."""

    report: str = ""
    named: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def tells(self) -> bool:
        """Whether it can be the heart of a report."""
        return bool(self.report) or "attempts" in self.roles


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
    """A text for comparing with known phrases; one of punctuation only is its first mark."""
    return " ".join(word for word in words_of(text) if word != ",") or text.strip()[:1]


def starts(words: list[str], phrases: Phrases) -> int:
    """How many words the longest of the phrases takes at the beginning; 0 when none stands there."""
    return next((n for n in range(min(len(words), 4), 0, -1) if tuple(words[:n]) in phrases), 0)


def ends(words: list[str], phrases: Phrases) -> int:
    """How many words the longest of the phrases takes at the end; 0 when none stands there."""
    return next((n for n in range(min(len(words), 4), 0, -1) if tuple(words[-n:]) in phrases), 0)


def _made(words: Mapping[str, Any]) -> Vocabulary:
    verbs = {key(text): verb for verb, texts in words["verbs"].items() for text in texts}
    senses = _senses(words)
    polite = _phrases(words["polite"])
    return Vocabulary(
        controls={key(text): control for control, texts in words["controls"].items() for text in texts},
        verbs=verbs,
        behind=_behind(words["behind"], verbs),
        longest_verb=max(len(text.split()) for text in verbs),
        openers=frozenset([*(text.split()[0] for text in verbs), *(phrase[0] for phrase in polite)]),
        changes=_keys(words["changes"]),
        say=_keys(words["say"]),
        answers=_keys([*words["yes"], *words["no"]]),
        polite=polite,
        greetings=_phrases(words["greetings"]),
        promises=_phrases(words["promises"]),
        promised=_phrases(words["promised"]),
        unpromised=_keys(words["unpromised"]),
        fillers=_keys(words["fillers"]),
        between=_phrases(words["between"]),
        deeds=_keys(words["deeds"]),
        deeds_last=_keys(words["deeds_last"]),
        earlier=_keys(words["earlier"]),
        no_deed_before=_keys(words["no_deed_before"]),
        towards=_keys(words["towards"]),
        until=_keys(words["until"]),
        spans=_keys(words["spans"]),
        every={key(text): weeks for weeks, texts in words["every"].items() for text in texts},
        up_to=_keys(words["up_to"]),
        beginning=_keys(words["beginning"]),
        at_once=_keys(words["at_once"]),
        lasting=_keys(words["lasting"]),
        included=_keys(words["included"]),
        cover=_keys(words.get("cover", ())),
        times=_keys(words["times"]),
        numbers=words["numbers"],
        numbering=_keys(words["numbering"]),
        stop_words=_keys(words["stop_words"]),
        senses=senses,
        reach=_reach(senses),
        tellers=frozenset(phrase[0] for phrase, sense in senses.items() if sense.tells),
        askers=_phrases(words["askers"]),
        joins=frozenset(words["joins"]),
        contrasts=_keys(words["contrasts"]),
        not_first=_phrases(words["not_first"]),
        crisis=_phrases(words["crisis"]),
        crisis_idioms=_phrases(words["crisis_idioms"]),
        crisis_fillers=_keys(words["crisis_fillers"]),
        yes=_keys(words["yes"]),
        no=_keys(words["no"]),
        recurring=_recurring(words),
    )


def _senses(words: Mapping[str, Any]) -> dict[tuple[str, ...], Sense]:
    found: dict[tuple[str, ...], Sense] = {}
    for named, entry in ((True, "reports_if_named"), (False, "reports")):
        for report, texts in words[entry].items():
            found.update((phrase, Sense(report=report, named=named)) for phrase in _phrases(texts))
    for role in ("negations", "attempts", "almost", "intentions", "ahead", "deadlines"):
        for phrase in _phrases(words[role]):
            sense = found.get(phrase, Sense())
            found[phrase] = replace(sense, roles=sense.roles | {role})
    return found


def _recurring(words: Mapping[str, Any]) -> dict[tuple[str, ...], tuple[str, int]]:
    found: dict[tuple[str, ...], tuple[str, int]] = {}
    for kind, entry in words["recurring"].items():
        numbered = entry.items() if isinstance(entry, Mapping) else [(0, entry)]
        found.update((tuple(str(text).split()), (kind, number)) for number, texts in numbered for text in texts)
    return found


def _behind(entries: Mapping[str, Any], verbs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found = {verb: {key(t): meant for meant, texts in entry.items() for t in texts} for verb, entry in entries.items()}
    return {**found, "help": {**verbs, **found.get("help", {})}}


def _reach(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for phrase in phrases:
        found[phrase[0]] = max(len(phrase), found.get(phrase[0], 0))
    return found


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(key(text) for text in texts)


def _phrases(texts: Iterable[str]) -> Phrases:
    return frozenset(tuple(words_of(text)) for text in texts)
