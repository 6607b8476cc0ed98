"""The effects that no feature has taken yet. Each feature takes its own from here; empty, it goes."""

from bot.coaching.follow_up import effects as follow_up_effects
from bot.coaching.planning import phase_effects
from bot.engine.state import WriteRecords
from bot.model.records import PreferencesChanged
from bot.model.records_plan import AgreementConfirmed
from bot.transaction import planned_dates
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from bot.unsorted import run_hooks
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
    Effects(
        name="unsorted: runs",
        run_began=dict.fromkeys(run_hooks.BEGUN, run_hooks.began),
        run_ended=dict.fromkeys(run_hooks.ENDED, run_hooks.ended),
        deeds=dict.fromkeys(planned_dates.DEEDS, run_hooks.deed),
        held_back=dict.fromkeys(run_hooks.HELD, run_hooks.held_back),
        opened={follow_up_effects.MONTHLY: follow_up_effects.opened},
    ),
)
