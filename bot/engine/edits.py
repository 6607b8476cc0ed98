"""An edited message revises the answer that it gave; it is never read as a new one."""

import json
from dataclasses import replace
from datetime import timedelta

from bot.engine.answers import Misread, Parsed, parse, steers
from bot.engine.state import Answer, Closed, Ended, Hide, Live, Past, Pending, Revised, Run
from bot.engine.turn import Turn, short
from bot.records import Opening

REVISABLE = timedelta(days=7)  # after a dialogue has ended
CONFIRM = "revision"  # the dialogue that asks before a change which would have led elsewhere


def revised(turn: Turn, event: Revised) -> bool:
    """Take an edit; returns whether the open question is to be asked again."""
    turn.emit(Live(answered=True))
    past = event.past
    if past is None:
        turn.say("edit_not_an_answer")
        return False
    live = turn.state.run(past.run.id)
    run = live or past.run
    settled = turn.dialogue(run).settled
    if settled:
        turn.say(settled)
        return False
    answer = _new_answer(turn, run, past.question, event)
    if answer is None or answer.value == run.answers[past.question].value:
        return False
    if live is not None:
        return _in_open_dialogue(turn, live, past.question, answer)
    return _in_ended_dialogue(turn, past, answer)


def _new_answer(turn: Turn, run: Run, question: str, event: Revised) -> Answer | None:
    stop = turn.path(run).stop(question)
    old = run.answers.get(question)
    if stop is None or old is None:
        turn.say("edit_not_an_answer")
        return None
    if event.reading.trouble is not None:
        turn.say(f"trouble_{event.reading.trouble}")
        return None
    parsed = parse(stop.ask, event.reading, turn.wording)
    check = turn.library.functions.validators.get(stop.ask.check)
    if isinstance(parsed, Parsed) and steers(stop.ask, parsed.value):
        parsed = Misread()
    why = None if isinstance(parsed, Parsed) else parsed.why
    if isinstance(parsed, Parsed) and check is not None:
        why = check(parsed.value, turn.path(run).at(stop))
    if why is not None or not isinstance(parsed, Parsed):
        turn.say("edit_unreadable", why=why, answer=old.label)
        return None
    return replace(old, value=parsed.value, label=turn.wording.write(parsed.label), at=turn.now)


def _in_open_dialogue(turn: Turn, run: Run, question: str, answer: Answer) -> bool:
    """Branches are walked again; if another question is open now, it takes the place of the one that was."""
    was = turn.path(run).open
    stop = turn.path(run).stop(question)
    if stop is None:
        return False
    run = turn.put(run, stop, answer)
    turn.say("changed", answer=answer.label)
    turn.state = turn.state.in_place(run)
    path = turn.path(run)
    same = (path.open and path.open.key) == (was and was.key)
    if same:
        return False
    if run.asked is not None:
        turn.emit(Closed(token=run.asked.token, state="superseded"))
        run = replace(run, asked=None)
    turn.go_on(run, path)
    return False


def _in_ended_dialogue(turn: Turn, past: Past, answer: Answer) -> bool:
    ended = max((a.at for a in past.run.answers.values()), default=past.run.touched)
    if turn.now - (past.closed or ended) > REVISABLE:
        turn.say("edit_too_late")
        return False
    before, after = turn.path(past.run), turn.path(past.run.answered(past.question, answer))
    if before.asked == after.asked:
        _rewrite(turn, past.run, past.question, answer)
        return False
    pending = Pending(run=past.run.id, question=past.question, value=answer.value, label=answer.label)
    key = f"{past.run.id}~{past.question}~{json.dumps(answer.value, sort_keys=True)}"
    turn.open(Opening(dialogue=CONFIRM), run_id=f"revision:{short(key)}", by="client", day=turn.facts.today)
    run = turn.state.open
    if run is not None:
        turn.state = turn.state.in_place(replace(run, pending=pending))
    return False


def carry_out(turn: Turn, pending: Pending, past: Past) -> None:
    """Make a change that the person has said yes to."""
    old = past.run.answers.get(pending.question)
    if past.run.id == pending.run and old is not None:
        answer = replace(old, value=pending.value, label=pending.label, at=turn.now)
        _rewrite(turn, past.run, pending.question, answer)


def _rewrite(turn: Turn, run: Run, question: str, answer: Answer) -> None:
    stop = turn.path(run).stop(question)
    if stop is None:
        return
    run = turn.put(run, stop, answer)
    turn.write_outcome(run)
    turn.emit(Ended(run=run, how="done"))
    turn.say("changed", answer=answer.label)


def hide(turn: Turn, event: Hide) -> bool:
    """Change who may read what was answered: one answer of a dialogue under way, all of one that has ended.

    What came of an ended dialogue is written again, for its new audience.
    """
    live = turn.state.run(event.run)
    run = live or (event.past.run if event.past else None)
    if run is None:
        return False
    for question in (event.question,) if live else tuple(run.answers):
        stop = turn.path(run).stop(question)
        if stop is not None and question in run.answers:
            run = turn.put(run, stop, replace(run.answers[question], private=event.hidden))
    if live is not None:
        turn.state = turn.state.in_place(run)
        return False
    turn.write_outcome(run)
    turn.emit(Ended(run=run, how="done"))
    return False
