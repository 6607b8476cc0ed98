"""Text as Telegram counts it, in UTF-16 units; cut where a reader would cut it, never inside one visible sign."""

from bot.rendering.shortening import part, signs, units

LIMIT = 4096  # UTF-16 units of one message after entities are parsed: core.telegram.org/bots/api#sendmessage


def clean(text: str) -> str:
    """The text with surrogates paired or replaced and NULs gone, so that it can be sent at all."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


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
    whole = part(text, limit, units)
    paragraph = line = word = end = 0
    before = ""
    for sign in signs(text[:whole]):
        end += len(sign)
        if sign.isspace():
            word = end
            if "\n" in sign:
                line = end
                paragraph = end if "\n" in before else paragraph
        before = sign
    return next((edge for edge in (paragraph, line, word) if edge > whole // 2), whole)
