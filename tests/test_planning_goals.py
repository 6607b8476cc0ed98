"""Goals, ladders and milestones, held as conversations."""

from datetime import date

from bot.model.plan import Phase
from tests.support.plans import LADDER, coachs_ladder, goal, own_ladder, plan, steps, together
from tests.support.town import Town


async def test_a_goal_is_shaped_question_by_question_and_then_worked_on(town: Town) -> None:
    ana, dana = await together(town)
    await ana.says("goals")
    ana.reads("There is no goal yet")
    await ana.taps("A new goal", on=ana.last)
    ana.reads("about four minutes", "What do you want to be different?")
    await ana.taps("Hand over more, and mean it")
    await ana.says("My deputy")
    await ana.says("Decisions that I did not make")
    await ana.says("I want my evenings back")
    await ana.says("31 March")
    await ana.taps("3")
    await ana.says("eight")
    ana.reads("So: Hand over more, and mean it, by")
    await ana.taps("Yes, that is it")
    ana.reads("Hand over more", "Dana drafts the success ladder next")
    assert [choice.label for choice in ana.last.choices] == ["I'll draft the ladder", "First steps", "Begin without"]
    [made] = (await plan(ana)).goals
    assert (made.text, made.due, made.weight, made.ready) == ("Hand over more, and mean it", date(2027, 3, 31), 3, 8)
    assert (made.noticed_by, made.signs, made.why) == (
        "My deputy",
        "Decisions that I did not make",
        "I want my evenings back",
    )
    assert made.state == "active"
    assert (await plan(ana)).phase is Phase.PLANNING
    assert any("Ana has set a goal: Hand over more" in message.text for message in dana.read)


async def test_the_coach_drafts_the_ladder_and_the_client_confirms_this_very_version(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await coachs_ladder(dana)
    dana.reads("Ana can read it now")
    ana.reads("drafted the success ladder", "Hand over the Q2 plan")
    await ana.taps("Read it", on=ana.last)
    ana.reads(*LADDER)
    await ana.taps("I agree")
    ana.reads("Where are you today?")
    await ana.taps("One is made without me")
    ana.reads("It holds from today")
    ladder = (await plan(ana)).goals[0].ladder
    assert ladder is not None
    assert (ladder.version, ladder.baseline, ladder.rungs[0], ladder.rungs[-2]) == (1, -1, LADDER[0], LADDER[4])
    assert any("agrees to the success ladder" in message.text for message in dana.read)
    await ana.says("goals")
    ana.reads("Short: One is made without me")
    assert "T (50" not in ana.last.text, "a level is a sentence; T is for the closing report"
    await dana.says("goals Ana")
    dana.reads("Short: One is made without me")
    assert "T (50" not in dana.last.text


async def test_levels_that_read_alike_are_refused(town: Town) -> None:
    ana = await town.client("ana")
    await goal(ana)
    await ana.says("/goals ladder")
    await ana.says("Two of three decisions are made without me")
    await ana.says("two of three decisions are made without me!")
    ana.reads("reads like another level", "And a bit better than that?")


async def test_a_ladder_that_holds_does_not_change_by_an_edit(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana)
    await own_ladder(ana)
    sentence = ana.numbers[-3]
    await dana.says("/ladder ana")
    dana.reads(*LADDER)
    await ana.edits("The team decides, and I hear of it on Fridays", number=sentence)
    await dana.taps("I agree")
    dana.reads("There is a newer version by now")
    await dana.taps("I agree")
    assert (await plan(ana)).goals[0].ladder is not None
    before = (await plan(ana)).goals[0]
    await ana.edits("Something else", number=sentence)
    ana.reads("A ladder that holds does not change by an edit")
    assert (await plan(ana)).goals[0] == before


async def test_steps_with_days_obstacle_and_help(town: Town) -> None:
    ana = await town.client("ana")
    await goal(ana)
    await ana.says("/goals steps 1")
    await ana.says("It scares me a little, and that is right")
    await ana.says("Agree the hand-over by Friday\nWrite the brief\nStep out of the meeting")
    ana.reads("When is it due: Write the brief?")
    await ana.says("next Tuesday")
    await ana.says("skip")
    await ana.says("My diary fills up")
    await ana.says("I move the meeting, not the step")
    await ana.says("An hour on Mondays")
    await ana.says("Leo")
    ana.reads("If this comes: My diary fills up, then I will: I move the meeting, not the step.")
    [made] = (await plan(ana)).goals
    assert [(step.text, step.due) for step in made.milestones] == [
        ("Agree the hand-over", date(2026, 11, 27)),
        ("Write the brief", date(2026, 12, 1)),
        ("Step out of the meeting", None),
    ]
    assert made.realism == "It scares me a little, and that is right"
    assert (made.obstacle, made.if_then, made.support, made.noticer) == (
        "My diary fills up",
        "I move the meeting, not the step",
        "An hour on Mondays",
        "Leo",
    )


async def test_an_edited_answer_changes_the_goal_and_keeps_what_was_added_since(town: Town) -> None:
    ana = await town.client("ana")
    await ana.says("/goals new")
    await ana.says("Delegate more")
    words = ana.numbers[-1]
    for _ in range(6):
        await ana.says("skip")
    await ana.taps("Yes, that is it")
    await ana.says("/goals steps")
    await ana.says("skip")
    await ana.says("Ask Leo by Friday")
    for _ in range(3):
        await ana.says("skip")
    await ana.edits("Delegate the Q2 plan", number=words)
    [made] = (await plan(ana)).goals
    assert made.text == "Delegate the Q2 plan"
    assert [step.text for step in made.milestones] == ["Ask Leo"]


async def test_undo_takes_a_goal_back(town: Town) -> None:
    ana = await town.client("ana")
    await goal(ana)
    await ana.says("undo")
    assert (await plan(ana)).goals == ()


async def test_a_private_goal_is_no_goal_for_the_coach_and_its_ladder_needs_no_other_yes(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana, "Run the spring marathon in the open")
    await ana.says("/goals new")
    await ana.says("private")
    await ana.says("Find another post")
    for _ in range(6):
        await ana.says("skip")
    await ana.taps("Yes, that is it")
    ana.reads("both yours alone")
    await ana.says("/goals ladder 2")
    for sentence in LADDER:
        await ana.says(sentence)
    await ana.taps("-1")
    ana.reads("It holds from today")
    assert (await plan(ana)).goals[1].ladder is not None
    await dana.says("/goals ana")
    assert "another post" not in dana.last.text
    assert "1." in dana.last.text
    assert "2." not in dana.last.text
    assert not any("another post" in message.text for message in dana.read)


async def test_a_coach_suggests_a_goal_and_the_client_makes_it_theirs(town: Town) -> None:
    ana, dana = await together(town)
    await dana.says("/goals ana: Say the hard thing in the room")
    suggested = next(message for message in ana.read if "Dana suggests a goal" in message.text)
    assert (await plan(ana)).goals[0].state == "draft"
    await ana.taps("Make it mine", on=suggested)
    ana.reads("Who will notice first?")
    for _ in range(6):
        await ana.says("skip")
    await ana.taps("Yes, that is it")
    [made] = (await plan(ana)).goals
    assert (made.text, made.state) == ("Say the hard thing in the room", "active")


async def test_what_an_unfinished_ladder_said_is_not_asked_again(town: Town) -> None:
    ana = await town.client("ana")
    await goal(ana)
    await ana.says("/goals ladder")
    await ana.says(LADDER[0])
    for _ in range(4):
        await ana.says("skip")
    ana.reads("Kept as far as it went")
    await ana.says("goals")
    ana.reads("The success ladder is not finished")
    await ana.says("/goals ladder 1")
    ana.reads("And a bit better than that?")


async def test_five_goals_are_the_most(town: Town) -> None:
    ana = await town.client("ana")
    for number in range(5):
        await goal(ana, f"Goal of mine {number}")
    await ana.says("/goals new one more")
    ana.reads("5 goals are the most")


async def test_a_private_goal_moves_no_phase_since_that_would_tell_of_it(town: Town) -> None:
    ana, _ = await together(town)
    await ana.says("/goals new")
    await ana.says("private")
    await ana.says("Find another post")
    for _ in range(6):
        await ana.says("skip")
    await ana.taps("Yes, that is it")
    assert [choice.label for choice in ana.last.choices] == ["I'll draft the ladder", "First steps"]
    await own_ladder(ana)
    await steps(ana)
    found = await plan(ana)
    assert (found.goals[0].hidden, found.phase, found.steps) == (True, Phase.RELATIONSHIP, ())


async def test_goals_are_hidden_from_a_coach_who_sees_the_status_only(town: Town) -> None:
    ana, dana = await together(town, sees="Only what got done")
    await goal(ana)
    ana.reads("both yours alone")
    await dana.says("/goals ana")
    dana.reads("shows you no goals")
    await own_ladder(ana)
    assert (await plan(ana)).goals[0].ladder is not None
    assert not any("Q2 plan" in message.text for message in dana.read)


async def test_a_number_that_does_not_fit_is_said_to_be_none(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana)
    await ana.says("/goals confirm 1")
    ana.reads("Nothing waits for your yes")
    await own_ladder(ana)
    await ana.says("/goals steps 9")
    ana.reads("no goal of that kind")
