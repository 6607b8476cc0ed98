"""Engagements coming to their end: closing begins, is undone, or is over. In the transaction of its event."""

from datetime import date, timedelta

from sqlalchemy import Connection

from bot.coaching.closing import report_effects
from bot.coaching.closing.rules import (
    ASKED_ON_DAY,
    COACH_ASKED_AT,
    COACH_LEVELS,
    LOOKING_BACK,
    NOT_ASKED_ANY_MORE,
    SPONSOR_CLOSE,
)
from bot.coaching.follow_up import effects as follow_up_effects
from bot.coaching.planning import phase_effects
from bot.coaching.planning import phases as planning_phases
from bot.coaching.planning.effects import plan_end
from bot.coaching.planning.rules import NOTICE
from bot.coaching.programme.rules import wants
from bot.coaching.rhythm.effects import replan
from bot.coaching.sessions.effects import call_off
from bot.engine.state import Run
from bot.model.people.engagements import Engagement
from bot.model.people.preferences import Preferences
from bot.model.phrases import phrase
from bot.model.plan import Phase, Plan
from bot.model.records_ending import Closing, ClosingUndone
from bot.model.records_plan import PhaseMoved
from bot.model.replies import Notification
from bot.transaction.before_yes import withdrawn
from bot.transaction.card import Effects
from bot.transaction.notify import notify, notify_afterwards
from bot.transaction.planned_dates import BEGIN, END, client_of, errand
from bot.transaction.unit_of_work import UnitOfWork
from storage.outbox import rows as outbox
from storage.people import engagements, people
from storage.people.engagements import change_engagement
from storage.people.people import Known
from storage.programme import agenda, commitments
from storage.programme.plans import plan_of

_QUESTIONS = (*ASKED_ON_DAY, COACH_LEVELS)
_COMPARED = (LOOKING_BACK, COACH_LEVELS)  # after which both views of the levels may be in
_DAY = timedelta(days=1)
_UNDER_WAY = (Phase.RELATIONSHIP, Phase.ASSESSMENT, Phase.PLANNING, Phase.COACHING, Phase.REVIEW)


def _engagement(connection: Connection, client: str, wanted: str) -> Engagement | None:
    """An engagement of that client, running or over."""
    found = (coached.engagement for coached in engagements.engagements_as_client(connection, client))
    return next((each for each in found if each.id == wanted), None)


# -- it begins -------------------------------------------------------------------------------------------------------


def _begin(unit: UnitOfWork, wanted: str, *, by: str = planning_phases.BOT) -> None:
    """Closing begins: looking back and forward take their places before the end; the coach rates on their own."""
    found, client = plan_of(unit.connection, wanted), client_of(unit.connection, wanted)
    engagement = _engagement(unit.connection, client.id, wanted) if client else None
    if client is None or engagement is None or engagement.state != "active" or found.phase not in _UNDER_WAY:
        return
    phase_effects.move(unit, PhaseMoved(engagement=wanted, phase=Phase.CLOSING, by=by))
    for dialogue in NOT_ASKED_ANY_MORE:
        agenda.unschedule(unit.connection, engagement=wanted, dialogue=dialogue)
    for dialogue, day in _days(found, unit.today).items():
        agenda.schedule(unit.connection, person=client.id, engagement=wanted, dialogue=dialogue, day=day)
    coach = people.person(unit.connection, engagement.coach)
    if coach is not None and any(goal.ladder for goal in found.goals):
        errand(unit.connection, coach, wanted, COACH_LEVELS, unit.today + _DAY, hour=COACH_ASKED_AT)
    if by == planning_phases.BOT and found.ends is not None:
        told = phrase("closing_begins", client=engagement.client_name, day=found.ends)
        button = (f"/close {engagement.client_name} undo", phrase("button_undo_closing"))
        notify(unit, Notification(person=engagement.coach, phrase=told, buttons=(button,)))
    replan(unit.connection, client, unit.now)


def _days(found: Plan, today: date) -> dict[str, date]:
    """When each part of closing is asked: early enough before the end, and not at all when it is today."""
    last = (found.ends or today + NOTICE) - _DAY
    if last <= today:
        return {}
    wanted = [d for d in ASKED_ON_DAY if wants(found.programme, d) and (d != SPONSOR_CLOSE or found.contracted)]
    return {dialogue: min(today + _DAY * ASKED_ON_DAY[dialogue], last) for dialogue in wanted}


def _close(unit: UnitOfWork, record: Closing) -> None:
    """The coach names the day of the end; closing begins at once, or goes on with another end."""
    if plan_of(unit.connection, record.engagement).closed is not None:
        return
    change_engagement(unit.connection, record.engagement, ends=record.ends, planned=True)
    _begin(unit, record.engagement, by=planning_phases.COACH)
    plan_end(unit.connection, record.engagement, unit.now)


def _undo(unit: UnitOfWork, record: ClosingUndone) -> None:
    """All goes on as before; an end that was agreed on stands again where it is further away than closing takes."""
    found, client = plan_of(unit.connection, record.engagement), client_of(unit.connection, record.engagement)
    if client is None or found.phase is not Phase.CLOSING or found.closed is not None:
        return
    for dialogue in _QUESTIONS:
        agenda.unschedule(unit.connection, engagement=record.engagement, dialogue=dialogue)
    agreed = found.agreement.until if found.agreement else None
    ends = agreed if agreed is not None and agreed - unit.today > NOTICE else None
    change_engagement(unit.connection, record.engagement, ends=ends)
    phase_effects.move(unit, PhaseMoved(engagement=record.engagement, phase=Phase.COACHING, by=planning_phases.COACH))
    if not withdrawn(unit, record.engagement, "phase"):
        notify(unit, Notification(person=client.id, phrase=phrase("closing_undone_client", coach=unit.known.name)))
    plan_end(unit.connection, record.engagement, unit.now)
    replan(unit.connection, client, unit.now)


# -- it is over ------------------------------------------------------------------------------------------------------


def _end(unit: UnitOfWork, wanted: str) -> None:
    """The last day has come: a report for each side, no more check-ins, and only what the client agreed to after it."""
    found = plan_of(unit.connection, wanted)
    engagement = _engagement(unit.connection, unit.known.id, wanted)
    if engagement is None or engagement.state != "active" or found.ends is None or found.ends > unit.today:
        return
    reports = report_effects.both(unit, engagement)
    call_off(unit, wanted)
    change_engagement(unit.connection, wanted, state="closed", closed=unit.today, planned=True)
    agenda.unschedule(unit.connection, engagement=wanted)
    _rest(unit, wanted)
    to = Phase.FOLLOW_UP if follow_up_effects.anything(unit, engagement) else Phase.ENDED
    by = (
        planning_phases.BOT if planning_phases.may_move(found.phase, to, planning_phases.BOT) else planning_phases.COACH
    )
    phase_effects.move(unit, PhaseMoved(engagement=wanted, phase=to, by=by))
    for told in reports:
        notify(unit, told, kind="report")
    follow_up_effects.plan_follow_ups(unit, wanted)
    _rest(unit, wanted)


def _rest(unit: UnitOfWork, wanted: str) -> None:
    """The rhythm of this engagement stops; with no other one running, nothing more is asked in a rhythm at all."""
    connection, client = unit.connection, unit.known
    own = commitments.open_commitments(connection, client.id)
    items = tuple(c.id for c in own if c.engagement == wanted)
    if items:
        latest = max((c.due for c in own if c.id in items and c.due is not None), default=unit.today)
        commitments.mark_asked(connection, items, max(latest, unit.today))
    if not _running(connection, client):
        unit.wish(since=Preferences().since, unanswered=0, slowdown="normal", misses=())
        outbox.cancel_prompts(connection, client.id, "closed", unit.now)
    replan(connection, unit.known, unit.now)


def _running(connection: Connection, client: Known) -> bool:
    own = engagements.engagements_as_client(connection, client.id)
    return any(coached.engagement.state == "active" for coached in own)


# -- on the agenda, and after a dialogue -----------------------------------------------------------------------------


def _begins(unit: UnitOfWork, entry: agenda.Entry) -> None:
    agenda.finish(unit.connection, entry.id, "done")
    _begin(unit, entry.engagement)
    notify_afterwards(unit)


def _ends(unit: UnitOfWork, entry: agenda.Entry) -> None:
    agenda.finish(unit.connection, entry.id, "done")
    _end(unit, entry.engagement)
    notify_afterwards(unit)


def _answered(unit: UnitOfWork, run: Run, how: str) -> None:
    """What was answered is not asked again; once both have given their levels, these are compared."""
    if not run.engagement or how not in ("done", "partly"):
        return
    agenda.unschedule(unit.connection, engagement=run.engagement, dialogue=run.dialogue)
    if run.dialogue in _COMPARED:
        report_effects.compare(unit, run.engagement)


EFFECTS = Effects(
    name="closing",
    once={Closing: _close, ClosingUndone: _undo},
    run_ended=dict.fromkeys(_QUESTIONS, _answered),
    deeds={BEGIN: _begins, END: _ends},
)
