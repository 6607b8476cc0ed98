"""What the modules of dates hand one another: when it was said, one date found, and a match in its text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.understanding.dates.lexer import Token
from bot.understanding.dates.words import AFTER, FILLERS


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """Where and when the words were said."""

    now: datetime
    zone: ZoneInfo
    today: date
    locale: str

    @property
    def language(self) -> str:
        """The language of the locale, such as en."""
        return self.locale[:2].lower()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One date in the text; `step` is how far back the same words mean a past day.

    `spelt` waits for dateparser; for a calendar date `expected` is its month * 100 + day. `stretch` are the first and
    the last day of words that name several.
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
    stretch: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
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
        """The tokens of the match itself."""
        return self.tokens[self.begin : self.end]

    @property
    def lead(self) -> str:
        """The kinds of the neighbours in front."""
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


def value(core: Sequence[Token], kinds: str, default: int = 0) -> int:
    """The value of the first token of one of these kinds."""
    return next((token.value for token in core if token.kind in kinds), default)


def has(core: Sequence[Token], kinds: str) -> bool:
    """Whether a token is of one of these kinds."""
    return any(token.kind in kinds for token in core)
