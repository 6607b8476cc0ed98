"""Laws of `step`, whatever is said in whatever order: on small dialogues with every kind of answer, in memory."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.effects import (
    BeginDialogue,
    ClosePrompt,
    DropAnswer,
    EndRun,
    OpenPrompt,
    SendMessage,
    StoreAnswer,
    WriteRecords,
)
from bot.engine.events import AnswerEdited, MadePrivate, NonTextHeard, TimerFired
from bot.engine.state import Run
from bot.engine.walk import walk
from bot.messages.readings import Reading
from storage.conversation.conversations import Runs
from storage.serialise import dump, load
from tests.support.facts import commitment, facts
from tests.support.small_dialogues import Talk, ask, branch, call, dialogue, say, talk

ALL = dialogue(
    say("hello", "Hello {who}."),
    ask("mood", "scale"),
    branch(
        {"at_most": ["mood", 4]},
        [ask("why", "text", date_for="when"), ask("when", "date")],
        [say("good", "Good."), ask("kinds", "choices", options={"a": "Alpha", "b": "Beta", "c": "Gamma"})],
    ),
    call(
        "each",
        [ask("keep", "yes_no"), branch({"answer_is": ["keep", True]}, [ask("count", "number")])],
        for_each="things",
    ),
    branch({"any_open": []}, [ask("grade", "level")]),
    call("inner", [ask("pick", "choice", options={"x": "Left", "y": "Right"})]),
    branch({"answer_is": ["inner.pick", "x"]}, [ask("list", "commitments")]),
    say("bye", "Bye: {mood}."),
)
OTHER = dialogue(ask("sure", "yes_no"), ask("note", "text"), name="other", title="Other")
SAID = {
    "mood": ("2", "9", "seven"),
    "why": ("Too much", "No time by Friday"),
    "when": ("tomorrow", "2026-03-20"),
    "kinds": ("alpha", "beta and gamma"),
    "keep": ("yes", "no"),
    "count": ("3", "4.5"),
    "grade": ("+1", "-2"),
    "pick": ("left", "right"),
    "list": ("Call Sam by Friday; Write", "One thing"),
    "sure": ("yes", "no"),
    "note": ("So be it", '"skip"'),
}
OPEN = facts(commitment(1))

small = st.integers(0, 7)
acts = st.one_of(
    st.tuples(st.just("answer"), small),
    st.tuples(st.sampled_from(["answer", "answer", "edit", "old tap", "ring", "open", "change"]), small),
    st.tuples(st.sampled_from(["mumble", "stir", "facts", "hide", "progress", "tap"]), small),
    st.tuples(st.sampled_from(["skip", "back", "cancel", "later", "private", "help"]), small),
)


def act(held: Talk, what: str, number: int) -> None:
    """Do one thing of a kind; `number` says which of several."""
    done = ACTS.get(what)
    if done is None:
        held.says(what)
    else:
        done(held, number)


def _tokens(held: Talk) -> list[str]:
    return [effect.token for effect in held.effects if isinstance(effect, OpenPrompt)]


def _old_tap(held: Talk, number: int) -> None:
    tokens = _tokens(held)
    held.taps("1", token=tokens[number % len(tokens)])


def _ring(held: Talk, number: int) -> None:
    tokens = _tokens(held)
    held.does(TimerFired(kind=("remind", "again", "expire")[number % 3], token=tokens[-1 - number % len(tokens)]))


def _open(held: Talk, number: int) -> None:
    held.opens(("talk", "other")[number % 2], run=held.key(), by=("bot", "client")[number // 4])


def _facts(held: Talk, number: int) -> None:
    held.state = replace(held.state, facts=OPEN if number % 2 else facts())


def _hide(held: Talk, number: int) -> None:
    if held.state.runs and _run(held, number).answers:
        run = _run(held, number)
        held.does(MadePrivate(run=run.id, question=list(run.answers)[-1], hidden=number % 2 == 0))


def _run(held: Talk, number: int) -> Run:
    return held.state.runs[number % len(held.state.runs)]


def answer_to(question: str, number: int) -> str:
    """A good answer to a question."""
    said = SAID.get(question.rpartition(".")[2], ("hm",))
    return said[number % len(said)]


def _edit(held: Talk, number: int) -> None:
    run = held.state.open
    if run is None or not run.answers:
        held.does(AnswerEdited(key=held.key(), reading=Reading(text="7"), past=None))
        return
    question = list(run.answers)[number % len(run.answers)]
    held.edits(answer_to(question, number // 2), held.given(question))


ACTS: dict[str, Callable[[Talk, int], Any]] = {
    "answer": lambda held, number: held.says(answer_to(held.question, number)),
    "mumble": lambda held, number: held.says("a" * 501 if held.question.endswith("note") else "xyzzy plugh"),
    "tap": lambda held, number: held.taps(str(number), token=held.token if held.state.open else "none"),
    "old tap": _old_tap,
    "edit": _edit,
    "ring": _ring,
    "open": _open,
    "change": lambda held, number: held.says(f"change {number}"),
    "stir": lambda held, number: held.does(NonTextHeard(key=held.key(), kind="voice")),
    "facts": _facts,
    "hide": _hide,
}


def after(script: list[tuple[str, int]]) -> Talk:
    """A talk in which all that has happened."""
    held = talk(ALL, OTHER).opens()
    for what, number in script:
        act(held, what, number)
    return held


# -- the same call gives the same ------------------------------------------------------------------------------------


@given(st.lists(acts, max_size=12))
def test_the_same_call_gives_the_same(script: list[tuple[str, int]]) -> None:
    assert after(script).effects == after(script).effects


@given(st.lists(acts, max_size=12))
def test_what_is_under_way_can_be_put_away_and_taken_up_again(script: list[tuple[str, int]]) -> None:
    runs = after(script).state.runs
    assert load(Runs, dump(Runs, runs)) == runs


# -- one question is open, and it is the one that was put last -------------------------------------------------------


@given(st.lists(acts, max_size=16))
def test_what_waits_is_what_the_answers_lead_to(script: list[tuple[str, int]]) -> None:
    """Whatever was said: an open question is the first one on the way that has no answer, unless facts have moved."""
    held = after([one for one in script if one[0] != "facts"])
    for run in held.state.runs:
        path = walk(held.library.pinned(run.version), run, held.state.facts, held.library)
        assert path.open is not None
        assert run.asked is not None
        assert run.asked.question == path.open.key


@given(st.lists(acts, max_size=16))
def test_every_prompt_that_was_opened_is_waited_on_or_closed(script: list[tuple[str, int]]) -> None:
    held = after(script)
    opened = [effect.token for effect in held.effects if isinstance(effect, OpenPrompt)]
    closed = {effect.token for effect in held.effects if isinstance(effect, ClosePrompt)}
    waiting = [run.asked.token for run in held.state.runs if run.asked]
    assert len(opened) == len(set(opened)), "a token was used twice"
    assert set(opened) - closed == set(waiting)
    assert len(waiting) == len(held.state.runs), "a run waits for nothing"


@given(st.lists(acts, max_size=16))
def test_the_question_put_last_is_the_one_that_a_text_answers(script: list[tuple[str, int]]) -> None:
    held = after(script)
    awake = {run.asked.token for run in held.state.runs if run.asked and run.until is None}
    put = [effect.token for effect in held.effects if isinstance(effect, SendMessage) and effect.token in awake]
    assert put[-1:] == ([held.token] if held.state.open else [])


@given(st.lists(acts, max_size=16), st.sampled_from(["cancel", "skip"]))
def test_there_is_always_a_way_out(script: list[tuple[str, int]], word: str) -> None:
    held = after(script)
    for _ in range(60):
        if held.state.open is None:
            break
        held.says(word)
    assert held.state.open is None


# -- an answer goes to its own question, and counts once -------------------------------------------------------------


@pytest.mark.patient
@given(st.lists(acts, max_size=16), st.sampled_from(["1", "x", "yes", "3"]))
def test_a_button_answers_the_question_it_was_shown_with_or_none(script: list[tuple[str, int]], value: str) -> None:
    held = after(script)
    for prompt in [effect for effect in held.effects if isinstance(effect, OpenPrompt)]:
        held.taps(value, token=prompt.token)
        kept = {(e.run.id, e.question) for e in held.fresh if isinstance(e, StoreAnswer)}
        assert kept <= {(prompt.run.id, prompt.question)}


@given(st.lists(acts, max_size=16))
def test_what_a_dialogue_comes_to_is_what_was_kept_of_it_and_on_its_way(script: list[tuple[str, int]]) -> None:
    held = after(script)
    kept: dict[str, dict[str, Any]] = {}
    for effect in held.effects:
        match effect:
            case StoreAnswer(run=run, question=question, answer=answer):
                kept.setdefault(run.id, {})[question] = answer.value
            case DropAnswer(run=wanted, question=question):
                kept.get(wanted, {}).pop(question, None)
            case EndRun(run=run, how="done" | "partly"):
                assert {k: a.value for k, a in run.answers.items()} == kept.get(run.id, {})
    ends = [effect.run.id for effect in held.effects if isinstance(effect, EndRun)]
    assert len(ends) == len(set(ends)), "a dialogue ended twice"
    assert len([e for e in held.effects if isinstance(e, WriteRecords)]) <= len(ends)


STRANGE = st.sampled_from(["", "0" * 18, "nobody", "\ud800", "\x00"])


@pytest.mark.patient
@given(st.lists(acts, max_size=10), STRANGE, st.sampled_from(["remind", "again", "expire", "nonsense"]))
def test_what_nobody_knows_changes_nothing(script: list[tuple[str, int]], token: str, kind: str) -> None:
    held = after(script)
    before = held.state
    for _ in range(3):
        held.taps("1", token=token or "-")
        held.does(TimerFired(kind=kind, token=token))
        held.does(MadePrivate(run=token, question="mood", hidden=True))
        held.does(AnswerEdited(key=held.key(), reading=Reading(text="7"), past=None))
        assert held.state == before
    assert not [
        e
        for e in held.effects[len(after(script).effects) :]
        if isinstance(e, (StoreAnswer, WriteRecords, ClosePrompt, BeginDialogue))
    ]


# -- where a dialogue stands follows from its answers, not from how they came ----------------------------------------


def through(held: Talk, number: int) -> Talk:
    """Answer until the talk ends."""
    for _ in range(20):
        if held.state.open is None:
            break
        held.says(answer_to(held.question, number))
    return held


@pytest.mark.patient
@given(st.integers(0, 7), st.integers(0, 12), st.integers(0, 7), st.integers(0, 7))
def test_an_edit_leads_where_answering_so_at_once_would_have(number: int, steps: int, which: int, other: int) -> None:
    edited = talk(ALL).opens()
    for _ in range(steps):
        if edited.state.open is not None:
            edited.says(answer_to(edited.question, number))
    if edited.state.open is None or not edited.run.answers:
        return
    question = list(edited.run.answers)[which % len(edited.run.answers)]
    if question in ("why", "when") and number % 2:
        return  # the day was said in passing: it has no message of its own, and stays when an edit names no other
    edited.edits(answer_to(question, other), edited.given(question))
    through(edited, number)
    straight = talk(ALL).opens()
    for _ in range(20):
        if straight.state.open is not None:
            straight.says(answer_to(straight.question, other if straight.question == question else number))
    assert edited.written == straight.written


@given(st.lists(st.tuples(st.sampled_from(["answer", "back", "change", "skip"]), small), max_size=14), small)
def test_going_back_and_on_again_ends_where_going_straight_does(script: list[tuple[str, int]], number: int) -> None:
    """However one wandered, answering everything anew from the first question ends the same."""
    held = after(script)
    for _ in range(30):
        if held.state.open is None or not held.run.answers:
            break
        held.says("change 1")
        held.says(answer_to(held.question, number))
        break
    again = replace(held.run, answers=dict(reversed(held.run.answers.items()))) if held.state.open else None
    if again is None:
        return
    path = walk(ALL, held.run, held.state.facts, held.library)
    assert walk(ALL, again, held.state.facts, held.library) == path
