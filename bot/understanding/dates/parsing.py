"""What is left to `dateparser`: calendar dates, and bare phrases in a language that the rules do not know."""

import re
import warnings
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.understanding.dates.calendar import shift
from bot.understanding.dates.lexer import Token, month_first
from bot.understanding.dates.values import Found, Moment
from bot.understanding.dates.words import YEAR

_LONGEST = 64  # characters


def foreign(text: str, tokens: list[Token], moment: Moment) -> Found:
    """A bare phrase in another language goes to dateparser whole, if any of it speaks of time."""
    bare = text.strip()
    if moment.language == "en" or len(bare) > _LONGEST or len(tokens) > 8:
        return Found()
    known = moment.language in ("de", "es", "pt", "fr")
    letters = sum(letter.isalpha() for letter in bare)
    timely = len(tokens) > 1 and any(token.kind in "UWMmKVQ" for token in tokens) if known else letters > 2
    return Found(spelt=bare, phrase=bare) if timely else Found()


def ask_parser(found: Found, moment: Moment) -> Found:
    """What dateparser makes of a span; it must keep the day and month that were said (2/30 becomes 2 November 2030)."""
    local = moment.now.astimezone(moment.zone).replace(tzinfo=None)
    # For it "future" means after the base, and today's date is at midnight: only from the eve is today not past.
    eve = datetime.combine(moment.today, time()) - timedelta(seconds=1)
    base = eve if found.expected else local
    read = _parse(found.spelt, base, moment)
    if read is None or read == base:
        return Found()
    day = read.date()
    if not found.expected:
        clock = None if read.time() in (time(), base.time()) else read.time()
        return replace(found, day=day, clock=clock, spelt="")
    if day.month * 100 + day.day != found.expected:
        return Found()
    if found.past and day > moment.today and not re.search(r"[0-9]{4}", found.spelt):
        day = shift(day, YEAR, -1)
    return replace(found, day=day, spelt="")


def _parse(phrase: str, base: datetime, moment: Moment) -> datetime | None:
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
