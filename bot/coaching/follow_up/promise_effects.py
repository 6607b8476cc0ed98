"""What a client promises after the end is asked about on its day, at their hour, where they agreed to be asked."""

from bot.coaching.commitments.rules import DUE_TODAY
from bot.engine.effects import WriteRecords
from bot.model.commitments.records import CommitmentMade, Reported
from bot.transaction.card import Effects
from bot.transaction.planned_dates import errand, working_day
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements
from storage.programme import agenda, commitments
from storage.programme.plans import plan_of


def _plan(unit: UnitOfWork, write: WriteRecords) -> None:
    """Plan anew what is asked about in engagements that have ended; what was promised before the end is left alone."""
    if not engagements.has_ended(unit.connection, unit.known.id):
        return
    for coached in engagements.engagements_as_client(unit.connection, unit.known.id):
        own = coached.engagement
        if own.state == "closed" and "follow_up" in own.consents:
            _plan_engagement(unit, own.id)


def _plan_engagement(unit: UnitOfWork, wanted: str) -> None:
    closed = plan_of(unit.connection, wanted).closed or unit.today
    agenda.unschedule(unit.connection, engagement=wanted, dialogue=DUE_TODAY)
    for made in commitments.open_commitments(unit.connection, unit.known.id):
        if made.engagement == wanted and made.made >= closed and made.due is not None and made.due > unit.today:
            day = working_day(unit.known, made.due)
            errand(unit.connection, unit.known, wanted, DUE_TODAY, day, items=(made.id,))


def _held_back(unit: UnitOfWork, entry: agenda.Entry) -> bool:
    """What is settled by now, or of a client who has stopped, is not asked about."""
    known = {made.id for made in commitments.open_commitments(unit.connection, unit.known.id)}
    if not unit.known.wishes.stopped and known & set(entry.items):
        return False
    agenda.finish(unit.connection, entry.id, "dropped")
    return True


EFFECTS = Effects(
    name="promises_after_the_end",
    of_run=_plan,
    of_run_kinds=(CommitmentMade, Reported),
    held_back={DUE_TODAY: _held_back},
)
