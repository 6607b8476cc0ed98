"""A coach's notes on a client. What a run wrote is replaced when the run is written again; a word is told once."""

from dataclasses import replace

from bot.coaching.proposals.lines import told_proposal
from bot.coaching.sessions.effects import Pair, pair_of
from bot.coaching.sessions.lines import told_word
from bot.engine.effects import WriteRecords
from bot.model.plan import Note
from bot.model.records_sessions import NoteKept, NoteSettled
from bot.transaction.card import Effects
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.ids import new_id
from storage.programme import notes
from storage.programme.plans import mark_planned

_TOLD = {"word": told_word, "proposal": told_proposal}  # what the client reads at once


def keep_notes(unit: UnitOfWork, write: WriteRecords) -> None:
    """Write the notes of a run, in place of what it wrote before."""
    kept = [record for record in write.records if isinstance(record, NoteKept)]
    old = notes.notes_of_run(unit.connection, write.run)
    for record in kept:
        pair = pair_of(unit.connection, record.engagement, unit.known.id)
        before = old.pop(record.key, "")
        note = notes.note(unit.connection, before) if before else None
        if note is not None:
            notes.change(unit.connection, replace(note, text=record.text, about=record.about))
        elif pair is not None and pair.by == "coach":
            _add(unit, pair, record, write.run)
    for left in old.values():
        notes.drop(unit.connection, left)


def _add(unit: UnitOfWork, pair: Pair, record: NoteKept, run: str) -> None:
    note = Note(
        id=new_id(),
        engagement=pair.engagement,
        kind=record.kind,
        text=record.text,
        day=unit.today,
        about=record.about,
        due=record.due,
        habit=record.habit,
    )
    notes.add(unit.connection, note, coach=pair.coach.id, run=run, key=record.key, at=unit.now)
    mark_planned(unit.connection, pair.engagement)
    told = _TOLD.get(note.kind)
    if told is not None:
        notify(unit, replace(told(note, pair.coach.name), person=pair.client.id))


def settle_note(unit: UnitOfWork, record: NoteSettled) -> None:
    """A promise was kept, a question asked, a word answered."""
    note = notes.note(unit.connection, record.note)
    if note is None or pair_of(unit.connection, note.engagement, unit.known.id) is None:
        return
    notes.change(unit.connection, replace(note, done=True, reply=record.reply or note.reply))


def take_back(unit: UnitOfWork, run: str) -> None:
    """Take out what a run wrote."""
    notes.drop_notes_of_run(unit.connection, run)


EFFECTS = Effects(
    name="notes",
    once={NoteSettled: settle_note},
    of_run=keep_notes,
    of_run_kinds=(NoteKept,),
    taken_back=take_back,
)
