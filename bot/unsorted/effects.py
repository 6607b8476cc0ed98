"""The effects that no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from bot.coaching.planning import phase_effects
from bot.engine.state import WriteRecords
from bot.model.records import PreferencesChanged
from bot.model.records_plan import AgreementConfirmed
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from bot.unsorted.general_effects import RECORDS, preferences_changed
from storage.programme import goals


def _plan(unit: UnitOfWork, write: WriteRecords) -> None:
    goals.write(unit.connection, write.records, run=write.run, day=write.day or unit.today, at=unit.now)
    phase_effects.follow(unit, write.records)


def _plan_back(unit: UnitOfWork, run: str) -> None:
    goals.forget(unit.connection, run, day=unit.today, at=unit.now)


EFFECTS = (
    Effects(name="unsorted: records", once=RECORDS),
    Effects(name="unsorted: after settings", also={PreferencesChanged: preferences_changed}),
    Effects(
        name="unsorted: plan", of_run=_plan, taken_back=_plan_back, also={AgreementConfirmed: phase_effects.agreed}
    ),
)
