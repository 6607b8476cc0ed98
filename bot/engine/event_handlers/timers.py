"""A timer ran out, or somebody gave a sign of life without words."""

from dataclasses import replace

from bot.engine import flow
from bot.engine.events import NonTextHeard, TimerFired
from bot.engine.state import Run
from bot.engine.turn import Turn


def stirred(turn: Turn, event: NonTextHeard) -> bool:
    """Voice, a picture, a reaction: a sign of life, never an answer."""
    turn.heard(answered=False)
    turn.say("cannot_keep")
    return turn.state.open is not None


def rung(turn: Turn, event: TimerFired) -> bool:
    """Remind, expire, or put again what was put off."""
    run = turn.state.behind(event.token)
    if run is None:
        return False
    if event.kind == "expire" and not _does_not_lapse(turn, run):
        expire(turn, run)
    elif event.kind == "remind" and run.until is None:
        turn.state = turn.state.on_top(run)
        flow.ask(turn, run, reminder=True)
    elif event.kind == "again" and run.until is not None and not run.aside:
        turn.state = turn.state.on_top(replace(run, until=None))
        return True
    return False


def _does_not_lapse(turn: Turn, run: Run) -> bool:
    """Whether a run waits for a consent that the bot asked for: no silence stands for an answer there."""
    stop = turn.path(run).open
    return run.by == "bot" and stop is not None and stop.ask.required


def expire(turn: Turn, run: Run) -> None:
    """Put away a run that nobody answered; what was answered counts, the rest is missed and not nothing.

    What stands without an answer is settled by then.
    """
    stop = turn.path(run).open
    if stop is not None and stop.ask.passing:
        flow.end(turn, flow.close(turn, run, "superseded"), "partly")
        return
    run = flow.close(turn, run, "expired")
    flow.end(turn, run, "partly" if run.told else "missed")
