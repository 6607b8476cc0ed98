"""Pictures for the chat, described as data: frozen values that `bot.charts` draws; their words are ready to read."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One value on one day; None is a gap and never zero. `of` is the denominator, where there is one."""

    day: date
    value: float | None
    of: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """Values in the order of their days, under one label."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """One picture: `kind` is steps (a ladder), line (a trend), bars (parts of a whole by week) or moves.

    `ticks` name values of the upright axis, from `low` to `high`. `alt` says in words what it shows; `missing` is what
    a gap is called, `source` a line below the picture.
    """

    kind: str
    name: str
    title: str
    alt: str
    series: tuple[Series, ...]
    low: float = 0.0
    high: float = 10.0
    ticks: tuple[tuple[float, str], ...] = ()
    missing: str = ""
    source: str = ""
