"""What words mean among those that are known: an option, a number."""

import re

from rapidfuzz import fuzz, process, utils

from bot.engine.dialogue.tree import Option
from bot.rendering.wording import Wording

_ALIKE = 86  # of 100: lets one slip of the finger pass in a word of eight letters, and no other word


def plain(text: str) -> str:
    """The text in lower case without punctuation and needless blanks, for comparing with known words."""
    return " ".join(re.sub(r"[^\w+\-/ ']", " ", text.lower()).split())


def numbers_in(text: str, wording: Wording) -> list[float]:
    """The numbers that a text names, in digits or in words."""
    if any(letter.isnumeric() and not letter.isdecimal() for letter in text[:200]):
        return []  # "7½" and "x²" are numbers too, but not such as are asked for
    known = wording.words["numbers"]
    found: list[float] = []
    for token in re.findall(r"[-+]?\d+(?:[.,]\d+)?|[^\W\d_]+", text[:200].lower()):
        if token[-1].isdigit():
            found.append(float(token.replace(",", ".")))
        elif token in known:
            found.append(float(known[token]))
    return found


def option_meant(options: tuple[Option, ...], text: str, wording: Wording) -> Option | None:
    """The option that a text picks: by its value, its place in the row, or its name."""
    wanted = plain(text)
    ordinal = wanted if wanted.isdecimal() else str(wording.words["numbers"].get(wanted, ""))
    by_value = next((o for o in options if text.strip() == o.value), None)
    if by_value or not wanted:
        return by_value
    if ordinal and not any(o.label[:1].isdigit() for o in options):
        return options[int(ordinal) - 1] if 1 <= int(ordinal) <= len(options) else None
    return option_named(options, text)


def option_named(options: tuple[Option, ...], text: str) -> Option | None:
    """The one option whose name a text is, begins, or misses by a slip of the finger."""
    wanted = plain(text)
    names = {plain(name): option for option in options for name in (option.label, *option.also)}
    if wanted in names:
        return names[wanted]
    begun = {o.value: o for name, o in names.items() if len(wanted) >= 3 and name.startswith(wanted)}
    if len(begun) == 1:
        return next(iter(begun.values()))
    close = process.extract(wanted[:80], list(names), scorer=fuzz.ratio, processor=utils.default_process, limit=2)
    near = {names[name].value: names[name] for name, score, _ in close if score >= _ALIKE}
    return next(iter(near.values())) if len(near) == 1 else None
