"""One step of a conversation inside its transaction: facts, `step`, effects, state, and what follows at once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.effects import apply_effects
from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.engine.load import build
from bot.engine.state import (
    AskAgain,
    BeginDialogue,
    DialogueOpened,
    Effect,
    MadePrivate,
    QuestionRepeated,
    State,
    StepEvent,
    WriteRecords,
)
from bot.engine.step import step
from bot.local_time import local_day
from bot.messages import Inbound
from bot.model.facts import Facts
from bot.model.records import HiddenRecord
from bot.rendering.wording import Wording
from bot.transaction.unit_of_work import UnitOfWork
from storage.conversation import conversations, versions
from storage.conversation.conversations import Runs
from storage.people import people
from storage.people.addresses import Place
from storage.people.people import Known

_FOLLOW_UPS = 4  # a dialogue that begins another that begins another, and the one below is asked again; more is a loop


def unit_of(
    connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: Library
) -> UnitOfWork:
    """The scene of an event that came to a place."""
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
    """Carry an event through; returns every effect. `found` are the facts, when the caller has loaded them."""
    known = unit.known
    state = State(facts=found or facts(unit.connection, known, unit.now), runs=runs)
    state, effects = step(state, event, unit.now, unit.library)
    apply_effects(unit, effects)
    state = _hide(unit, state, effects)
    done = effects
    for _ in range(_FOLLOW_UPS):
        follow_up = next((effect for effect in effects if isinstance(effect, BeginDialogue | AskAgain)), None)
        if follow_up is None:
            break
        unit.known = people.person(unit.connection, known.id) or unit.known
        state = replace(state, facts=unit.library.known_to(facts(unit.connection, unit.known, unit.now)))
        again = (
            QuestionRepeated(said=follow_up.said)
            if isinstance(follow_up, AskAgain)
            else _opened(follow_up, state, unit)
        )
        state, effects = step(state, again, unit.now, unit.library)
        apply_effects(unit, effects)
        done += effects
    conversations.save_state(unit.connection, known.id, state.runs)
    return done


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
    )


def _hide(unit: UnitOfWork, state: State, effects: tuple[Effect, ...]) -> State:
    """Carry out `private` after the fact: the answer and what came of it change their audience."""
    hidden = [r for e in effects if isinstance(e, WriteRecords) for r in e.records if isinstance(r, HiddenRecord)]
    for record in hidden:
        past = conversations.past_of_answer(unit.connection, unit.known.id, record.run, record.question)
        event = MadePrivate(run=record.run, question=record.question, hidden=record.hidden, past=past)
        library = unit.library
        if past is not None and past.run.version not in library.versions:
            stored = versions.versions(unit.connection, {past.run.version})
            library = library.with_versions({version: build(source) for version, source in stored.items()})
        state, more = step(state, event, unit.now, library)
        apply_effects(unit, more)
    return state
