"""A client's progress in pictures: what each is made of, who sees which, and that none is made of nothing."""

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.pictures.pictures import (
    MOVES_SINCE,
    ROWS,
    WEEKS,
    confidence,
    done_by_week,
    kept_and_moved,
    ladder,
    own_pictures,
    pictures,
    seen_pictures,
)
from bot.coaching.visibility.table import client_view
from bot.engine.files import file_of
from bot.model.chart_data import Chart
from bot.model.commitments.values import Commitment, Standing
from bot.model.facts import NOBODY
from bot.model.people.answers import Audience, Rating
from bot.model.people.engagements import Engagement
from bot.model.plan import Goal, Ladder, Level, Plan
from bot.model.replies import Sketch
from bot.rendering.charts import draw
from bot.rendering.wording import load_wording
from tests.support.town import Person, Town

TODAY = date(2026, 3, 27)  # a Friday
WORDING = load_wording()["en"]
RUNGS = {-2: "All of it myself", -1: "One handed over", 0: "Sam runs half", 1: "Sam runs all", 2: "Nobody asks me"}
EVERY_WEEK = timedelta(weeks=1)


def promise(number: int, due: date, **more: object) -> Commitment:
    made = Commitment(
        id=f"c{number}", number=number, engagement="e", text=f"Promise {number}", due=due, made=due - EVERY_WEEK
    )
    return replace(made, **more)


def done(number: int, due: date, **more: object) -> Commitment:
    return promise(number, due, standing=Standing.DONE, reported=due, **more)


def told(sketch: Sketch | None) -> Chart:
    """The picture in words."""
    assert sketch is not None
    _, chart = file_of(sketch, WORDING)
    assert isinstance(chart, Chart)
    return chart


def caption(sketch: Sketch | None) -> str:
    assert sketch is not None
    return file_of(sketch, WORDING)[0]


def goal(*levels: tuple[int, date], **more: object) -> Goal:
    rung = Ladder(version=1, rungs=RUNGS, made=date(2026, 1, 5), baseline=-1, coach_ok=TODAY, client_ok=TODAY)
    given = tuple(Level(value=value, day=day, ladder=1) for value, day in levels)
    made = Goal(id="g", number=1, engagement="e", text="Delegate", made=rung.made, state="active", ladders=(rung,))
    return replace(made, levels=given, **more)


# -- ladders ---------------------------------------------------------------------------------------------------------


def test_a_goal_climbs_from_its_baseline_in_the_words_of_its_ladder() -> None:
    chart = told(ladder(goal((0, date(2026, 2, 2)), (1, date(2026, 3, 2)))))
    (line,) = chart.series
    assert [(p.day.month, p.value) for p in line.points] == [(1, -1), (2, 0), (3, 1)]
    assert dict(chart.ticks) == {float(level): words for level, words in RUNGS.items()}
    assert (chart.low, chart.high) == (-2, 2)
    assert "Sam runs all" in chart.alt
    assert "Better" in caption(ladder(goal((1, TODAY))))


def test_levels_on_an_older_ladder_and_those_of_the_coach_are_not_mixed_in() -> None:
    mixed = goal((0, TODAY))
    others = (Level(value=2, day=TODAY, ladder=1, by="coach"), Level(value=-2, day=TODAY, ladder=0))
    chart = told(ladder(replace(mixed, levels=(*others, *mixed.levels))))
    assert [p.value for p in chart.series[0].points] == [-1, 0]


def test_a_goal_without_a_ladder_that_both_approved_has_no_picture() -> None:
    assert ladder(goal(ladders=())) is None
    assert ladder(goal(ladders=(Ladder(version=1, rungs=RUNGS, made=TODAY, client_ok=TODAY),))) is None


# -- confidence ------------------------------------------------------------------------------------------------------


def rated(*values: tuple[int, date], about: str = "c1", kind: str = "confidence") -> list[Rating]:
    return [Rating(kind=kind, value=value, day=day, about=about) for value, day in values]


def test_what_was_rated_once_or_is_energy_is_no_trend() -> None:
    twice = ((7, TODAY - EVERY_WEEK), (6, TODAY))
    assert confidence([], rated((7, TODAY))) is None
    assert confidence([], rated(*twice, kind="energy")) is None
    assert [p.value for p in told(confidence([], rated(*twice))).series[0].points] == [7, 6]


def test_ratings_of_different_promises_are_lines_of_their_own() -> None:
    ratings = [*rated((8, TODAY - EVERY_WEEK), (6, TODAY)), *rated((3, TODAY - EVERY_WEEK), (4, TODAY), about="c2")]
    chart = told(confidence([promise(1, TODAY), promise(2, TODAY)], ratings))
    assert [line.label for line in chart.series] == ["Promise 1", "Promise 2"]
    assert "Promise 1: 8, 6" in chart.alt


def test_over_two_weeks_without_a_word_is_a_gap() -> None:
    chart = told(confidence([], rated((8, TODAY - 3 * EVERY_WEEK), (7, TODAY - EVERY_WEEK), (6, TODAY))))
    assert [p.value for p in chart.series[0].points] == [8, 7, 6]
    chart = told(confidence([], rated((8, TODAY - 3 * EVERY_WEEK), (6, TODAY))))
    assert [p.value for p in chart.series[0].points] == [8, None, 6]
    assert chart.missing


# -- commitments -----------------------------------------------------------------------------------------------------


def test_done_stands_before_what_was_due_week_by_week() -> None:
    monday = date(2026, 3, 9)
    chart = told(
        done_by_week([done(1, monday), done(2, monday), promise(3, monday + timedelta(days=6)), done(4, TODAY)], TODAY)
    )
    (weeks,) = chart.series
    assert [(p.day.day, p.value, p.of) for p in weeks.points] == [(9, 2, 3), (16, None, None), (23, 1, 1)]
    assert "2 of 3 done" in chart.alt
    assert "nothing was due" in chart.alt


def test_what_is_not_due_yet_has_no_date_or_was_dropped_in_time_is_no_part_of_the_whole() -> None:
    before = TODAY - timedelta(days=2)
    others = [
        promise(1, TODAY + timedelta(days=1)),
        replace(promise(2, TODAY), due=None),
        promise(3, TODAY, standing=Standing.DROPPED, reported=before),
    ]
    assert done_by_week(others, TODAY) is None
    late = promise(4, before, standing=Standing.DROPPED, reported=TODAY)
    assert [(p.value, p.of) for p in told(done_by_week([*others, late], TODAY)).series[0].points] == [(0, 1)]


def test_old_weeks_are_left_out_and_never_squeezed() -> None:
    chart = told(done_by_week([done(n, TODAY - n * EVERY_WEEK) for n in range(30)], TODAY))
    assert len(chart.series[0].points) == WEEKS


def test_a_promise_that_moved_is_shown_from_its_first_day_to_the_one_that_holds() -> None:
    moved = promise(1, TODAY, moved=2, moved_days=12)
    sketch = kept_and_moved([moved, promise(2, TODAY)], TODAY)
    chart = told(sketch)
    first, second = chart.series
    assert [(p.day, p.value) for p in first.points] == [(TODAY - timedelta(days=12), 0), (TODAY, 2)]
    assert [(p.day, p.value) for p in second.points] == [(TODAY, 0)]
    assert caption(sketch).startswith("1 of 2")
    assert kept_and_moved([promise(2, TODAY)], TODAY) is None
    assert kept_and_moved([replace(moved, made=TODAY - MOVES_SINCE)], TODAY) is None


def test_what_moved_is_shown_however_much_was_kept_since() -> None:
    moved = promise(1, TODAY - 4 * EVERY_WEEK, moved=1, moved_days=3)
    chart = told(kept_and_moved([moved, *(promise(n, TODAY) for n in range(2, 20))], TODAY))
    assert len(chart.series) == ROWS
    assert chart.series[0].label == "Promise 1"


# -- who sees which --------------------------------------------------------------------------------------------------

SEEN = Engagement(id="e", coach="dana", coach_name="Dana", client="ana", client_name="Ana", visible="described")
HIDDEN = done(2, TODAY, text="canary", audience=Audience.PRIVATE, moved=3, moved_days=9)


def test_a_coach_never_sees_what_is_kept_private_and_the_client_does() -> None:
    facts = replace(
        NOBODY,
        today=TODAY,
        person=replace(NOBODY.person, id="ana"),
        engagements=(SEEN,),
        commitments=(done(1, TODAY), HIDDEN),
        ratings=tuple(rated((7, TODAY - EVERY_WEEK), (6, TODAY), about="c2")),
    )
    view = client_view(SEEN, today=TODAY, commitments=facts.commitments, ratings=facts.ratings)
    own = "\n".join(repr(told(sketch)) for sketch in own_pictures(facts))
    coachs = "\n".join(repr(told(sketch)) for sketch in seen_pictures(view, TODAY))
    assert "canary" in own
    assert "2 of 2 done" in own
    assert "canary" not in coachs
    assert "1 of 1 done" in coachs


def test_where_only_the_status_is_shown_promises_have_numbers_and_no_words() -> None:
    status = replace(SEEN, visible="status")
    moved = promise(1, TODAY, moved=1, moved_days=7)
    view = client_view(status, today=TODAY, commitments=(moved,), ratings=rated((7, TODAY - EVERY_WEEK), (6, TODAY)))
    found = [told(sketch) for sketch in seen_pictures(view, TODAY)]
    assert {chart.kind for chart in found} == {"bars", "moves"}
    assert "Promise" not in repr(found)
    assert "No. 1" in repr(found)


def test_nothing_is_drawn_of_nothing() -> None:
    assert pictures((), (), Plan(), TODAY) == ()


def test_every_picture_says_in_words_what_it_shows_and_can_be_drawn() -> None:
    commitments = [*(done(n, TODAY - n * EVERY_WEEK) for n in range(1, 6)), promise(9, TODAY, moved=2, moved_days=10)]
    ratings = rated((8, TODAY - EVERY_WEEK), (6, TODAY))
    found = pictures(commitments, ratings, Plan(goals=(goal((0, TODAY)),)), TODAY)
    assert [told(sketch).kind for sketch in found] == ["steps", "line", "bars", "moves"]
    assert len({sketch.name for sketch in found}) == 4
    for sketch in found:
        assert len(told(sketch).alt) > 30
        assert len(draw(told(sketch))) > 5_000


# -- in a conversation -----------------------------------------------------------------------------------------------


def files_of(person: Person) -> list[Chart]:
    """The pictures that somebody was sent."""
    return [message.file for message in person.read if isinstance(message.file, Chart)]


async def week_of(town: Town) -> None:
    """A client who did what they promised."""
    ana = await town.client("ana")
    await town.people["dana"].says("/confirm ana")
    await ana.says("/commit Call Sam by today")
    for answer in ("8", "Clear enough"):
        await ana.says(answer)
    await ana.says("done with the call to Sam")


async def test_a_client_asks_for_pictures_and_a_coach_for_those_of_a_client(town: Town) -> None:
    await week_of(town)
    ana, dana = town.people["ana"], town.people["dana"]
    await ana.says("progress")
    assert "/pictures" in [choice.value for choice in ana.last.choices]
    await ana.says("progress picture")
    assert isinstance(ana.last.file, Chart)
    ana.reads("What was done")
    await dana.says("/client Ana")
    assert any(choice.value.startswith("/pictures") for choice in dana.read[-1].choices or dana.read[-2].choices)
    await dana.says("/pictures Ana")
    assert files_of(dana) == files_of(ana)


async def test_a_coach_who_names_nobody_is_told_how_and_somebody_elses_client_stays_unknown(town: Town) -> None:
    await week_of(town)
    await town.client("olga", coach="otto")
    otto = town.people["otto"]
    await otto.says("pictures")
    otto.reads("Which client?", "pictures NAME")
    await otto.says("/pictures Ana")
    assert files_of(otto) == []
    assert "Sam" not in otto.last.text


async def test_who_has_told_too_little_is_told_so(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("progress")
    assert "/pictures" not in [choice.value for choice in ana.last.choices]
    await ana.says("pictures")
    ana.reads("too little")
    await town.people["dana"].says("/pictures Ana")
    town.people["dana"].reads("too little")
