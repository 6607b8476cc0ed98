"""How a goal comes to stand where it stands: changes in order, slippage kept, a run replaced and never added."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.coaching.visibility import shown_plan
from bot.model.goal_history import changed, first_goal, first_milestone, slippage, told
from bot.model.plan import Goal, Ladder, Level, Milestone, Plan
from bot.model.records import Record
from bot.model.records_plan import (
    GoalChanged,
    GoalMade,
    LadderConfirmed,
    LadderMade,
    LevelGiven,
    MilestoneMade,
    MilestoneTold,
)
from storage.people.engagements import engagements_as_client
from storage.programme import goals, ladders
from storage.programme.plans import plan_of
from tests.support.plans import LADDER, coachs_ladder, goal, plan, together
from tests.support.town import Person, Town

DAY = date(2026, 3, 4)
MADE = GoalMade(key="goal", engagement="e1", text="Delegate", due=DAY, why="Evenings", withheld=("why",))
DAYS = st.dates(min_value=DAY, max_value=DAY + timedelta(days=400))
RUNGS = {-2: "a", -1: "b", 0: "c", 1: "d", 2: "e"}


def made() -> Goal:
    return first_goal(MADE, wanted="g1", number=1, day=DAY)


def folded(days: Sequence[date], kind: str = "adjusted") -> Goal:
    found = made()
    for number, day in enumerate(days):
        found, _ = changed(found, GoalChanged(key=str(number), goal="g1", kind=kind, due=day))
    return found


@given(st.lists(DAYS, max_size=8))
def test_slippage_is_every_later_day_and_nothing_given_back(days: list[date]) -> None:
    steps = [(later - before).days for before, later in zip([DAY, *days], days, strict=False)]
    found = folded(days)
    assert (found.moved, found.moved_days) == (sum(s > 0 for s in steps), sum(s for s in steps if s > 0))
    assert found.due == (days[-1] if days else DAY)


@given(st.lists(DAYS, max_size=8))
def test_shaping_a_draft_is_no_slippage(days: list[date]) -> None:
    assert folded(days, "shaped").moved == 0


def test_moved_three_times_forty_one_days() -> None:
    goal_ = folded([DAY + timedelta(days=n) for n in (10, 25)])
    step, _ = told(
        first_milestone(MilestoneMade(key="s", goal="g1", text="Brief", due=DAY), wanted="m1", number=1),
        MilestoneTold(key="t", milestone="m1", due=DAY + timedelta(days=16)),
        DAY,
    )
    assert slippage([Goal(**{**_fields(goal_), "milestones": (step,)})]) == (3, 41)


def _fields(goal_: Goal) -> dict[str, object]:
    return {name: getattr(goal_, name) for name in Goal.__slots__}


def test_what_is_not_mentioned_stays_and_what_is_said_anew_is_shown_as_it_was_said() -> None:
    found, days = changed(made(), GoalChanged(key="c", goal="g1", kind="support", support="An hour"))
    assert (found.text, found.why, found.support, days, found.withheld) == (
        "Delegate",
        "Evenings",
        "An hour",
        0,
        ("why",),
    )
    found, _ = changed(found, GoalChanged(key="d", goal="g1", kind="shaped", why="My team grows"))
    assert found.withheld == ()


def test_a_milestone_is_done_on_a_day_and_can_be_open_again() -> None:
    step = Milestone(id="m1", number=1, text="Brief", due=DAY)
    done, _ = told(step, MilestoneTold(key="t", milestone="m1", done=True), DAY)
    again, _ = told(done, MilestoneTold(key="u", milestone="m1", done=False, due=DAY - timedelta(days=3)), DAY)
    assert (done.done, again.done, again.moved, again.moved_days) == (DAY, None, 0, 0)


def test_a_ladder_that_is_the_clients_alone_is_gone_for_the_coach_with_its_levels() -> None:
    own = Ladder(version=1, rungs=RUNGS, made=DAY, client_ok=DAY, alone=True)
    seen = Goal(
        id="g1",
        number=1,
        engagement="e1",
        text="Delegate",
        made=DAY,
        ladders=(own,),
        levels=(Level(value=1, day=DAY, ladder=1), Level(value=0, day=DAY, ladder=0)),
    )
    [shown] = shown_plan.as_coach(Plan(goals=(seen,)), goals=True).goals
    assert (shown.ladders, [level.ladder for level in shown.levels]) == ((), [0])


# -- in the database -------------------------------------------------------------------------------------------------


def written(connection: Connection, town: Town, engagement: str, run: str, *records: Record) -> tuple[Goal, ...]:
    now = town.clock()
    goals.write(connection, records, run=run, day=now.date(), at=now)
    return plan_of(connection, engagement).goals


async def engagement_of(person: Person) -> str:
    place = await person.place()
    found = await person.town.app.database.read(partial(engagements_as_client, wanted=place.person))
    return found[0].engagement.id


async def test_a_run_written_again_replaces_and_never_adds(town: Town) -> None:
    ana, _ = await together(town)
    engagement = await engagement_of(ana)
    first = GoalMade(key="goal", engagement=engagement, text="Delegate", due=DAY)
    [one] = await _write(town, engagement, "r1", first)
    await _write(
        town, engagement, "r2", GoalChanged(key="c", goal=one.id, kind="adjusted", due=DAY + timedelta(days=9))
    )
    steps = (MilestoneMade(key="1", goal=one.id, text="Brief"), MilestoneMade(key="2", goal=one.id, text="Ask Leo"))
    await _write(town, engagement, "r3", *steps)
    [two] = await _write(town, engagement, "r3", *steps[:1])
    assert [step.text for step in two.milestones] == ["Brief"]
    [three] = await _write(
        town, engagement, "r1", GoalMade(key="goal", engagement=engagement, text="Let go", due=DAY + timedelta(days=2))
    )
    assert (three.id, three.text, three.due, three.moved_days) == (one.id, "Let go", DAY + timedelta(days=9), 7)
    [change] = await town.app.database.read(partial(goals.history, goal=one.id))
    assert (change.kind, change.days, change.by) == ("adjusted", 7, "client")


async def _write(town: Town, engagement: str, run: str, *records: Record) -> tuple[Goal, ...]:
    def unit(connection: Connection) -> tuple[Goal, ...]:
        return written(connection, town, engagement, run, *records)

    found: tuple[Goal, ...] = await town.app.database.transact(unit)
    return found


async def test_a_level_said_again_in_the_same_run_replaces_the_one_before(town: Town) -> None:
    ana, _ = await together(town)
    engagement = await engagement_of(ana)
    [one] = await _write(town, engagement, "r1", GoalMade(key="goal", engagement=engagement, text="Delegate"))
    await _write(town, engagement, "r2", LevelGiven(key="level", goal=one.id, value=1, evidence="They decided"))
    [two] = await _write(town, engagement, "r2", LevelGiven(key="level", goal=one.id, value=-1))
    assert [(level.value, level.ladder, level.evidence) for level in two.levels] == [(-1, 0, "")]


async def test_what_is_taken_back_leaves_the_goal_as_it_was(town: Town) -> None:
    ana, _ = await together(town)
    engagement = await engagement_of(ana)
    before = await _write(town, engagement, "r1", GoalMade(key="goal", engagement=engagement, text="Delegate"))
    await _write(town, engagement, "r2", GoalChanged(key="c", goal=before[0].id, kind="adjusted", text="Other words"))
    now = town.clock()
    await town.app.database.transact(partial(goals.forget, run="r2", day=now.date(), at=now))
    assert (await plan(ana)).goals == before


async def test_only_the_newest_whole_version_can_be_approved_and_then_it_is_frozen(town: Town) -> None:
    ana, _ = await together(town)
    engagement = await engagement_of(ana)
    [one] = await _write(town, engagement, "r1", GoalMade(key="goal", engagement=engagement, text="Delegate"))
    drafts = (
        ("r2", LadderMade(goal=one.id, rungs={0: "c"}, by="coach")),
        ("r3", LadderMade(goal=one.id, rungs=RUNGS, by="coach")),
        ("r3", LadderMade(goal=one.id, rungs={**RUNGS, 2: "f"}, by="coach")),
    )
    for run, draft in drafts:
        await _write(town, engagement, run, draft)
    today = town.clock().date()
    for version, approved in ((1, False), (2, False), (3, True)):
        yes = LadderConfirmed(goal=one.id, version=version, by="client", baseline=-1)
        found = await town.app.database.transact(partial(ladders.confirm, record=yes, day=today))
        assert (found is not None) is approved
    await _write(town, engagement, "r3", LadderMade(goal=one.id, rungs=RUNGS, by="coach"))
    [after] = (await plan(ana)).goals
    assert after.ladder is not None
    assert (after.ladder.version, after.ladder.rungs[2], len(after.ladders)) == (3, "f", 3)


async def test_a_sentence_kept_private_keeps_the_ladder_with_the_client(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await ana.says("/goals ladder")
    for number, sentence in enumerate(LADDER):
        if number == 4:
            await ana.says("private")
        await ana.says(sentence)
    await ana.taps("-1")
    ana.reads("It holds from today")
    await dana.says("/goals ana")
    assert "Short" not in dana.last.text
    assert not any(LADDER[4] in message.text for message in dana.read)
    await coachs_ladder(dana)
    assert len((await plan(ana)).goals[0].ladders) == 2
