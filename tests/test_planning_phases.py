"""The phases as a table: where each leads, who moves it, and that nothing is passed over in silence."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.coaching.planning.phase_effects import move
from bot.coaching.planning.phases import AUTOMATIC, BOT, CLIENT, COACH, MOVES, STAGES, after, may_move, passed_over
from bot.model.plan import Agreement, Goal, Phase, PhaseStep, Plan
from bot.model.records_plan import PhaseMoved
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import people
from storage.people.engagements import engagements_as_client
from tests.support.plans import agreed, agreement, coachs_ladder, goal, own_ladder, plan, steps, together
from tests.support.town import Person, Town

DAY = date(2026, 3, 4)
PHASES = st.sampled_from(Phase)
HELD = Agreement(id="a1", engagement="e1", version=1, terms={}, coach_ok=DAY, client_ok=DAY)
GOAL = Goal(id="g1", number=1, engagement="e1", text="Delegate", made=DAY, state="active")


def reached(start: Phase, moves: Iterable[tuple[Phase, Phase]]) -> set[Phase]:
    found, before = {start}, set[Phase]()
    ways = list(moves)
    while found != before:
        before = set(found)
        found |= {to for at, to in ways if at in found}
    return found


AIMS = st.builds(
    Plan,
    phase=PHASES,
    steps=st.lists(st.builds(PhaseStep, phase=PHASES, day=st.just(DAY), by=st.just(COACH)), max_size=4).map(tuple),
    agreements=st.sampled_from([(), (HELD,), (replace(HELD, client_ok=None),)]),
    goals=st.sampled_from([(), (GOAL,), (replace(GOAL, state="draft"),)]),
)


def test_every_phase_is_in_the_table_and_reached_without_anybody_moving_it_by_hand() -> None:
    assert set(STAGES) == set(Phase)
    assert reached(Phase.RELATIONSHIP, ((move.start, move.to) for move in AUTOMATIC)) == set(Phase)


def test_only_the_end_leads_nowhere_by_itself() -> None:
    assert {phase for phase in Phase if not any(move.start is phase for move in AUTOMATIC)} == {Phase.ENDED}
    for phase in Phase:
        assert Phase.ENDED in reached(phase, ((move.start, move.to) for move in AUTOMATIC))


@given(PHASES, PHASES)
def test_a_coach_moves_anywhere_and_others_only_along_the_table(start: Phase, to: Phase) -> None:
    assert may_move(start, to, COACH) is (start is not to)
    for who in (CLIENT, BOT):
        assert may_move(start, to, who) is any(m.start is start and m.to is to and who in m.by for m in AUTOMATIC)


def test_a_client_can_end_the_follow_up_or_go_on_and_moves_nothing_else() -> None:
    assert {(move.start, move.to) for move in MOVES if CLIENT in move.by} == {
        (Phase.FOLLOW_UP, Phase.COACHING),
        (Phase.FOLLOW_UP, Phase.ENDED),
    }


@given(AIMS, PHASES)
def test_what_is_passed_over_lies_between_left_nothing_and_is_named_in_order(plan: Plan, to: Phase) -> None:
    order = list(Phase)
    skipped = passed_over(plan, to)
    assert list(skipped) == sorted(skipped, key=order.index)
    for phase in skipped:
        assert order.index(plan.phase) < order.index(phase) < order.index(to)
        assert not STAGES[phase].left(plan)
    between = set(order[order.index(plan.phase) + 1 : order.index(to)]) - {Phase.REVIEW}
    begun = {Phase.PLANNING} if plan.goals else set()
    assert all(STAGES[phase].left(plan) for phase in between - set(skipped) - begun)


@given(AIMS)
def test_a_way_back_skips_nothing(plan: Plan) -> None:
    for to in list(Phase)[: list(Phase).index(plan.phase) + 1]:
        assert passed_over(plan, to) == ()


@given(PHASES, st.sampled_from(sorted({move.on for move in AUTOMATIC})))
def test_what_happens_moves_an_engagement_as_the_table_says_or_not_at_all(start: Phase, event: str) -> None:
    to = after(start, event)
    assert to is None or may_move(start, to, BOT)


BEGINS = "the coaching itself begins"


def said(person: Person, words: str) -> bool:
    """Whether they have read that, in any message."""
    return any(words in message.text for message in person.read)


# -- in conversation -------------------------------------------------------------------------------------------------


async def test_an_engagement_moves_on_by_what_happens_and_the_client_hears_it_in_one_line(town: Town) -> None:
    ana, dana = await agreed(town)
    assert any("Next comes taking stock" in message.text for message in ana.read)
    await goal(ana)
    await coachs_ladder(dana)
    await ana.says("/goals confirm")
    await ana.taps("I agree")
    await ana.taps("-1")
    assert not said(ana, BEGINS)
    assert (await plan(ana)).phase is Phase.PLANNING
    await steps(ana)
    found = await plan(ana)
    assert [(step.phase, step.by, step.skipped, step.without) for step in found.steps] == [
        (Phase.ASSESSMENT, "bot", (), ()),
        (Phase.PLANNING, "bot", (), ()),
        (Phase.COACHING, "bot", (), ()),
    ]
    assert said(ana, "The plan stands, so " + BEGINS)


async def test_the_yes_to_the_ladder_can_be_the_last_thing_that_the_plan_lacked(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await steps(ana)
    await own_ladder(ana)
    assert (await plan(ana)).phase is Phase.PLANNING
    await dana.says("/ladder ana")
    await dana.taps("I agree")
    assert (await plan(ana)).phase is Phase.COACHING
    assert said(ana, "The plan stands, so " + BEGINS)


async def test_a_goal_before_anything_else_blocks_nothing_and_what_was_passed_over_is_on_record(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    found = await plan(ana)
    assert (found.phase, found.steps[-1].skipped) == (Phase.PLANNING, (Phase.ASSESSMENT,))
    await agreement(dana)
    await ana.says("/agreement")
    await ana.taps("I agree")
    assert (await plan(ana)).phase is Phase.PLANNING


async def test_a_client_goes_without_a_ladder_and_steps_in_one_tap_and_the_record_says_so(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await ana.says("/goals without 1")
    ana.reads("The coaching itself begins", "adds to the plan at any time")
    assert said(ana, '"Hand over the Q2 plan" goes without the success ladder, the first steps for now.')
    assert not said(ana, "The plan stands")
    found = await plan(ana)
    assert (found.phase, found.steps[-1].without) == (Phase.COACHING, ("ladder", "steps"))
    await dana.says("/phase ana")
    dana.reads("coaching, of itself; passed over: the success ladder, the first steps")
    await ana.says("/goals without")
    ana.reads("Nothing is missing")


async def test_only_what_is_missing_is_passed_over(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana)
    await steps(ana)
    await ana.says("/goals")
    await ana.taps("Begin without", on=ana.last)
    found = await plan(ana)
    assert (found.phase, found.goals[0].without, found.steps[-1].without) == (Phase.COACHING, ("ladder",), ("ladder",))


async def test_a_coach_who_says_so_begins_with_half_a_plan_and_what_it_lacks_is_said(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await dana.taps("Begin without", on=dana.last)
    dana.reads("Ana is now in: coaching", "on record so: the success ladder, the first steps")
    ana.reads("The coaching itself begins")
    assert (await plan(ana)).steps[-1].without == ("ladder", "steps")


async def test_a_coach_skips_a_phase_and_the_record_says_so(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/phase ana")
    dana.reads("Ana: getting to know each other", "an agreement that both confirmed (not yet)", "Then: taking stock")
    await dana.says("/phase ana to coaching")
    dana.reads("Ana is now in: coaching", "Passed over, and on record so: taking stock, goals and plan")
    ana.reads("The coaching itself begins")
    found = await plan(ana)
    assert (found.phase, found.steps[-1].by) == (Phase.COACHING, "coach")
    assert found.steps[-1].skipped == (Phase.ASSESSMENT, Phase.PLANNING)
    await dana.says("/phase ana")
    dana.reads("coaching, by the coach; passed over: taking stock, goals and plan")


@pytest.mark.parametrize("wanted", ["follow-up", "Follow up", "follow_up"])
async def test_a_phase_is_named_as_people_write_it(town: Town, wanted: str) -> None:
    ana, dana = await together(town)
    await dana.says(f"/phase ana to {wanted}")
    assert (await plan(ana)).phase is Phase.FOLLOW_UP


async def test_a_phase_that_is_unknown_or_the_present_one_changes_nothing(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/phase ana to heaven")
    dana.reads("Which one?", "closing (closing)")
    await dana.says("/phase ana to relationship")
    dana.reads("where it stands already")
    await dana.says("/phase nobody to closing")
    dana.reads("None of your clients")
    await ana.says("/phase ana to closing")
    ana.reads("for coaches")
    assert (await plan(ana)).steps == ()


@pytest.mark.parametrize(
    ("by", "to", "reached_"), [(BOT, Phase.ENDED, False), (CLIENT, Phase.CLOSING, False), (BOT, Phase.ASSESSMENT, True)]
)
async def test_bot_and_client_move_an_engagement_only_along_the_table(
    town: Town, by: str, to: Phase, reached_: bool
) -> None:
    ana, _ = await together(town)
    place = await ana.place()

    def unit(connection: Connection) -> None:
        known = people.person(connection, place.person)
        assert known is not None
        engagement = engagements_as_client(connection, known.id)[0].engagement.id
        unit = UnitOfWork(
            connection=connection,
            library=town.app.library,
            known=known,
            reply_to=place,
            key="move",
            now=town.clock(),
            today=town.clock().date(),
        )
        move(unit, PhaseMoved(engagement=engagement, phase=to, by=by))

    await town.app.database.transact(unit)
    assert ((await plan(ana)).phase is to) is reached_


async def test_whoever_has_taken_stock_goes_on_to_planning(town: Town) -> None:
    ana, _ = await agreed(town)
    assert (await plan(ana)).phase is Phase.ASSESSMENT
    await ana.says("/assessment")
    await ana.says("The week that everything broke")
    for _ in range(4):
        await ana.says("skip")
    assert (await plan(ana)).phase is Phase.PLANNING
