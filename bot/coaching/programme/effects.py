"""Carrying out a changed programme: for one client, or for everybody who begins from now on."""

from bot.model.records_plan import ProgrammeSet
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import programmes


def _programme_set(unit: UnitOfWork, record: ProgrammeSet) -> None:
    if record.engagement:
        programmes.keep_for_engagement(unit.connection, record.engagement, record.programme)
    else:
        programmes.keep_for_coach(unit.connection, unit.known.id, record.programme)


EFFECTS = Effects(name="programme", once={ProgrammeSet: _programme_set})
