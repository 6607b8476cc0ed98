"""Texts on their way to Slack and from it: escaped, cut, split, and read back."""

import re
from collections.abc import Mapping

from bot.rendering.shortening import part, shortened, units

# Controls besides tab and line feed; direction marks, overrides and isolates; zero width spaces; invisible tags; lone
# surrogates. The joiners stay: emoji and several scripts need them, and nothing that we send is read as mark-up.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_CODED = re.compile(r"<([^<>]*)>")
_MENTIONS = ("@", "#", "!")
_CODED_PERSON = re.compile(r"<(@[UW][A-Z0-9]+(?:\|[^<>]*)?)>")
_PERSON = re.compile(r"@([UW][A-Z0-9]{6,})\b")
_EMOJI = re.compile(r":([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?")
# What people answer with; Slack writes it by name. Others stay as they are.
_SIGNS = {
    **dict.fromkeys(("+1", "thumbsup"), "👍"),
    **dict.fromkeys(("-1", "thumbsdown"), "👎"),
    **dict.fromkeys(("white_check_mark", "heavy_check_mark", "ballot_box_with_check"), "✅"),
    **dict.fromkeys(("x", "negative_squared_cross_mark"), "❌"),
    "ok_hand": "👌",
    "ok": "🆗",
    "100": "💯",
    "pray": "🙏",
    "raised_hands": "🙌",
    "clap": "👏",
    "muscle": "💪",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "smiley": "😃",
    "blush": "😊",
    "grinning": "😀",
    "wink": "😉",
    "heart": "❤",
    "tada": "🎉",
    "fire": "🔥",
    "star": "⭐",
    "sparkles": "✨",
    "rocket": "🚀",
    "wave": "👋",
    "neutral_face": "😐",
    "thinking_face": "🤔",
    "disappointed": "😞",
    "white_frowning_face": "☹",
    "cry": "😢",
    "sob": "😭",
    "weary": "😩",
    "tired_face": "😫",
    "sleeping": "😴",
    "rage": "😡",
    "question": "❓",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "zero": "0",
    "keycap_ten": "10",
}


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


def typed(text: str, ourselves: str = "") -> str:
    """What a person typed, from the coded form in which Slack hands it over: mentions, links and emoji as words.

    Our own mention in front says to whom, and nothing else. Slack names people by their ids, which `named` puts right.
    Source: docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """
    if ourselves:
        text = re.sub(rf"^\s*<@{re.escape(ourselves)}(?:\|[^>]*)?>[\s,:]*", "", text)
    return unescaped(_EMOJI.sub(_sign, _CODED.sub(_word, text)))


def called(text: str) -> str:
    """What stands behind a command: as it was typed, besides mentions of people where Slack codes them."""
    return unescaped(_CODED_PERSON.sub(_word, text))


def named(text: str, names: Mapping[str, str]) -> str:
    """The text with people's names in place of their ids, as far as they are known."""
    return _PERSON.sub(lambda found: names.get(found[1]) or found[0], text)


def mentioned(text: str) -> list[str]:
    """The ids of people that stand in a text, each once."""
    return list(dict.fromkeys(_PERSON.findall(text)))


def unescaped(text: str) -> str:
    """The text with Slack's three control characters read back."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def _sign(coded: re.Match[str]) -> str:
    return _SIGNS.get(coded.group(1), coded.group())


def _word(coded: re.Match[str]) -> str:
    target, _, label = coded.group(1).partition("|")
    if target.startswith(_MENTIONS):
        sign = "#" if target[:1] == "#" else "" if label and target[:1] == "@" else "@"
        return sign + (label.lstrip("@#") or target[1:].partition("^")[0])
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return f"{label} ({target})" if label and label not in target else target
