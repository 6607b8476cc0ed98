"""Commitments that are steps towards a goal: chosen in one tap where there is a choice, and shown where it helps."""

from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.coaching.closing.report import Record, report_lines
from bot.model.commitments.records import CommitmentMade
from bot.model.commitments.values import Standing
from storage.programme import commitments as commitments_rows
from storage.programme import run_records
from tests.support.facts import TODAY, commitment, days_ago, engagement, spoken
from tests.support.plans import goal, plan, together
from tests.support.town import Person, Town
from tests.test_digest_signals_plan import AMBER, aimed, level
from tests.test_digest_signals_plan import goal as a_goal

WHICH = "Which goal is it a step towards?"


async def promises_to(ana: Person, line: str, towards: str) -> None:
    """A commitment with a number, the goal it belongs to, and nothing more."""
    await ana.says(f"/commit {line}")
    await ana.taps("9")
    assert ana.asked.text.endswith(WHICH)
    await ana.taps(towards)
    await ana.taps("Clear enough")


async def test_with_several_goals_one_tap_says_which_and_it_is_shown_where_it_helps(town: Town) -> None:
    ana, dana = await together(town)
    await goal(ana, "Hand over the Q2 plan")
    await goal(ana, "Speak last in meetings")
    await ana.says("/commit Let Sam chair by tomorrow")
    await ana.taps("9")
    labels = [choice.label for choice in ana.asked.choices]
    assert labels == ["Hand over the Q2 plan", "Speak last in meetings", "None of them"]
    await ana.taps("Speak last in meetings")
    await ana.taps("Clear enough")
    await promises_to(ana, "Renew the passport by Friday", "None of them")
    goals = (await plan(ana)).goals
    assert [one.goal for one in await ana.commitments()] == [goals[1].id, ""]
    await ana.says("/progress")
    ana.reads('1. Let Sam chair (for "Speak last in meetings"), due', "2. Renew the passport, due")
    await ana.says("/log 1 done")
    await ana.says("/progress")
    ana.reads('✓ Let Sam chair (for "Speak last in meetings")')
    await ana.says("/brief")
    ana.reads('done: Let Sam chair (for "Speak last in meetings")')
    await dana.says("/client ana")
    assert 'Renew the passport (for "' not in dana.last.text


async def test_an_answer_that_was_changed_changes_the_goal(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana, "Hand over the Q2 plan")
    await goal(ana, "Speak last in meetings")
    await ana.says("/commit Let Sam chair by tomorrow")
    await ana.taps("9")
    await ana.says("Speak last in meetings")
    await ana.says("back")
    await ana.taps("Hand over the Q2 plan")
    await ana.taps("Clear enough")
    assert [one.goal for one in await ana.commitments()] == [(await plan(ana)).goals[0].id]


async def test_with_one_goal_nothing_is_asked_and_nothing_presumed(town: Town) -> None:
    ana, _ = await together(town)
    await goal(ana)
    await ana.says("/commit Let Sam chair by tomorrow")
    await ana.taps("9")
    await ana.taps("Clear enough")
    assert not any(WHICH in message.text for message in ana.read)
    assert [one.goal for one in await ana.commitments()] == [""]


async def test_a_goal_of_another_engagement_is_left_out(town: Town) -> None:
    ana, _ = await together(town)
    bob, _ = await together(town, "bob")
    await goal(ana)
    await goal(bob)
    mine, theirs = (await plan(ana)).goals[0], (await plan(bob)).goals[0]
    place = await ana.place()

    def unit(connection: Connection) -> None:
        made = tuple(
            CommitmentMade(key=key, text=key, engagement=mine.engagement, goal=wanted)
            for key, wanted in (("own", mine.id), ("foreign", theirs.id))
        )
        today = town.clock().date()
        run_records.write(connection, made, person=place.person, run="r", day=today, at=town.clock())

    await town.app.database.transact(unit)
    found = await town.app.database.read(partial(commitments_rows.all_commitments, person=place.person))
    assert {one.text: one.goal for one in found} == {"own": mine.id, "foreign": ""}


def test_the_closing_report_says_what_was_done_towards_each_goal() -> None:
    plan = aimed(a_goal(), a_goal(id="g2", number=2, text="Speak last")).plan
    done = {"standing": Standing.DONE, "reported": days_ago(3)}
    kept = (commitment(1, goal="g1", **done), commitment(2, goal="g1", due=days_ago(1)), commitment(3, **done))
    record = Record(engagement=engagement(), plan=plan, began=days_ago(90), ended=TODAY, commitments=kept)
    for coach in (True, False):
        said = spoken(report_lines(record, coach=coach))
        assert said.count("Steps towards it: 1 of 2 commitments done.") == 1
        assert said.index("Straight talk") < said.index("Steps towards it") < said.index("Speak last")
        assert "2 of 3 commitments done" in said


def test_what_was_done_towards_one_goal_leaves_the_other_stalled() -> None:
    both = (a_goal(), a_goal(id="g2", number=2, text="Speak last"))
    done = {"standing": Standing.DONE, "reported": TODAY - timedelta(days=5)}
    assert level("stall", aimed(*both, commitments=(commitment(1, **done),))) is None
    assert level("stall", aimed(*both, commitments=(commitment(1, goal="g1", **done),))) is not None
    assert level("stall", aimed(both[0], commitments=(commitment(1, goal="g1", **done),))) is None
    assert level("stall", aimed(both[0], commitments=(commitment(1, goal="gone", **done),))) is None
    late = (both[0], a_goal(id="g2", number=2, made=days_ago(30)))
    assert level("stall", aimed(*late, commitments=(commitment(1, goal="g1", **done),))) is AMBER
