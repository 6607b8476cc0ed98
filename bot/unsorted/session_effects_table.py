"""Carrying out records about sessions, notes and absences."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.practice import away_effects as absences
from bot.coaching.practice.cover_effects import COVER_RECORDS
from bot.coaching.sessions import effects as sessions
from bot.coaching.sessions import note_effects as notes
from bot.model.records_sessions import AwaySet, NoteSettled, SessionCancelled, SessionMoved, SessionSet, SessionsTurned
from bot.transaction.unit_of_work import Scene

SESSION_RECORDS: Mapping[type, Callable[[Scene, Any], None]] = {
    SessionSet: sessions.book,
    SessionMoved: sessions.move,
    SessionCancelled: sessions.cancel,
    SessionsTurned: sessions.turn,
    NoteSettled: notes.settle_note,
    AwaySet: absences.set_away,
    **COVER_RECORDS,
}
