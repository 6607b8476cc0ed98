"""Where ends, reviews and what comes after are carried out: records of dialogues, deeds of the agenda, ended runs."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.coaching.closing import effects as closing_effects
from bot.coaching.closing import report_effects
from bot.coaching.follow_up import effects as follow_up_effects
from bot.coaching.planning import phase_effects
from bot.coaching.programme.rules import wants
from bot.coaching.reviews.plan_reviews_effects import plan_reviews
from bot.coaching.reviews.rules import REVIEW
from bot.coaching.rhythm.effects import replan
from bot.engine.state import Run
from bot.model.records_ending import Closing, ClosingUndone, FollowUp, FollowUpOver, Reopened, Reopening, Reviewed
from bot.transaction import planned_dates
from bot.transaction.notify import notify
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import people
from storage.programme import agenda
from storage.programme.plans import plan_of

_COMPARED = (closing_effects.LOOKING, closing_effects.LEVELS)


BEGUN = (REVIEW, follow_up_effects.GOOD_BYE)
ENDED = tuple(dict.fromkeys((REVIEW, *closing_effects.ON_DAY, closing_effects.LEVELS, *_COMPARED)))
HELD = follow_up_effects.DIALOGUES


def deed(unit: UnitOfWork, entry: agenda.Entry) -> None:
    """Do what has come due of itself; `unit.known` is the client."""
    agenda.finish(unit.connection, entry.id, "done")
    _DEEDS[entry.dialogue](unit, entry.engagement)
    for told in unit.afterwards:
        notify(unit, told)
    unit.afterwards.clear()


def held_back(unit: UnitOfWork, entry: agenda.Entry) -> bool:
    """Whether an errand is not to be opened now, after a stop or in a pause; it has been dropped or moved then."""
    own = people.pauses(unit.connection, unit.known.id)
    return follow_up_effects.held(unit, entry, tuple(pause.last for pause in own if pause.covers(unit.today)))


def began(unit: UnitOfWork, run: Run) -> None:
    """A dialogue has asked its first question."""
    if not run.engagement:
        return
    if run.dialogue == REVIEW:
        phase_effects.happened(unit, run.engagement, "reviewing")
        client = planned_dates.client_of(unit.connection, run.engagement)
        plan_reviews(unit.connection, client or unit.known, unit.now)
    if run.dialogue == follow_up_effects.GOOD_BYE:
        agenda.unschedule(unit.connection, engagement=run.engagement, dialogue=run.dialogue)


def ended(unit: UnitOfWork, run: Run, how: str) -> None:
    """A dialogue is over, answered or not."""
    if not run.engagement:
        return
    if run.dialogue == REVIEW:
        phase_effects.happened(unit, run.engagement, "reviewed")
        client = planned_dates.client_of(unit.connection, run.engagement)
        plan_reviews(unit.connection, client or unit.known, unit.now)
    if run.dialogue in (*closing_effects.ON_DAY, closing_effects.LEVELS) and how in ("done", "partly"):
        agenda.unschedule(unit.connection, engagement=run.engagement, dialogue=run.dialogue)
    if run.dialogue in _COMPARED and how in ("done", "partly"):
        report_effects.compare(unit, run.engagement)


def _reviewed(unit: UnitOfWork, record: Reviewed) -> None:
    """A review soon: tomorrow, or on the first day after it that has room."""
    client = planned_dates.client_of(unit.connection, record.engagement)
    found = plan_of(unit.connection, record.engagement)
    if client is None or found.closed is not None or not wants(found.programme, REVIEW):
        return
    wanted, connection = record.engagement, unit.connection
    agenda.unschedule(connection, engagement=wanted, dialogue=REVIEW)
    agenda.schedule(
        connection,
        person=client.id,
        engagement=wanted,
        dialogue=REVIEW,
        day=unit.today + timedelta(days=1),
    )
    replan(unit.connection, client, unit.now)


_DEEDS: Mapping[str, Callable[[UnitOfWork, str], None]] = {
    planned_dates.BEGIN: closing_effects.begin,
    planned_dates.END: closing_effects.end,
    planned_dates.OVER: follow_up_effects.lapsed,
}

RECORDS: Mapping[type, Callable[[UnitOfWork, Any], None]] = {
    Closing: closing_effects.close,
    ClosingUndone: closing_effects.undo,
    FollowUp: follow_up_effects.agreed,
    FollowUpOver: follow_up_effects.over,
    Reviewed: _reviewed,
    Reopening: follow_up_effects.ask_to_reopen,
    Reopened: follow_up_effects.reopen,
}
