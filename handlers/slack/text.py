"""Texts on their way to Slack and from it: escaped, cut, split, and read back."""

import re

from bot.rendering.shortening import part, shortened, units

# Controls besides tab and line feed; direction marks, overrides and isolates; zero width spaces; invisible tags; lone
# surrogates. The joiners stay: emoji and several scripts need them, and nothing that we send is read as mark-up.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_CODED = re.compile(r"<([^<>]*)>")
_MENTIONS = ("@", "#", "!")


def shown(text: str) -> str:
    """The text without anything that hides or turns what is read."""
    return _HIDDEN.sub("", text)


def escaped(text: str) -> str:
    """The text with Slack's three control characters written out, so that none begins a mention or a link.

    Source: docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(text: str) -> int:
    """How much room a text takes at most: UTF-16 units of its escaped form, whichever way Slack counts."""
    return units(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in the room of `limit`."""
    return shortened(shown(text), limit, size)


def clipped(value: str, limit: int) -> str:
    """The beginning of a value that nobody reads, in `limit` UTF-16 units, otherwise as it is."""
    return value[: part(value, limit, units)]


def pieces(text: str, limit: int) -> list[str]:
    """The text in pieces of the room `limit` at most, split at a line, else at a blank, else between letters."""
    rest, found = shown(text).strip(), []
    while (end := part(rest, limit, size)) < len(rest):
        at = max(rest.rfind("\n", 0, end + 1), 0) or max(rest.rfind(" ", 0, end + 1), 0) or end
        found.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [piece for piece in (*found, rest) if piece]


def typed(text: str) -> str:
    """What a person typed, from the coded form in which Slack hands it over: mentions and links as words.

    Source: docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """
    return unescaped(_CODED.sub(_word, text))


def unescaped(text: str) -> str:
    """The text with Slack's three control characters read back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _word(coded: re.Match[str]) -> str:
    target, _, label = coded.group(1).partition("|")
    if target.startswith(_MENTIONS):
        sign = "#" if target[:1] == "#" else "@"
        return sign + (label.lstrip("@#") or target[1:].partition("^")[0])
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return f"{label} ({target})" if label and label not in target else target
