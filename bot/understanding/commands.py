"""Which command a text is: the word it begins with, and whether what stands behind it makes it one.

While someone is answering in their own words, only shapes that cannot be an answer count: "pause until Monday" does,
"pause the hiring round by Friday" does not. Elsewhere a command may have any rest that makes sense for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.model.facts import Facts
from bot.rendering.wording import Wording
from bot.understanding.dates.recurrence import cut_at
from bot.understanding.folding import fold
from bot.understanding.matching import match_commitment
from bot.understanding.reports import read_report
from bot.understanding.vocabulary import Vocabulary, key, starts, words_of

_PROSE = ("text", "commitments")
_WORD = re.compile(r"[^\s:]+:?|:")
_GLUE = " \t\n:,-–—"
_SHORT = 12  # words behind a command that says when
_BEFORE = 4  # words of politeness in front
_A_FEW = 3
_CODE, _LONG_CODE = 6, 16  # characters
_LONGEST_NAME = 12  # words


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where a text is heard. `kind` is that of the open question, or empty; `deed` says that it asks for a promise."""

    kind: str
    dialogue: str
    deed: bool
    facts: Facts
    wording: Wording
    vocabulary: Vocabulary

    @property
    def prose(self) -> bool:
        """Whether the open question is answered in free words."""
        return self.kind in _PROSE


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A command, and what stands behind it; `marked` when a colon does."""

    verb: str
    rest: str = ""
    marked: bool = False

    @property
    def words(self) -> list[str]:
        """The words of the rest, for looking at its shape."""
        return [word for word in words_of(self.rest) if word != ","]


def command_in(text: str, scene: Scene) -> Found | None:
    """The command that a text is in this scene, the longest wording first; None when it is none."""
    return next((found for found in candidates(text, scene.vocabulary) if _counts(found, scene)), None)


def candidates(text: str, vocabulary: Vocabulary) -> Iterator[Found]:
    """Every command whose words the text begins with, whatever stands behind it; the longest wording first."""
    first = _WORD.search(text)
    if first is None or key(first[0]).partition(" ")[0] not in vocabulary.openers:
        return
    pieces = list(islice(_WORD.finditer(text), vocabulary.longest_verb + _BEFORE))
    polite = _polite(text, pieces, vocabulary)
    for begin in (0, polite) if polite else (0,):
        for end in range(min(len(pieces), begin + vocabulary.longest_verb), begin, -1):
            head = text[pieces[begin].start() : pieces[end - 1].end()]
            verb = vocabulary.verbs.get(key(head))
            if verb:
                rest = _without_politeness(text[pieces[end - 1].end() :], vocabulary)
                marked = head.endswith(":") or rest.lstrip().startswith(":")
                yield Found(verb=verb, rest=rest.strip(_GLUE), marked=marked)


def _polite(text: str, pieces: Sequence[re.Match[str]], vocabulary: Vocabulary) -> int:
    """How many pieces at the beginning are politeness only."""
    count = 0
    while count < min(len(pieces), _BEFORE):
        taken = starts(words_of(" ".join(piece[0] for piece in pieces[count : count + 4])), vocabulary.polite)
        if not taken:
            break
        count += taken
    return min(count, len(pieces))


def _without_politeness(rest: str, vocabulary: Vocabulary) -> str:
    """The rest of a short command without a "please" behind it."""
    words = words_of(rest) if len(rest) <= 40 else []
    return "" if words and tuple(w for w in words if w != ",") in vocabulary.polite else rest


def _counts(found: Found, scene: Scene) -> bool:
    if found.verb in COACHING and not scene.facts.person.coach:
        return False
    anywhere, in_prose = SHAPES.get(found.verb, (_alone, _alone))
    return (in_prose if scene.prose else anywhere)(found, scene)


# -- shapes ----------------------------------------------------------------------------------------------------------


def _alone(found: Found, scene: Scene) -> bool:
    return not found.words


def _any(found: Found, scene: Scene) -> bool:
    return True


def _few(found: Found, scene: Scene) -> bool:
    return len(found.words) <= _A_FEW


def _when(found: Found, scene: Scene) -> bool:
    """Nothing, or a span of time: "until ...", "for two weeks", "next week", "from Monday to Friday"."""
    words, known = found.words, scene.vocabulary
    if not words:
        return True
    if words[0] in known.until:
        return not scene.prose or _timed(words[1:], known)
    if words[0] in known.spans and not scene.prose:
        return _timed(words[1:], known)
    return _only_times(words, known)


def _timed(words: Sequence[str], known: Vocabulary) -> bool:
    """A few words that soon come to a time."""
    return len(words) <= _SHORT and any(_is_time(word, known) for word in words[:_A_FEW])


def _only_times(words: Sequence[str], known: Vocabulary) -> bool:
    """Words of time, numbers, and the small words between them."""
    small = known.stop_words | known.spans | known.until | known.numbers.keys()
    return _timed(words, known) and all(word in small or _is_time(word, known) for word in words)


def _is_time(word: str, known: Vocabulary) -> bool:
    return word in known.times or word[:1].isdecimal()


def _journey(found: Found, scene: Scene) -> bool:
    """Nothing, or a place and until when."""
    words, known = found.words, scene.vocabulary
    at = next((at for at, word in enumerate(words) if word in known.until), 0)
    placed = 0 < at <= _BEFORE and words[0] not in known.spans
    return not words or (placed and _timed(words[at + 1 :], known))


def _code(found: Found, scene: Scene) -> bool:
    """Nothing, or one word that looks like a code; in an answer, one so long that it is no word."""
    rest, least = found.rest, _LONG_CODE if scene.prose else _CODE
    return not rest or (len(rest.split()) == 1 and len(rest) >= least and (rest.isupper() or not rest.isalpha()))


def _one_word(found: Found, scene: Scene) -> bool:
    return len(found.rest.split()) <= 1


def _logged(found: Found, scene: Scene) -> bool:
    """Nothing, or a report of a commitment that is named."""
    return not found.words or found.marked or all(read_report(found.rest, scene.facts, scene.vocabulary))


def _promise(found: Found, scene: Scene) -> bool:
    """A promise of more than a word, in the middle of answering; where one is asked for, it is the answer."""
    if scene.dialogue == "commitment":
        return False
    return found.marked or not found.words or (not scene.deed and len(found.words) > 1)


def _which(found: Found, scene: Scene) -> bool:
    """Nothing, or the word of a command."""
    known = scene.vocabulary.behind["help"]
    return not found.words or key(found.rest) in known or found.rest in known.values()


def _client(found: Found, scene: Scene) -> bool:
    """Nothing, or exactly the name of a client."""
    return not found.words or named(found, scene) == len(found.rest.split())


def _mine_or_client(found: Found, scene: Scene) -> bool:
    """For a client nothing more, and only where it cannot be an answer; for a coach exactly a client's name."""
    return _client(found, scene) if scene.facts.person.coach else not (found.words or scene.prose)


def _meeting(found: Found, scene: Scene) -> bool:
    """A coach names a client first; a client says at most when."""
    if scene.facts.person.coach:
        return _client_and_more(found, scene) if scene.prose else True
    return not scene.prose and _when(found, scene)


def _client_and_more(found: Found, scene: Scene) -> bool:
    return not found.words or named(found, scene) > 0


def _few_or_client(found: Found, scene: Scene) -> bool:
    return _few(found, scene) or _client_and_more(found, scene)


def named(found: Found, scene: Scene) -> int:
    """How many words, parted by blanks, the name of a client of this coach takes at the beginning of the rest.

    Nothing but the whole name or its first word counts, since the rest may as well be an answer.
    """
    facts, words = scene.facts, found.rest.split()
    engagements = [view.engagement for view in facts.practice]
    engagements += [own for own in facts.engagements if own.coach == facts.person.id]
    engagements += facts.covering
    names = {name for own in engagements for name in (own.client_name, *own.client_name.split()[:1])}
    bare = {fold(name).replace(" ", "") for name in names} - {""}
    longest = min(len(words), _LONGEST_NAME)
    heads = (fold("".join(words[:taken])).replace(" ", "") for taken in range(longest, 0, -1))
    return next((longest - at for at, head in enumerate(heads) if head in bare), 0)


def _absence(found: Found, scene: Scene) -> bool:
    """A span of time, and behind it perhaps who stands in."""
    days, _ = cut_at(found.rest, scene.vocabulary.cover)
    return _when(replace(found, rest=days), scene)


# What only a coach can ask for: said by anyone else, these are ordinary words.
COACHING = frozenset(
    {"invite", "clients", "client", "digest", "confirm", "leave", "handover", "note", "program", "preview"}
    | {"ladder", "phase"}
    | {"report", "reconnect", "away", "close", "reopen"}
)

Shape = Callable[[Found, Scene], bool]

# For each command: what may stand behind it in general, and while a question is answered in free words. A `private`
# entry counts everywhere: taken for an answer, it would be shown to the coach.
SHAPES: Mapping[str, tuple[Shape, Shape]] = {
    "log": (_any, _logged),
    "commit": (_any, _promise),
    "private": (_any, _any),
    "pause": (_when, _when),
    "resume": (_when, _alone),
    "callme": (_when, _alone),
    "travel": (_any, _journey),
    "start": (_code, _code),
    "join": (_one_word, _code),
    "link": (_code, _code),
    "help": (_which, _alone),
    "progress": (_few, _alone),
    "pictures": (_mine_or_client, _mine_or_client),
    "assessment": (_few, _alone),
    "goals": (_few_or_client, _client),
    "agreement": (_few_or_client, _client),
    "sponsor": (_few_or_client, _client),
    "ladder": (_any, _client_and_more),
    "phase": (_any, _client_and_more),
    "stuck": (_any, _alone),
    "angle": (_any, _alone),
    "settings": (_few, _alone),
    "language": (_one_word, _alone),
    "clients": (_any, _alone),
    "digest": (_any, _alone),
    "invite": (_any, _alone),
    "client": (_any, _client),
    "brief": (_mine_or_client, _mine_or_client),
    "session": (_meeting, _meeting),
    "note": (_any, _client_and_more),
    "program": (_any, _client),
    "preview": (_any, _client),
    "report": (_any, _client),
    "reconnect": (_any, _client),
    "confirm": (_any, _client_and_more),
    "leave": (_any, _client),
    "handover": (_any, _client_and_more),
    "away": (_any, _absence),
    "close": (_any, _client),
    "closing": (_few, _alone),
    "reopen": (_any, _client),
    "review": (_any, _client),
    "adjust": (_any, _client),
}


def told_of(found: Found, scene: Scene) -> tuple[str, str]:
    """What `log` was told: the report and the commitment, either of which may be missing."""
    report, commitment = read_report(found.rest, scene.facts, scene.vocabulary)
    if not report and not commitment:
        commitment = match_commitment(found.rest, scene.facts.open_commitments, scene.wording)
    return report, commitment
