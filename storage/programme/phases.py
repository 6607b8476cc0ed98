"""The phases that an engagement came into, one after the other."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, insert

from bot.model.plan import Phase
from storage.ids import new_id
from storage.people.engagements import change_engagement
from storage.tables.people import table_of
from storage.tables.plan import PhaseRow

_phase = table_of(PhaseRow)


def enter(
    connection: Connection, engagement: str, phase: Phase, *, by: str, day: date, at: datetime, skipped: Sequence[str]
) -> None:
    """An engagement comes into a phase on a local day; `skipped` is what was passed over."""
    values = {"id": new_id(), "engagement": engagement, "phase": phase, "day": day, "at": at, "by": by}
    connection.execute(insert(_phase).values(**values, skipped=" ".join(skipped)))
    change_engagement(connection, engagement, phase=phase, planned=True)
