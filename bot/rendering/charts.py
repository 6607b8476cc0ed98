"""Pictures for the chat: a chart that is described as data becomes a PNG that reads on a phone, on light and dark.

What is honest is part of the drawing: a missing value is a gap and never zero, parts stand with their whole, bars begin
at zero, a fixed scale stays whole. Words come with the chart; what the font lacks becomes an empty box.
"""

import io
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bot.model.chart_data import Chart, Point, Series
from bot.rendering.shortening import part

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE, DPI = 6.0, 180  # inches and dots: 1,080 pixels, three for each of a phone's 360
_TALL, _ROW, _RUNG, _LINE = 3.9, 0.52, 0.78, 0.26  # inches: a plot, a row of moves, a named tick, a line of the title
_MOST_TALL = 12.0
PAPER, INK, SOFT, FAINT, WHOLE = "#fbfaf7", "#1f2933", "#52606d", "#d9d6cf", "#e9e6de"
COLOURS = ("#0b6e99", "#b3541e", "#5b4b9a", "#3d7a3a")  # 4.5 to 1 and more on the paper, told apart by the colour-blind
_MARKERS = ("o", "s", "D", "^")
_TITLE, _TEXT, _SMALL = 16, 13, 11  # points; 11 are 28 pixels
_TITLE_WIDE, _LABEL_WIDE, _LEGEND_WIDE, _SOURCE_WIDE = 23.5, 12.5, 27.0, 41.0  # in ems of their own size
_ROWS = 14  # rows of moves; a phone shows no more
_DAYS, _BARS_NAMED, _VALUES_NAMED = 4, 6, 10  # ticks of days, bars with a name, values with a number
_BARS_TOLD = 16  # bars that have their value above
_BOX = "□"


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 1,080 pixels wide."""
    with _style():
        made = figure_of(chart)
        out = io.BytesIO()
        made.savefig(out, format="png", facecolor=PAPER, edgecolor=FAINT)
    return out.getvalue()


def figure_of(chart: Chart) -> "Figure":
    """The chart as matplotlib's figure, with one pair of axes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with _style():
        title = _wrapped(chart.title, _TITLE_WIDE, 3)
        layout = ConstrainedLayoutEngine(w_pad=0.14, h_pad=0.14)
        found = Figure(figsize=(WIDE, _height(chart, title)), dpi=DPI, layout=layout, linewidth=2)
        FigureCanvasAgg(found)
        axes = found.add_subplot()
        if _empty(chart):
            _say_nothing(axes, chart)
        else:
            _KINDS.get(chart.kind, _line)(axes, chart)
        found.suptitle(title, x=0.03, ha="left", fontsize=_TITLE, fontweight="bold")
        _footer(found, chart)
    return found


def _style() -> AbstractContextManager[None]:
    import matplotlib as mpl

    return mpl.rc_context(
        {
            "font.family": ["DejaVu Sans"],
            "font.size": _TEXT,
            "text.parse_math": False,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": SOFT,
            "axes.facecolor": PAPER,
            "xtick.color": INK,
            "ytick.color": INK,
            "figure.facecolor": PAPER,
            "figure.edgecolor": FAINT,
        }
    )


def _height(chart: Chart, title: str) -> float:
    """Inches: room for every row of a list, and for the lines of the title and of the legend."""
    rows = min(len(chart.series), _ROWS)
    plot = _TALL if chart.kind != "moves" or _empty(chart) else 1.6 + _ROW * rows
    if chart.kind == "steps" and not _empty(chart):
        plot = max(plot, 1.4 + _RUNG * len(chart.ticks))
    named = len(chart.series) if len(chart.series) > 1 and chart.kind != "moves" else 0
    return min(plot + _LINE * (title.count("\n") + named), _MOST_TALL)


def _footer(found: "Figure", chart: Chart) -> None:
    """What a gap means, and where the data comes from."""
    gap = f"– {chart.missing}" if chart.missing and not _empty(chart) and _has_gaps(chart) else ""
    text = "\n".join(_wrapped(part, _SOURCE_WIDE, 2) for part in (gap, chart.source) if part)
    if text:
        found.supxlabel(text, x=0.03, ha="left", fontsize=_SMALL, color=SOFT)


# -- values ----------------------------------------------------------------------------------------------------------


def _value(point: Point) -> float:
    """The value, or not-a-number where there is none: it is not drawn, and breaks a line."""
    return math.nan if point.value is None or not math.isfinite(point.value) else float(point.value)


def _empty(chart: Chart) -> bool:
    return all(math.isnan(_value(point)) for series in chart.series for point in series.points)


def _has_gaps(chart: Chart) -> bool:
    return any(math.isnan(_value(point)) for series in chart.series for point in series.points)


def _ordered(series: Series) -> list[Point]:
    return sorted(series.points, key=lambda point: point.day)


def _limits(chart: Chart) -> tuple[float, float]:
    """The whole scale, and more where a value lies outside: nothing is cut off."""
    values = [v for s in chart.series for p in s.points if not math.isnan(v := _value(p))]
    return min(chart.low, *values), max(chart.high, *values)


# -- kinds -----------------------------------------------------------------------------------------------------------


def _say_nothing(axes: "Axes", chart: Chart) -> None:
    axes.set_axis_off()
    words = _wrapped(chart.missing, _TITLE_WIDE, 3)
    axes.text(0.5, 0.5, words, ha="center", va="center", fontsize=_TITLE, color=SOFT, transform=axes.transAxes)


def _line(axes: "Axes", chart: Chart, *, stepped: bool = False) -> None:
    for number, series in enumerate(chart.series):
        points = _ordered(series)
        colour, marker = COLOURS[number % len(COLOURS)], _MARKERS[number % len(_MARKERS)]
        days, values = [p.day.toordinal() for p in points], [_value(p) for p in points]
        axes.plot(
            days,
            values,
            drawstyle="steps-post" if stepped else "default",
            color=colour,
            marker=marker,
            markersize=8,
            linewidth=2.5,
            clip_on=False,
            zorder=3,
        )
        if len(chart.series) == 1 and not stepped:
            _number_points(axes, days, values, colour)
    _upright(axes, chart)
    _days_below(axes, chart, [p.day for s in chart.series for p in s.points])
    _gaps(axes, chart)
    _legend(axes, chart)


def _steps(axes: "Axes", chart: Chart) -> None:
    _line(axes, chart, stepped=True)


def _number_points(axes: "Axes", days: Sequence[int], values: Sequence[float], colour: str) -> None:
    """The number at each point where they are few, else at the first and last only."""
    there = [(day, value) for day, value in zip(days, values, strict=True) if not math.isnan(value)]
    for day, value in there if len(there) <= _VALUES_NAMED else (there[0], there[-1]):
        axes.annotate(
            f"{value:g}", (day, value), (0, 9), textcoords="offset points", ha="center", color=colour, fontsize=_TEXT
        )


def _gaps(axes: "Axes", chart: Chart) -> None:
    """A dash at the foot of every day on which nothing was told in any series."""
    told = {p.day for s in chart.series for p in s.points if not math.isnan(_value(p))}
    for day in {p.day for s in chart.series for p in s.points} - told:
        _dash(axes, day.toordinal())


def _dash(axes: "Axes", at: float) -> None:
    axes.annotate(
        "–",
        (at, 0),
        (0, 3),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        color=SOFT,
        ha="center",
        va="bottom",
        fontsize=_TEXT,
    )


def _bars(axes: "Axes", chart: Chart) -> None:
    """Filled parts before a pale whole, side by side where there are several series."""
    days = sorted({p.day for s in chart.series for p in s.points})
    width = 0.72 / len(chart.series)
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        shift = (number - (len(chart.series) - 1) / 2) * width
        for point in _ordered(series):
            at, value = days.index(point.day) + shift, _value(point)
            if math.isnan(value):
                _dash(axes, at)
                continue
            if point.of is not None:
                axes.bar(at, point.of, width * 0.9, facecolor=WHOLE, edgecolor=SOFT, linewidth=1)
            axes.bar(at, value, width * 0.9, color=colour)
            if len(days) * len(chart.series) <= _BARS_TOLD:
                _name_bar(axes, at, point, value, colour)
    _upright_from_zero(axes, chart)
    every = math.ceil(len(days) / _BARS_NAMED)
    shown = range((len(days) - 1) % every, len(days), every)  # the newest is always named
    axes.set_xticks(list(shown), [_day(days[at], chart.locale) for at in shown])
    axes.set_xlim(-0.6, len(days) - 0.4)
    _legend(axes, chart)


def _name_bar(axes: "Axes", at: float, point: Point, value: float, colour: str) -> None:
    words = f"{value:g}" if point.of is None else f"{value:g}/{point.of}"
    top = max(value, point.of or 0)
    axes.annotate(words, (at, top), (0, 4), textcoords="offset points", ha="center", color=colour, fontsize=_TEXT)


def _moves(axes: "Axes", chart: Chart) -> None:
    """A row for each series, from its first day to its last, with the number of its last value behind it."""
    rows = [series for series in chart.series if not all(math.isnan(_value(p)) for p in series.points)][:_ROWS]
    for row, series in enumerate(rows):
        points = [p for p in _ordered(series) if not math.isnan(_value(p))]
        days, moved = [p.day.toordinal() for p in points], _value(points[-1])
        colour = COLOURS[1] if moved else COLOURS[0]
        axes.plot(days, [row] * len(days), color=colour, linewidth=2.5, zorder=2)
        axes.plot(days[:-1], [row] * (len(days) - 1), "o", color=colour, markerfacecolor=PAPER, markersize=9, zorder=3)
        axes.plot(days[-1:], [row], "o", color=colour, markersize=10, zorder=3)
        if moved:
            at = (days[-1], row)
            axes.annotate(f"{moved:g}×", at, (10, 0), textcoords="offset points", va="center", color=colour)
    axes.set_yticks(range(len(rows)), [_wrapped(series.label, _LABEL_WIDE, 2) for series in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=_SMALL + 1)
    _days_below(axes, chart, [p.day for series in rows for p in series.points])
    _frame(axes, "x")


_KINDS: Mapping[str, Callable[["Axes", Chart], None]] = {
    "steps": _steps,
    "line": _line,
    "bars": _bars,
    "moves": _moves,
}


# -- axes ------------------------------------------------------------------------------------------------------------


def _upright(axes: "Axes", chart: Chart) -> None:
    low, high = _limits(chart)
    axes.set_ylim(low - 0.12 * (high - low or 1), high + 0.1 * (high - low or 1))
    axes.set_yticks(_round_ticks(low, high))
    if chart.ticks:
        named = [(value, _wrapped(label, _LABEL_WIDE, 3)) for value, label in chart.ticks]
        axes.set_yticks([value for value, _ in named], [label for _, label in named])
        axes.tick_params(axis="y", labelsize=_SMALL)
    _frame(axes, "y")


def _round_ticks(low: float, high: float) -> list[float]:
    """The ends of a scale and, evenly, what fits between them."""
    steps = next((n for n in (5, 4, 3, 2) if (high - low) % n == 0), 1)
    return [low + (high - low) * n / steps for n in range(steps + 1)]


def _upright_from_zero(axes: "Axes", chart: Chart) -> None:
    from matplotlib.ticker import MaxNLocator

    tops = [v for s in chart.series for p in s.points if not math.isnan(v := _value(p))]
    wholes = [p.of for s in chart.series for p in s.points if p.of is not None]
    axes.set_ylim(min(0.0, *tops), max(1.0, *tops, *wholes) * 1.15)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    _frame(axes, "y")


def _frame(axes: "Axes", lines: str) -> None:
    axes.grid(axis="y" if lines == "y" else "x", color=FAINT, linewidth=1)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _days_below(axes: "Axes", chart: Chart, days: Sequence[date]) -> None:
    """A few days below, the first and the last among them."""
    first, last = min(days).toordinal(), max(days).toordinal()
    room = max((last - first) * 0.06, 1.0)
    axes.set_xlim(first - room, last + room)
    count = min(_DAYS, last - first + 1)
    shown = sorted({round(first + (last - first) * n / max(count - 1, 1)) for n in range(count)})
    axes.set_xticks(shown, [_day(date.fromordinal(day), chart.locale) for day in shown])


def _legend(axes: "Axes", chart: Chart) -> None:
    """The names of several series above the plot, each with its colour and sign."""
    from matplotlib.lines import Line2D

    if len(chart.series) < 2:
        return
    shown = []
    for number, series in enumerate(chart.series):
        label = _wrapped(series.label, _LEGEND_WIDE, 1).lstrip("_")  # matplotlib hides what begins so
        if label:
            marker = "s" if chart.kind == "bars" else _MARKERS[number % len(_MARKERS)]
            line = 0 if chart.kind == "bars" else 2.5
            colour = COLOURS[number % len(COLOURS)]
            shown.append(Line2D([], [], color=colour, marker=marker, markersize=9, linewidth=line, label=label))
    if shown:
        place = (-0.04, 1.0)
        axes.legend(handles=shown, loc="lower left", bbox_to_anchor=place, frameon=False, fontsize=_SMALL + 1)


# -- words -----------------------------------------------------------------------------------------------------------


def _day(day: date, locale: str) -> str:
    """The day as the reader writes it, with the month in short."""
    from babel.dates import format_skeleton

    return _shown(str(format_skeleton("MMMd", day, locale=locale.replace("-", "_"))))


def _wrapped(text: str, wide: float, lines: int) -> str:
    """The text in so many lines, each so many ems wide, at most; what is over ends in an ellipsis."""
    found, line = list[str](), ""
    for word in _shown(text).split(" "):
        longer = f"{line} {word}" if line else word
        if _wide(longer) > wide and line:
            found.append(line)
            longer = word
        while _wide(longer) > wide:
            cut = part(longer, wide, _wide)
            found.append(longer[:cut])
            longer = longer[cut:]
        line = longer
    found.append(line)
    if len(found) <= lines:
        return "\n".join(found)
    last = found[lines - 1]
    if (fits := part(last, wide - 1.5, _wide)) < len(last):
        last = last[:fits].rpartition(" ")[0] or last[:fits]
    return "\n".join([*found[: lines - 1], f"{last} …"])


def _wide(text: str) -> float:
    """How wide a text is, in ems."""
    return sum(_advance(sign) for sign in text)


def _shown(text: str) -> str:
    """The text on one line, with a box for every sign that the font cannot draw."""
    known, composed = _glyphs(), unicodedata.normalize("NFC", text)
    return "".join(sign if ord(sign) in known else _BOX for sign in " ".join(composed.split()) if not _joins(sign))


def _joins(sign: str) -> bool:
    """A sign that only changes its neighbours: a joiner, a variation, a skin tone, a combining mark, a direction."""
    return unicodedata.category(sign) in ("Mn", "Me", "Cf") or "\U0001f3fb" <= sign <= "\U0001f3ff"


@cache
def _advance(sign: str) -> float:
    """How far a sign of the font moves the pen, in ems; a sixth more, since bold ones are wider."""
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont("DejaVu Sans"))
    font.set_size(100, 72)  # 100 pixels to the em
    return float(font.load_char(ord(sign)).linearHoriAdvance) / 65536 / 100 * 7 / 6


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
