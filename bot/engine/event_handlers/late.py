"""An answer that comes late, to a prompt that has expired."""

from datetime import timedelta

from bot.engine.answers import Parsed, steers
from bot.engine.effects import CloseMessage, ClosePrompt, EndRun, Toast
from bot.engine.events import Past
from bot.engine.turn import Turn
from bot.messages.readings import Reading

LATE = timedelta(days=7)  # how long an expired prompt still takes its one answer


def take_late(turn: Turn, past: Past, reading: Reading, message: str) -> bool:
    """Take the one answer of an expired prompt under its own day; the dialogue does not reopen. False: not readable."""
    if past.closed is None or turn.now - past.closed > LATE:
        return False
    path = turn.whole(past.run)
    stop = path.stop(past.question)
    if stop is None or past.question in past.run.answers:
        return False
    parsed = turn.read(path, stop, reading)
    if not isinstance(parsed, Parsed) or steers(stop.ask, parsed.value):
        return False
    run = turn.take(past.run, stop, turn.answer(parsed, past.run, message=message))
    run = turn.write_outcome(run, past.run)
    turn.emit(ClosePrompt(token=past.token, state="answered"), EndRun(run=run, how="partly", shown=turn.shows(run)))
    mark = turn.wording.say("retired", mark=parsed.label)
    turn.emit(CloseMessage(token=past.token, mark=mark), Toast(text=turn.wording.say("toast_noted")))
    turn.say("noted_late", answer=parsed.label, day=past.run.day)
    return True
