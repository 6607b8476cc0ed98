"""Carrying out habits and what was told of them: replaced as a whole by the run that wrote them, or taken back."""

from bot.engine.state import WriteRecords
from bot.model.habits.records import HabitChanged, HabitMade, HabitTold
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import habits


def _of_run(unit: UnitOfWork, write: WriteRecords) -> None:
    day = write.day or unit.today
    habits.write(unit.connection, write.records, person=unit.known.id, run=write.run, day=day, at=unit.now)


def _taken_back(unit: UnitOfWork, run: str) -> None:
    habits.write(unit.connection, (), person=unit.known.id, run=run, day=unit.today, at=unit.now)


EFFECTS = Effects(
    name="habits",
    of_run=_of_run,
    of_run_kinds=(HabitMade, HabitTold, HabitChanged),
    taken_back=_taken_back,
)
