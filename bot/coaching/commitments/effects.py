"""Carrying out promises and what was told of them: replaced as a whole by the run that made them, or taken back."""

from datetime import date, time, timedelta

from bot.engine.state import WriteRecords
from bot.model.records import CommitmentMade, Rated, Remarked, Reported
from bot.time_zones import local_time
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import commitments

NIGHT_ENDS = time(4)


def _of_run(unit: UnitOfWork, write: WriteRecords) -> None:
    commitments.write(
        unit.connection,
        write.records,
        person=unit.known.id,
        run=write.run,
        day=write.day or unit.today,
        at=unit.now,
        engagement=write.engagement,
        told=_said_on(unit, write.day),
    )


def _said_on(unit: UnitOfWork, day: date | None) -> date:
    """The local day on which something is said; what is said after midnight belongs to the day of its prompt."""
    here = local_time(unit.now, unit.known.zone_at(unit.now))
    after_midnight = day is not None and here.time() < NIGHT_ENDS and here.date() - day == timedelta(days=1)
    return day if day is not None and after_midnight else here.date()


def _taken_back(unit: UnitOfWork, run: str) -> None:
    commitments.write(unit.connection, (), person=unit.known.id, run=run, day=unit.today, at=unit.now)


EFFECTS = Effects(
    name="commitments",
    of_run=_of_run,
    of_run_kinds=(CommitmentMade, Reported, Rated, Remarked),
    taken_back=_taken_back,
)
