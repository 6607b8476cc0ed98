"""A button was pressed."""

from dataclasses import replace

from bot.engine.buttons import choices_of
from bot.engine.dialogue.tree import Kind
from bot.engine.effects import CloseMessage, Toast
from bot.engine.event_handlers.answering import take_answer
from bot.engine.event_handlers.late import take_late
from bot.engine.events import ButtonTapped
from bot.engine.state import Run
from bot.engine.turn import Turn
from bot.messages.readings import Reading


def tapped(turn: Turn, event: ButtonTapped) -> bool:
    """The prompt of its token takes it, wherever that stands; one that is closed is stale."""
    reading = Reading(text=event.value, literal=True)
    run = turn.state.asking(event.token)
    turn.heard(answered=True, of=run or (event.past.run if event.past else None))
    if run is not None:
        run = replace(run, until=None)
        turn.state = turn.state.on_top(run)
        return _pressed(turn, run, reading, event)
    if event.past is not None and event.past.state == "expired" and take_late(turn, event.past, reading, ""):
        return True
    turn.emit(Toast(text=turn.wording.say("already_answered"), stale=True))
    return False


def _pressed(turn: Turn, run: Run, reading: Reading, event: ButtonTapped) -> bool:
    path = turn.path(run)
    stop, asked = path.open, run.asked
    if stop is None or asked is None or asked.question != stop.key or stop.ask.kind is not Kind.CHOICES:
        return take_answer(turn, run, reading, "", event.past)
    known = [o.value for o in stop.ask.options]
    if event.value not in known:
        return take_answer(turn, run, reading, "", event.past)
    picked = tuple(v for v in known if (v in asked.picked) != (v == event.value))
    turn.state = turn.state.on_top(replace(run, asked=replace(asked, picked=picked)))
    choices = choices_of(stop.ask, turn.wording, picked)
    turn.emit(CloseMessage(token=asked.token, choices=choices))
    return False
