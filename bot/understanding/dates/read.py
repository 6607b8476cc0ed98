"""Reads at most one due date in somebody's own words: rules find and resolve it, `dateparser` reads calendar dates.

Usage that is open in English is settled so: "Friday" said on a Friday is a week away, "this Friday" is today; "next
Friday" is in the next calendar week (Monday to Sunday), or simply the coming one in Spanish and Portuguese; "next week"
is its Friday; "by May" is its first day and "in May" its last; a bare hour from 1 to 6 is in the afternoon.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages.readings import DateKind, DateReading
from bot.understanding.dates.clock import in_utc
from bot.understanding.dates.lexer import Token, lex
from bot.understanding.dates.parsing import ask_parser, foreign
from bot.understanding.dates.search import find
from bot.understanding.dates.tense import denied
from bot.understanding.dates.values import Found, Moment

_LONGEST = 2000  # of a longer text only the first and the last half of this is read
_HORIZON = timedelta(days=740)
_NONE = DateReading(kind=DateKind.NONE)


def read_date(text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading:
    """Find at most one due date in a sentence or a bare phrase.

    `now` is aware; `zone` is an IANA name, and the day is a local one there; `locale` such as en-US gives the order of
    day and month and one language beside English. Never raises for any text; an unknown zone raises
    `zoneinfo.ZoneInfoNotFoundError`. May need `dateparser`, whose time is not bounded: see `DateWorker`.
    """
    moment = _moment(now, zone, locale)
    found = _understand(text, moment)
    if found.spelt:
        found = ask_parser(found, moment)
    return _reading(found, moment)


def by_rules(text: str, *, now: datetime, zone: str, locale: str = "en-US") -> DateReading | None:
    """Like `read_date`, within milliseconds and without `dateparser`; None where that would be needed."""
    moment = _moment(now, zone, locale)
    found = _understand(text, moment)
    return None if found.spelt else _reading(found, moment)


def _moment(now: datetime, zone: str, locale: str) -> Moment:
    place = ZoneInfo(zone)
    return Moment(now=now.astimezone(UTC), zone=place, today=now.astimezone(place).date(), locale=locale)


def _reading(found: Found, moment: Moment) -> DateReading:
    """The outcome, with the person's clock turned into UTC and everything beyond the horizon left out."""
    if found.recurring:
        return DateReading(kind=DateKind.RECURRING, phrase=found.phrase)
    if found.day is None or found.day > moment.today + _HORIZON:
        return _NONE
    if found.past or found.day < moment.today:
        return DateReading(kind=DateKind.PAST, day=min(found.day, moment.today), phrase=found.phrase)
    at = found.instant or (in_utc(found.day, found.clock, moment) if found.clock else None)
    return DateReading(kind=DateKind.FUTURE, day=found.day, at=at, phrase=found.phrase, stretch=_ahead(found, moment))


def _ahead(found: Found, moment: Moment) -> tuple[date, date] | None:
    """What is still to come of the days that are named."""
    if found.stretch is None:
        return None
    first, last = found.stretch
    return max(first, moment.today), max(last, moment.today)


def _understand(text: str, moment: Moment) -> Found:
    """The one date meant: a recurrence, else a deadline, else what lies ahead, else what is past."""
    tokens = _tokens(text, moment.locale)
    found = find(tokens, moment)
    if not found:
        return _weekly(tokens, text) or foreign(text, tokens, moment)
    kept = [one for one in found if not denied(tokens, one)]
    if not kept:
        return Found()
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


def _weekly(tokens: list[Token], text: str) -> Found | None:
    """ "walk daily": a rhythm only at the end of a clause, so that "the weekly report" is none."""
    for place, token in enumerate(tokens):
        if token.kind == "s" and (place + 1 == len(tokens) or tokens[place + 1].kind in "!,"):
            return Found(recurring=True, phrase=text[token.start : token.end])
    return None
