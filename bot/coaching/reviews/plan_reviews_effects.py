"""The next review of every engagement that is under way: put on the agenda, nothing more."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.coaching.programme.rules import wants
from bot.coaching.reviews.rules import OWN_REVIEW, REVIEW, REVIEW_EVERY, REVIEW_LATE, REVIEWED
from bot.coaching.rhythm.effects import replan
from bot.model.plan import Phase
from bot.model.records_ending import ClosingUndone, Reopened
from bot.model.records_plan import GoalChanged, GoalMade, LadderConfirmed, LadderMade, MilestoneMade, PhaseMoved
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.planned_dates import client_of, errand, working_day
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import engagements
from storage.people.people import Known
from storage.programme import agenda, ladders
from storage.programme.plans import plan_of

_DAY = timedelta(days=1)
_Planned = GoalChanged | LadderMade | LadderConfirmed | MilestoneMade


def plan_reviews(connection: Connection, client: Known, now: datetime) -> None:
    """Give every engagement of a client that is under way its next monthly review, where none is planned."""
    today = local_day(now, client.zone_at(now))
    for coached in engagements.engagements_as_client(connection, client.id):
        engagement = coached.engagement
        if engagement.state == "active" and coached.planned:
            _plan_review(connection, client, engagement.id, today)


def _plan_review(connection: Connection, client: Known, engagement: str, today: date) -> None:
    found = plan_of(connection, engagement)
    if found.phase not in REVIEWED or not wants(found.programme, REVIEW):
        return
    kept = tuple(goal.id for goal in found.active_goals if goal.hidden)
    if kept and not agenda.waits(connection, client.id, engagement, OWN_REVIEW):
        errand(connection, client, engagement, OWN_REVIEW, working_day(client, today + REVIEW_EVERY), items=kept)
    if len(kept) < len(found.active_goals):
        _plan_shared(connection, client, engagement, today)


def _plan_shared(connection: Connection, client: Known, engagement: str, today: date) -> None:
    """The review that the coach sees; what is kept from them has a message of its own, and moves no day."""
    lost = agenda.drop_before(connection, client.id, engagement, REVIEW, today - REVIEW_LATE)
    if agenda.waits(connection, client.id, engagement, REVIEW):
        return
    day = today + (_DAY if lost else REVIEW_EVERY)  # full weeks left it no place: then it comes as soon as there is one
    agenda.schedule(connection, person=client.id, engagement=engagement, dialogue=REVIEW, day=day)


# -- what a review is planned after ----------------------------------------------------------------------------------


def _plan_for(unit: UnitOfWork, engagement: str) -> Known | None:
    client = client_of(unit.connection, engagement)
    if client is not None:
        plan_reviews(unit.connection, client, unit.now)
    return client


def _moved(unit: UnitOfWork, record: PhaseMoved) -> None:
    if record.phase is Phase.COACHING:
        _plan_for(unit, record.engagement)


def _made(unit: UnitOfWork, record: GoalMade) -> None:
    _plan_for(unit, record.engagement)


def _planned(unit: UnitOfWork, record: _Planned) -> None:
    """A goal is looked at again, whatever its plan lacks."""
    engagement = ladders.engagement_of(unit.connection, record.goal)
    if engagement:
        _plan_for(unit, engagement)


def _goes_on(unit: UnitOfWork, record: Reopened | ClosingUndone) -> None:
    client = _plan_for(unit, record.engagement)
    if client is not None:
        replan(unit.connection, client, unit.now)


_AFTER: dict[type[Any], Any] = {
    PhaseMoved: _moved,
    GoalMade: _made,
    **dict.fromkeys((GoalChanged, LadderMade, LadderConfirmed, MilestoneMade), _planned),
    **dict.fromkeys((ClosingUndone, Reopened), _goes_on),
}
EFFECTS = Effects(name="reviews: the next one", also=_AFTER)
