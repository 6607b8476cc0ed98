"""Carrying out records about sessions, notes and absences."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.meetings import AwaySet, NoteSettled, SessionCancelled, SessionMoved, SessionSet, SessionsTurned
from storage import absences, notes, sessions
from storage.covers import COVER_RECORDS
from storage.scene import Scene

SESSION_RECORDS: Mapping[type, Callable[[Scene, Any], None]] = {
    SessionSet: sessions.book,
    SessionMoved: sessions.move,
    SessionCancelled: sessions.cancel,
    SessionsTurned: sessions.turn,
    NoteSettled: notes.settle_note,
    AwaySet: absences.set_away,
    **COVER_RECORDS,
}
