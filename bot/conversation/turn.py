"""One step of a conversation inside its transaction: facts, `step`, effects, state, and what follows at once."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.effects import carry_out
from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.engine.load import build
from bot.engine.state import Again, Begin, Effect, Hide, Open, Reask, State, StepEvent, Write
from bot.engine.step import step
from bot.local_time import local_day
from bot.messages import Inbound
from bot.model.facts import Facts
from bot.model.records import Hidden
from bot.rendering.wording import Wording
from bot.transaction.unit_of_work import Scene
from storage import conversations as talks
from storage import people, versions
from storage.addresses import Place
from storage.conversations import Runs
from storage.people import Known

_FOLLOW_UPS = 4  # a dialogue that begins another that begins another, and the one below is asked again; more is a loop


def scene_of(
    connection: Connection, inbound: Inbound, place: Place, known: Known, now: datetime, library: Library
) -> Scene:
    """The scene of an event that came to a place."""
    return Scene(
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


def advance(scene: Scene, event: StepEvent, runs: Runs, found: Facts | None = None) -> tuple[Effect, ...]:
    """Carry an event through; returns every effect. `found` are the facts, when the caller has loaded them."""
    known = scene.known
    state = State(facts=found or facts(scene.connection, known, scene.now), runs=runs)
    state, effects = step(state, event, scene.now, scene.library)
    carry_out(scene, effects)
    state = _hide(scene, state, effects)
    done = effects
    for _ in range(_FOLLOW_UPS):
        follow_up = next((effect for effect in effects if isinstance(effect, Begin | Reask)), None)
        if follow_up is None:
            break
        scene.known = people.person(scene.connection, known.id) or scene.known
        state = replace(state, facts=scene.library.known_to(facts(scene.connection, scene.known, scene.now)))
        again = Again(said=follow_up.said) if isinstance(follow_up, Reask) else _opened(follow_up, state, scene)
        state, effects = step(state, again, scene.now, scene.library)
        carry_out(scene, effects)
        done += effects
    talks.save_state(scene.connection, known.id, state.runs)
    return done


def _opened(begin: Begin, state: State, scene: Scene) -> Open:
    engagement = state.facts.engagement
    return Open(
        run=begin.run,
        dialogue=begin.opening.dialogue,
        by="client",
        day=state.facts.today,
        engagement=begin.opening.engagement or (engagement.id if engagement else ""),
        items=begin.opening.items,
        known=begin.opening.known,
        said=begin.said,
        forms=bool(scene.trigger),
        message=scene.message,
    )


def _hide(scene: Scene, state: State, effects: tuple[Effect, ...]) -> State:
    """Carry out `private` after the fact: the answer and what came of it change their audience."""
    hidden = [r for e in effects if isinstance(e, Write) for r in e.records if isinstance(r, Hidden)]
    for record in hidden:
        past = talks.past_of_answer(scene.connection, scene.known.id, record.run, record.question)
        event = Hide(run=record.run, question=record.question, hidden=record.hidden, past=past)
        library = scene.library
        if past is not None and past.run.version not in library.versions:
            stored = versions.versions(scene.connection, {past.run.version})
            library = library.with_versions({version: build(source) for version, source in stored.items()})
        state, more = step(state, event, scene.now, library)
        carry_out(scene, more)
    return state
