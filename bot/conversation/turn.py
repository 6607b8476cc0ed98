"""One step of a conversation inside its transaction: facts, `step`, effects, state, and what follows at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from bot.conversation.effects import apply_effects
from bot.conversation.load_facts import facts
from bot.conversation.pinned import pinned
from bot.engine.effects import AskAgain, BeginDialogue, Effect
from bot.engine.events import DialogueOpened, MadePrivate, QuestionRepeated, StepEvent
from bot.engine.library import Library
from bot.engine.state import State
from bot.engine.step import step
from bot.messages.incoming import Inbound
from bot.model.facts import Facts
from bot.model.replies import HideAnswer
from bot.rendering.wording import Wording
from bot.time_zones import local_day
from bot.transaction import ledger
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations
from storage.conversation.conversations import Runs
from storage.outbox import sharing
from storage.people import people
from storage.people.addresses import Place
from storage.people.people import Known

_FOLLOW_UPS = 4  # a dialogue that begins another that begins another, and the one below is asked again; more is a loop

Following = BeginDialogue | AskAgain | HideAnswer


def unit_of(
    connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: Library
) -> UnitOfWork:
    """The unit of work of an event that came to a place."""
    return UnitOfWork(
        connection=connection,
        library=library,
        known=known,
        reply_to=place,
        key=inbound.key,
        now=now,
        today=local_day(now, known.home),
        shift=place.shift,
    )


def wording_for(library: Library, known: Known, now: datetime) -> Wording:
    """The catalogue in somebody's language, as their locale writes, on the day that it is where they live."""
    return library.wording_of(known.language, known.locale, local_day(now, known.home))


def advance(unit: UnitOfWork, event: StepEvent, runs: Runs, found: Facts | None = None) -> tuple[Effect, ...]:
    """Carry an event through, and what follows from it in the same turn; `found` are the facts, where they are loaded.

    Returns every effect, but for those of an answer that is made private: it was given and told before.
    """
    known = found or unit.library.known_to(facts(unit.connection, unit.known, unit.now, at=unit.reply_to))
    state = State(facts=known, runs=runs)
    done: tuple[Effect, ...] = ()
    following: list[Following] = []
    for _ in range(1 + _FOLLOW_UPS):
        state, effects = step(state, event, unit.now, unit.library)
        apply_effects(unit, effects)
        done += () if isinstance(event, MadePrivate) else effects
        following += _following(effects)
        if not following:
            break
        state, event = _next(unit, state, following.pop(0))
    ledger.keep(unit)
    sharing.stamp(unit.connection, unit.telling)
    conversations.save_state(unit.connection, unit.known.id, state.runs)
    return done


def _following(effects: tuple[Effect, ...]) -> Iterator[Following]:
    """What a step wants to follow it: an answer is hidden before anything is asked, and one dialogue asks at a time."""
    yield from (effect for effect in effects if isinstance(effect, HideAnswer))
    yield from islice((effect for effect in effects if isinstance(effect, BeginDialogue | AskAgain)), 1)


def _next(unit: UnitOfWork, state: State, wanted: Following) -> tuple[State, StepEvent]:
    """The event that follows, with the facts as they now are."""
    if isinstance(wanted, HideAnswer):  # before it, nothing was written
        return state, _made_private(unit, wanted)
    unit.known = people.person(unit.connection, unit.known.id) or unit.known
    state = replace(state, facts=unit.library.known_to(facts(unit.connection, unit.known, unit.now, at=unit.reply_to)))
    return state, QuestionRepeated(said=wanted.said) if isinstance(wanted, AskAgain) else _opened(wanted, state, unit)


def _opened(begin: BeginDialogue, state: State, unit: UnitOfWork) -> DialogueOpened:
    engagement = state.facts.engagement
    return DialogueOpened(
        run=begin.run,
        dialogue=begin.opening.dialogue,
        by="client",
        day=state.facts.today,
        engagement=begin.opening.engagement or (engagement.id if engagement else ""),
        items=begin.opening.items,
        known=begin.opening.known,
        said=begin.said,
        forms=bool(unit.trigger),
        message=unit.message,
        private=begin.opening.private,
    )


def _made_private(unit: UnitOfWork, wanted: HideAnswer) -> MadePrivate:
    """The answer and what came of it change their audience; the version that it was given in is at hand for that."""
    past = conversations.past_of_answer(unit.connection, unit.known.id, wanted.run, wanted.question)
    if past is not None:
        _, unit.library = pinned(unit.connection, unit.library, (past.run,))
    return MadePrivate(run=wanted.run, question=wanted.question, hidden=True, past=past)
