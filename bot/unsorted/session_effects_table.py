"""Carrying out records about sessions, notes and absences."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.practice import away_effects
from bot.coaching.practice.cover_effects import COVER_RECORDS
from bot.coaching.sessions import effects as sessions_effects
from bot.coaching.sessions import note_effects
from bot.model.records_sessions import AwaySet, NoteSettled, SessionCancelled, SessionMoved, SessionSet, SessionsTurned
from bot.transaction.unit_of_work import UnitOfWork

SESSION_RECORDS: Mapping[type, Callable[[UnitOfWork, Any], None]] = {
    SessionSet: sessions_effects.book,
    SessionMoved: sessions_effects.move,
    SessionCancelled: sessions_effects.cancel,
    SessionsTurned: sessions_effects.turn,
    NoteSettled: note_effects.settle_note,
    AwaySet: away_effects.set_away,
    **COVER_RECORDS,
}
