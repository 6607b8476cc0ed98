"""Where are the dates? Patterns over the letters of `date_words`, and what belongs to each match around it."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.understanding.dates.clock import in_utc, said_clock
from bot.understanding.dates.gates import fits
from bot.understanding.dates.lexer import Token
from bot.understanding.dates.rules import RESOLVE
from bot.understanding.dates.tense import gone_by, may_be_past, said_past
from bot.understanding.dates.values import Found, Moment, Span

# Over the letters of `date_words`; the first that matches at a place and fits there is taken.
_CORES = {
    "recurring": r"eZ?[DdOoA]?-?[WwUKPRr]|(?:y|[Dd]k)(?:[Aqe]|[fpi]Z?){0,2}[Dd]?[UWw]|[DdA]U[qA]U|(?<![Dd])p?r",
    "ago": r"[gv][DdA]U|[DdA]Ug",
    "offset": r"i?[DdA]U[Fa]Z?(?:R|[NTC]?[Ww])|[DdA]Up?[NTC]?[Ww]|[WwR]i[DdA]U|[Ww]U(?![a-zA-Z_])",
    "ahead": r"[ib](?:Z?[NC])?[DdA]Un?|iI|[DdA]Un|iZN?U",
    "calendar": r"(?:[Ww],?Z?)?(?:[ODo]-?f?Z?[Mm](?:[-,f]{0,2}Y)?|[Mm]-?Z?[OD](?!U)(?:,?Y)?|[Xz])",
    "placed": r"[OoL][Ww]fZ?(?:[Mm]Y?|[NT]?U)",
    "nth": r"[OoD](?:fZ?[NTL]?|Z?[NT])UN?|[NTC]UpZ?O|UNp?Z?[OD]|(?:[Ww],?Z?)?O|U?D",
    "week": r"[Ww][,f]?p?Z?(?:[NTC]UN?|UN|UaN)|(?:[NTC]U|UN),?p?Z?[Ww]",
    "weekday": r"(?:T?C|[NTL])[Ww]|[Ww](?:aN|[NL])|[Ww]",
    "edge": r"[ESGl]-?f?Z?(?:[NTCL]?UN?|UL)|[ES]fY",
    "month": r"(?:[ESGl]-?f?Z?[NT]?|[biv]Z?|[NTL])[Mm](?!-?Z?[ODo])Y?|[OoL]Uf[Mm]Y?|[Mm][NL]|[Mm]Y|[Mm]",
    "quarter": r"(?:[ESGl]f?Z?|[bivp]Z?)?Q(?:f?Y)?",
    "unit": r"UaN|[NTLC]U|U[NL]",
    "weekend": r"[TNLC]K|KN|K",
    "holiday": r"VY?",
    "bound": r"[NT]?B",
    "part": r"TP",
    "relative": r"R",
    "bare": r"Z?N?[DdA]U",
}
_TIMES = {"close": r"J", "clock": r"u[HhD]|b[HhD]|H|h"}
_LEFT = re.compile(
    r"(?:(?:[bup]?Z?[HhPJ](?:[ip]?Z?P)?|b?Z?Ef|[bu]D|b?[SGl])[pf]?)?[bptvF]{0,2}Z?$",
)
_RIGHT = re.compile(r"(?:,?[bup]?[Hh](?:f?Z?P)?|uD(?!U)(?:[ifp]?Z?P)?|bD(?!U)|,?[bu]?Z?J|[ip]?Z?P|TP){0,2}")


def find(tokens: list[Token], moment: Moment) -> list[Found]:
    """Every date in the text, or else every time of day, from left to right."""
    return _search(tokens, _CORES, moment) or _search(tokens, _TIMES, moment)


def _search(tokens: list[Token], patterns: dict[str, str], moment: Moment) -> list[Found]:
    """Every date in the text, from left to right, none inside another."""
    shape = "".join(token.kind for token in tokens)
    anything = re.compile("|".join(patterns.values()))
    found: list[Found] = []
    at = 0
    while match := anything.search(shape, at):
        at = match.start() + 1
        for name, pattern in patterns.items():
            core = re.compile(pattern).match(shape, match.start())
            one = core and _one(name, tokens, shape, core, moment)
            if core and one:
                found.append(one)
                at = max(one.last, core.end())
                break
    return found


def _one(name: str, tokens: list[Token], shape: str, core: re.Match[str], moment: Moment) -> Found | None:
    """A match with the words around it that belong to it, if it is meant as a date there."""
    begin, end = core.span()
    lead = _LEFT.search(shape, max(0, begin - 8), begin)
    trail = _RIGHT.match(shape, end)
    first, last = lead.start() if lead else begin, trail.end() if trail else end
    if first < begin and shape[:first].endswith("-"):
        first += 1  # "the hand-over by Friday": the end of a word, not "over by"
    span = Span(tokens=tokens, shape=shape, begin=begin, end=end, first=first, last=last, language=moment.language)
    if not fits(name, span):
        return None
    try:
        found = RESOLVE[name](span.core, moment)
    except (OverflowError, ValueError):  # a day that no calendar has: 5,000 years on, or the 31st of a short month
        return None
    deadline = bool(set("btv") & set(shape[first:begin])) or (name != "recurring" and core[0][0] in "bv")
    clock = said_clock(span, name)
    if said_past(span) and not (found.past or found.recurring or deadline or found.instant):
        if name in ("ahead", "bare"):
            return None
        if may_be_past(name, span, found, moment):
            found = gone_by(found, moment)
    elif name == "clock" and found.day and clock and in_utc(found.day, clock, moment) <= moment.now:
        found = replace(found, day=found.day + timedelta(days=1))
    return replace(found, deadline=deadline, clock=clock, first=first, last=last)
