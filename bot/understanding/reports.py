"""Progress in plain words: what a text says of a commitment, and of which one.

A text is read clause by clause. In each, known phrases are marked; a word of negation before "done" makes it "not yet",
one of the kind of "almost" makes it "partly", and what is only meant, asked or due says nothing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model.commitments.values import Commitment
from bot.model.facts import Facts
from bot.understanding.matching import Names, by_number, by_words, names_of, numbers_of, telling
from bot.understanding.vocabulary import Sense, Vocabulary, starts, words_of

LONGEST = 300  # characters; more than that is a story, and not a report
_MOST_CLAUSES = 12
_NEAR = 5  # words over which a word of negation reaches
_SENTENCES = re.compile(r"[^.!?;\n。！？؟…]+(?:[.](?=\S)[^.!?;\n。！？؟…]+)*[.!?;\n。！？؟…]*")
_ASKED = ("?", "？", "؟")
_PERCENT = re.compile(r"\d{1,3}%")

Report = tuple[str, str]
_Told = tuple[str, bool]
NOTHING: Report = ("", "")
_SEVERAL = "*"  # in the place of an id, while reading: more than one is named

# What two different words on the same commitment come to; two that are not here say nothing sure.
_TOGETHER: Mapping[frozenset[str], str] = {
    frozenset({"done", "not_yet"}): "partly",
    frozenset({"done", "partly"}): "partly",
    frozenset({"partly", "not_yet"}): "partly",
    frozenset({"partly", "on_track"}): "partly",
    frozenset({"not_yet", "on_track"}): "on_track",
    frozenset({"not_yet", "moved"}): "moved",
    frozenset({"partly", "moved"}): "moved",
    frozenset({"not_yet", "let_go"}): "let_go",
    frozenset({"partly", "let_go"}): "let_go",
}
_NEGATED: Mapping[str, str] = dict.fromkeys(("done", "partly", "on_track", "not_yet"), "not_yet")
_SETTLED = frozenset({"done", "partly", "on_track"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    """A known phrase and where it stands."""

    at: int
    end: int
    sense: Sense

    def plays(self, role: str) -> bool:
        return role in self.sense.roles


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clause:
    """A stretch of a sentence; `meant`: an intention before it covers it too."""

    words: tuple[str, ...]
    marks: tuple[_Mark, ...]
    meant: bool = False

    @property
    def tells(self) -> bool:
        return any(mark.sense.tells for mark in self.marks) or any(map(_PERCENT.fullmatch, self.words))


def read_report(text: str, facts: Facts, vocabulary: Vocabulary) -> Report:
    """The report in a text and the id of the open commitment that it names; either may be empty.

    Reports are the keys of `reports` in the word catalogue. A text that says different things of several commitments
    gives nothing, since one reading cannot hold them.
    """
    if len(text) > LONGEST or ("%" not in text and vocabulary.tellers.isdisjoint(words_of(text))):
        return NOTHING
    clauses = [(clause, tuple(_told(clause, vocabulary))) for clause in _clauses(text, vocabulary)]
    if not any(told for _, told in clauses) or len(clauses) > _MOST_CLAUSES:
        return NOTHING
    reader = _Reader(
        commitments=facts.open_commitments, names=names_of(facts.open_commitments, vocabulary), known=vocabulary
    )
    found: list[Report] = []
    named = ""
    for clause, told in clauses:
        report, commitment = reader.read(clause, told, named)
        named = commitment or named
        if report:
            found.append((report, commitment))
    return _joined(found)


def _joined(found: Sequence[Report]) -> Report:
    named = {commitment for _, commitment in found if commitment}
    told = _folded([report for report, _ in found])
    if len(named) > 1:
        return (told, "") if len({report for report, _ in found}) == 1 else NOTHING
    return (told, next(iter(named - {_SEVERAL}), "")) if told else NOTHING


def _folded(reports: Sequence[str]) -> str:
    told = ""
    for report in reports:
        told = report if told in ("", report) else _TOGETHER.get(frozenset({told, report}), "?")
    return "" if told == "?" else told


# -- clauses ---------------------------------------------------------------------------------------------------------


def _clauses(text: str, vocabulary: Vocabulary) -> Iterator[_Clause]:
    for sentence in _SENTENCES.findall(text):
        words = words_of(sentence)
        if not words or sentence.rstrip().endswith(_ASKED) or starts(words, vocabulary.askers):
            continue
        yield from _merged(_parts(words, vocabulary), vocabulary)


def _parts(words: list[str], vocabulary: Vocabulary) -> Iterator[tuple[str, list[str]]]:
    """The stretches between joining words, each with the word before it."""
    before, part = "", list[str]()
    for word in words:
        if word == "," or word in vocabulary.joins or word in vocabulary.contrasts:
            yield before, part
            before, part = word, []
        else:
            part.append(word)
    yield before, part


def _merged(parts: Iterator[tuple[str, list[str]]], vocabulary: Vocabulary) -> Iterator[_Clause]:
    """Clauses that tell something; a stretch that tells nothing belongs to its neighbour."""
    open_clause: _Clause | None = None
    for before, words in parts:
        if not words:
            continue
        carried = open_clause is not None and before in vocabulary.joins and _meant(open_clause)
        clause = _Clause(words=tuple(words), marks=tuple(_marks(words, vocabulary)), meant=carried)
        if open_clause is None:
            open_clause = clause
        elif before in vocabulary.contrasts or (clause.tells and open_clause.tells):
            yield open_clause
            open_clause = clause
        else:
            open_clause = _with(open_clause, clause)
    if open_clause is not None:
        yield open_clause


def _with(clause: _Clause, other: _Clause) -> _Clause:
    by = len(clause.words) + 1
    moved = (_Mark(at=mark.at + by, end=mark.end + by, sense=mark.sense) for mark in other.marks)
    return _Clause(words=(*clause.words, ",", *other.words), marks=(*clause.marks, *moved), meant=clause.meant)


def _meant(clause: _Clause) -> bool:
    return clause.meant or any(mark.plays("intentions") for mark in clause.marks)


def _marks(words: Sequence[str], vocabulary: Vocabulary) -> Iterator[_Mark]:
    """The known phrases, the longest at each place; some mean something else as the first word of more."""
    at = 0
    while at < len(words):
        end = min(at + vocabulary.reach.get(words[at], 0), len(words))
        while end > at and tuple(words[at:end]) not in vocabulary.senses:
            end -= 1
        phrase = tuple(words[at:end])
        if phrase and not (at == 0 and phrase in vocabulary.not_first and len(words) > len(phrase)):
            yield _Mark(at=at, end=end, sense=vocabulary.senses[phrase])
        at = max(end, at + 1)


# -- what a clause says ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reader:
    """Finds which of the open commitments a clause speaks of."""

    commitments: Sequence[Commitment]
    names: Names
    known: Vocabulary

    def read(self, clause: _Clause, told: Sequence[_Told], named: str) -> Report:
        """What one clause says; one that names nothing speaks of what was `named` last."""
        words = _unmarked(clause.words, clause.marks)
        wanted = telling(words, self.known)
        if telling(words, self.known, numbers=False):
            commitment = self._near(clause) or by_words(wanted, self.names)
        else:
            numbers = _numbers(words, self.known)
            if len(numbers) > 1 and len({report for report, _ in told}) > 1:
                return NOTHING
            commitment = _SEVERAL if numbers else named
            if len(numbers) == 1:
                commitment = by_number(numbers[0], self.commitments)
        return _folded([report for report, sure in told if sure or commitment]), commitment

    def _near(self, clause: _Clause) -> str:
        """The commitment between the same commas as the report, as in "memo done, at last and after all"."""
        commas = [at for at, word in enumerate(clause.words) if word == ","]
        told = next((mark.at for mark in clause.marks if mark.sense.report), None)
        if not commas or told is None:
            return ""
        begin = max((at for at in commas if at < told), default=-1) + 1
        end = min((at for at in commas if at > told), default=len(clause.words))
        near = tuple(word if begin <= at < end else "," for at, word in enumerate(clause.words))
        return by_words(telling(_unmarked(near, clause.marks), self.known), self.names)


def _told(clause: _Clause, vocabulary: Vocabulary) -> Iterator[_Told]:
    """Each thing that is said, and whether it counts where no commitment is named."""
    if clause.meant:
        return
    share = next((int(word[:-1]) for word in clause.words if _PERCENT.fullmatch(word)), 100)
    said = False
    for place, mark in enumerate(clause.marks):
        before = clause.marks[:place]
        negated = _negated(mark, before)
        if mark.plays("intentions") and not (negated and mark.plays("attempts")):
            return
        report = _turned(mark, negated=negated, almost=share < 100 or any(m.plays("almost") for m in before))
        if report and not (report in _SETTLED and _ahead(clause, place, vocabulary)):
            said = True
            yield report, bool(mark.sense.report) and not mark.sense.named
    if share < 100 and not said:
        yield "partly" if share else "not_yet", False


def _turned(mark: _Mark, *, negated: bool, almost: bool) -> str:
    """What a mark says after the words before it."""
    report = mark.sense.report
    if negated:
        return _NEGATED.get(report, "not_yet" if mark.plays("attempts") else "")
    return "partly" if report == "done" and almost else report


def _negated(mark: _Mark, before: Sequence[_Mark]) -> bool:
    denials = (other for other in before if other.plays("negations") or other.sense.report == "not_yet")
    return any(mark.at - other.end < _NEAR for other in denials)


def _ahead(clause: _Clause, place: int, vocabulary: Vocabulary) -> bool:
    """Whether what follows says that it is yet to come: "done tomorrow", "done by Friday"."""
    for mark in clause.marks[place + 1 :]:
        if mark.plays("ahead"):
            return True
        if mark.plays("deadlines") and any(_is_time(w, vocabulary) for w in clause.words[mark.end : mark.end + 3]):
            return True
    return False


def _is_time(word: str, vocabulary: Vocabulary) -> bool:
    return word in vocabulary.times or word[:1].isdecimal()


def _unmarked(words: Sequence[str], marks: Sequence[_Mark]) -> list[str]:
    """The words that are no part of a mark: what is spoken of."""
    taken = {at for mark in marks for at in range(mark.at, mark.end)}
    kept = (word for at, word in enumerate(words) if at not in taken)
    return [word for word in kept if word != "," and not _PERCENT.fullmatch(word)]


def _numbers(words: Sequence[str], vocabulary: Vocabulary) -> list[int]:
    """The numbers by which commitments may be named: those beside a word of time are dates."""
    times = [at for at, word in enumerate(words) if word in vocabulary.times]
    free = [word for at, word in enumerate(words) if not any(abs(at - time) == 1 for time in times)]
    return numbers_of(free, vocabulary)
