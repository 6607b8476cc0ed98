"""The one way in: `receive(event, now)` understands, then does all that an event brings about in one transaction.

Understanding a text may take time, so it happens before the transaction, on a snapshot of the conversation. If the
conversation has moved on by the time the transaction begins, the snapshot is taken again. What raises is put away so
that it never blocks what comes behind it: see `failed_events`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.coaching.undo.commands import UNDO
from bot.conversation import doors, due_events, failed_events, guest_forms, joining, preview
from bot.conversation.load_facts import facts, with_needs
from bot.conversation.pinned import pinned
from bot.conversation.snapshot import Snapshot, snapshot_of
from bot.conversation.step_event import event_of, under_way
from bot.conversation.turn import advance
from bot.engine.effects import FieldError, StoreAnswer, Toast, WriteRecords
from bot.engine.events import StepEvent
from bot.engine.library import Library
from bot.engine.state import Run, State
from bot.features import SPOKEN, needs_of
from bot.messages.incoming import (
    ButtonPressed,
    ChatStateChanged,
    CommandSent,
    Event,
    FormSubmitted,
    GroupMention,
    HomeOpened,
    Inbound,
    Outcome,
    Receipt,
    TextEdited,
    TextSent,
)
from bot.model.facts import NOBODY
from bot.model.records import DataViewed, PausedForSafety, TakenBack
from bot.model.records_sessions import SessionCancelled, SessionMoved
from bot.observer import SILENT, Observer
from bot.transaction.unit_of_work import UnitOfWork
from bot.understanding.crisis import CRISIS
from bot.understanding.dates.worker import DateWorker
from bot.understanding.understand import Heard, Understood, understand
from storage.conversation import conversations
from storage.conversation.conversations import Failed, Runs
from storage.database.open import Database
from storage.people import addresses, people
from storage.people.addresses import Place
from storage.people.people import Known

_AT_ONCE, _TOO_LONG = timedelta(minutes=1), timedelta(days=7)  # between writing and taking: later, the stamp is odd
_ON_ITS_WAY = timedelta(days=2)  # so long a message may still come whose edit came first


class Conversation:
    """Takes every event of every person: inbound ones, and those that fell due."""

    def __init__(
        self,
        database: Database,
        library: Library,
        dates: DateWorker,
        wake: Callable[[], None],
        observer: Observer = SILENT,
    ) -> None:
        self._database = database
        self._library = library
        self._dates = dates
        self._wake = wake
        self._observer = observer

    def use(self, library: Library) -> None:
        """Take another library from now on; dialogues under way keep the versions that they began with."""
        self._library = library.with_versions({**self._library.versions, **library.versions})

    async def receive(self, event: Event, now: datetime) -> Receipt:
        """Take one event at the instant `now` (UTC), whole or not at all, and tell what became of it.

        Raises what the database raises when it cannot store: then nothing was taken, and the event may come again.
        """
        try:
            receipt = await self._take(event, now)
        except Exception as error:
            if failed_events.of_the_database(error):
                raise
            receipt = await failed_events.keep(self._database, event, now, error, self._library)
        self._observer.taken(_kind_of(event), receipt.outcome.value, receipt.answers)
        self._wake()
        return receipt

    async def retry_failed(self, now: datetime) -> int:
        """Replay the events that were kept as FAILED; returns how many went through this time."""
        kept = await self._database.read(lambda connection: conversations.failed(connection, Event))
        done = 0
        for item in kept:
            if item.payload is None:
                continue
            await self._database.transact(partial(_let_replay, item=item, now=now))
            receipt = await self.receive(item.payload, now)
            done += receipt.outcome is not Outcome.FAILED
        return done

    async def _take(self, event: Event, now: datetime) -> Receipt:
        if isinstance(event, Inbound):
            event = as_command(event)
        if not isinstance(event, Inbound):
            return await self._database.transact(
                partial(due_events.take, event=event, now=now, library=self._library_for)
            )
        if isinstance(event.content, ChatStateChanged | GroupMention | HomeOpened):
            return await self._database.transact(partial(joining.beside, inbound=event, now=now, library=self._library))
        if event.address.platform == guest_forms.PLATFORM:
            return await self._database.transact(
                partial(guest_forms.submit, inbound=event, now=now, library=self._library)
            )
        if not isinstance(event.content, TextSent | CommandSent | TextEdited | FormSubmitted):
            return await self._settled(event, None, None, now) or failed_events.DUPLICATE
        if isinstance(event.content, TextEdited) and await self._database.read(
            partial(_overtaken, edit=event, now=now)
        ):
            event = replace(event, content=TextSent(text=event.content.text))
        while True:
            look = partial(snapshot_of, inbound=event, now=now, library=self._library_for)
            snapshot = await self._database.read(look)
            heard = self._heard(event, snapshot, now)
            receipt = await self._settled(event, await understand(event.content, heard, self._dates), snapshot, now)
            if receipt is not None:
                return receipt

    def _heard(self, event: Inbound, snapshot: Snapshot, now: datetime) -> Heard:
        library, known = self._library, snapshot.facts or NOBODY
        wording = library.wording(known) if snapshot.facts else library.wording_at(event.language, known.person.home)
        wordings = tuple(library.wordings.values())
        return Heard(
            waiting=snapshot.waiting,
            facts=known,
            wording=wording,
            wordings=wordings,
            spoken=SPOKEN,
            now=now,
            waited=_waited(event, now),
        )

    async def _settled(
        self, event: Inbound, understood: Understood | None, snapshot: Snapshot | None, now: datetime
    ) -> Receipt | None:
        """What became of it; None where the conversation went on while it was being read, and nothing was taken."""
        unit = partial(self._unit, inbound=event, understood=understood, snapshot=snapshot, now=now)
        return await self._database.transact(unit)

    # -- the transaction ---------------------------------------------------------------------------------------------

    def _unit(
        self,
        connection: Connection,
        inbound: Inbound,
        understood: Understood | None,
        snapshot: Snapshot | None,
        now: datetime,
    ) -> Receipt | None:
        reading = understood.reading if understood is not None else None
        who = people.who(connection, inbound.address, lock=True)
        place, known = who or (None, None)
        if place is not None and place.state == "closed":
            place, known = None, None
        if reading is not None and reading.verb == CRISIS and (place is None or place.state in doors.STATES):
            return joining.in_danger(connection, inbound, now, self._library)
        if place is not None and known is not None and place.state in doors.STATES:
            if not _first_time(connection, inbound, known, now):
                return failed_events.DUPLICATE
            return doors.answer(connection, inbound, reading, place, known, now, self._library)
        code = joining.code_in(reading) or joining.code_filled(inbound)
        if place is None or known is None or code:
            if not _first_time(connection, inbound, known, now):
                return failed_events.DUPLICATE
            return joining.arrive(connection, inbound, code, place, known, now, self._library)
        now += place.shift
        version, runs = conversations.state(connection, known.id)
        if snapshot is not None and snapshot.version != version:
            return None
        if not _first_time(connection, inbound, known, now):
            return failed_events.DUPLICATE
        if reading is not None and preview.wanted(reading, known):
            return preview.take(connection, inbound, reading, place, known, now, self._library_for)
        return self._step(connection, inbound, understood, snapshot, place, known, runs, now)

    def _step(
        self,
        connection: Connection,
        inbound: Inbound,
        understood: Understood | None,
        snapshot: Snapshot | None,
        place: Place,
        known: Known,
        runs: Runs,
        now: datetime,
    ) -> Receipt:
        verb = understood.reading.verb if understood is not None else ""
        seen = snapshot.facts if snapshot is not None else None
        found = with_needs(connection, known, seen or facts(connection, known, now, at=place), needs_of(verb))
        found = self._library.known_to(found)
        found = under_way(found, runs) if verb == UNDO else found
        state = State(facts=found, runs=runs)
        event = event_of(connection, inbound, understood, snapshot, place, state, now)
        library = self._library_for(connection, (*runs, *_past_runs(event)))
        unit = UnitOfWork(
            connection=connection,
            library=library,
            known=known,
            reply_to=place,
            key=inbound.key,
            now=now,
            today=found.today,
            message=inbound.message_id,
            trigger=inbound.trigger,
            shift=place.shift,
        )
        if place.state in ("blocked", "removed"):
            addresses.change_place(connection, place.id, state="active")
            unit.replan = True
        effects = advance(unit, event, runs, found)
        if verb and any(isinstance(e, WriteRecords) and e.run == inbound.key and _lasting(e) for e in effects):
            conversations.note_command(connection, known.id, inbound.key, verb, day=found.today, at=now)
        if place.page != "unseen":
            joining.draw_page(connection, place, inbound.key, now)
        return receipt_of(effects)

    def _library_for(self, connection: Connection, runs: Runs) -> Library:
        """The library with the version of every dialogue that these runs began with."""
        self._library, found = pinned(connection, self._library, runs)
        return found


def _kind_of(event: Event) -> str:
    """What sort of event it is, in one word: said, tapped, prompt."""
    return event.content.sort if isinstance(event, Inbound) else event.sort


def _let_replay(connection: Connection, item: Failed, now: datetime) -> None:
    conversations.retry(connection, item.key)
    if not isinstance(item.payload, Inbound):
        due_events.revive(connection, item.payload, now, waiting=item.again)


def as_command(inbound: Inbound) -> Inbound:
    """A button that belongs to no question is the command that stands in its value."""
    content = inbound.content
    if isinstance(content, ButtonPressed) and not content.token and content.value.startswith("/"):
        verb, _, rest = content.value[1:].partition(" ")
        return replace(inbound, content=CommandSent(verb=verb, rest=rest))
    return inbound


def _lasting(effect: WriteRecords) -> bool:
    """Whether something was written that can be taken back; having looked cannot, and sessions name their own way."""
    passing = DataViewed | TakenBack | PausedForSafety | SessionMoved | SessionCancelled
    return any(not isinstance(record, passing) for record in effect.records)


def receipt_of(effects: tuple[object, ...]) -> Receipt:
    """What the platform is told, from what a step brought about."""
    toasts = [effect for effect in effects if isinstance(effect, Toast)]
    errors = {effect.question: effect.text for effect in effects if isinstance(effect, FieldError)}
    stale = bool(toasts) and all(toast.stale for toast in toasts)
    outcome = Outcome.STALE if stale else Outcome.ACCEPTED
    answers = sum(isinstance(effect, StoreAnswer) for effect in effects)
    return Receipt(outcome=outcome, toast=toasts[-1].text if toasts else "", errors=errors, answers=answers)


def _waited(event: Inbound, now: datetime) -> timedelta:
    """For how long something waited at its platform; a moment does not count, nor a stamp that cannot be right."""
    waited = now - event.written if event.written is not None else _AT_ONCE
    return waited if _AT_ONCE < waited < _TOO_LONG else timedelta(0)


def _overtaken(connection: Connection, edit: Inbound, now: datetime) -> bool:
    """Whether a message was edited of which nothing has come yet."""
    fresh = edit.written is not None and now - edit.written < _ON_ITS_WAY
    return fresh and not conversations.knows_message(connection, edit.address.lane, edit.message_id)


def _first_time(connection: Connection, inbound: Inbound, known: Known | None, now: datetime) -> bool:
    person = known.id if known else None
    lane, message = inbound.address.lane, inbound.message_id
    # Its edit may have come first, and been taken in its place.
    if not isinstance(inbound.content, TextEdited) and conversations.knows_message(
        connection, lane, message, but=inbound.key
    ):
        return False
    return conversations.take(connection, inbound.key, person=person, at=now, lane=lane, message=message)


def _past_runs(event: StepEvent) -> tuple[Run, ...]:
    past = getattr(event, "past", None)
    return (past.run,) if past is not None else ()
