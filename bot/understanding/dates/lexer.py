"""Turns a text into a line of tokens, each with its one-letter kind, in one pass.

The kinds of words are listed in `date_words`; those of figures are told here.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from bot.understanding.dates.words import ENGLISH, HOUR
from bot.understanding.dates.words_others import OTHERS

# Kinds that come from figures: D number, Y year, O ordinal, X numeric date, z one that may be a decimal or a rating,
# H clock time, h one that may be something else.
_BLOB = re.compile(
    r"(?P<body>[0-9]+(?:[.,/:-][0-9]+)*)"
    r"(?:[ \u00a0]?(?P<clock>am\b|pm\b|a\.m\.?|p\.m\.?|uhr\b|o['’]clock\b|h[0-9]{0,2}\b)"
    r"|(?P<nth>st|nd|rd|th|er|[ºª°])(?!\w))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’](?=[^\W\d_])|[\u0300-\u036f])*")
_TOKEN = re.compile(rf"(?P<link>(?:https?://|www\.)\S*)|(?P<word>{_WORD.pattern})|{_BLOB.pattern}", re.IGNORECASE)
_JOINED = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff*_~\"'’“”«»\x00]*")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"((?:19|20|21)[0-9]{2})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_YEARLESS = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})")
_HOURS = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_FRACTIONS = {"1/2", "1/3", "2/3", "1/4", "3/4", "24/7"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """One word or figure: its kind (one letter), its meaning, its folded spelling and its place in the text."""

    kind: str
    value: int
    word: str
    start: int
    end: int


def month_first(locale: str) -> bool:
    """Whether 3/12 is the twelfth of March."""
    return locale.replace("_", "-").lower() in {"en", "en-us", "en-ph", "en-bz", "es-pr"}


def lex(text: str, locale: str) -> list[Token]:
    """Turn a text into tokens, in one pass; breaks between clauses are tokens too ("!" full, "," light, "-" hyphen).

    `word` of a numeric date is its normal spelling, with slashes and a four-digit year.
    """
    language = locale[:2].lower()
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        tokens += _gap(text, tokens, match.start(), language)
        if match["link"]:
            tokens.append(_token("_", 0, "", match.start(), match.end()))
        elif match["word"]:
            tokens += _split(match["word"], match.start(), language)
        else:
            tokens += _figure(text, match, locale)
    return _look_up(tokens, _lexicon(language))


def fold(word: str) -> str:
    """Lower case without accents, so that "Próximo" and "proximo" are one word."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _lexicon(language: str) -> dict[str, tuple[str, int]]:
    """Folded phrase -> (kind, value); the person's language overrides English."""
    words: dict[str, tuple[str, int]] = {}
    for line in f"{ENGLISH.strip()}{OTHERS.get(language, '')}".strip().splitlines():
        kind, *entries = line.split()
        for entry in entries:
            phrase, _, value = entry.partition("=")
            words[phrase.replace("_", " ")] = (kind, int(value or 0))
            if kind == "W" and language == "de":  # one word there: "Freitagabend"
                words |= {f"{phrase}{part}": (kind, int(value)) for part in ("abend", "nachmittag", "morgen", "mittag")}
    return words


def _token(kind: str, value: int, word: str, start: int, end: int) -> Token:
    return Token(kind=kind, value=value, word=word, start=start, end=end)


def _gap(text: str, tokens: list[Token], start: int, language: str) -> list[Token]:
    """What stands between two tokens: nothing of note, a comma, a hyphen, or a break."""
    if not tokens:
        return []
    last = tokens[-1]
    between = text[last.end : start]
    if "\n" not in between and _JOINED.fullmatch(between):
        return []
    bare = between.strip()
    if bare == "." and len(between) > 1 and (text[start].isdigit() or (language == "de" and last.kind in "OD")):
        return []  # "Dec. 4", "3. Dezember"
    kind = {",": ",", "-": "-" if between == "-" else "!", "(": ",", ")": ","}.get(bare, "!")
    return [_token(kind, 0, "", last.end, start)]


def _split(word: str, start: int, language: str) -> list[Token]:
    """One word, or two where French elides ("d'octobre", "l'après-midi")."""
    end = start + len(word)
    folded = fold(word)
    head, apostrophe, tail = folded.partition("'")
    if language == "fr" and apostrophe and head in ("d", "l") and tail != "ici":
        cut = start + len(word) - len(word.replace("’", "'").partition("'")[2])
        return [_token("?", 0, f"{head}e" if head == "d" else "le", start, cut), _token("?", 0, tail, cut, end)]
    return [_token("?", 0, folded, start, end)]


def _look_up(tokens: list[Token], lexicon: dict[str, tuple[str, int]]) -> list[Token]:
    """Give each word its kind, the longest run of up to four words first."""
    known: list[Token] = []
    at = 0
    while at < len(tokens):
        first = tokens[at]
        if first.kind != "?":
            known.append(first)
            at += 1
            continue
        taken, kind, value, word = 1, "_", 0, first.word
        phrase, end = "", at
        while end < len(tokens) and end < at + 7 and tokens[end].kind in "?-":
            if tokens[end].kind == "?":
                phrase = f"{phrase} {tokens[end].word}".strip()
                if phrase in lexicon:
                    (kind, value), taken, word = lexicon[phrase], end - at + 1, phrase
            end += 1
        known.append(_token(kind, value, word, first.start, tokens[at + taken - 1].end))
        at += taken
    return known


def _figure(text: str, match: re.Match[str], locale: str) -> list[Token]:
    """The kind of a run of figures; anything that is not plainly a date, a time or a small number is no date."""
    body, start, end = match["body"], match.start(), match.end()
    before, after = text[start - 1 : start] if start else " ", text[end : end + 1] or " "
    if before in "$€£¥#+.:/_%=" or after in "%$€£°/":
        return [_token("_", 0, body, start, end)]
    if match["clock"]:
        return _clock(match, locale)
    if match["nth"]:
        day = int(body) if body.isdecimal() and len(body) <= 2 else 0
        return [_token("O" if 1 <= day <= 31 else "_", day, body, start, end)]
    kind, value, word = _plain(body, locale, after)
    if locale[:2] == "de" and kind == "D" and after == "." and 1 <= value <= 31:
        return [_token("O", value, body, start, end + 1)]
    return [_token(kind, value, word, start, end + (kind in "Xz" and after == "." and body.count(".") == 1))]


def _clock(match: re.Match[str], locale: str) -> list[Token]:
    """5pm, 17 Uhr, 17h30; in English "2h" is a length of time."""
    body, suffix = match["body"], fold(match["clock"])
    start, end = match.span()
    parts = _HOURS.fullmatch(body)
    if parts is None:
        return [_token("_", 0, body, start, end)]
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if suffix.startswith("h"):
        if suffix == "h" and locale[:2] in ("en", "de"):
            return [_token("D", hour, body, start, end - 1), _token("U", HOUR, "h", end - 1, end)]
        minute = int(suffix[1:] or 0)
    if suffix[0] in "ap":
        hour = hour % 12 + 12 * (suffix[0] == "p") if 1 <= hour <= 12 else 99
    if suffix.startswith("o") and hour < 7:
        hour += 12
    kind = "h" if suffix.startswith("h") else "H"
    return [_token(kind if hour < 24 and minute < 60 else "_", hour * 60 + minute, body, start, end)]


def _plain(body: str, locale: str, after: str) -> tuple[str, int, str]:
    """Kind, value and normal spelling of figures without a suffix."""
    if body.isdecimal():
        if len(body) == 4 and 1900 <= int(body) <= 2199:
            return "Y", int(body), body
        return ("D", int(body), body) if len(body) <= 4 else ("_", 0, body)
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", body):
        hour, minute = int(body.split(":")[0]), int(body.split(":")[1])
        return ("h" if hour < 24 and minute < 60 else "_"), hour * 60 + minute, body
    if re.fullmatch(r"[0-9]{1,2}-[0-9]{1,2}", body):
        return "D", int(body.split("-")[1]), body
    if found := _YEAR_FIRST.fullmatch(body):
        return _numeric(f"{found[1]}-{found[3].zfill(2)}-{found[4].zfill(2)}", int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(body):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        return _ordered(found[1], found[3], f"/{year}", locale)
    if found := _YEARLESS.fullmatch(body):
        kind, value, word = _ordered(found[1], found[3], "", locale)
        if found[2] == ".":
            dotted = locale[:2] not in ("en", "es", "pt")
            return ("X" if after == "." else "z") if kind == "X" and dotted else "_", value, word
        rating = int(found[1]) <= int(found[3]) and int(found[3]) in (5, 10)
        return "z" if kind == "X" and (rating or body in _FRACTIONS) else kind, value, word
    return "_", 0, body


def _ordered(first: str, second: str, year: str, locale: str) -> tuple[str, int, str]:
    """Two numbers in the locale's order; where only the other order makes a date, that one."""
    month, day = (int(first), int(second)) if month_first(locale) else (int(second), int(first))
    if month > 12 >= day and year:
        month, day = day, month
    spelt = f"{month}/{day}{year}" if month_first(locale) else f"{day}/{month}{year}"
    return _numeric(spelt, month, day)


def _numeric(spelt: str, month: int, day: int) -> tuple[str, int, str]:
    return ("X" if 1 <= month <= 12 and 1 <= day <= 31 else "_"), month * 100 + day, spelt
