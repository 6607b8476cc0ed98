"""Monthly reviews and adjusted goals, held as conversations."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, update

from bot.model.plan import Phase
from storage.tables.people import table_of
from storage.tables.plan import AgendaRow
from tests.support.ending_engagements import GOAL, ahead, coached, until_asked
from tests.support.plans import plan
from tests.support.town import Town


async def test_a_review_comes_after_four_weeks_and_plans_the_next(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    assert ("review", "2026-12-21") in await ahead(ana)
    await until_asked(town, ana, "The monthly review: 2 minutes", days=40)
    assert town.clock.now.date() >= date(2026, 12, 21)
    assert (await plan(ana)).phase is Phase.REVIEW
    await ana.taps("Two of three decisions are made witho…")
    await ana.says("Three board papers without me")
    await ana.says("I asked first")
    await ana.taps("Keep it")
    await ana.says("The budget")
    ana.reads("Hand over the Q2 plan: As planned")
    found = await plan(ana)
    level = found.goals[0].level
    assert level is not None
    assert (level.value, level.evidence, level.cause) == (0, "Three board papers without me", "I asked first")
    assert found.phase is Phase.COACHING
    assert any("monthly review is in" in message.text for message in dana.read)
    assert [name for name, _ in await ahead(ana)].count("review") == 1


async def test_a_review_that_nobody_answers_leaves_the_phase_as_it_was(town: Town) -> None:
    ana, _ = await coached(town, GOAL)
    await until_asked(town, ana, "The monthly review", days=40)
    await town.passes(days=6)
    assert (await plan(ana)).phase is Phase.COACHING


async def test_a_goal_moves_with_its_slippage_kept(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    for day in ("1 March", "1 April", "11 April"):
        await ana.says("/adjust")
        await ana.taps("New date")
        await ana.says(day)
        await ana.says("A new boss")
    await ana.says("/adjust")
    ana.reads("moved 2 times, 41 days", "You and Dana both see it")
    await ana.taps("Leave it as it is")
    goal = (await plan(ana)).goals[0]
    assert (goal.due, goal.moved, goal.moved_days) == (date(2027, 4, 11), 2, 41)
    assert any("Ana moved the goal" in message.text for message in dana.read)


async def test_a_new_size_is_a_new_ladder_that_needs_both(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await dana.says("/adjust ana")
    await dana.taps("New size")
    await dana.says("One decision a week is made without me")
    await dana.says("skip")
    for sentence in ("Two a week are", "None is, but one nearly", "Three are", "All come back to my desk"):
        await dana.says(sentence)
    await dana.taps("Yes")
    goal = (await plan(ana)).goals[0]
    assert (goal.ladder.version if goal.ladder else 0, goal.drafted is not None) == (1, True)
    await ana.taps("Read it", on=ana.last)
    await ana.taps("I agree")
    await ana.taps("None is, but one nearly")
    goal = (await plan(ana)).goals[0]
    assert goal.ladder is not None
    assert (goal.ladder.version, goal.ladder.rungs[0]) == (2, "One decision a week is made without me")
    assert goal.ladders[0].rungs[0] == "Two of three decisions are made without me"


async def test_a_goal_can_be_put_to_rest(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await ana.says("/adjust")
    await ana.taps("Stop it")
    await ana.says("skip")
    assert (await plan(ana)).goals[0].state == "retired"
    dana.reads("put the goal")
    await ana.says("/adjust")
    ana.reads("There is no goal at work")


async def test_the_coach_has_a_review_asked(town: Town) -> None:
    ana, dana = await coached(town, GOAL)
    await dana.says("/review ana")
    dana.reads("I'll ask Ana for a review")
    await until_asked(town, ana, "The monthly review", days=8)
    assert town.clock.now < datetime(2026, 12, 2, tzinfo=UTC)


async def test_a_review_without_goals_is_one_tap_and_a_line(town: Town) -> None:
    ana, _ = await coached(town)
    await ana.says("/review")
    ana.reads("How has this month gone?")
    await ana.taps("Mixed")
    await ana.says("skip")
    assert not ana.last.token


async def test_a_review_that_found_no_place_in_full_weeks_is_asked_for_all_the_same(town: Town) -> None:
    ana, _ = await coached(town, GOAL)
    entry = table_of(AgendaRow)

    def lost(connection: Connection) -> None:
        connection.execute(update(entry).where(entry.c.dialogue == "review").values(day=date(2026, 11, 2)))

    await town.app.database.transact(lost)
    await until_asked(town, ana, "The monthly review", days=14)
