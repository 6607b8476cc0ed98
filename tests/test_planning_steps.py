"""The steps of a goal, told as done one after the other."""

from tests.support.plans import goal, plan, together
from tests.support.town import Town


async def test_the_next_step_of_a_goal_is_said_to_be_done(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana)
    await ana.says("/goals steps")
    await ana.taps("A stretch, and within reach")
    await ana.says("Agree the hand-over by Friday\nWrite the brief by 4 December")
    for _ in range(3):
        await ana.says("skip")
    await ana.says("/goals")
    await ana.taps("1: next step done", on=ana.last)
    ana.reads("as done: Agree the hand-over.", "The next step: Write the brief.")
    await ana.says("/goals done")
    ana.reads("as done: Write the brief.", "That was the last step planned for it")
    assert all(step.done for step in (await plan(ana)).goals[0].milestones)
    await ana.says("/goals done")
    ana.reads("No step is open on your goals.")
