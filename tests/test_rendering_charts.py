"""Pictures: whatever the data, something true is drawn, and a phone can show it."""

import math
import struct
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.chart_data import Chart, Point, Series
from bot.rendering.charts import COLOURS, INK, PAPER, SOFT, draw, figure_of
from tests.support.laws import examples

MONDAY = date(2026, 3, 2)
KINDS = ("steps", "line", "bars", "moves")
WIDTH, TALLEST, HEAVIEST = 1080, 2400, 2_000_000  # pixels and bytes; Telegram takes 10 MB, and sides of 10,000 together


def weeks(*values: float | None, of: int | None = None) -> tuple[Point, ...]:
    days = (MONDAY + timedelta(weeks=number) for number in range(len(values)))
    return tuple(Point(day=day, value=value, of=of) for day, value in zip(days, values, strict=True))


def chart(kind: str, *points: tuple[Point, ...], **more: Any) -> Chart:
    series = tuple(Series(label=f"label {number}", points=each) for number, each in enumerate(points))
    return Chart(kind=kind, name="a.png", title="A title", alt="words", series=series, **more)


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, tall = struct.unpack(">II", png[16:24])
    return int(wide), int(tall)


def texts(made: Chart) -> str:
    """Every word on the picture."""
    figure = figure_of(made)
    figure.canvas.draw()
    found = [text.get_text() for axes in figure.axes for text in [*axes.texts, *axes.get_xticklabels()]]
    found += [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
    found += [label.get_text() for axes in figure.axes if axes.get_legend() for label in axes.get_legend().get_texts()]
    return "\n".join([figure.get_suptitle(), figure.get_supxlabel(), *found])


numbers = st.none() | st.integers(-3, 12) | st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])
points = st.lists(
    st.builds(
        Point,
        day=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        value=numbers,
        of=st.none() | st.integers(0, 40),
    ),
    max_size=30,
)
anything = st.builds(
    Chart,
    kind=st.sampled_from(KINDS),
    name=st.just("a.png"),
    title=st.text(max_size=300),
    alt=st.text(min_size=1),
    series=st.lists(
        st.builds(Series, label=st.text(max_size=80), points=points.map(tuple)), min_size=0, max_size=6
    ).map(tuple),
    ticks=st.lists(st.tuples(st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.0]), st.text(max_size=120)), max_size=5).map(
        tuple
    ),
    low=st.sampled_from([-2.0, 0.0, 1.0]),
    high=st.sampled_from([2.0, 10.0]),
    missing=st.text(max_size=100),
    source=st.text(max_size=300),
    locale=st.sampled_from(["en-US", "de-DE", "pt-BR"]),
)


@pytest.mark.patient
@examples(15)
@given(made=anything)
def test_whatever_the_data_a_picture_is_drawn_that_a_phone_can_show(made: Chart) -> None:
    png = draw(made)
    wide, tall = size_of(png)
    assert wide == WIDTH
    assert tall <= TALLEST
    assert len(png) < HEAVIEST


@examples(25)
@given(
    values=st.lists(st.none() | st.integers(1, 10), min_size=1, max_size=12), kind=st.sampled_from(["line", "steps"])
)
def test_a_gap_stays_a_gap_and_a_value_keeps_its_place(values: list[int | None], kind: str) -> None:
    if all(value is None for value in values):
        return
    axes = figure_of(chart(kind, weeks(*values), low=1, high=10, missing="no answer")).axes[0]
    drawn = np.asarray(axes.lines[0].get_ydata(), dtype=float)
    assert [None if np.isnan(value) else value for value in drawn] == values
    dashes = [text for text in axes.texts if text.get_text() == "–"]
    assert len(dashes) == values.count(None)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_missing(value: float | None) -> None:
    axes = figure_of(chart("line", weeks(7, value, 6), low=1, high=10)).axes[0]
    assert np.isnan(np.asarray(axes.lines[0].get_ydata(), dtype=float)[1])


def test_a_fixed_scale_is_whole_and_named_at_both_ends() -> None:
    axes = figure_of(chart("line", weeks(6, 7, 6), low=1, high=10)).axes[0]
    low, high = axes.get_ylim()
    assert low <= 1
    assert high >= 10
    assert list(axes.get_yticks()) == [1, 4, 7, 10]


def test_a_value_beyond_the_scale_widens_it() -> None:
    assert figure_of(chart("line", weeks(6, 14), low=1, high=10)).axes[0].get_ylim()[1] > 14


def test_bars_begin_at_zero_and_stand_before_their_whole() -> None:
    made = chart("bars", weeks(3, None, 0, of=4), missing="nothing was due")
    axes = figure_of(made).axes[0]
    assert axes.get_ylim()[0] == 0
    assert [bar.get_height() for bar in axes.patches] == [4, 3, 4, 0]
    told = texts(made)
    for words in ("3/4", "0/4", "– nothing was due"):
        assert words in told
    assert "0/0" not in told


def test_what_lies_between_two_tellings_is_a_step_not_a_slope() -> None:
    assert figure_of(chart("steps", weeks(-1, 1), low=-2, high=2)).axes[0].lines[0].get_drawstyle() == "steps-post"


def test_rungs_stand_beside_their_levels_in_the_words_of_the_ladder() -> None:
    rungs = ((-2.0, "All of it myself"), (0.0, "Sam runs half of them"), (2.0, "Nobody asks me"))
    axes = figure_of(chart("steps", weeks(0), low=-2, high=2, ticks=rungs)).axes[0]
    assert [
        (at, label.get_text().replace("\n", " "))
        for at, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    ] == list(rungs)


def test_a_commitment_that_moved_shows_from_where_to_where_and_how_often() -> None:
    moved = (Point(day=MONDAY, value=0), Point(day=MONDAY + timedelta(days=20), value=3))
    kept = (Point(day=MONDAY, value=0),)
    made = chart("moves", moved, kept)
    axes = figure_of(made).axes[0]
    first = np.asarray(axes.lines[0].get_xdata())
    assert first[-1] - first[0] == 20
    assert "3×" in texts(made)
    assert texts(made).count("×") == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("series", [(), ((),), (weeks(None, None),)])
def test_nothing_to_show_says_so_and_draws_no_axes(kind: str, series: tuple[tuple[Point, ...], ...]) -> None:
    made = chart(kind, *series, missing="Not enough data yet")
    assert "Not enough data yet" in texts(made)
    axes = figure_of(made).axes[0]
    assert not axes.axison
    assert not axes.lines
    assert not axes.patches


def test_days_are_written_as_the_reader_writes_them() -> None:
    assert "Mar 2" in texts(chart("line", weeks(7), low=1, high=10))
    assert "2. März" in texts(chart("line", weeks(7), low=1, high=10, locale="de-DE"))


def test_signs_that_the_font_lacks_are_boxes_and_mark_up_is_text() -> None:
    made = Chart(kind="line", name="a", title="漢 🎉 $x^2$ \ud800", alt="a", series=())
    assert texts(made).startswith("□ □ $x^2$ □")
    assert len(draw(made)) > 1000


def test_no_word_is_cut_by_the_edge_however_long_it_is() -> None:
    long = "W" * 400
    made = Chart(
        kind="line", name="a", title=long, alt="a", source=long, series=(Series(label=long, points=weeks(7, 8)),) * 3
    )
    figure = figure_of(made)
    figure.canvas.draw()
    edge = figure.bbox.width
    shown = [figure._suptitle, figure._supxlabel, figure.axes[0].get_legend()]
    assert all(part.get_window_extent().x1 <= edge for part in shown if part is not None)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1. Source: w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [INK, SOFT, *COLOURS])
def test_whatever_is_read_stands_out_from_the_paper_which_is_the_pictures_own(colour: str) -> None:
    assert (luminance(PAPER) + 0.05) / (luminance(colour) + 0.05) >= 4.5
