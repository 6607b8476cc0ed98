"""Finding a client by name: kindly, by one rule for every command, and never beyond the own practice.

Who is named exactly is meant. A part of a name that fits one client is enough, a beginning where nothing stands behind
it; what is only nearly a name, or could be another client's too, is asked about.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz

from bot.coaching.shared.client_ref import MARK, ref_of
from bot.coaching.shared.validators import NAME
from bot.model.facts import Facts
from bot.model.people.client_view import ClientView
from bot.model.phrases import Phrase, phrase
from bot.model.replies import Reply
from bot.rendering.shortening import shortened
from bot.understanding.folding import fold, fold_loosely

_ALIKE = 80  # of 100: "Raviv" is nearly Ravi, "Jon" is Jo, "Sam" is not Tom
_LONGEST = 12  # words of a text that may be a name
_BEGINNING = 3  # letters of a further word that may begin a name; one letter is an initial
_OFFERED = 9  # clients, with a button each
_BUTTON = 64  # bytes that Telegram takes on a button
_ENDS = ":,"  # behind a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A client who may be meant, and what then stands behind the name; `marked` says that it is behind a colon."""

    view: ClientView
    name: str
    rest: str = ""
    marked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The client who is meant, and the words behind the name; or None, and who may be.

    `said` is what was taken for the name, `marked` says that a colon stands behind it, `guessed` that nobody is called
    so, and the candidates only nearly.
    """

    view: ClientView | None = None
    rest: str = ""
    candidates: tuple[Candidate, ...] = ()
    said: str = ""
    marked: bool = False
    guessed: bool = False


class _Rank(IntEnum):
    """How well words fit a name; what fits better counts before what fits worse."""

    PART_LOOSELY = 0
    PART = 1
    LOOSELY = 2
    WHOLE = 3
    AS_WRITTEN = 4


# -- words and names -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    """Some words in the forms in which they are compared."""

    written: str
    bare: str
    loose: str

    @property
    def both(self) -> tuple[str, str]:
        return self.bare, self.loose


def _words(text: str) -> _Words:
    written = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return _Words(written.rstrip(" :,.") or written, fold(text), fold_loosely(text))


@dataclass(frozen=True, slots=True)
class _Name:
    """A client's name in the same forms; `runs` are its neighbouring words written as one."""

    view: ClientView
    name: str
    whole: _Words
    runs: tuple[frozenset[str], frozenset[str]] = field(default=(frozenset(), frozenset()))

    def rank(self, said: _Words) -> _Rank | None:
        """How well these words are this name, or a part of it; None if they are not."""
        if said.written == self.whole.written:
            return _Rank.AS_WRITTEN
        ranks = ((_Rank.WHOLE, _Rank.PART), (_Rank.LOOSELY, _Rank.PART_LOOSELY))
        found = [self._rank(*each) for each in zip(said.both, self.whole.both, self.runs, ranks, strict=True)]
        return max((rank for rank in found if rank is not None), default=None)

    def _rank(self, said: str, whole: str, runs: frozenset[str], ranks: tuple[_Rank, _Rank]) -> _Rank | None:
        if not said:
            return None
        if _joined(said) == _joined(whole):
            return ranks[0]
        return ranks[1] if set(said.split()) <= set(whole.split()) or _joined(said) in runs else None

    def begins(self, said: _Words) -> bool:
        """Every word begins a word of the name: "ana m" is Ana Moreira."""
        return any(
            bool(words) and all(any(part.startswith(word) for part in name.split()) for word in words.split())
            for words, name in zip(said.both, self.whole.both, strict=True)
        )

    def is_near(self, said: _Words) -> bool:
        """Nearly the name, or nearly one of its words."""
        return any(fuzz.ratio(said.bare, part) >= _ALIKE for part in (self.whole.bare, *self.whole.bare.split()))

    def goes_on(self, head: _Words, word: str) -> bool:
        """Behind these words a further one may be of the name, too: an initial, a beginning, or nearly it."""
        said, left = fold(word), self._left(head)
        if len(said) == 1 or len(said) >= _BEGINNING:
            return any(part.startswith(said) or fuzz.ratio(said, part) >= _ALIKE for part in left)
        return False

    def has_initial(self, head: _Words, word: str) -> bool:
        """Behind these words, one letter that begins another word of the name."""
        said = fold(word)
        return len(said) == 1 and any(part.startswith(said) for part in self._left(head))

    def _left(self, head: _Words) -> list[str]:
        return [part for part in self.whole.bare.split() if part not in head.bare.split()]


def _name(view: ClientView, name: str) -> _Name:
    return _Name(view, name, *_forms(name))


@lru_cache(maxsize=1024)  # a command looks at every client of a practice
def _forms(name: str) -> tuple[_Words, tuple[frozenset[str], frozenset[str]]]:
    tokens = name.split()
    ends = range(1, len(tokens) + 1)
    runs = [" ".join(tokens[begin:end]) for end in ends for begin in range(end)]
    joined = (frozenset(_joined(fold(run)) for run in runs), frozenset(_joined(fold_loosely(run)) for run in runs))
    return _words(name), joined


def _names(clients: Iterable[ClientView]) -> list[_Name]:
    """The clients by name; those who are called the same are told apart by a number behind it."""
    ordered = sorted(clients, key=lambda view: (fold(view.name), view.name, view.engagement.id))
    alike = Counter(_words(view.name).written for view in ordered)
    seen: Counter[str] = Counter()
    found = []
    for view in ordered:
        written = _words(view.name).written
        seen[written] += 1
        found.append(_name(view, f"{view.name} {seen[written]}" if alike[written] > 1 else view.name))
    return found


def _joined(words: str) -> str:
    return words.replace(" ", "")


# -- who is meant ----------------------------------------------------------------------------------------------------


def client_named(text: str, clients: Sequence[ClientView]) -> Found:
    """The client whose name all of the text is: a button's reference, the name, words of it, the beginnings of some."""
    said = " ".join(text.split())
    referred = _referred(said, clients)
    if referred is not None or not said:
        return Found(view=referred, said=said)
    words, names = _words(said), _names(clients)
    ranks = [(rank, name) for name in names if (rank := name.rank(words)) is not None]
    best = max((rank for rank, _ in ranks), default=None)
    fitting = [name for rank, name in ranks if rank == best] or [name for name in names if name.begins(words)]
    if len(fitting) == 1:
        return Found(view=fitting[0].view, said=said)
    near = [name for name in names if name.is_near(words)] if not fitting else []
    return Found(candidates=_offered(fitting or near), said=said, guessed=bool(near))


def client_at_start(text: str, clients: Sequence[ClientView]) -> Found:
    """The client whom a text begins with, by the longest name that fits, and the words behind it.

    A further word that could belong to another client's name asks; a colon or a comma behind the name rules that out.
    """
    tokens = text.split()
    if len(tokens) < 2:  # nothing stands behind it
        return client_named(text.strip(_ENDS + " "), clients)
    referred = _referred(tokens[0].rstrip(_ENDS), clients)
    if referred is not None:
        return Found(view=referred, rest=_after(text, 1), said=tokens[0], marked=_marked(text, 1))
    return _begun(text, tokens, _names(clients))


def _begun(text: str, tokens: list[str], names: list[_Name]) -> Found:
    end = next((at for at, token in enumerate(tokens, 1) if token[-1] in _ENDS), len(tokens))
    heads = [_words(" ".join(tokens[:taken])) for taken in range(1, min(len(tokens), _LONGEST) + 1)]
    fits = [(fit, name) for name in names if (fit := _fit(heads, name, end)) is not None]
    if not fits:
        return _guessed(text, tokens, names)
    best = max(fit for fit, _ in fits)
    taken, top = best[0], [name for fit, name in fits if fit == best]
    word = tokens[taken] if taken < end else ""
    head = heads[taken - 1]
    others = [name for name in names if name not in top and _may_be(name, head, word)] if word else []
    clear = len(top) == 1 or word.endswith(".") or taken + 1 == len(tokens)
    own = [name for name in top if clear and not others and name.has_initial(head, word)]
    if len(own) == 1:
        top, taken, word = own, taken + 1, ""
    said = " ".join(tokens[:taken])
    if len(top) == 1 and not others:
        return Found(view=top[0].view, rest=_after(text, taken), said=said, marked=_marked(text, taken))
    longer = {name.name for name in (*top, *others) if name in others or (len(top) > 1 and name.goes_on(head, word))}
    offered = tuple(_candidate(name, text, taken + (name.name in longer)) for name in (*top, *others))
    return Found(candidates=offered, said=said)


def _fit(heads: Sequence[_Words], name: _Name, end: int) -> tuple[int, _Rank] | None:
    """How many words from the beginning are the name, or up to a colon a part of it, and how well they fit."""
    found = ((taken, name.rank(head)) for taken, head in reversed(list(enumerate(heads, 1))))
    return next(
        ((taken, rank) for taken, rank in found if rank is not None and (taken <= end or rank >= _Rank.LOOSELY)), None
    )


def _may_be(name: _Name, head: _Words, word: str) -> bool:
    """Another client's name has the further word; or has those before it, and perhaps this one too."""
    return name.rank(_words(word)) is not None or (name.rank(head) is not None and name.goes_on(head, word))


def _guessed(text: str, tokens: list[str], names: list[_Name]) -> Found:
    """Nobody is called so: whose name the first word begins or nearly is."""
    words = _words(tokens[0])
    begun = [name for name in names if len(words.bare) > 1 and name.begins(words)]
    found = begun or [name for name in names if words.bare and name.is_near(words)]
    offered = tuple(_candidate(name, text, 1) for name in found)
    return Found(candidates=offered, said=tokens[0].rstrip(_ENDS), guessed=True)


def _referred(word: str, clients: Iterable[ClientView]) -> ClientView | None:
    return next((v for v in clients if ref_of(v.engagement.id) == word), None) if word.startswith(MARK) else None


def _candidate(name: _Name, text: str, taken: int) -> Candidate:
    return Candidate(view=name.view, name=name.name, rest=_after(text, taken), marked=_marked(text, taken))


def _after(text: str, taken: int) -> str:
    """What stands behind so many words, without the colon between."""
    parts = text.split(maxsplit=taken)
    return parts[taken].lstrip(_ENDS + " ").strip() if len(parts) > taken else ""


def _marked(text: str, taken: int) -> bool:
    parts = text.split(maxsplit=taken)
    return parts[taken - 1].endswith(":") or (len(parts) > taken and parts[taken].startswith(":"))


def _offered(names: Iterable[_Name]) -> tuple[Candidate, ...]:
    return tuple(Candidate(view=name.view, name=name.name) for name in names)


def nobody_named(clients: Iterable[ClientView]) -> Found:
    """What there is to choose from where no name was said."""
    return Found(candidates=_offered(_names(clients)))


# -- what is said ----------------------------------------------------------------------------------------------------


def ask_which(verb: str, found: Found, facts: Facts, how: Phrase) -> Reply:
    """No clients, no name, nobody of that name, or several: a button for each who may be meant, with the rest on it.

    `how` explains the command where no name was said. Where the rest is too long for a button, or clients are too many,
    the names are said.
    """
    if not (facts.practice or (facts.covered and (found.said or found.candidates))):
        return Reply(says=(phrase("digest_empty"),))
    buttons = tuple((_command(verb, each), phrase("client_name", client=each.name)) for each in found.candidates)
    if not found.said:
        return Reply(says=(phrase("client_needed"), how), buttons=buttons if len(buttons) <= _OFFERED else ())
    nobody = (phrase("client_unknown", name=shortened(found.said, NAME)),) if found.guessed or not buttons else ()
    if not buttons:
        return Reply(says=nobody)
    if len(buttons) > _OFFERED or any(len(command.encode()) > _BUTTON for command, _ in buttons):
        names = ", ".join(each.name for each in found.candidates)
        return Reply(says=(*nobody, phrase("client_which_name", names=names)))
    return Reply(says=(*nobody, phrase("client_nearly" if nobody else "client_which")), buttons=buttons)


def _command(verb: str, each: Candidate) -> str:
    named = f"/{verb} {ref_of(each.view.engagement.id)}{':' if each.marked else ''}"
    return f"{named} {each.rest}".strip()
