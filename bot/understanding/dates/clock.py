"""The clock time said with a date, and the moment that it is in the person's zone."""

from datetime import UTC, date, datetime, time

from bot.understanding.dates.lexer import Token, lex
from bot.understanding.dates.values import Moment, Span

_NOON = 720  # minutes


def said_clock(span: Span, name: str) -> time | None:
    """The clock time around the date (or, without a date, in the match itself)."""
    inside = range(span.begin, span.end) if name == "clock" else range(0)
    for place in [*range(span.first, span.begin), *inside, *range(span.end, span.last)]:
        token = span.tokens[place]
        if token.kind in "Hh" or (token.kind == "D" and span.shape[place - 1] in "ub"):
            minutes = token.value if token.kind in "Hh" else token.value * 60
            return _wall(minutes, token, span)
    return None


def _wall(minutes: int, token: Token, span: Span) -> time | None:
    """A clock time of day; what is open (5, 5:30) is after noon from 1 to 6, or as "in the evening" says."""
    parts = [near.value for near in span.tokens[span.first : span.last] if near.kind == "P"]
    loose = token.kind == "D" or (token.kind == "h" and span.language == "en" and not token.word.startswith("0"))
    if minutes < 720 and token.kind != "H" and (1 in parts or (loose and 60 <= minutes < 420 and 0 not in parts)):
        minutes += 720
    return time(minutes // 60, minutes % 60) if minutes < 1440 else None


def hour_in(text: str, locale: str) -> time | None:
    """The first clock time that words name ("at 5", "17:00", "9 Uhr"); what is open is after noon from 1 to 6."""
    tokens = lex(text, locale)
    for before, token in zip((None, *tokens), tokens, strict=False):
        named = token.kind in "Hh" or (token.kind == "D" and before is not None and before.kind in "ub")
        minutes = token.value * 60 if token.kind == "D" else token.value
        if named and 0 <= minutes < _NOON * 2:
            loose = token.kind != "H" and not token.word.startswith("0")
            return _time(minutes + _NOON if loose and 60 <= minutes < 420 else minutes)
    return None


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def in_utc(day: date, clock: time, moment: Moment) -> datetime:
    """UTC of a wall clock; in a gap the clock moves on, in an overlap the first that is still ahead."""
    local = datetime.combine(day, clock, moment.zone)
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    return second if first < moment.now < second else first
