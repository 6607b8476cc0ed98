"""Which command a text is: the word it begins with, and whether what stands behind it makes it one.

While someone is answering in their own words, only shapes that cannot be an answer count: "pause until Monday" does,
"pause the hiring round by Friday" does not. Elsewhere a command may have any rest that makes sense for it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice

from bot.model.facts import Facts
from bot.model.roles import Who
from bot.rendering.wording import Wording
from bot.understanding.dates.recurrence import cut_at
from bot.understanding.folding import fold
from bot.understanding.matching import match_commitment
from bot.understanding.reports import read_report
from bot.understanding.vocabulary import Vocabulary, key, starts, words_of

_PROSE = ("text", "commitments", "habit")
_WORD = re.compile(r"[^\s:]+:?|:")
_GLUE = " \t\n:,-–—"
_SHORT = 12  # words behind a command that says when
_BEFORE = 4  # words of politeness in front
_A_FEW = 3
_CODE, _LONG_CODE = 6, 16  # characters
_LONGEST_NAME = 12  # words


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandContext:
    """Where a text is heard, and which words are commands there.

    `kind` is that of the open question, or empty; `deed` says that it asks for a promise.
    """

    kind: str
    dialogue: str
    deed: bool
    facts: Facts
    wording: Wording
    vocabulary: Vocabulary
    spoken: "Commands"

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


Shape = Callable[[Found, CommandContext], bool]


class Dates(Enum):
    """Where in a command days are looked for.

    Nowhere; in all of it; behind the client's name; there, as beginning and end; as a rest from one day to another; as
    beginning and end before the name of who stands in.
    """

    NONE = auto()
    REST = auto()
    BEHIND_NAME = auto()
    STRETCHES = auto()
    PAUSE = auto()
    COVER = auto()


class Content(Enum):
    """As what the words behind a command are read, besides as words: a report, a place, a commitment to make.

    Those of ANSWER answer the open question, where they can.
    """

    WORDS = auto()
    REPORT = auto()
    PLACE = auto()
    COMMITMENT = auto()
    ANSWER = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """What makes a word the command of one role: what may stand behind it, in general and in an answer's free words."""

    shape: Shape
    in_free_text: Shape
    dates: Dates = Dates.NONE
    content: Content = Content.WORDS


Commands = Mapping[str, Mapping[Who, Spoken]]


def command_in(text: str, context: CommandContext) -> Found | None:
    """The command that a text is in this context, the longest wording first; None when it is none."""
    return next((found for found in candidates(text, context.vocabulary) if _counts(found, context)), None)


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


def _counts(found: Found, context: CommandContext) -> bool:
    """Said by a client, what only a coach can ask for is ordinary words."""
    shapes = ((each.in_free_text if context.prose else each.shape) for each in _of_role(found.verb, context))
    return any(shape(found, context) for shape in shapes)


def _of_role(verb: str, context: CommandContext) -> Iterator[Spoken]:
    for who, spoken in context.spoken.get(verb, {}).items():
        if who is not Who.COACH or context.facts.person.coach:
            yield spoken


def dates_of(verb: str, spoken: Commands) -> Dates:
    """Where a command has its days looked for; the same for each role that has it."""
    wanted = (each.dates for each in spoken.get(verb, {}).values())
    return next((dates for dates in wanted if dates is not Dates.NONE), Dates.NONE)


def content_of(verb: str, spoken: Commands) -> Content:
    """As what the words behind a command are read."""
    wanted = (each.content for each in spoken.get(verb, {}).values())
    return next((content for content in wanted if content is not Content.WORDS), Content.WORDS)


# -- shapes ----------------------------------------------------------------------------------------------------------


def alone(found: Found, context: CommandContext) -> bool:
    """Nothing behind it."""
    return not found.words


def never(found: Found, context: CommandContext) -> bool:
    """No command there."""
    return False


def anything(found: Found, context: CommandContext) -> bool:
    """Whatever stands behind it."""
    return True


def few(found: Found, context: CommandContext) -> bool:
    """A few words at most."""
    return len(found.words) <= _A_FEW


def when(found: Found, context: CommandContext) -> bool:
    """Nothing, or a span of time: "until ...", "for two weeks", "next week", "from Monday to Friday"."""
    words, known = found.words, context.vocabulary
    if not words:
        return True
    if words[0] in known.until:
        return not context.prose or _timed(words[1:], known)
    if words[0] in known.spans and not context.prose:
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


def journey(found: Found, context: CommandContext) -> bool:
    """Nothing, or a place and until when."""
    words, known = found.words, context.vocabulary
    at = next((at for at, word in enumerate(words) if word in known.until), 0)
    placed = 0 < at <= _BEFORE and words[0] not in known.spans
    return not words or (placed and _timed(words[at + 1 :], known))


def code(found: Found, context: CommandContext) -> bool:
    """Nothing, or one word that looks like a code; in an answer, one so long that it is no word."""
    rest, least = found.rest, _LONG_CODE if context.prose else _CODE
    return not rest or (len(rest.split()) == 1 and len(rest) >= least and (rest.isupper() or not rest.isalpha()))


def one_word(found: Found, context: CommandContext) -> bool:
    """One word at most."""
    return len(found.rest.split()) <= 1


def a_report(found: Found, context: CommandContext) -> bool:
    """Nothing, or a report of a commitment that is named."""
    return not found.words or found.marked or all(read_report(found.rest, context.facts, context.vocabulary))


def a_commitment(found: Found, context: CommandContext) -> bool:
    """A promise of more than a word, in the middle of answering; where one is asked for, it is the answer."""
    if context.dialogue == "commitment":
        return False
    return found.marked or not found.words or (not context.deed and len(found.words) > 1)


def a_verb(found: Found, context: CommandContext) -> bool:
    """Nothing, or the word of a command."""
    known = context.vocabulary.behind["help"]
    return not found.words or key(found.rest) in known or found.rest in known.values()


def a_client(found: Found, context: CommandContext) -> bool:
    """Nothing, or exactly the name of a client."""
    return not found.words or named(found, context) == len(found.words)


def a_client_and_more(found: Found, context: CommandContext) -> bool:
    """Nothing, or the name of a client first."""
    return not found.words or named(found, context) > 0


def few_or_client(found: Found, context: CommandContext) -> bool:
    """A few words, or the name of a client and more."""
    return few(found, context) or a_client_and_more(found, context)


def named(found: Found, context: CommandContext) -> int:
    """How many words the name of a client of this coach takes at the beginning of the rest."""
    facts, words = context.facts, found.words
    engagements = [view.engagement for view in facts.practice]
    engagements += [own for own in facts.engagements if own.coach == facts.person.id]
    engagements += facts.covering
    names = {name for own in engagements for name in (own.client_name, *own.client_name.split()[:1])}
    bare = {fold(name).replace(" ", "") for name in names} - {""}
    longest = min(len(words), _LONGEST_NAME)
    heads = (fold("".join(words[:taken])).replace(" ", "") for taken in range(longest, 0, -1))
    return next((longest - at for at, head in enumerate(heads) if head in bare), 0)


def an_absence(found: Found, context: CommandContext) -> bool:
    """A span of time, and behind it perhaps who stands in."""
    days, _ = cut_at(found.rest, context.vocabulary.cover)
    return when(replace(found, rest=days), context)


def told_of(found: Found, context: CommandContext) -> tuple[str, str]:
    """What `log` was told: the report and the commitment, either of which may be missing."""
    report, commitment = read_report(found.rest, context.facts, context.vocabulary)
    if not report and not commitment:
        commitment = match_commitment(found.rest, context.facts.open_commitments, context.wording)
    return report, commitment
