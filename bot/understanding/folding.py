"""Names as they are compared: without case, accents and marks, so that "Łukasz O’Neil" is found by "lukasz oneil"."""

import unicodedata

# Letters that no decomposition takes apart; "ß" becomes "ss" by folding its case.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘‛ʼʻʹ′`´"))
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """The bare words of a text, one blank between: hyphens part words, apostrophes join them."""
    bare = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    bare = "".join(c for c in bare if not unicodedata.combining(c)).casefold().translate(_LETTERS)
    return " ".join("".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in bare).split())


def fold_loosely(text: str) -> str:
    """The same, with umlauts written out taken for the letter: "Mueller" is Müller."""
    folded = fold(text)
    for written, letter in _UMLAUTS:
        folded = folded.replace(written, letter)
    return folded
