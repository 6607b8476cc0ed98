"""Is it meant as a date here? "May" and "the 15th" are only sometimes; one gate for each pattern that needs one."""

import re

from bot.understanding.dates.values import Span, has
from bot.understanding.dates.words import CHANGES, DAY, FORTNIGHT, MONTH, NOUNS, OWNERS, SCORES, SHIFTS, WEEK


def fits(name: str, span: Span) -> bool:
    """Whether a match of the pattern of this name is a date in its text."""
    gate = _GATES.get(name)
    return gate is None or gate(span)


def _unit(span: Span) -> int:
    return next((token.value for token in span.core if token.kind == "U"), 0)


def _follows_noun(span: Span) -> bool:
    """ "semaine prochaine", "lunes pasado": fits where the language puts the adjective last."""
    kinds = span.shape[span.begin : span.end]
    if kinds[-1] not in "NL" or len(kinds) == 1 or "a" in kinds:
        return True
    return span.language != "en" and (kinds[-1] == "L" or span.core[-1].value == 1)


def _weekday_fits(span: Span) -> bool:
    if span.end - span.begin > 1:
        return _follows_noun(span)
    after = span.tokens[span.end].word if span.end < len(span.tokens) else ""
    before = span.tokens[span.begin - 1].word if span.begin else ""
    article = before in OWNERS
    if after in NOUNS or (article and "b" not in span.lead and not span.closes()):
        return False
    if span.shape[span.begin] == "W" or span.whole():
        return True
    if article or set("bpv") & set(span.lead):
        return not article
    if "t" in span.lead:
        return span.closes() and any(token.word in SHIFTS for token in span.clause()[0])
    return span.shape[span.end : span.end + 1] in tuple("PH")


def _calendar_fits(span: Span) -> bool:
    kinds = {token.kind: token for token in span.core}
    led = bool(set("bpv") & set(span.lead)) or "W" in kinds or "w" in kinds
    number = next((kinds[kind].value for kind in "ODo" if kind in kinds), 1)
    if not 1 <= number <= 31:
        return False
    if "z" in kinds:
        rating = kinds["z"].word.endswith(("/5", "/10", "24/7"))
        return led or (span.whole() and (not rating))
    if "X" in kinds:
        scored = span.begin > 0 and span.tokens[span.begin - 1].word in SCORES
        return led or bool(re.search(r"[0-9]{4}", kinds["X"].word)) or (span.closes() and not scored)
    if "m" in kinds and kinds["m"].word in ("may", "march"):
        number_first = span.shape[span.begin : span.end].find("m") > 0
        return span.whole() or (span.closes() and (led or not number_first))
    return True


def _nth_fits(span: Span) -> bool:
    kinds, lead = span.shape[span.begin : span.end], span.lead
    number = next(token.value for token in span.core if token.kind in "OoD")
    if not 1 <= number <= 31:
        return False
    if kinds[0] in "Ww" and kinds[-1] == "O":
        return span.closes()
    if kinds == "O":
        closing = span.shape[span.last : span.last + 1] in ("", "!", ",")
        led = bool(set("bptvF") & set(lead)) or span.whole() or ("Z" in lead and number >= 10 and closing)
        return led and span.closes()
    if kinds in ("D", "UD"):
        if span.language not in ("es", "pt", "fr") or not span.closes():
            return False
        return (kinds == "UD" and _unit(span) == DAY) or (lead[-1:] == "Z" and (len(lead) > 1 or span.whole()))
    return _unit(span) == MONTH


def _month_fits(span: Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if len(kinds) == 1:
        return kinds == "M" and span.whole()
    if "U" in kinds and _unit(span) != WEEK:
        return False
    if "m" not in kinds:
        return _follows_noun(span)
    name = next(token.word for token in span.core if token.kind == "m")
    return span.closes() and not ("T" in kinds and name in ("may", "march")) and _follows_noun(span)


def _edge_fits(span: Span) -> bool:
    """ "end the week" and "the early days" are no dates; "end of the week" and "early next week" are."""
    kinds = span.shape[span.begin : span.end]
    if kinds[-1] == "Y":
        return True
    if _unit(span) < WEEK:
        return False
    if span.language != "en" or "f" in kinds or kinds[0] == "G":
        return True
    return bool(set("NTC") & set(kinds)) and span.core[0].word in ("early", "late")


def _offset_fits(span: Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if kinds in ("WU", "wU"):
        return _unit(span) == WEEK and span.closes() and span.language == "en"
    return bool(set("Fai") & set(kinds)) or _unit(span) in (WEEK, FORTNIGHT)


def _ahead_fits(span: Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if kinds == "iZU":
        return span.core[0].word == "within"
    return span.language == "en" if kinds == "iZNU" else kinds[0] != "b" or span.language != "en"


def _unit_fits(span: Span) -> bool:
    kinds = set(span.shape[span.begin : span.end])
    return _unit(span) >= (WEEK if kinds & set("TLaC") else DAY) and _follows_noun(span)


def _clock_fits(span: Span) -> bool:
    kinds, said = span.shape[span.begin : span.end], span.core[-1]
    if kinds == "h":
        return span.whole()
    if kinds[-1] != "D":
        return True
    closing = span.shape[span.last : span.last + 1] in ("", "!", ",")
    changed = any(token.word in CHANGES for part in span.clause() for token in part)
    plain = kinds == "bD" and closing and not changed and said.value <= 12
    return 1 <= said.value <= 23 and (span.whole() or plain)


def _bare_fits(span: Span) -> bool:
    more = span.core[-2].word.endswith(("more", "another")) and span.closes()
    return _unit(span) >= DAY and (more or (span.whole() and span.core[0].word != "one"))


_GATES = {
    "offset": _offset_fits,
    "ahead": _ahead_fits,
    "calendar": _calendar_fits,
    "placed": lambda span: has(span.core, "Mm") or _unit(span) == MONTH,
    "nth": _nth_fits,
    "week": lambda span: _unit(span) == WEEK,
    "weekday": _weekday_fits,
    "edge": _edge_fits,
    "month": _month_fits,
    "quarter": lambda span: span.whole() or (span.shape[span.begin] != "Q" and span.closes()),
    "unit": _unit_fits,
    "weekend": lambda span: _follows_noun(span) and (span.closes() or span.shape[span.begin] != "K"),
    "holiday": lambda span: span.closes() and (span.whole() or bool(set("bptv") & set(span.lead))),
    "bare": _bare_fits,
    "close": Span.closes,
    "clock": _clock_fits,
}
