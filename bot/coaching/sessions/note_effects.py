"""A coach's notes on a client. What a run wrote is replaced when the run is written again; a word is told once."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from bot.coaching.sessions.effects import Pair, pair_of
from bot.coaching.sessions.words import told_word
from bot.model.plan import Note
from bot.model.records import Record
from bot.model.records_sessions import NoteKept, NoteSettled
from bot.transaction.notify import tell
from bot.transaction.unit_of_work import Scene
from storage.ids import new_id
from storage.plans import mark_planned
from storage.serialise import opened, sealed
from storage.tables.people import table_of
from storage.tables.plan import NoteRow

_note = table_of(NoteRow)


def write(scene: Scene, records: tuple[Record, ...], *, run: str) -> None:
    """Write the notes of a run, in place of what it wrote before."""
    kept = [record for record in records if isinstance(record, NoteKept)]
    old = {row.key: row for row in scene.connection.execute(select(_note).where(_note.c.run == run))}
    for record in kept:
        pair = pair_of(scene.connection, record.engagement, scene.known.id)
        row = old.pop(record.key, None)
        if row is not None:
            _rewrite(scene, row, record)
        elif pair is not None and pair.by == "coach":
            _add(scene, pair, record, run)
    for row in old.values():
        scene.connection.execute(delete(_note).where(_note.c.id == row.id))


def _add(scene: Scene, pair: Pair, record: NoteKept, run: str) -> None:
    note = Note(
        id=new_id(),
        engagement=pair.engagement,
        kind=record.kind,
        text=record.text,
        day=scene.today,
        about=record.about,
    )
    scene.connection.execute(
        insert(_note).values(
            id=note.id,
            engagement=note.engagement,
            coach=pair.coach.id,
            run=run,
            key=record.key,
            kind=note.kind,
            day=note.day,
            at=scene.now,
            about=note.about,
            body=sealed(scene.connection, Note, note),
        )
    )
    mark_planned(scene.connection, pair.engagement)
    if note.kind == "word":
        tell(scene, replace(told_word(note, pair.coach.name), person=pair.client.id))


def _rewrite(scene: Scene, row: Any, record: NoteKept) -> None:
    note: Note = replace(opened(scene.connection, Note, row.body), text=record.text, about=record.about)
    _save(scene.connection, note)


def _save(connection: Connection, note: Note) -> None:
    body = sealed(connection, Note, note)
    connection.execute(update(_note).where(_note.c.id == note.id).values(body=body, about=note.about, done=note.done))


def settle_note(scene: Scene, record: NoteSettled) -> None:
    """A promise was kept, a question asked, a word answered."""
    row = scene.connection.execute(select(_note).where(_note.c.id == record.note)).first()
    if row is None or pair_of(scene.connection, row.engagement, scene.known.id) is None:
        return
    note: Note = opened(scene.connection, Note, row.body)
    _save(scene.connection, replace(note, done=True, reply=record.reply or note.reply))


def forget(connection: Connection, run: str) -> None:
    """Take out what a run wrote."""
    connection.execute(delete(_note).where(_note.c.run == run))
