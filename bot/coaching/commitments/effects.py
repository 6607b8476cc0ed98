"""Carrying out promises and what was told of them: replaced as a whole by the run that made them, or taken back."""

from bot.engine.state import WriteRecords
from bot.model.records import CommitmentMade, Rated, Remarked, Reported
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import commitments


def _of_run(unit: UnitOfWork, write: WriteRecords) -> None:
    commitments.write(
        unit.connection,
        write.records,
        person=unit.known.id,
        run=write.run,
        day=write.day or unit.today,
        at=unit.now,
        engagement=write.engagement,
    )


def _taken_back(unit: UnitOfWork, run: str) -> None:
    commitments.write(unit.connection, (), person=unit.known.id, run=run, day=unit.today, at=unit.now)


EFFECTS = Effects(
    name="commitments",
    of_run=_of_run,
    of_run_kinds=(CommitmentMade, Reported, Rated, Remarked),
    taken_back=_taken_back,
)
