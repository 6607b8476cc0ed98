"""The dialogue engine: `step(state, event, now, library) -> (state, effects)`.

Theory of operation. A person has a stack of runs; the last one that is awake is open, and its question is the one open
prompt. Every event is one row of `HANDLERS`; what is done with it stands in `event_handlers`, and how a dialogue goes
on from there in `flow`:

    DialogueOpened    a dialogue begins        the runs below it keep their questions, and are asked again when it ended
    QuestionRepeated  after a write            the open question is put again, now that the facts are new
    TextHeard         a text                   control word > command > the prompt it replies to > the open question >
                                               an expired prompt that still waits > nothing waits for it
    FormFilled        a form                   all its answers, or none and what is wrong with each
    ButtonTapped      a button                 the prompt of that token, wherever it stands; a closed one is stale
    AnswerEdited      an edited message        changes the answer it gave, never gives another one
    NonTextHeard      voice, picture, reaction a sign of life, never an answer
    TimerFired        a timer                  remind, expire, again
    MadePrivate       private, after the fact  the answer changes its audience, and so does what came of it

Whatever comes, the answers decide where a dialogue stands (`walk`), and at most one question is open. Nothing here
reads a clock, a table or a platform, and the same call gives the same result.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.engine import flow
from bot.engine.effects import Effect
from bot.engine.event_handlers import edits, filling, hiding, opening, taps, texts, timers
from bot.engine.events import (
    AnswerEdited,
    ButtonTapped,
    DialogueOpened,
    FormFilled,
    MadePrivate,
    NonTextHeard,
    QuestionRepeated,
    StepEvent,
    TextHeard,
    TimerFired,
)
from bot.engine.library import Library
from bot.engine.state import Run, State
from bot.engine.turn import Turn
from bot.engine.walk import Stop, walk
from bot.engine.written import known_to


def step(state: State, event: StepEvent, now: datetime, library: Library) -> tuple[State, tuple[Effect, ...]]:
    """What becomes of a conversation, and what is to be done, when an event comes in at an instant (UTC).

    `library` must hold the version of every dialogue that the state or the event's `past` refers to.
    """
    turn = Turn(state, now, library)
    if HANDLERS[type(event)](turn, event):
        flow.reask(turn)
    return turn.finish(typed=_answers(event))


def _answers(event: StepEvent) -> bool:
    """Whether words of somebody's are waiting for a word back: a command has its own."""
    return isinstance(event, QuestionRepeated) or (isinstance(event, TextHeard) and not event.reading.verb)


# Each returns whether the open question is to be put again below what was said.
HANDLERS: Mapping[type, Callable[[Turn, Any], bool]] = {
    DialogueOpened: opening.opened,
    QuestionRepeated: opening.repeated,
    TextHeard: texts.heard,
    ButtonTapped: taps.tapped,
    FormFilled: filling.filled,
    AnswerEdited: edits.edited,
    NonTextHeard: timers.stirred,
    TimerFired: timers.rung,
    MadePrivate: hiding.hidden,
}


def waiting(state: State, library: Library, run: Run | None = None) -> Stop | None:
    """The question that is open, or that another run waits on, as whoever reads a text needs to know it."""
    run = run or state.open
    if run is None:
        return None
    return walk(library.pinned(run.version), run, known_to(run, state.facts), library).open
