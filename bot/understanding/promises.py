"""Whether a text says what somebody will do, and by which words, so that a note of it can leave them out."""

import re

from bot.understanding.vocabulary import Vocabulary, starts, words_of

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_LONGEST = 4  # words of a phrase


def promise_in(text: str, vocabulary: Vocabulary) -> tuple[bool, str]:
    """Whether a text promises something, and its opener as it stands: "I'll", or nothing where a verb says it."""
    pieces = list(_WORD.finditer(text))
    words = [word for piece in pieces for word in words_of(piece[0])]
    if len(words) != len(pieces) or starts(words, vocabulary.askers) or vocabulary.unpromised & {*words}:
        return False, ""
    for at in range(len(words)):
        for length in range(_LONGEST, 0, -1):
            said = tuple(words[at : at + length])
            if said in vocabulary.promises:
                first = 0 if vocabulary.fillers.issuperset(words[:at]) else at
                return True, text[pieces[first].start() : pieces[min(at + length, len(pieces)) - 1].end()]
            if said in vocabulary.promised:
                return True, ""
    return False, ""
