"""An engagement comes into another phase: on record with what was passed over, and told to the client in one line."""

from sqlalchemy import Connection, insert

from bot.coaching.planning import ahead_effects, phases
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
from bot.model.replies import Told
from bot.transaction import planned_dates as ahead
from bot.transaction.unit_of_work import Scene
from storage import agreements, ladders
from storage.engagements import change_engagement, parties
from storage.ids import new_id
from storage.plans import aims
from storage.tables.people import table_of
from storage.tables.plan import PhaseRow

_LATER = (Phase.REVIEW, Phase.CLOSING, Phase.FOLLOW_UP, Phase.ENDED)
_phase = table_of(PhaseRow)


def move(scene: Scene, record: PhaseMoved) -> None:
    """Move an engagement where the table lets whoever moves it; a client who did not do it themselves hears of it."""
    now = aims(scene.connection, record.engagement)
    if not phases.may_move(now.phase, record.phase, record.by):
        return
    skipped, lacks = record.skipped or phases.passed_over(now, record.phase), phases.left_out(now, record.phase)
    _note(scene, scene.connection, record, (*skipped, *lacks))
    if record.phase is Phase.COACHING and (known := ahead.client_of(scene.connection, record.engagement)) is not None:
        ahead_effects.plan_reviews(scene.connection, known, scene.now)
    coach, client = parties(scene.connection, record.engagement)
    back = record.phase is Phase.COACHING and now.phase in _LATER  # whoever brings it back says so
    goals = phases.shared_goals(now)
    begun = record.phase is Phase.PLANNING and goals  # the goal that brought it there says what comes next
    if phases.STAGES[record.phase].told and record.by != phases.CLIENT and not (back or begun):
        half = lacks or (record.phase is Phase.COACHING and not goals)
        early = "_early" if half else ""
        scene.afterwards.append(Told(person=client, phrase=phrase(f"phase_told_{record.phase}{early}", coach=coach)))


def _note(scene: Scene, connection: Connection, record: PhaseMoved, skipped: tuple[str, ...]) -> None:
    connection.execute(
        insert(_phase).values(
            id=new_id(),
            engagement=record.engagement,
            phase=record.phase,
            day=scene.today,
            at=scene.now,
            by=record.by,
            skipped=" ".join(skipped),
        )
    )
    change_engagement(connection, record.engagement, phase=record.phase, planned=True)


def happened(scene: Scene, engagement: str, event: str) -> None:
    """Move an engagement by itself, if the table says so of what has happened."""
    to = phases.after(aims(scene.connection, engagement).phase, event)
    if to is not None:
        move(scene, PhaseMoved(engagement=engagement, phase=to, by=phases.BOT))


def follow(scene: Scene, records: tuple[Record, ...]) -> None:
    """Move engagements on whose plan has just come about, in whole or in part."""
    touched = {record.goal for record in records if isinstance(record, GoalChanged | LadderMade | MilestoneMade)}
    made = {record.engagement for record in records if isinstance(record, GoalMade)}
    made |= {ladders.engagement_of(scene.connection, goal) for goal in touched}
    for engagement in sorted(made - {""}):
        _planned(scene, engagement)


def _planned(scene: Scene, engagement: str) -> None:
    found = aims(scene.connection, engagement)
    stands = phases.STAGES[Phase.PLANNING].left(found)
    happened(scene, engagement, "planned" if stands else "drafted" if phases.shared_goals(found) else "")
    client = ahead.client_of(scene.connection, engagement)
    if client is not None and found.active_goals:
        ahead_effects.plan_reviews(
            scene.connection, client, scene.now
        )  # a goal is looked at again whatever its plan lacks


def confirm_agreement(scene: Scene, record: AgreementConfirmed) -> None:
    """Note a yes to an agreement; once both have said it, the engagement moves on."""
    found = agreements.confirm(scene.connection, record, scene.today)
    if found is not None and found.holds:
        happened(scene, found.engagement, "agreed")
        ahead_effects.plan_end(scene.connection, found.engagement, scene.now)
        plan_end(scene.connection, found.engagement, scene.now)


def confirm_ladder(scene: Scene, record: LadderConfirmed) -> None:
    """Note a yes to a ladder; it may be the last thing that the plan lacked."""
    if ladders.confirm(scene.connection, record, scene.today) is not None:
        _planned(scene, ladders.engagement_of(scene.connection, record.goal))
