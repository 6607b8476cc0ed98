"""An engagement comes into another phase: on record with what was passed over, and told to the client in one line."""

from sqlalchemy import Connection, insert

from bot.coaching.planning import phases
from bot.coaching.planning.ahead_effects import plan_end
from bot.model.phrases import phrase
from bot.model.plan import Phase
from bot.model.records import Record
from bot.model.records_plan import (
    AgreementConfirmed,
    GoalChanged,
    GoalMade,
    LadderConfirmed,
    LadderMade,
    MilestoneMade,
    PhaseMoved,
)
from bot.model.replies import Notification
from bot.transaction.unit_of_work import UnitOfWork
from storage.ids import new_id
from storage.people.engagements import change_engagement, parties
from storage.programme import agreements, ladders
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


def follow(unit: UnitOfWork, records: tuple[Record, ...]) -> None:
    """Move engagements on whose plan has just come about, in whole or in part."""
    touched = {record.goal for record in records if isinstance(record, GoalChanged | LadderMade | MilestoneMade)}
    made = {record.engagement for record in records if isinstance(record, GoalMade)}
    made |= {ladders.engagement_of(unit.connection, goal) for goal in touched}
    for engagement in sorted(made - {""}):
        _planned(unit, engagement)


def _planned(unit: UnitOfWork, engagement: str) -> None:
    found = plan_of(unit.connection, engagement)
    stands = phases.STAGES[Phase.PLANNING].left(found)
    happened(unit, engagement, "planned" if stands else "drafted" if phases.shared_goals(found) else "")


def agreed(unit: UnitOfWork, record: AgreementConfirmed) -> None:
    """Once both have said yes to an agreement, the engagement moves on, and its end is planned."""
    found = agreements.confirmed(unit.connection, record.agreement)
    if found is not None:
        happened(unit, found.engagement, "agreed")
        plan_end(unit.connection, found.engagement, unit.now)


def confirm_ladder(unit: UnitOfWork, record: LadderConfirmed) -> None:
    """Note a yes to a ladder; it may be the last thing that the plan lacked."""
    if ladders.confirm(unit.connection, record, unit.today) is not None:
        _planned(unit, ladders.engagement_of(unit.connection, record.goal))
