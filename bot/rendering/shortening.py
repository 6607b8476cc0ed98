"""Text that is too long for its place: cut where a reader would cut it, never inside one visible sign.

A sign is a grapheme cluster: an emoji with its joiners and skin tones, a flag, or a letter with its marks is one.
"""

from collections.abc import Callable, Iterator

import regex

Measure = Callable[[str], float]  # how much room a text takes: the sum over its signs
MORE = "…"
_BUTTON = 38  # characters on a button


def signs(text: str) -> Iterator[str]:
    """What a reader sees as single signs."""
    return (found.group() for found in regex.finditer(r"\X", text))


def units(text: str) -> int:
    """How many UTF-16 code units a text has, which is how Telegram and Slack count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def one_each(text: str) -> int:
    """How many signs a text has."""
    return sum(1 for _ in signs(text))


def shortened(text: str, limit: float, measure: Measure = len) -> str:
    """The text where it fits, else its beginning in whole signs and an ellipsis; characters are counted by default."""
    if measure(text) <= limit:
        return text
    kept = list(signs(text[: fitting(text, limit - measure(MORE), measure)]))
    while kept and kept[-1].isspace():
        kept.pop()
    return "".join(kept) + MORE if measure(MORE) <= limit else ""


def on_button(text: str) -> str:
    """A text as it fits a button."""
    return shortened(text, _BUTTON)


def fitting(text: str, limit: float, measure: Measure = len) -> int:
    """How many characters of the text, in whole signs, fit."""
    return _fitting(signs(text), limit, measure)


def part(text: str, limit: float, measure: Measure = len) -> int:
    """As `fitting`, but at least one character, so that text can be split: a sign too long by itself is cut inside."""
    return fitting(text, limit, measure) or _fitting(iter(text), limit, measure) or min(len(text), 1)


def _fitting(pieces: Iterator[str], limit: float, measure: Measure) -> int:
    end, room = 0, limit
    for piece in pieces:
        room -= measure(piece)
        if room < 0:
            break
        end += len(piece)
    return end
