"""Carrying out promises and what was told of them: replaced as a whole by the run that made them, or taken back."""

from datetime import date, time, timedelta

from bot.engine.effects import WriteRecords
from bot.engine.state import Run
from bot.model.commitments.records import CommitmentMade, Reported
from bot.model.records import Rated, Record, Remarked
from bot.time_zones import local_time
from bot.transaction.card import Effects
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import commitments, run_records

NIGHT_ENDS = time(4)


def _of_run(unit: UnitOfWork, write: WriteRecords) -> None:
    run_records.write(
        unit.connection,
        write.records,
        person=unit.known.id,
        run=write.run,
        day=write.day or unit.today,
        at=unit.now,
        engagement=write.engagement,
        told=_said_on(unit, write.day),
    )
    for record in write.new:
        if isinstance(record, Reported) and record.due is not None:
            unit.dated.setdefault(record.commitment, False)
    if _days_promised(write.records) - _days_promised(write.before):
        _dated(unit, write.run)


def _days_promised(records: tuple[Record, ...]) -> set[tuple[str, date]]:
    return {(each.key, each.due) for each in records if isinstance(each, CommitmentMade) and each.due is not None}


def _dated(unit: UnitOfWork, run: str, *, always: bool = False) -> None:
    """Let it be said when what a run took as promises is asked about, where that is another day than its own."""
    unit.dated |= dict.fromkeys(commitments.dated_by(unit.connection, run), always)


def _committed(unit: UnitOfWork, run: Run, how: str) -> None:
    if how == "done":
        _dated(unit, run.id, always=True)


def _first_committed(unit: UnitOfWork, run: Run, how: str) -> None:
    """Of several the days are said at the end; one alone was said back with its own."""
    what = run.answers.get("what")
    if what is not None and isinstance(what.value, list):
        _committed(unit, run, how)


def _said_on(unit: UnitOfWork, day: date | None) -> date:
    """The local day on which something is said; what is said after midnight belongs to the day of its prompt."""
    here = local_time(unit.now, unit.known.zone_at(unit.now))
    after_midnight = day is not None and here.time() < NIGHT_ENDS and here.date() - day == timedelta(days=1)
    return day if day is not None and after_midnight else here.date()


def _taken_back(unit: UnitOfWork, run: str) -> None:
    run_records.write(unit.connection, (), person=unit.known.id, run=run, day=unit.today, at=unit.now)


EFFECTS = Effects(
    name="commitments",
    of_run=_of_run,
    of_run_kinds=(CommitmentMade, Reported, Rated, Remarked),
    taken_back=_taken_back,
    run_ended={
        **dict.fromkeys(("commitment", "one-more", "own-commitment"), _committed),
        "first-promise": _first_committed,
    },
)
