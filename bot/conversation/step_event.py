"""The engine's event for what somebody did, with the older answer or prompt that it speaks of."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.coaching.undo.commands import UNDER_WAY, UNDO
from bot.conversation.snapshot import Snapshot
from bot.engine.events import AnswerEdited, ButtonTapped, FormFilled, NonTextHeard, Past, StepEvent, TextHeard
from bot.engine.state import State
from bot.messages.incoming import ButtonPressed, FormSubmitted, Inbound, NonTextSent, TextEdited
from bot.messages.readings import Reading
from bot.model.facts import Facts, Undoable
from bot.understanding.crisis import CRISIS
from bot.understanding.understand import Understood
from storage.conversation import conversations
from storage.conversation.conversations import Runs
from storage.people.addresses import Place


def event_of(
    connection: Connection,
    inbound: Inbound,
    understood: Understood | None,
    snapshot: Snapshot | None,
    place: Place,
    state: State,
    now: datetime,
) -> StepEvent:
    """The engine's event for what somebody did, with the older answer or prompt that it speaks of."""
    key, person = inbound.key, place.person
    reading = understood.reading if understood is not None else None
    if reading is not None and reading.verb == CRISIS:
        return TextHeard(key=key, reading=reading)  # whatever it would have answered, it answers nothing
    match inbound.content:
        case ButtonPressed(token=token, value=value):
            token = _storable(token)
            return ButtonTapped(
                key=key, token=token, value=_storable(value), past=_past(connection, person, state, token)
            )
        case NonTextSent(kind=kind):
            return NonTextHeard(key=key, kind=kind)
        case FormSubmitted(token=token):
            return FormFilled(key=key, token=token, readings=understood.fields if understood is not None else {})
        case TextEdited():
            past = _answered_by(connection, inbound, place, state)
            return AnswerEdited(key=key, reading=_read(reading), past=past, message=inbound.message_id)
    reading = _undo_is_back(_read(reading), state)
    hangs_on = snapshot.hangs_on if snapshot else ""
    past = _past(connection, person, state, hangs_on)
    if past is None and not hangs_on and state.open is None:
        past = conversations.last_expired(connection, person, now - conversations.KEPT)
    return TextHeard(key=key, reading=reading, message=inbound.message_id, hangs_on=hangs_on, past=past)


def _read(reading: Reading | None) -> Reading:
    return reading if reading is not None else Reading(text="")


def under_way(found: Facts, runs: Runs) -> Facts:
    """The facts for `undo`: what was answered last in a dialogue that is still under way is newer than the ledger."""
    said = {run.id: max(a.at for a in run.answers.values()) for run in runs if run.answers}
    last = max((run for run in runs if run.id in said), key=lambda run: said[run.id], default=None)
    if last is None or (found.undoable is not None and found.undoable.at > said[last.id]):
        return found
    waits = Undoable(run=last.id, at=said[last.id], day=last.day, deed=last.dialogue, refused=UNDER_WAY)
    return replace(found, undoable=waits)


def _undo_is_back(reading: Reading, state: State) -> Reading:
    """Undoing an answer of the dialogue that is open is a step back in it, or the edit that came behind it."""
    last = state.facts.undoable
    if reading.verb == UNDO and last is not None and state.open is not None and state.open.id == last.run:
        return replace(reading, verb="", control="unedit" if state.open.edited else "back")
    return reading


def _past(connection: Connection, person: str, state: State, token: str) -> Past | None:
    """The closed prompt that a token speaks of, or the older answer that an open change waits to replace."""
    run = state.asking(token) if token else state.open
    if run is not None:
        pending = run.pending
        return conversations.past_of_answer(connection, person, pending.run, pending.question) if pending else None
    return conversations.past_of_token(connection, person, token) if token else None


def _answered_by(connection: Connection, inbound: Inbound, place: Place, state: State) -> Past | None:
    """The answer that an edited message gave."""
    found = conversations.answer_of_message(connection, inbound.address.lane, inbound.message_id)
    if found is None:
        return None
    run, question = found
    live = state.run(run)
    if live is not None:
        past: Past | None = Past(run=live, question=question, token="", state="answered")
    else:
        past = conversations.past_of_answer(connection, place.person, run, question)
    answer = past.run.answers.get(question) if past else None
    # Another message may have answered the question since; each line of a list keeps its own.
    return past if answer is not None and inbound.message_id in (answer.message, *answer.lines) else None


def _storable(text: str) -> str:
    """What a button carries, as a database takes it: anyone can forge one."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode()
