"""Text as Telegram counts it, in UTF-16 units; cut where a reader would cut it, never inside one visible sign."""

from collections.abc import Iterator

import regex

LIMIT = 4096  # UTF-16 units of one message after entities are parsed: core.telegram.org/bots/api#sendmessage


def clean(text: str) -> str:
    """The text with surrogates paired or replaced and NULs gone, so that it can be sent at all."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def units(text: str) -> int:
    """How many UTF-16 code units a clean text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def graphemes(text: str) -> Iterator[str]:
    """What a reader sees as single signs: an emoji with its joiners and skin tones is one."""
    return (found.group() for found in regex.finditer(r"\X", text))


def shortened(text: str, limit: int) -> str:
    """The text, cut to `limit` signs with an ellipsis where it is longer."""
    signs = list(graphemes(text))
    return text if len(signs) <= limit else "".join(signs[: limit - 1]).rstrip() + "…"


def split(text: str, limit: int = LIMIT) -> tuple[str, ...]:
    """A clean text in parts of at most `limit` units, blank edges dropped; at least one part, maybe an empty one.

    Cuts after a paragraph, else a line, else a word, where that fills at least half a part; else between two signs; and
    inside a sign only where that alone is longer than a part.
    """
    parts = []
    rest = text.strip()
    while units(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(part for part in (*parts, rest) if part) or ("",)


def _cut(text: str, limit: int) -> int:
    """Where to cut a text that is too long: an index into it, above 0."""
    paragraph = line = word = end = size = 0
    before = ""
    for sign in graphemes(text[: limit + 1]):
        size += units(sign)
        if size > limit:
            break
        end += len(sign)
        if sign.isspace():
            word = end
            if "\n" in sign:
                line = end
                paragraph = end if "\n" in before else paragraph
        before = sign
    if end == 0:
        return _inside(text, limit)
    return next((edge for edge in (paragraph, line, word) if edge > end // 2), end)


def _inside(text: str, limit: int) -> int:
    size = 0
    for index, char in enumerate(text):
        size += units(char)
        if size > limit:
            return max(index, 1)
    return len(text)
