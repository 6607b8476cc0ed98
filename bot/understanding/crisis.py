"""Crisis language: a short list of phrases, looked for before anything else in whatever somebody writes.

No sentiment, no model, no score: a text either holds one of the phrases of `words.yaml` or it does not. Idioms are
taken out first; where it is unclear the note is shown, which costs little. Clinicians should review the list before
serious use.
"""

from collections.abc import Iterable

from bot.messages.readings import Reading
from bot.rendering.wording import Wording
from bot.understanding.vocabulary import Phrases, Vocabulary, vocabulary_of, words_of

CRISIS = "crisis"  # the command that answers it; the words themselves go no further
_LONGEST = 20_000  # characters that are looked at


def in_danger(text: str, wordings: Iterable[Wording]) -> bool:
    """Whether a text holds a phrase of the list of any language, since people may write in another than they read."""
    return any(_found(text[:_LONGEST], vocabulary_of(wording)) for wording in wordings)


def crisis_reading() -> Reading:
    """What is handed on of such a text: that it was one, and none of its words."""
    return Reading(text="", verb=CRISIS)


def _found(text: str, vocabulary: Vocabulary) -> bool:
    said = [word for word in words_of(text) if word != ","]
    kept = [word for word in said if word not in vocabulary.crisis_fillers]
    return _holds(_without(said, vocabulary), vocabulary.crisis) or _holds(
        _without(kept, vocabulary), vocabulary.crisis
    )


def _without(words: list[str], vocabulary: Vocabulary) -> list[str]:
    """The words with a gap where an idiom stands, so that no phrase is made of what is around it."""
    found, at = [], 0
    while at < len(words):
        taken = _taken(words, at, vocabulary.crisis_idioms)
        found.append("" if taken else words[at])
        at += taken or 1
    return found


def _holds(words: list[str], phrases: Phrases) -> bool:
    return any(_taken(words, at, phrases) for at in range(len(words)))


def _taken(words: list[str], at: int, phrases: Phrases) -> int:
    """How many words the longest of the phrases takes from there; 0 when none stands there."""
    longest = max((len(phrase) for phrase in phrases), default=0)
    return next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in phrases), 0)
