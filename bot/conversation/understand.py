"""Understanding what came in, on a glimpse of the conversation; and the engine's event for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.conversation.load_facts import facts
from bot.engine.library import Library
from bot.engine.state import Fill, Heard, Past, Revised, State, StepEvent, Stir, Tap
from bot.engine.step import waiting
from bot.engine.tree import Kind
from bot.features import SPOKEN
from bot.messages import (
    Called,
    Content,
    Edited,
    Inbound,
    Reading,
    Said,
    Stirred,
    Submitted,
    Tapped,
    Trouble,
)
from bot.model.facts import NOBODY, Facts
from bot.understanding.clean import clean
from bot.understanding.crisis import CRISIS, crisis_reading, in_danger
from bot.understanding.dates.worker import DateWorker
from bot.understanding.reading import Waiting, read_call, read_text, wants_dates
from storage import conversations as talks
from storage import people
from storage.addresses import Place
from storage.conversations import Runs
from storage.outbox import rows as outbox

LibraryFor = Callable[[Connection, Runs], Library]


@dataclass(frozen=True, kw_only=True, slots=True)
class Glimpse:
    """A conversation as it stood when a text was read: what it waited for, and the number of its last event."""

    seq: int
    facts: Facts | None
    waiting: Waiting | None
    hangs_on: str = ""


def glimpse_of(connection: Connection, inbound: Inbound, now: datetime, *, library: LibraryFor) -> Glimpse:
    """What a conversation waits for, as whoever reads a text needs to know it."""
    who = people.who(connection, inbound.address)
    if who is None:
        return Glimpse(seq=0, facts=None, waiting=None)
    place, known = who
    seq, runs = talks.state(connection, known.id)
    found = facts(connection, known, now + place.shift)
    made = library(connection, runs)
    hangs_on = ""
    if isinstance(inbound.content, Said) and inbound.content.hangs_on:
        hangs_on = outbox.token_of_message(connection, place.lane, inbound.content.hangs_on)
    awaited = _awaited(State(facts=found, runs=runs), made, hangs_on)
    if isinstance(inbound.content, Edited):
        awaited = Waiting(kind=Kind.TEXT, takes_date=True)
    return Glimpse(seq=seq, facts=found, waiting=awaited, hangs_on=hangs_on)


class Listener:
    """Understands texts, outside any transaction; dates may take a moment, in a process of their own."""

    def __init__(self, dates: DateWorker) -> None:
        self._dates = dates

    async def understand(self, inbound: Inbound, glimpse: Glimpse, library: Library, now: datetime) -> Reading:
        """What a text may mean in this conversation."""
        known = glimpse.facts or NOBODY
        wording = library.wording(known) if glimpse.facts else library.wording_at(inbound.language, known.person.home)
        if any(in_danger(text, library.wordings.values()) for text in written(inbound.content)):
            return crisis_reading()
        match inbound.content:
            case Called(verb=verb, rest=rest):
                reading = read_call(verb, rest, waiting=glimpse.waiting, facts=known, wording=wording, spoken=SPOKEN)
            case Said(text=text):
                reading = read_text(text, waiting=glimpse.waiting, facts=known, wording=wording, spoken=SPOKEN)
            case Edited(text=text):
                reading = _what_follows(read_text(text, waiting=None, facts=known, wording=wording, spoken=SPOKEN))
            case _:
                return Reading(text="")
        return await self._dated(reading, wants_dates(reading, glimpse.waiting, SPOKEN), known, now)

    async def understand_fields(self, inbound: Inbound, glimpse: Glimpse, now: datetime) -> dict[str, Reading]:
        """The fields of a form, each read as an answer and as nothing else."""
        if not isinstance(inbound.content, Submitted):
            return {}
        known = glimpse.facts or NOBODY
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
        case Said(text=text) | Edited(text=text):
            return (text,)
        case Called(verb=verb, rest=rest):
            return (f"{verb} {rest}",)
        case Submitted(values=values):
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
    glimpse: Glimpse | None,
    fields: dict[str, Reading],
    place: Place,
    state: State,
    now: datetime,
) -> StepEvent:
    """The engine's event for what somebody did, with the older answer or prompt that it speaks of."""
    key, person = inbound.key, place.person
    if reading is not None and reading.verb == CRISIS:
        return Heard(key=key, reading=reading)  # whatever it would have answered, it answers nothing
    match inbound.content:
        case Tapped(token=token, value=value):
            token = _storable(token)
            return Tap(key=key, token=token, value=_storable(value), past=_past(connection, person, state, token))
        case Stirred(kind=kind):
            return Stir(key=key, kind=kind)
        case Submitted(token=token):
            return Fill(key=key, token=token, readings=fields)
        case Edited():
            return Revised(key=key, reading=_read(reading), past=_answered_by(connection, inbound, place, state))
    reading = _undo_is_back(_read(reading), state)
    hangs_on = glimpse.hangs_on if glimpse else ""
    past = _past(connection, person, state, hangs_on)
    if past is None and not hangs_on and state.open is None:
        past = talks.last_expired(connection, person, now - talks.KEPT)
    return Heard(key=key, reading=reading, message=inbound.message_id, hangs_on=hangs_on, past=past)


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
        return talks.past_of_answer(connection, person, pending.run, pending.question) if pending else None
    return talks.past_of_token(connection, person, token) if token else None


def _answered_by(connection: Connection, inbound: Inbound, place: Place, state: State) -> Past | None:
    """The answer that an edited message gave."""
    found = talks.answer_of_message(connection, inbound.address.lane, inbound.message_id)
    if found is None:
        return None
    run, question = found
    live = state.run(run)
    if live is not None:
        past: Past | None = Past(run=live, question=question, token="", state="answered")
    else:
        past = talks.past_of_answer(connection, place.person, run, question)
    answer = past.run.answers.get(question) if past else None
    # Another message may have answered the question since.
    return past if answer is not None and answer.message == inbound.message_id else None


def _storable(text: str) -> str:
    """What a button carries, as a database takes it: anyone can forge one."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode()
