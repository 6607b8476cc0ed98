"""How a dialogue goes on: a question is put, answered, followed by the next one, and by what comes after the last."""

from dataclasses import replace
from typing import Literal

from bot.engine.buttons import choices_of, columns_of, days_to_tap
from bot.engine.dialogue.tree import Kind
from bot.engine.effects import (
    AskAgain,
    BeginDialogue,
    CloseMessage,
    ClosePrompt,
    DropAnswer,
    Effect,
    EndRun,
    Notify,
    OpenPrompt,
    SendMessage,
    WriteRecords,
)
from bot.engine.files import file_of
from bot.engine.forms import form_of, stops_of
from bot.engine.state import Answer, Asked, Run, short
from bot.engine.turn import Turn
from bot.engine.walk import Path, Stop
from bot.messages.outgoing import Choice, Form
from bot.model.replies import HideAnswer, Reply

How = Literal["done", "cancelled", "missed", "partly"]

# -- asking ----------------------------------------------------------------------------------------------------------


def reask(turn: Turn) -> None:
    """Put the open question again, below what was said; in a step of its own when facts have just been written."""
    let_pass(turn)
    run = turn.state.open
    if run is None or run.asked is None or run.asked.token in turn.put:
        return
    if any(map(_changes_facts, turn.effects)):
        turn.emit(AskAgain(said=tuple(turn.said)))
        turn.said = []
    else:
        ask(turn, run, again=True)


def let_pass(turn: Turn) -> None:
    """Put away what stands without an answer, now that something else was said."""
    run = turn.state.open
    stop = turn.path(run).open if run is not None and run.asked is not None else None
    if run is None or run.asked is None or stop is None or run.asked.token in turn.put:
        return
    if stop.ask.passing and not run.asked.private:  # one that is to be private is awaited
        end(turn, close(turn, run, "superseded"), "partly")
        let_pass(turn)


def ask(turn: Turn, run: Run, *, again: bool = False, reminder: bool = False, opening: bool = False) -> None:
    """Put the question that is open in a run; the same question keeps its token.

    Facts may have moved since it was put: another question may come first now, or none at all.
    """
    path = turn.path(run)
    stop = path.open
    moved = run.asked is not None and (stop is None or run.asked.question != stop.key)
    if moved and run.asked is not None:
        turn.emit(CloseMessage(token=run.asked.token), ClosePrompt(token=run.asked.token, state="superseded"))
        run = replace(run, asked=None)
    if stop is None:
        go_on(turn, run, path)
        return
    fresh = run.asked is None
    if fresh:
        token = short(f"{run.id}/{run.count + 1}")
        run = replace(run, asked=Asked(token=token, question=stop.key), count=run.count + 1)
        began = turn.dialogue(run) if run.count == 1 else None
        required = stop.ask.required
        turn.emit(OpenPrompt(run=run, question=stop.key, token=token, opening=opening, required=required, began=began))
    turn.state = turn.state.on_top(replace(run, until=None))
    _post(turn, run, stop, path, again=again and (moved or not fresh), reminder=reminder)


def _post(turn: Turn, run: Run, stop: Stop, path: Path, *, again: bool, reminder: bool) -> None:
    question, asked = stop.ask, run.asked
    if asked is None:
        return
    if turn.buttons:
        turn.flush()
    turn.put.add(asked.token)
    text = turn.text_of(stop, path, run, question.remind if reminder and question.remind else question.text)
    listed = stop.key in run.answers  # and it may go on
    if listed:
        text = turn.wording.say("list_more")
    if again:
        title = turn.dialogue(run).title
        text = turn.wording.say("resumed", title=title, question=text)
    choices = choices_of(question, turn.wording, asked.picked, listed=listed)
    if asked.tries and question.kind is Kind.DATE:
        choices = days_to_tap(turn.facts, turn.wording)
    turn.emit(
        SendMessage(
            said=(*turn.said, text),
            token=asked.token,
            kind=question.kind,
            choices=choices,
            columns=columns_of(question),
            reminder=reminder,
            form=_form(turn, run, path) if turn.forms and run.count == 1 else None,
        )
    )
    turn.said = []


def moved_on(turn: Turn, run: Run) -> bool:
    """Whether another question than the one that was put is open now; then that one is put."""
    stop = turn.path(run).open
    if stop is not None and run.asked is not None and run.asked.question == stop.key:
        return False
    ask(turn, run)
    return True


def _form(turn: Turn, run: Run, path: Path) -> Form | None:
    def words(stop: Stop, text: str) -> str:
        return turn.text_of(stop, path, run, text)

    dialogue = turn.dialogue(run)
    return form_of(dialogue, run, turn.wording, stops_of(dialogue, path.given, turn.library), words)


def _changes_facts(effect: Effect) -> bool:
    return isinstance(effect, HideAnswer) or (isinstance(effect, WriteRecords) and bool(effect.records))


# -- moving on -------------------------------------------------------------------------------------------------------


def begin(turn: Turn, run: Run, *, opening: bool) -> None:
    """Start a run: say what stands first, ask its first question; one without questions ends at once."""
    path = turn.path(run)
    turn.state = turn.state.on_top(run)
    known = [key for key in path.asked if key in run.answers]
    for key in ("", *known[-1:]) if path.open is not None else ("",):
        turn.say_stops(path.after(key), path, run)
    go_on(turn, run, path, opening=opening)


def answered(turn: Turn, run: Run, stop: Stop, answer: Answer) -> None:
    """Close the prompt of a question that was just answered and go on to the next."""
    run = close(turn, run, "answered", answer.label if not answer.skipped else turn.wording.say("skipped_mark"))
    path = turn.path(run)
    turn.say_stops(path.after(stop.key), path, run)
    go_on(turn, run, path)


def go_on(turn: Turn, run: Run, path: Path, *, opening: bool = False) -> None:
    """Ask what is open in a run, or end it."""
    if path.open is not None:
        ask(turn, run, opening=opening)
        return
    end(turn, run, "done")
    _follow(turn, run, path)


def _follow(turn: Turn, run: Run, path: Path) -> None:
    """What comes after a dialogue: another one that follows from it, or the one it interrupted."""
    reply = _follows(turn, run, path)
    if reply is not None:
        apply(turn, reply, key=run.id if not reply.records else f"{run.id}+")
    if reply is None or reply.opens is None:
        reask(turn)


def _follows(turn: Turn, run: Run, path: Path) -> Reply | None:
    """What follows from a dialogue; from a hidden one, nothing that is told, asked or decided for others."""
    reply = turn.library.functions.follow_ups(run.dialogue, path.given)
    if reply is None or not run.hidden:
        return reply
    opens = reply.opens if reply.opens is not None and turn.facts.keeps(reply.opens.items) else None
    return replace(reply, tells=(), opens=opens)


def close(turn: Turn, run: Run, how: Literal["answered", "expired", "superseded"], mark: str = "") -> Run:
    """Close the open prompt of a run; its messages are marked, unless it has expired and still takes an answer."""
    if run.asked is None:
        return run
    if how != "expired":
        turn.emit(CloseMessage(token=run.asked.token, mark=turn.wording.say("retired", mark=mark)))
    turn.emit(ClosePrompt(token=run.asked.token, state=how))
    return replace(run, asked=None)


def end(turn: Turn, run: Run, how: How) -> None:
    """Put a run away; what it has come to is written unless it was cancelled or missed."""
    turn.state = turn.state.without(run)
    if _counts_at_its_end(turn, run, how):
        run = turn.write_outcome(run, None)
    if how == "cancelled":
        turn.emit(*(DropAnswer(run=run.id, question=key) for key in run.answers))
    if how == "partly" and run.wrote:
        _tell_others(turn, run)
    turn.emit(EndRun(run=replace(run, asked=None, until=None), how=how, shown=turn.shows(run)))


def drop(turn: Turn, run: Run) -> None:
    """Put a run away as if it had not been."""
    end(turn, close(turn, run, "superseded", turn.wording.say("cancelled_mark")), "cancelled")


def _tell_others(turn: Turn, run: Run) -> None:
    """Whoever hears of a dialogue when it ends hears of one that was left as well."""
    reply = _follows(turn, run, turn.whole(run))
    turn.emit(*(Notify(told=told) for told in (reply.tells if reply is not None else ())))


def _counts_at_its_end(turn: Turn, run: Run, how: How) -> bool:
    waits = turn.dialogue(run).waits
    return (how == "done" and (waits is not False or not run.answers)) or (how == "partly" and waits is None)


def apply(turn: Turn, reply: Reply, key: str) -> None:
    """Carry out what a command or a follow-up wants."""
    turn.alone = turn.alone or reply.own or (reply.opens is not None and reply.opens.private)
    for said in reply.says:
        turn.voice(said)
    if reply.records:
        own = turn.facts.engagement
        turn.emit(WriteRecords(records=reply.records, run=key, engagement=own.id if own else ""))
    turn.buttons += tuple(Choice(value=command, label=turn.wording.render(p)) for command, p in reply.buttons)
    if reply.files:
        turn.flush()
        files = (file_of(file, turn.wording) for file in reply.files)
        turn.emit(*(SendMessage(said=(text,), file=file) for text, file in files))
    turn.emit(*(Notify(told=told) for told in reply.tells))
    if reply.then is not None:
        turn.emit(reply.then)
    if reply.opens is not None:
        turn.emit(BeginDialogue(opening=reply.opens, run=f"{key}>", said=tuple(turn.said)))
        turn.said = []
