"""Pictures for the chat, described as data: what `bot.rendering.charts` draws; their words are ready to read."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


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
    a gap is called, and what stands where there is nothing to show; `source` a line below the picture. Days are
    written as `locale` writes them. Of bars the points' `of` is the whole that they are part of; of moves each series
    is one row, from its first day to its last, and its last value how often it moved.
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
    locale: str = "en-US"
    sort: Literal["chart"] = "chart"
