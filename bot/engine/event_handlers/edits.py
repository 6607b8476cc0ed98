"""An edited message revises the answer that it gave; it is never read as a new one."""

from dataclasses import replace
from datetime import timedelta

from bot.engine import flow
from bot.engine.answers import Misread, Parsed, date_in_passing, longer, steers, words_of_list
from bot.engine.dialogue.tree import Kind
from bot.engine.effects import CloseMessage, ClosePrompt, DropAnswer, EndRun
from bot.engine.event_handlers.opening import open_dialogue
from bot.engine.events import AnswerEdited, Past
from bot.engine.state import Answer, Pending, Run, short
from bot.engine.turn import Turn
from bot.engine.walk import Stop
from bot.messages.readings import Reading
from bot.model.replies import Opening

REVISABLE = timedelta(days=7)  # after a dialogue has ended
CONFIRM = "revision"  # the dialogue that asks before a change which would have led elsewhere

Changes = dict[str, Answer]  # by question


def edited(turn: Turn, event: AnswerEdited) -> bool:
    """Take an edit; returns whether the open question is to be asked again."""
    past = event.past
    turn.heard(answered=True, of=past.run if past else None)
    if past is None:
        turn.say("edit_not_an_answer")
        return False
    live = turn.state.run(past.run.id)
    run = live or past.run
    if _settled(turn, run):
        turn.say(turn.dialogue(run).settled)
        return False
    withdrawn = _withdraw(turn, past)
    changes = _changes(turn, run, past.question, event)
    if changes and live is not None:
        _in_open_dialogue(turn, live, changes)
    elif changes:
        _in_ended_dialogue(turn, past, changes, event.key)
    return withdrawn


def _settled(turn: Turn, run: Run) -> bool:
    """Whether what was answered in this run is not to change by an edit any more."""
    dialogue = turn.dialogue(run)
    since = dialogue.settled_once
    if not dialogue.settled or not since:
        return bool(dialogue.settled)
    given = replace(turn.whole(run).given, facts=turn.facts)  # as it has come about, also by this very run
    return bool(turn.library.functions.predicates[since](given))


def _withdraw(turn: Turn, past: Past) -> bool:
    """Drop an earlier change of the same answer that still waits for a yes; the message reads otherwise by now."""
    waiting = [
        r for r in turn.state.runs if r.pending and (r.pending.run, r.pending.question) == (past.run.id, past.question)
    ]
    for run in waiting:
        flow.drop(turn, run)
    return bool(waiting)


def _changes(turn: Turn, run: Run, question: str, event: AnswerEdited) -> Changes:
    """What an edit changes: the answer that the message gave, the day that it named; nothing if it reads the same."""
    path = turn.path(run) if turn.state.run(run.id) else turn.whole(run)
    stop = path.stop(question)
    old = run.answers.get(question)
    if stop is None or old is None:
        turn.say("edit_not_an_answer")
        return {}
    if event.reading.trouble is not None:
        turn.say(f"trouble_{event.reading.trouble}")
        return {}
    parsed = turn.read(path, stop, event.reading)
    if isinstance(parsed, Parsed) and steers(stop.ask, parsed.value):
        parsed = Misread()
    if isinstance(parsed, Parsed) and stop.ask.kind is Kind.COMMITMENTS:
        return _line_changed(turn, stop, old, parsed, event)
    if isinstance(parsed, Parsed):
        return _differing(turn, run, stop, parsed, event)
    turn.say("edit_unreadable", why=parsed.why, answer=old.label)
    return {}


def _line_changed(turn: Turn, stop: Stop, old: Answer, parsed: Parsed, event: AnswerEdited) -> Changes:
    """A list with what that one message now says, in its place; what is kept back in it keeps back the list."""
    given, entries, message = old.given_by, old.value or [], event.message
    private = old.private or event.reading.private_answer
    own = [at for at, by in enumerate(given) if by == message]
    if not own:
        turn.say("edit_not_an_answer")
        return {}
    first, behind = own[0], own[-1] + 1
    anew = longer(stop.ask, [*entries[:first], *entries[behind:]], parsed)
    if isinstance(anew, Misread):
        turn.say("edit_unreadable", why=anew.why, answer=old.label)
        return {}
    new = parsed.value or []
    value = [*entries[:first], *new, *entries[behind:]] or None
    if value == old.value and private == old.private:
        return {}
    lines = (*given[:first], *(message for _ in new), *given[behind:])
    kept = min(lines.index(old.message) if old.message in lines else len(lines), len(lines))
    label = turn.wording.write(words_of_list(value or ()))
    changed = replace(old, value=value, label=label, at=turn.now, skipped=False, lines=lines, kept=kept)
    return {stop.key: replace(changed, private=private)}


def _differing(turn: Turn, run: Run, stop: Stop, parsed: Parsed, event: AnswerEdited) -> Changes:
    words, day = date_in_passing(stop.ask, parsed, event.reading) if stop.ask.date_for else (parsed, None)
    old = run.answers[stop.key]
    found = {stop.key: (old, words)}
    if day is not None:
        found[stop.key_of_date] = (run.answers.get(stop.key_of_date, replace(old, message="")), day)
    aside = event.reading.private_answer
    return {
        key: replace(
            was,
            value=now.value,
            label=turn.wording.write(now.label),
            at=turn.now,
            skipped=False,
            private=was.private or aside,
        )
        for key, (was, now) in found.items()
        if was.value != now.value or (aside and not was.private)
    }


def _in_open_dialogue(turn: Turn, run: Run, changes: Changes) -> None:
    """Branches are walked again; if another question is open now, it takes the place of the one that was."""
    before = {key: run.answers.get(key) for key in changes}
    _walk_again(turn, run, replace(_put(turn, run, changes), edited=(*run.edited, before)))


def unedited(turn: Turn, run: Run, reading: Reading) -> bool:
    """`undo` behind an edit: the answers of the open dialogue are what they were before it, and no less private."""
    before, left = run.edited[-1], replace(run, edited=run.edited[:-1])
    for key in (key for key, was in before.items() if was is None):
        turn.emit(DropAnswer(run=run.id, question=key))
        left = left.without(key)
    aside = {key for key, answer in run.answers.items() if answer.private}
    again = {key: replace(was, private=was.private or key in aside) for key, was in before.items() if was is not None}
    _walk_again(turn, run, _put(turn, left, again))
    return False


def _walk_again(turn: Turn, before: Run, run: Run) -> None:
    was = turn.path(before).open
    run = turn.count(run, before)
    turn.state = turn.state.in_place(run)
    path = turn.path(run)
    if (path.open and path.open.key) == (was and was.key):
        return
    if run.asked is not None:
        turn.emit(ClosePrompt(token=run.asked.token, state="superseded"))
        run = replace(run, asked=None)
    flow.go_on(turn, run, path)


def _in_ended_dialogue(turn: Turn, past: Past, changes: Changes, key: str) -> None:
    ended = max((a.at for a in past.run.answers.values()), default=past.run.touched)
    if turn.now - (past.closed or ended) > REVISABLE:
        turn.say("edit_too_late")
        return
    before, after = turn.whole(past.run), turn.whole(replace(past.run, answers={**past.run.answers, **changes}))
    main, old = changes.get(past.question), past.run.answers.get(past.question)
    hides = main is not None and main.private and not (old is not None and old.private)
    if main is None or hides or before.asked == after.asked:
        _rewrite(turn, past.run, changes)
        return
    pending = Pending(run=past.run.id, question=past.question, value=main.value, label=main.label, private=main.private)
    asks = Opening(dialogue=CONFIRM, private=past.run.hidden)
    open_dialogue(turn, asks, run_id=f"revision:{short(key)}", by="client", day=turn.facts.today)
    run = turn.state.open
    if run is not None:
        turn.state = turn.state.in_place(replace(run, pending=pending))


def apply_effects(turn: Turn, pending: Pending, past: Past) -> None:
    """Make a change that the person has said yes to."""
    old = past.run.answers.get(pending.question)
    if past.run.id == pending.run and old is not None:
        answer = replace(old, value=pending.value, label=pending.label, at=turn.now, skipped=False)
        answer = replace(answer, private=old.private or pending.private)
        _rewrite(turn, past.run, {pending.question: answer})


def _rewrite(turn: Turn, run: Run, changes: Changes) -> None:
    run = turn.write_outcome(_put(turn, run, changes), run)
    turn.emit(EndRun(run=run, how="done"))


def _put(turn: Turn, run: Run, changes: Changes) -> Run:
    hidden = any(
        answer.private and not run.answers[key].private for key, answer in changes.items() if key in run.answers
    )
    for key, answer in changes.items():
        stop = turn.whole(run).stop(key)
        run = turn.take(run, stop, answer) if stop is not None else turn.keep(run, key, answer)
        mark = turn.wording.say("retired", mark=answer.label)
        turn.emit(CloseMessage(token="", mark=mark, run=run.id, question=key))
        turn.say("changed", answer=answer.label)
    if hidden:
        turn.say("private_taken")
    return run
