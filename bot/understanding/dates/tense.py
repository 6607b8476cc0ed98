"""Was it, or will it be, or is it denied? What the verbs around a date say of it."""

from dataclasses import replace
from datetime import timedelta

from bot.understanding.dates.calendar import shift
from bot.understanding.dates.lexer import Token
from bot.understanding.dates.values import Found, Moment, Span
from bot.understanding.dates.words import AHEAD, BEFORE_ED, DENIED, NOT_PAST, PAST, WEEK


def said_past(span: Span) -> bool:
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


def may_be_past(name: str, span: Span, found: Found, moment: Moment) -> bool:
    """Whether these words can name a day gone by: "next", "a week from", "end of" and "tomorrow" cannot."""
    if set("NC") & set(span.shape[span.begin : span.end]) or name in ("offset", "edge", "bound"):
        return False
    return name != "relative" or found.day == moment.today


def gone_by(found: Found, moment: Moment) -> Found:
    """The same words as a day gone by; a date for dateparser is turned back when it has been read."""
    day = found.day
    if day and day > moment.today:
        day = day - timedelta(days=7) if found.step == WEEK else shift(day, found.step, -1) if found.step else day
    return replace(found, day=day, past=True)


def denied(tokens: list[Token], found: Found) -> bool:
    """ "not Friday", "instead of Friday", "can't do Friday"; but "not before Friday" stands."""
    words = [token.word for token in tokens[max(0, found.first - 3) : found.first]]
    if found.recurring or not words or tokens[found.first].word in ("until", "till", "before"):
        return False
    instead = words[-1] == "of" and words[-2:-1] == ["instead"]
    return instead or words[-1] in DENIED or bool({"can't", "cannot", "won't", "couldn't"} & set(words))
