"""An engagement comes into another phase: on record with what was passed over, and told to the client in one line."""

from sqlalchemy import Connection, insert

from bot.coaching.planning import phases
from bot.model.phrases import phrase
from bot.model.plan import Phase
from bot.model.records_plan import (
    PhaseMoved,
)
from bot.model.replies import Notification
from bot.transaction.unit_of_work import UnitOfWork
from storage.ids import new_id
from storage.people.engagements import change_engagement, parties
from storage.programme.plans import plan_of
from storage.tables.people import table_of
from storage.tables.plan import PhaseRow

_LATER = (Phase.REVIEW, Phase.CLOSING, Phase.FOLLOW_UP, Phase.ENDED)
_phase = table_of(PhaseRow)


def move(unit: UnitOfWork, record: PhaseMoved) -> None:
    """Move an engagement where the table lets whoever moves it; a client who did not do it themselves hears of it."""
    now = plan_of(unit.connection, record.engagement)
    if not phases.may_move(now.phase, record.phase, record.by):
        return
    skipped, lacks = record.skipped or phases.passed_over(now, record.phase), phases.left_out(now, record.phase)
    _note(unit, unit.connection, record, (*skipped, *lacks))
    coach, client = parties(unit.connection, record.engagement)
    back = record.phase is Phase.COACHING and now.phase in _LATER  # whoever brings it back says so
    goals = phases.shared_goals(now)
    begun = record.phase is Phase.PLANNING and goals  # the goal that brought it there says what comes next
    if phases.STAGES[record.phase].told and record.by != phases.CLIENT and not (back or begun):
        half = lacks or (record.phase is Phase.COACHING and not goals)
        early = "_early" if half else ""
        unit.afterwards.append(
            Notification(person=client, phrase=phrase(f"phase_told_{record.phase}{early}", coach=coach))
        )


def _note(unit: UnitOfWork, connection: Connection, record: PhaseMoved, skipped: tuple[str, ...]) -> None:
    connection.execute(
        insert(_phase).values(
            id=new_id(),
            engagement=record.engagement,
            phase=record.phase,
            day=unit.today,
            at=unit.now,
            by=record.by,
            skipped=" ".join(skipped),
        )
    )
    change_engagement(connection, record.engagement, phase=record.phase, planned=True)


def happened(unit: UnitOfWork, engagement: str, event: str) -> None:
    """Move an engagement by itself, if the table says so of what has happened."""
    to = phases.after(plan_of(unit.connection, engagement).phase, event)
    if to is not None:
        move(unit, PhaseMoved(engagement=engagement, phase=to, by=phases.BOT))
