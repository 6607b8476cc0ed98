"""Carrying out records about sessions, notes and absences."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.coaching.practice import away_effects
from bot.coaching.practice.cover_effects import COVER_RECORDS
from bot.model.records_sessions import AwaySet
from bot.transaction.unit_of_work import UnitOfWork

SESSION_RECORDS: Mapping[type, Callable[[UnitOfWork, Any], None]] = {
    AwaySet: away_effects.set_away,
    **COVER_RECORDS,
}
