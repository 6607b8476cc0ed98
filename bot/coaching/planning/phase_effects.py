"""An engagement comes into another phase: on record with what was passed over, and told to the client in one line."""

from datetime import date

from bot.coaching.planning import phases
from bot.coaching.shared.retention_period import deleted_on
from bot.model.people.preferences import Preferences
from bot.model.phrases import phrase
from bot.model.plan import Phase
from bot.model.records_plan import (
    PhaseMoved,
)
from bot.model.replies import Notification
from bot.transaction.unit_of_work import UnitOfWork
from storage.people import people
from storage.people.engagements import parties
from storage.programme.phases import enter
from storage.programme.plans import plan_of

_LATER = (Phase.REVIEW, Phase.CLOSING, Phase.FOLLOW_UP, Phase.ENDED)


def move(unit: UnitOfWork, record: PhaseMoved) -> None:
    """Move an engagement where the table lets whoever moves it; a client who did not do it themselves hears of it."""
    now = plan_of(unit.connection, record.engagement)
    if not phases.may_move(now.phase, record.phase, record.by):
        return
    skipped, lacks = record.skipped or phases.passed_over(now, record.phase), phases.left_out(now, record.phase)
    enter(
        unit.connection,
        record.engagement,
        record.phase,
        by=record.by,
        day=unit.today,
        at=unit.now,
        skipped=(*skipped, *lacks),
    )
    coach, client = parties(unit.connection, record.engagement)
    back = record.phase is Phase.COACHING and now.phase in _LATER  # whoever brings it back says so
    goals = phases.shared_goals(now)
    begun = record.phase is Phase.PLANNING and goals  # the goal that brought it there says what comes next
    if phases.STAGES[record.phase].told and record.by != phases.CLIENT and not (back or begun):
        half = lacks or (record.phase is Phase.COACHING and not goals)
        early = "_early" if half else ""
        told = phrase(f"phase_told_{record.phase}{early}", coach=coach, day=_deleted_on(unit, client))
        unit.afterwards.append(Notification(person=client, phrase=told, about="phase"))


def _deleted_on(unit: UnitOfWork, client: str) -> date:
    known = people.person(unit.connection, client)
    return deleted_on(unit.today, known.wishes if known is not None else Preferences())


def happened(unit: UnitOfWork, engagement: str, event: str) -> None:
    """Move an engagement by itself, if the table says so of what has happened."""
    to = phases.after(plan_of(unit.connection, engagement).phase, event)
    if to is not None:
        move(unit, PhaseMoved(engagement=engagement, phase=to, by=phases.BOT))
