"""A coach's notes on a client. What a run wrote is replaced when the run is written again; a word is told once."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.coaching.sessions.effects import Pair, pair_of
from bot.coaching.sessions.lines import told_word
from bot.engine.state import WriteRecords
from bot.model.plan import Note
from bot.model.records_sessions import NoteKept, NoteSettled
from bot.transaction.card import Effects
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.ids import new_id
from storage.programme.plans import mark_planned
from storage.serialise import opened, sealed
from storage.tables.people import table_of
from storage.tables.plan import NoteRow

_note = table_of(NoteRow)


def keep_notes(unit: UnitOfWork, write: WriteRecords) -> None:
    """Write the notes of a run, in place of what it wrote before."""
    kept = [record for record in write.records if isinstance(record, NoteKept)]
    old = {row.key: row for row in unit.connection.execute(select(_note).where(_note.c.run == write.run))}
    for record in kept:
        pair = pair_of(unit.connection, record.engagement, unit.known.id)
        row = old.pop(record.key, None)
        if row is not None:
            _rewrite(unit, row, record)
        elif pair is not None and pair.by == "coach":
            _add(unit, pair, record, write.run)
    for row in old.values():
        unit.connection.execute(delete(_note).where(_note.c.id == row.id))


def _add(unit: UnitOfWork, pair: Pair, record: NoteKept, run: str) -> None:
    note = Note(
        id=new_id(),
        engagement=pair.engagement,
        kind=record.kind,
        text=record.text,
        day=unit.today,
        about=record.about,
    )
    unit.connection.execute(
        insert(_note).values(
            id=note.id,
            engagement=note.engagement,
            coach=pair.coach.id,
            run=run,
            key=record.key,
            kind=note.kind,
            day=note.day,
            at=unit.now,
            about=note.about,
            body=sealed(unit.connection, Note, note),
        )
    )
    mark_planned(unit.connection, pair.engagement)
    if note.kind == "word":
        notify(unit, replace(told_word(note, pair.coach.name), person=pair.client.id))


def _rewrite(unit: UnitOfWork, row: Any, record: NoteKept) -> None:
    note: Note = replace(opened(unit.connection, Note, row.body), text=record.text, about=record.about)
    _save(unit.connection, note)


def _save(connection: Connection, note: Note) -> None:
    body = sealed(connection, Note, note)
    connection.execute(update(_note).where(_note.c.id == note.id).values(body=body, about=note.about, done=note.done))


def settle_note(unit: UnitOfWork, record: NoteSettled) -> None:
    """A promise was kept, a question asked, a word answered."""
    row = unit.connection.execute(select(_note).where(_note.c.id == record.note)).first()
    if row is None or pair_of(unit.connection, row.engagement, unit.known.id) is None:
        return
    note: Note = opened(unit.connection, Note, row.body)
    _save(unit.connection, replace(note, done=True, reply=record.reply or note.reply))


def take_back(unit: UnitOfWork, run: str) -> None:
    """Take out what a run wrote."""
    unit.connection.execute(delete(_note).where(_note.c.run == run))


EFFECTS = Effects(name="notes", once={NoteSettled: settle_note}, of_run=keep_notes, taken_back=take_back)
