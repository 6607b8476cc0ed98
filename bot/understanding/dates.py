"""Reads at most one due date in somebody's own words: rules find and resolve it, `dateparser` reads calendar dates.

Usage that is open in English is settled so: "Friday" said on a Friday is a week away, "this Friday" is today; "next
Friday" is in the next calendar week (Monday to Sunday), or simply the coming one in Spanish and Portuguese; "next week"
is its Friday; "by May" is its first day and "in May" its last; a bare hour from 1 to 6 is in the afternoon.
"""

import calendar
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.messages import DateKind, DateReading
from bot.understanding.date_words import (
    AFTER,
    AHEAD,
    BEFORE_ED,
    CHANGES,
    DAY,
    DENIED,
    FILLERS,
    FORTNIGHT,
    HOUR,
    MINUTE,
    MONTH,
    NOT_PAST,
    NOUNS,
    OWNERS,
    PAST,
    QUARTER,
    SCORES,
    SHIFTS,
    WEEK,
    WORKDAY,
    YEAR,
    Token,
    lex,
    month_first,
)

_LONGEST = 2000  # of a longer text only the first and the last half of this is read
_PARSER_LONGEST = 64
_HORIZON = timedelta(days=740)
_NONE = DateReading(kind=DateKind.NONE)

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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moment:
    """Where and when the words were said."""

    now: datetime
    zone: ZoneInfo
    today: date
    locale: str

    @property
    def language(self) -> str:
        return self.locale[:2].lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """One date in the text; `step` is how far back the same words mean a past day.

    `spelt` waits for dateparser; for a calendar date `expected` is its month * 100 + day.
    """

    day: date | None = None
    past: bool = False
    instant: datetime | None = None
    spelt: str = ""
    expected: int = 0
    step: int = 0
    recurring: bool = False
    deadline: bool = False
    clock: time | None = None
    first: int = 0
    last: int = 0
    phrase: str = ""


def read_date(text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading:
    """Find at most one due date in a sentence or a bare phrase.

    `now` is aware; `zone` is an IANA name, and the day is a local one there; `locale` such as en-US gives the order of
    day and month and one language beside English. Never raises for any text; an unknown zone raises
    `zoneinfo.ZoneInfoNotFoundError`. May need `dateparser`, whose time is not bounded: see `DateWorker`.
    """
    moment = _moment(now, zone, locale)
    found = _understand(text, moment)
    if found.spelt:
        found = _ask_parser(found, moment)
    return _reading(found, moment)


def by_rules(text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading | None:
    """Like `read_date`, within milliseconds and without `dateparser`; None where that would be needed."""
    moment = _moment(now, zone, locale)
    found = _understand(text, moment)
    return None if found.spelt else _reading(found, moment)


def _moment(now: datetime, zone: str, locale: str) -> _Moment:
    place = ZoneInfo(zone)
    return _Moment(now=now.astimezone(UTC), zone=place, today=now.astimezone(place).date(), locale=locale)


def _reading(found: _Found, moment: _Moment) -> DateReading:
    """The outcome, with the person's clock turned into UTC and everything beyond the horizon left out."""
    if found.recurring:
        return DateReading(kind=DateKind.RECURRING, phrase=found.phrase)
    if found.day is None or found.day > moment.today + _HORIZON:
        return _NONE
    if found.past or found.day < moment.today:
        return DateReading(kind=DateKind.PAST, day=min(found.day, moment.today), phrase=found.phrase)
    at = found.instant or (_instant(found.day, found.clock, moment) if found.clock else None)
    return DateReading(kind=DateKind.FUTURE, day=found.day, at=at, phrase=found.phrase)


def _instant(day: date, clock: time, moment: _Moment) -> datetime:
    """UTC of a wall clock; in a gap the clock moves on, in an overlap the first that is still ahead."""
    local = datetime.combine(day, clock, moment.zone)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return second if first < moment.now < second else first


# --- finding ---------------------------------------------------------------------------------------------------------


def _understand(text: str, moment: _Moment) -> _Found:
    """The one date meant: a recurrence, else a deadline, else what lies ahead, else what is past."""
    tokens = _tokens(text, moment.locale)
    found = _search(tokens, _CORES, moment) or _search(tokens, _TIMES, moment)
    if not found:
        return _weekly(tokens, text) or _foreign(text, tokens, moment)
    kept = [one for one in found if not _denied(tokens, one)]
    if not kept:
        return _Found()
    best = min(kept, key=lambda one: (not one.recurring, one.past, not one.deadline))
    return replace(best, phrase=text[tokens[best.first].start : tokens[best.last - 1].end])


def _tokens(text: str, locale: str) -> list[Token]:
    if len(text) <= _LONGEST:
        return lex(text, locale)
    half = _LONGEST // 2
    shift = len(text) - half
    head, tail = lex(text[:half], locale)[:-1], lex(text[-half:], locale)[1:]  # the words at the cut may be halves
    tail = [replace(token, start=token.start + shift, end=token.end + shift) for token in tail]
    return [*head, Token(kind="!", value=0, word="", start=half, end=shift), *tail]


def _search(tokens: list[Token], patterns: dict[str, str], moment: _Moment) -> list[_Found]:
    """Every date in the text, from left to right, none inside another."""
    shape = "".join(token.kind for token in tokens)
    anything = re.compile("|".join(patterns.values()))
    found: list[_Found] = []
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


def _one(name: str, tokens: list[Token], shape: str, core: re.Match[str], moment: _Moment) -> _Found | None:
    """A match with the words around it that belong to it, if it is meant as a date there."""
    begin, end = core.span()
    lead = _LEFT.search(shape, max(0, begin - 8), begin)
    trail = _RIGHT.match(shape, end)
    first, last = lead.start() if lead else begin, trail.end() if trail else end
    span = _Span(tokens=tokens, shape=shape, begin=begin, end=end, first=first, last=last, language=moment.language)
    if not _fits(name, span):
        return None
    try:
        found = _RESOLVE[name](span.core, moment)
    except (OverflowError, ValueError):  # a day that no calendar has: 5,000 years on, or the 31st of a short month
        return None
    deadline = bool(set("btv") & set(shape[first:begin])) or (name != "recurring" and core[0][0] in "bv")
    clock = _said_clock(span, name)
    if _said_past(span) and not (found.past or found.recurring or deadline or found.instant):
        if name in ("ahead", "bare"):
            return None
        if _may_be_past(name, span, found, moment):
            found = _back(found, moment)
    elif name == "clock" and found.day and clock and _instant(found.day, clock, moment) <= moment.now:
        found = replace(found, day=found.day + timedelta(days=1))
    return replace(found, deadline=deadline, clock=clock, first=first, last=last)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """A match in its text: the core from `begin` to `end`, with its neighbours from `first` to `last`."""

    tokens: list[Token]
    shape: str
    begin: int
    end: int
    first: int
    last: int
    language: str

    @property
    def core(self) -> list[Token]:
        return self.tokens[self.begin : self.end]

    @property
    def lead(self) -> str:
        return self.shape[self.first : self.begin]

    def whole(self) -> bool:
        """Whether the text says nothing else."""
        rest = [*self.tokens[: self.first], *self.tokens[self.last :]]
        return all(token.kind in "!,-" or token.word in FILLERS for token in rest)

    def closes(self) -> bool:
        """Whether no noun follows that the phrase could belong to ("the 15th floor")."""
        if self.last >= len(self.tokens):
            return True
        after = self.tokens[self.last]
        return after.kind not in "_DUA-" or after.word in AFTER

    def clause(self) -> tuple[list[Token], list[Token]]:
        """The words of the same clause before and after the phrase."""
        start = max(self.shape.rfind(mark, 0, self.first) for mark in "!,") + 1
        ends = [place for mark in "!," if (place := self.shape.find(mark, self.last)) >= 0]
        return self.tokens[start : self.first], self.tokens[self.last : min(ends, default=len(self.tokens))]


# --- is it meant as a date here? --------------------------------------------------------------------------------------


def _fits(name: str, span: _Span) -> bool:
    gate = _GATES.get(name)
    return gate is None or gate(span)


def _unit(span: _Span) -> int:
    return next((token.value for token in span.core if token.kind == "U"), 0)


def _follows_noun(span: _Span) -> bool:
    """ "semaine prochaine", "lunes pasado": fits where the language puts the adjective last."""
    kinds = span.shape[span.begin : span.end]
    if kinds[-1] not in "NL" or len(kinds) == 1 or "a" in kinds:
        return True
    return span.language != "en" and (kinds[-1] == "L" or span.core[-1].value == 1)


def _weekday_fits(span: _Span) -> bool:
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


def _calendar_fits(span: _Span) -> bool:
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


def _nth_fits(span: _Span) -> bool:
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


def _month_fits(span: _Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if len(kinds) == 1:
        return kinds == "M" and span.whole()
    if "U" in kinds and _unit(span) != WEEK:
        return False
    if "m" not in kinds:
        return _follows_noun(span)
    name = next(token.word for token in span.core if token.kind == "m")
    return span.closes() and not ("T" in kinds and name in ("may", "march")) and _follows_noun(span)


def _edge_fits(span: _Span) -> bool:
    """ "end the week" and "the early days" are no dates; "end of the week" and "early next week" are."""
    kinds = span.shape[span.begin : span.end]
    if kinds[-1] == "Y":
        return True
    if _unit(span) < WEEK:
        return False
    if span.language != "en" or "f" in kinds or kinds[0] == "G":
        return True
    return bool(set("NTC") & set(kinds)) and span.core[0].word in ("early", "late")


def _offset_fits(span: _Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if kinds in ("WU", "wU"):
        return _unit(span) == WEEK and span.closes() and span.language == "en"
    return bool(set("Fai") & set(kinds)) or _unit(span) in (WEEK, FORTNIGHT)


def _ahead_fits(span: _Span) -> bool:
    kinds = span.shape[span.begin : span.end]
    if kinds == "iZU":
        return span.core[0].word == "within"
    return span.language == "en" if kinds == "iZNU" else kinds[0] != "b" or span.language != "en"


def _unit_fits(span: _Span) -> bool:
    kinds = set(span.shape[span.begin : span.end])
    return _unit(span) >= (WEEK if kinds & set("TLaC") else DAY) and _follows_noun(span)


def _clock_fits(span: _Span) -> bool:
    kinds, said = span.shape[span.begin : span.end], span.core[-1]
    if kinds == "h":
        return span.whole()
    if kinds[-1] != "D":
        return True
    closing = span.shape[span.last : span.last + 1] in ("", "!", ",")
    changed = any(token.word in CHANGES for part in span.clause() for token in part)
    plain = kinds == "bD" and closing and not changed and said.value <= 12
    return 1 <= said.value <= 23 and (span.whole() or plain)


def _bare_fits(span: _Span) -> bool:
    more = span.core[-2].word.endswith(("more", "another")) and span.closes()
    return _unit(span) >= DAY and (more or (span.whole() and span.core[0].word != "one"))


_GATES = {
    "offset": _offset_fits,
    "ahead": _ahead_fits,
    "calendar": _calendar_fits,
    "placed": lambda span: _has(span.core, "Mm") or _unit(span) == MONTH,
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
    "close": _Span.closes,
    "clock": _clock_fits,
}


# --- was it, or will it be? -------------------------------------------------------------------------------------------


def _said_past(span: _Span) -> bool:
    """Whether the nearest verb that tells is in the past ("sent it on Monday", "on Monday I sent it")."""
    if any(token.word in ("since", "seit", "depuis") for token in span.tokens[span.first : span.begin]):
        return True
    before, after = ([token.word for token in part] for part in span.clause())
    for place in range(len(before) - 1, -1, -1):
        if _is_past(before, place, span.language):
            return not _governed(before[max(0, place - 3) : place])
        if before[place] in AHEAD:
            return False
    for place, word in enumerate(after):
        if word in AHEAD:
            return False
        if _is_past(after, place, span.language):
            return not _governed(after[max(0, place - 3) : place])
    return False


def _is_past(words: list[str], place: int, language: str) -> bool:
    word = words[place]
    if word in PAST:
        return not (word == "was" and language == "de")
    regular = word.endswith("ed") and len(word) > 3 and word not in NOT_PAST
    return regular and (place == 0 or words[place - 1] in BEFORE_ED)


def _governed(words: list[str]) -> bool:
    """Whether "get it" or "will have" stands before a participle; a bare "have" makes it past."""
    return any(word in AHEAD and not (word == "have" and index == len(words) - 1) for index, word in enumerate(words))


def _may_be_past(name: str, span: _Span, found: _Found, moment: _Moment) -> bool:
    if set("NC") & set(span.shape[span.begin : span.end]) or name in ("offset", "edge", "bound"):
        return False
    return name != "relative" or found.day == moment.today


def _back(found: _Found, moment: _Moment) -> _Found:
    """The same words as a day gone by; a date for dateparser is turned back when it has been read."""
    day = found.day
    if day and day > moment.today:
        day = day - timedelta(days=7) if found.step == WEEK else _shift(day, found.step, -1) if found.step else day
    return replace(found, day=day, past=True)


def _denied(tokens: list[Token], found: _Found) -> bool:
    """ "not Friday", "instead of Friday", "can't do Friday"; but "not before Friday" stands."""
    words = [token.word for token in tokens[max(0, found.first - 3) : found.first]]
    if found.recurring or not words or tokens[found.first].word in ("until", "till", "before"):
        return False
    instead = words[-1] == "of" and words[-2:-1] == ["instead"]
    return instead or words[-1] in DENIED or bool({"can't", "cannot", "won't", "couldn't"} & set(words))


def _weekly(tokens: list[Token], text: str) -> _Found | None:
    """ "walk daily": a rhythm only at the end of a clause, so that "the weekly report" is none."""
    for place, token in enumerate(tokens):
        if token.kind == "s" and (place + 1 == len(tokens) or tokens[place + 1].kind in "!,"):
            return _Found(recurring=True, phrase=text[token.start : token.end])
    return None


# --- which day? ------------------------------------------------------------------------------------------------------


def _value(core: Sequence[Token], kinds: str, default: int = 0) -> int:
    return next((token.value for token in core if token.kind in kinds), default)


def _has(core: Sequence[Token], kinds: str) -> bool:
    return any(token.kind in kinds for token in core)


def _coming(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7)


def _in_week(day: date, weeks: int, weekday: int) -> date:
    return day + timedelta(days=7 * weeks + weekday - day.weekday())


def _shift(day: date, unit: int, count: int) -> date:
    """`count` units on; the last of a month stays within the month."""
    if unit == WORKDAY:
        for _ in range(count):
            day += timedelta(days=1 if day.weekday() < 4 else 7 - day.weekday())
        return day
    if unit < MONTH:
        return day + timedelta(days=count * {WEEK: 7, FORTNIGHT: 14}.get(unit, 1))
    months = day.year * 12 + day.month - 1 + count * {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, _days(year, month + 1)))


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _period(day: date, unit: int) -> tuple[date, date, date]:
    """First, middle and last day of the week (to its Friday), month, quarter or year of a day."""
    if unit <= FORTNIGHT:
        monday = _in_week(day, 0 if day.weekday() < 5 else 1, 0)
        return monday, monday + timedelta(days=2), monday + timedelta(days=4)
    length = {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    month = (day.month - 1) // length * length + 1
    last = month + length - 1
    middle = date(day.year, month + length // 2, 15 if length < 12 else 1)
    return date(day.year, month, 1), middle, date(day.year, last, _days(day.year, last))


def _relative(core: Sequence[Token], moment: _Moment) -> _Found:
    days = _value(core, "R")
    return _Found(day=moment.today + timedelta(days=days), past=days < 0)


def _ago(core: Sequence[Token], moment: _Moment) -> _Found:
    return _Found(day=_shift(moment.today, _value(core, "U"), -_value(core, "DdA")), past=True)


def _ahead(core: Sequence[Token], moment: _Moment) -> _Found:
    unit, count = _value(core, "U"), _value(core, "DdA", 1)
    if _has(core, "I"):
        unit, count = MINUTE, 30
    if unit > HOUR:
        return _Found(day=_shift(moment.today, unit, count))
    instant = moment.now + timedelta(minutes=count * (60 if unit == HOUR else 1))
    return _Found(day=instant.astimezone(moment.zone).date(), instant=instant)


def _offset(core: Sequence[Token], moment: _Moment) -> _Found:
    base = moment.today + timedelta(days=_value(core, "R"))
    if _has(core, "Ww"):
        base = _weekday(core, moment).day or base
    return _Found(day=_shift(base, _value(core, "U"), _value(core, "DdA", 1)))


def _weekday(core: Sequence[Token], moment: _Moment) -> _Found:
    today, weekday = moment.today, _value(core, "Ww")
    if _has(core, "L"):
        return _Found(day=_coming(today, weekday) - timedelta(days=7 if weekday != today.weekday() else 14), past=True)
    if _has(core, "a"):
        return _Found(day=_coming(today, weekday) + timedelta(days=7))
    if _has(core, "N") and moment.language not in ("es", "pt"):
        return _Found(day=_in_week(today, 1, weekday))
    if _has(core, "T") and not _has(core, "C") and weekday == today.weekday():
        return _Found(day=today)
    return _Found(day=_coming(today, weekday), step=WEEK)


def _week(core: Sequence[Token], moment: _Moment) -> _Found:
    weeks = 2 if _has(core, "a") else 1 if _has(core, "NC") else 0
    return _Found(day=_in_week(moment.today, weeks, _value(core, "Ww")))


def _edge(core: Sequence[Token], moment: _Moment) -> _Found:
    if year := _value(core, "Y"):
        return _Found(day=date(year, 12, 31) if core[0].kind == "E" else date(year, 1, 1))
    unit, count = _value(core, "U"), 1 if _has(core, "NC") else -1 if _has(core, "L") else 0
    which = {"S": 0, "G": 1}.get(core[0].kind, 2)
    day = _period(_next(moment.today, unit, count), unit)[which]
    if day < moment.today and not count:
        day = _period(_next(moment.today, unit, 1), unit)[which]
    return _Found(day=day, past=count < 0)


def _next(today: date, unit: int, count: int) -> date:
    """A day in the period `count` on; on a weekend the week that begins is both this one and the next."""
    if unit == WEEK:
        return _in_week(today, count, 0)
    return _shift(today.replace(day=1) if unit >= MONTH else today, unit, count)


def _whole_unit(core: Sequence[Token], moment: _Moment) -> _Found:
    unit, count = _value(core, "U"), 2 if _has(core, "a") else 1 if _has(core, "NC") else 0
    if _has(core, "L"):
        return _Found(day=_shift(moment.today, unit, -1), past=True)
    if unit in (DAY, WORKDAY, FORTNIGHT):
        return _Found(day=_shift(moment.today, unit, count))
    base = _next(moment.today, unit, count) if count else moment.today
    return _Found(day=_period(base, unit)[2])


def _weekend(core: Sequence[Token], moment: _Moment) -> _Found:
    weeks = 1 if _has(core, "NC") else -1 if _has(core, "L") else 0
    return _Found(day=_in_week(moment.today, weeks, 6), past=weeks < 0, step=WEEK)


def _bound(core: Sequence[Token], moment: _Moment) -> _Found:
    unit = _value(core, "B")
    return _Found(day=_period(_next(moment.today, unit, 1) if _has(core, "N") else moment.today, unit)[2])


def _month(core: Sequence[Token], moment: _Moment) -> _Found:
    return _named(core, moment, _value(core, "Mm"), MONTH)


def _quarter(core: Sequence[Token], moment: _Moment) -> _Found:
    return _named(core, moment, 3 * _value(core, "Q") - 2, QUARTER)


def _named(core: Sequence[Token], moment: _Moment, month: int, unit: int) -> _Found:
    """A month or quarter by its name: this year's or next year's, whichever is not over."""
    today, year = moment.today, _value(core, "Y")
    running = not year and _period(today, unit) == _period(date(today.year, month, 1), unit)
    which = 0 if core[0].kind == "S" or (core[0].kind in "bv" and not running) else 1 if core[0].kind == "G" else 2
    day = _period(date(year or today.year, month, 1), unit)[which]
    if not year and (day < today or (running and _has(core, "N"))):
        day = _period(date(today.year + 1, month, 1), unit)[which]
    if _has(core, "U"):  # "the first week of", "the last week of"
        return _Found(day=day if _has(core, "L") else day.replace(day=min(7 * _value(core, "Oo"), day.day)), step=YEAR)
    if _has(core, "L"):
        day = _period(date(today.year - (day.year == today.year or month >= today.month), month, 1), unit)[2]
    return _Found(day=day, past=_has(core, "L"), step=YEAR)


def _nth(core: Sequence[Token], moment: _Moment) -> _Found:
    """The 15th: of this month, or of the next that has one and is not past."""
    number, today = _value(core, "OoD"), moment.today
    first = today.replace(day=1)
    if _has(core, "NL"):
        month = _shift(first, MONTH, -1 if _has(core, "L") else 1)
        return _Found(day=month.replace(day=number), past=_has(core, "L"))
    months = (_shift(first, MONTH, count) for count in range(4))
    days = (month.replace(day=number) for month in months if number <= _days(month.year, month.month))
    return _Found(day=next(day for day in days if day >= today), step=MONTH)


def _placed(core: Sequence[Token], moment: _Moment) -> _Found:
    """The first Monday of December, the last Friday of this month."""
    if _has(core, "Mm"):
        last = _month(core[2:], moment).day or moment.today
    else:
        last = _period(_next(moment.today, MONTH, 1 if _has(core, "N") else 0), MONTH)[2]
    weekday = _value(core, "Ww")
    if _has(core, "L"):
        return _Found(day=last - timedelta(days=(last.weekday() - weekday) % 7), step=MONTH)
    first = last.replace(day=1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (_value(core, "Oo") - 1))
    return _Found(day=day if day <= last else None, step=MONTH)


def _holiday(core: Sequence[Token], moment: _Moment) -> _Found:
    said, today = _value(core, "Y"), moment.today
    year = said or today.year
    day = _feast(_value(core, "V"), year)
    if not said and day < today:
        day = _feast(_value(core, "V"), year + 1)
    return _Found(day=day, step=YEAR)


def _feast(which: int, year: int) -> date:
    if which > 100:
        return date(year, which // 100, which % 100)
    if which in (2, 3):  # the fourth Thursday of November, and the day after
        return date(year, 11, 22 + (3 - date(year, 11, 22).weekday()) % 7 + which - 2)
    return _easter(year) + timedelta(days={4: -2, 5: 1}.get(which, 0))


def _easter(year: int) -> date:
    """Western Easter (the "anonymous Gregorian" rule, Nature, 20 April 1876)."""
    century, rest = divmod(year, 100)
    epact = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    back = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    month, day = divmod(epact + back - 7 * ((year % 19 + 11 * epact + 22 * back) // 451) + 114, 31)
    return date(year, month, day + 1)


def _today(_core: Sequence[Token], moment: _Moment) -> _Found:
    return _Found(day=moment.today)


def _recurring(_core: Sequence[Token], _moment: _Moment) -> _Found:
    return _Found(recurring=True)


def _calendar(core: Sequence[Token], _moment: _Moment) -> _Found:
    """The date as dateparser is to read it: day, month and year alone, without weekday or article."""
    if _has(core, "Xz"):
        numeric = next(token for token in core if token.kind in "Xz")
        return _Found(spelt=numeric.word, expected=numeric.value, step=YEAR)
    words = [str(token.value) if token.kind in "ODoY" else token.word for token in core if token.kind in "ODoYMm"]
    return _Found(spelt=" ".join(words), expected=_value(core, "Mm") * 100 + _value(core, "ODo"), step=YEAR)


_RESOLVE = {
    "recurring": _recurring,
    "ago": _ago,
    "offset": _offset,
    "ahead": _ahead,
    "calendar": _calendar,
    "placed": _placed,
    "nth": _nth,
    "week": _week,
    "weekday": _weekday,
    "edge": _edge,
    "month": _month,
    "quarter": _quarter,
    "unit": _whole_unit,
    "weekend": _weekend,
    "holiday": _holiday,
    "bound": _bound,
    "part": _today,
    "relative": _relative,
    "bare": _ahead,
    "close": _today,
    "clock": _today,
}


def _said_clock(span: _Span, name: str) -> time | None:
    """The clock time around the date (or, without a date, in the match itself)."""
    inside = range(span.begin, span.end) if name == "clock" else range(0)
    for place in [*range(span.first, span.begin), *inside, *range(span.end, span.last)]:
        token = span.tokens[place]
        if token.kind in "Hh" or (token.kind == "D" and span.shape[place - 1] in "ub"):
            minutes = token.value if token.kind in "Hh" else token.value * 60
            return _wall(minutes, token, span)
    return None


def _wall(minutes: int, token: Token, span: _Span) -> time | None:
    """A clock time of day; what is open (5, 5:30) is after noon from 1 to 6, or as "in the evening" says."""
    parts = [near.value for near in span.tokens[span.first : span.last] if near.kind == "P"]
    loose = token.kind == "D" or (token.kind == "h" and span.language == "en" and not token.word.startswith("0"))
    if minutes < 720 and token.kind != "H" and (1 in parts or (loose and 60 <= minutes < 420 and 0 not in parts)):
        minutes += 720
    return time(minutes // 60, minutes % 60) if minutes < 1440 else None


# --- dateparser ------------------------------------------------------------------------------------------------------


def _foreign(text: str, tokens: list[Token], moment: _Moment) -> _Found:
    """A bare phrase in another language goes to dateparser whole, if any of it speaks of time."""
    bare = text.strip()
    if moment.language == "en" or len(bare) > _PARSER_LONGEST or len(tokens) > 8:
        return _Found()
    known = moment.language in ("de", "es", "pt", "fr")
    letters = sum(letter.isalpha() for letter in bare)
    timely = len(tokens) > 1 and any(token.kind in "UWMmKVQ" for token in tokens) if known else letters > 2
    return _Found(spelt=bare, phrase=bare) if timely else _Found()


def _ask_parser(found: _Found, moment: _Moment) -> _Found:
    """What dateparser makes of a span; it must keep the day and month that were said (2/30 becomes 2 November 2030)."""
    local = moment.now.astimezone(moment.zone).replace(tzinfo=None)
    # For it "future" means after the base, and today's date is at midnight: only from the eve is today not past.
    eve = datetime.combine(moment.today, time()) - timedelta(seconds=1)
    base = eve if found.expected else local
    read = _parse(found.spelt, base, moment)
    if read is None or read == base:
        return _Found()
    day = read.date()
    if not found.expected:
        clock = None if read.time() in (time(), base.time()) else read.time()
        return replace(found, day=day, clock=clock, spelt="")
    if day.month * 100 + day.day != found.expected:
        return _Found()
    if found.past and day > moment.today and not re.search(r"[0-9]{4}", found.spelt):
        day = _shift(day, YEAR, -1)
    return replace(found, day=day, spelt="")


def _parse(phrase: str, base: datetime, moment: _Moment) -> datetime | None:
    """One call of dateparser, which is slow to import, warns of Python's own changes and may fail on odd input."""
    import dateparser

    languages = [moment.language] if moment.language == "en" else [moment.language, "en"]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            return dateparser.parse(
                phrase,
                languages=languages,
                settings={
                    "DATE_ORDER": "MDY" if month_first(moment.locale) else "DMY",
                    "RELATIVE_BASE": base,
                    "PREFER_DATES_FROM": "future",
                    "RETURN_AS_TIMEZONE_AWARE": False,
                },
            )
    except Exception:  # overflows and worse on odd numbers (its issues 680 and 869): no date
        return None
