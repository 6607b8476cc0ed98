"""Makes a text fit to be kept: nothing that cannot be stored, nothing that misleads the eye, nothing too long."""

import re
import unicodedata

from bot.messages.readings import Trouble

LIMIT = 2_000  # characters of one text; more is not a line or two

_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Zero width, direction marks, soft hyphen, and letters that are drawn as nothing.
_UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u2800\u3164\ufeff\uffa0"
)
_EDGES = _BLANKS + _UNSEEN
_SELECTORS = "".join(map(chr, range(0xFE00, 0xFE10)))  # they dress the letter before them, and are nothing alone
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
# Control characters besides the line feed, and overrides and isolates of direction: they can show a text as another.
_OUT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNSEEN_MARKS = re.compile(f"[{_UNSEEN}\u202a-\u202e\u2066-\u2069]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str, limit: int = LIMIT) -> str | Trouble:
    """The text as it may be kept, in NFC, with line feeds only; or why it cannot be.

    `limit` counts code points after cleaning. A text of more than twice that is refused without being read.
    """
    if len(text) > 2 * limit:
        return Trouble.TOO_LONG
    if not (text.isascii() and text.isprintable()):
        if _UNSTORABLE.search(text):
            return Trouble.UNSTORABLE
        text = _OUT.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
        text = unicodedata.normalize("NFC", text)
    text = text.strip(_EDGES)
    if not text.strip(_EDGES + _SELECTORS):
        return Trouble.EMPTY
    return text if len(text) <= limit else Trouble.TOO_LONG


def clean_of_unseen(text: str, limit: int) -> str | Trouble:
    """The same for words of somebody whom nobody here knows: no mark that is not seen stays anywhere in it."""
    seen = _UNSEEN_MARKS.sub("", text) if len(text) <= 2 * limit else text
    return clean(seen, limit)
