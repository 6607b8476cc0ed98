"""Understanding what came in, on a glimpse of the conversation; and the engine's event for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.engine.state import AnswerEdited, ButtonTapped, FormFilled, NonTextHeard, Past, State, StepEvent, TextHeard
from bot.engine.step import waiting
from bot.engine.tree import Kind
from bot.features import SPOKEN
from bot.messages import (
    ButtonPressed,
    CommandSent,
    Content,
    FormSubmitted,
    Inbound,
    NonTextSent,
    Reading,
    TextEdited,
    TextSent,
    Trouble,
)
from bot.model.facts import NOBODY, Facts
from bot.understanding.clean import clean
from bot.understanding.crisis import CRISIS, crisis_reading, in_danger
from bot.understanding.dates.worker import DateWorker
from bot.understanding.reading import Waiting, read_call, read_text, wants_dates
from storage.conversation import conversations
from storage.conversation.conversations import Runs
from storage.outbox import rows as outbox
from storage.people import people
from storage.people.addresses import Place

LibraryFor = Callable[[Connection, Runs], Library]


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """A conversation as it stood when a text was read: what it waited for, and the number of its last event."""

    seq: int
    facts: Facts | None
    waiting: Waiting | None
    hangs_on: str = ""


def snapshot_of(connection: Connection, inbound: Inbound, now: datetime, *, library: LibraryFor) -> Snapshot:
    """What a conversation waits for, as whoever reads a text needs to know it."""
    who = people.who(connection, inbound.address)
    if who is None:
        return Snapshot(seq=0, facts=None, waiting=None)
    place, known = who
    seq, runs = conversations.state(connection, known.id)
    found = facts(connection, known, now + place.shift)
    made = library(connection, runs)
    hangs_on = ""
    if isinstance(inbound.content, TextSent) and inbound.content.hangs_on:
        hangs_on = outbox.token_of_message(connection, place.lane, inbound.content.hangs_on)
    awaited = _awaited(State(facts=found, runs=runs), made, hangs_on)
    if isinstance(inbound.content, TextEdited):
        awaited = Waiting(kind=Kind.TEXT, takes_date=True)
    return Snapshot(seq=seq, facts=found, waiting=awaited, hangs_on=hangs_on)


class Listener:
    """Understands texts, outside any transaction; dates may take a moment, in a process of their own."""

    def __init__(self, dates: DateWorker) -> None:
        self._dates = dates

    async def understand(self, inbound: Inbound, snapshot: Snapshot, library: Library, now: datetime) -> Reading:
        """What a text may mean in this conversation."""
        known = snapshot.facts or NOBODY
        wording = library.wording(known) if snapshot.facts else library.wording_at(inbound.language, known.person.home)
        if any(in_danger(text, library.wordings.values()) for text in written(inbound.content)):
            return crisis_reading()
        match inbound.content:
            case CommandSent(verb=verb, rest=rest):
                reading = read_call(verb, rest, waiting=snapshot.waiting, facts=known, wording=wording, spoken=SPOKEN)
            case TextSent(text=text):
                reading = read_text(text, waiting=snapshot.waiting, facts=known, wording=wording, spoken=SPOKEN)
            case TextEdited(text=text):
                reading = _what_follows(read_text(text, waiting=None, facts=known, wording=wording, spoken=SPOKEN))
            case _:
                return Reading(text="")
        return await self._dated(reading, wants_dates(reading, snapshot.waiting, SPOKEN), known, now)

    async def understand_fields(self, inbound: Inbound, snapshot: Snapshot, now: datetime) -> dict[str, Reading]:
        """The fields of a form, each read as an answer and as nothing else."""
        if not isinstance(inbound.content, FormSubmitted):
            return {}
        known = snapshot.facts or NOBODY
        read: dict[str, Reading] = {}
        for name, text in inbound.content.values.items():
            cleaned = clean(text)
            if not isinstance(cleaned, Trouble):
                read[name] = await self._dated(Reading(text=cleaned, literal=True), (cleaned,), known, now)
            elif cleaned is not Trouble.EMPTY:
                read[name] = Reading(text="", trouble=cleaned)
        return read

    async def _dated(self, reading: Reading, texts: tuple[str, ...], known: Facts, now: datetime) -> Reading:
        person = known.person
        then = known.now if person.id else now  # somebody who tries things out lives ahead of the clock
        dates = [await self._dates.read(text, now=then, zone=person.zone, locale=person.locale) for text in texts]
        return replace(reading, dates=tuple(dates))


def written(content: Content) -> tuple[str, ...]:
    """Whatever somebody wrote in their own words."""
    match content:
        case TextSent(text=text) | TextEdited(text=text):
            return (text,)
        case CommandSent(verb=verb, rest=rest):
            return (f"{verb} {rest}",)
        case FormSubmitted(values=values):
            return tuple(values.values())
    return ()


def _what_follows(reading: Reading) -> Reading:
    """A command that was edited gave an answer with the words behind it; everything else is an answer as it stands."""
    if reading.verb == "commit" and reading.rest:
        return Reading(text=reading.rest, literal=True)
    return Reading(text=reading.text, trouble=reading.trouble, literal=True)


def _awaited(state: State, library: Library, hangs_on: str) -> Waiting | None:
    """What a text would answer, as whoever reads it needs to know it: the prompt it replies to, or the open one."""
    run = state.asking(hangs_on) or state.open
    stop = waiting(state, library, run)
    if stop is None or run is None:
        return None
    labels = tuple(word for option in stop.ask.options for word in (option.label, *option.also))
    return Waiting(
        kind=stop.ask.kind,
        dialogue=run.dialogue,
        takes_date=bool(stop.ask.date_for),
        labels=labels,
        asked=tuple(key.rpartition(".")[2] for key in run.answers),
    )


def event_of(
    connection: Connection,
    inbound: Inbound,
    reading: Reading | None,
    snapshot: Snapshot | None,
    fields: dict[str, Reading],
    place: Place,
    state: State,
    now: datetime,
) -> StepEvent:
    """The engine's event for what somebody did, with the older answer or prompt that it speaks of."""
    key, person = inbound.key, place.person
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
            return FormFilled(key=key, token=token, readings=fields)
        case TextEdited():
            return AnswerEdited(key=key, reading=_read(reading), past=_answered_by(connection, inbound, place, state))
    reading = _undo_is_back(_read(reading), state)
    hangs_on = snapshot.hangs_on if snapshot else ""
    past = _past(connection, person, state, hangs_on)
    if past is None and not hangs_on and state.open is None:
        past = conversations.last_expired(connection, person, now - conversations.KEPT)
    return TextHeard(key=key, reading=reading, message=inbound.message_id, hangs_on=hangs_on, past=past)


def _read(reading: Reading | None) -> Reading:
    return reading if reading is not None else Reading(text="")


def _undo_is_back(reading: Reading, state: State) -> Reading:
    """Undoing an answer of the dialogue that is open is a step back in it."""
    last = state.facts.last
    if reading.verb == "undo" and last is not None and state.run(last.run) is not None:
        return replace(reading, verb="", control="back")
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
    # Another message may have answered the question since.
    return past if answer is not None and answer.message == inbound.message_id else None


def _storable(text: str) -> str:
    """What a button carries, as a database takes it: anyone can forge one."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode()
