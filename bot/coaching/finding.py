"""Finding a client by name: kindly, and never beyond the own practice."""

import unicodedata
from collections.abc import Callable

from rapidfuzz import fuzz

from bot.coaching.refs import MARK, ref_of
from bot.coaching.validators import NAME
from bot.facts import ClientView, Facts
from bot.phrases import phrase
from bot.replies import Reply
from bot.shortening import shortened

_ALIKE = 80  # of 100: "Raviv" is Ravi, "Jon" is Jo, "Sam" is not Tom
About = Callable[[ClientView], Reply]


def about_client(wanted: str, facts: Facts, how: str, then: About) -> Reply:
    """What is done about the one client that a name means; else which ones it may mean, or how to ask (`how`)."""
    if not facts.practice:
        return Reply(says=(phrase("digest_empty"),))
    if not wanted.strip():
        return Reply(says=(phrase(how),))
    found = find_clients(wanted, facts.practice)
    return then(found[0]) if len(found) == 1 else which(wanted, found, facts)


def find_clients(wanted: str, practice: tuple[ClientView, ...]) -> tuple[ClientView, ...]:
    """The clients that a name may mean: a button's reference, an offer's number, the name, words of it, nearly it."""
    listed = _numbered(practice)
    if wanted.strip().startswith(MARK):
        return tuple(view for view in practice if ref_of(view.engagement.id) == wanted.strip())
    text = _plain(wanted)
    if text.isdecimal():
        return tuple(view for number, view in listed if number == int(text))
    named = [(_plain(view.engagement.client_name), view) for _, view in listed]
    for fits in (_whole, _words, _begins, _nearly):
        found = tuple(view for name, view in named if text and fits(text, name))
        if found:
            return found
    return ()


def _numbered(practice: tuple[ClientView, ...]) -> list[tuple[int, ClientView]]:
    ordered = sorted(practice, key=lambda v: (_plain(v.engagement.client_name), v.engagement.id))
    return list(enumerate(ordered, 1))


def _whole(text: str, name: str) -> bool:
    return text == name


def _words(text: str, name: str) -> bool:
    """Every word is one of the name's: "jo" is Jo Lang before it is José."""
    return set(text.split()) <= set(name.split())


def _begins(text: str, name: str) -> bool:
    """Every word begins a word of the name: "ana m" is Ana Moreira."""
    return all(any(part.startswith(word) for part in name.split()) for word in text.split())


def _nearly(text: str, name: str) -> bool:
    return any(fuzz.ratio(text, part) >= _ALIKE for part in (name, *name.split()))


def _plain(text: str) -> str:
    """Lower case, without accents and punctuation: "José" is found by "jose"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).casefold().split())


def which(wanted: str, found: tuple[ClientView, ...], facts: Facts, verb: str = "client") -> Reply:
    """Nobody is called so, or several are: then each is offered."""
    if not found:
        return Reply(says=(phrase("client_unknown", name=shortened(" ".join(wanted.split()), NAME)),))
    lines = [
        phrase("client_choice", verb=verb, number=number, client=view.engagement.client_name)
        for number, view in _numbered(facts.practice)
        if view in found
    ]
    return Reply(says=(phrase("client_which", lines=lines),))
