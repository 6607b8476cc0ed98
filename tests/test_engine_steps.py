"""Single steps of the engine that deserve a story: loops, branches left, days in passing, facts that move, changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.effects import EndRun, StoreAnswer
from bot.engine.events import MadePrivate, TimerFired
from bot.engine.step import step
from tests.support.facts import facts
from tests.support.small_dialogues import THINGS, ask, branch, dialogue, talk
from tests.test_engine_laws import ALL, OPEN, through


def test_a_loop_goes_over_its_items_in_order_and_each_has_answers_of_its_own() -> None:
    held = talk(ALL).opens().says("9").says("alpha")
    assert held.question == f"each[{THINGS[0]}].keep"
    held.says("yes").says("3")
    assert held.question == f"each[{THINGS[1]}].keep"
    held.says("no")
    assert held.question == "inner.pick"
    held.says("right")
    assert held.written == {
        "mood": 9,
        "kinds": ["a"],
        "each[first].keep": True,
        "each[first].count": 3,
        "each[second].keep": False,
        "inner.pick": "y",
    }


def test_an_answer_of_a_branch_that_was_left_does_not_count() -> None:
    held = talk(ALL).opens().says("2").says("Too much").says("tomorrow")
    held.edits("9", held.given("mood"))
    assert held.question == "kinds"
    through(held, 0)
    assert "why" not in held.written
    assert held.written["mood"] == 9


def test_a_day_in_an_edited_answer_moves_the_day_it_gave() -> None:
    held = talk(ALL).opens().says("2").says("No time by Friday")
    assert held.question == "each[first].keep"
    held.edits("No time by Thursday", held.given("why"))
    through(held, 0)
    assert held.written["why"] == "No time"
    assert held.written["when"] == "2026-03-05"


def test_a_question_whose_turn_has_passed_is_not_answered_by_what_was_meant_for_it() -> None:
    """Facts moved while a question was open, so that another one comes first now: that one is put, and nothing kept."""
    held = talk(ALL).opens().says("9").says("alpha").says("no").says("no")
    assert held.question == "inner.pick"
    token = held.token
    held.state = replace(held.state, facts=OPEN)
    held.taps("1", token=token)
    assert held.question == "grade"
    assert "run:grade" not in held.kept
    assert "What about grade?" in held.heard
    held.says("+1").says("left")
    assert held.kept["run:inner.pick"] == "x"


def test_a_dialogue_that_facts_have_finished_ends_instead_of_waiting_for_nothing() -> None:
    late = dialogue(ask("mood", "scale"), branch({"any_open": []}, [ask("grade", "level")]))
    held = talk(late, known=OPEN).opens().says("7")
    assert held.question == "grade"
    held.state = replace(held.state, facts=facts())
    held.says("hm, +1")
    assert held.state.open is None
    assert held.written == {"mood": 7}


BRANCHING = dialogue(
    ask("mood", "scale"), branch({"any_open": []}, [ask("grade", "level")]), ask("energy", "scale"), ask("note", "text")
)


def test_an_answer_counts_though_facts_have_put_another_question_before_it() -> None:
    """The run ends unfinished: what was answered counts, and what came to stand before it is passed over."""
    held = talk(BRANCHING).opens().says("7").says("5")
    assert held.question == "note"
    held.state = replace(held.state, facts=OPEN)
    held.does(TimerFired(kind="expire", token=held.token))
    assert [effect.how for effect in held.fresh if isinstance(effect, EndRun)] == ["partly"]
    assert held.written == {"mood": 7, "grade": None, "energy": 5, "note": None}


def test_a_late_answer_is_taken_though_facts_have_put_another_question_before_it() -> None:
    held = talk(BRANCHING).opens().says("7")
    token = held.token
    held.does(TimerFired(kind="expire", token=token))
    past = replace(held.ended("energy"), token=token, state="expired")
    held.state = replace(held.state, facts=OPEN)
    held.taps("4", token=token, past=past)
    assert held.kept["run:energy"] == 4
    assert held.written["energy"] == 4


def test_an_edit_after_the_end_loses_nothing_though_facts_have_put_another_question_in() -> None:
    held = talk(BRANCHING).opens().says("7").says("5").says("Fine")
    held.state = replace(held.state, facts=OPEN)
    held.edits("8", held.ended("mood"))
    assert held.written == {"mood": 8, "grade": None, "energy": 5, "note": "Fine"}
    held.edits("6", held.ended("energy"))
    assert held.written == {"mood": 8, "grade": None, "energy": 6, "note": "Fine"}


def test_hiding_a_talk_hides_all_of_it_though_facts_have_put_another_question_in() -> None:
    held = talk(BRANCHING).opens().says("7").says("5").says("Fine")
    held.state = replace(held.state, facts=OPEN)
    past = held.ended("note")
    held.does(MadePrivate(run="run", question="note", hidden=True, past=past))
    assert {e.question: e.audience for e in held.fresh if isinstance(e, StoreAnswer)} == dict.fromkeys(
        ("mood", "energy", "note"), "private"
    )


def test_what_sleeps_is_not_open_and_wakes_with_its_own_token() -> None:
    held = talk(ALL).opens()
    token = held.token
    held.says("later")
    assert held.state.open is None
    held.now += timedelta(hours=5)
    held.does(TimerFired(kind="again", token=token))
    assert held.token == token
    assert "What about mood?" in held.heard


def test_the_same_change_can_be_asked_for_twice_and_each_time_the_question_is_a_new_one() -> None:
    short = dialogue(ask("mood", "scale"), branch({"at_most": ["mood", 4]}, [ask("why", "text")]))
    held = talk(short).opens().says("9")
    ended = held.ended("mood")
    held.edits("2", ended)
    first = held.token
    held.says("no", past=ended)
    held.edits("2", ended)
    assert held.token != first
    held.says("yes", past=ended)
    assert held.kept["run:mood"] == 2


def test_of_two_changes_that_wait_for_a_yes_only_the_newer_one_does() -> None:
    short = dialogue(ask("mood", "scale"), branch({"at_most": ["mood", 4]}, [ask("why", "text")]))
    held = talk(short).opens().says("9")
    ended = held.ended("mood")
    held.edits("2", ended).edits("3", ended)
    assert len(held.state.runs) == 1
    held.says("yes", past=ended)
    assert held.kept["run:mood"] == 3
    assert held.state.open is None


def test_step_raises_for_a_version_that_nobody_loaded() -> None:
    held = talk(ALL).opens()
    lost = replace(held.library, versions={})
    event = TimerFired(kind="remind", token=held.token)
    with pytest.raises(KeyError, match=held.run.version):
        step(held.state, event, held.now, lost)
