"""An answer that was given is made private, or visible again."""

from dataclasses import replace

from bot.engine.effects import EndRun
from bot.engine.events import MadePrivate
from bot.engine.turn import Turn


def hidden(turn: Turn, event: MadePrivate) -> bool:
    """Change who may read what was answered: one answer of a dialogue under way, all of one that has ended.

    What came of an ended dialogue is written again, for its new audience.
    """
    live = turn.state.run(event.run)
    run = live or (event.past.run if event.past else None)
    if run is None:
        return False
    before = run
    for question in (event.question,) if live else tuple(run.answers):
        stop, old = turn.whole(run).stop(question), run.answers.get(question)
        if old is not None and stop is not None:
            run = turn.take(run, stop, replace(old, private=event.hidden))
        elif old is not None and event.hidden:  # of a branch that was left: nobody is to see that either
            run = turn.keep(run, question, replace(old, private=True))
    if live is not None:
        turn.state = turn.state.in_place(turn.count(run, before))
        return False
    run = turn.write_outcome(run, before)
    turn.emit(EndRun(run=run, how="done"))
    return False
