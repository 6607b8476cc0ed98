"""Reviews asked for, begun and over. In the transaction of their event."""

from datetime import timedelta

from bot.coaching.planning import phase_effects
from bot.coaching.programme.rules import wants
from bot.coaching.reviews.plan_reviews_effects import plan_reviews
from bot.coaching.reviews.rules import REVIEW
from bot.coaching.rhythm.effects import replan
from bot.engine.state import Run
from bot.model.records_ending import Reviewed
from bot.transaction.card import Effects
from bot.transaction.planned_dates import client_of
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import agenda
from storage.programme.plans import plan_of


def _asked_for(unit: UnitOfWork, record: Reviewed) -> None:
    """A review soon: tomorrow, or on the first day after it that has room."""
    connection, wanted = unit.connection, record.engagement
    client, found = client_of(connection, wanted), plan_of(connection, wanted)
    if client is None or found.closed is not None or not wants(found.programme, REVIEW):
        return
    agenda.unschedule(connection, engagement=wanted, dialogue=REVIEW)
    tomorrow = unit.today + timedelta(days=1)
    agenda.schedule(connection, person=client.id, engagement=wanted, dialogue=REVIEW, day=tomorrow)
    replan(connection, client, unit.now)


def _began(unit: UnitOfWork, run: Run) -> None:
    """The phase is review; the next one is planned."""
    if not run.engagement:
        return
    phase_effects.happened(unit, run.engagement, "reviewing")
    plan_reviews(unit.connection, client_of(unit.connection, run.engagement) or unit.known, unit.now)


def _ended(unit: UnitOfWork, run: Run, how: str) -> None:
    """Answered or not, coaching goes on."""
    if run.engagement:
        phase_effects.happened(unit, run.engagement, "reviewed")
        plan_reviews(unit.connection, client_of(unit.connection, run.engagement) or unit.known, unit.now)


EFFECTS = Effects(name="reviews", once={Reviewed: _asked_for}, run_began={REVIEW: _began}, run_ended={REVIEW: _ended})
