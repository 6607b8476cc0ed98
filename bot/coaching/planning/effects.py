"""A plan is written and taken back; what it brings about: the phase moves on, the end is put on the agenda."""

from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection

from bot.coaching.planning import phases
from bot.coaching.planning.phase_effects import happened, move
from bot.coaching.planning.rules import NOTICE
from bot.engine.effects import WriteRecords
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
    Planned,
)
from bot.time_zones import local_day
from bot.transaction.card import Effects
from bot.transaction.planned_dates import BEGIN, END, client_of, errand
from bot.transaction.unit_of_work import UnitOfWork
from storage.programme import agenda, agreements, goals, ladders
from storage.programme.plans import plan_of

_DAY = timedelta(days=1)


# -- the plan --------------------------------------------------------------------------------------------------------


def write(unit: UnitOfWork, write: WriteRecords) -> None:
    """The plan that a run has come to, in place of what it wrote before; the engagement moves on with it."""
    if not any(isinstance(record, Planned) for record in write.records):
        take_back(unit, write.run)
        return
    goals.write(unit.connection, write.records, run=write.run, day=write.day or unit.today, at=unit.now)
    _follow(unit, write.records)


def take_back(unit: UnitOfWork, run: str) -> None:
    """What a run wrote of a plan is no more."""
    goals.forget(unit.connection, run, day=unit.today, at=unit.now)


def _follow(unit: UnitOfWork, records: tuple[Record, ...]) -> None:
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


def confirm_ladder(unit: UnitOfWork, record: LadderConfirmed) -> None:
    """Note a yes to a ladder; it may be the last thing that the plan lacked."""
    if ladders.confirm(unit.connection, record, unit.today) is not None:
        _planned(unit, ladders.engagement_of(unit.connection, record.goal))


# -- the end ---------------------------------------------------------------------------------------------------------


def agreed(unit: UnitOfWork, record: AgreementConfirmed) -> None:
    """Once both have said yes to an agreement, the engagement moves on, and its end is planned."""
    found = agreements.confirmed(unit.connection, record.agreement)
    if found is not None:
        happened(unit, found.engagement, "agreed")
        plan_end(unit.connection, found.engagement, unit.now)


def plan_end(connection: Connection, engagement: str, now: datetime) -> None:
    """Plan anew when an engagement begins to close, and when it ends, by the day on which it is to end."""
    for deed in (BEGIN, END):
        agenda.unschedule(connection, engagement=engagement, dialogue=deed)
    found, client = plan_of(connection, engagement), client_of(connection, engagement)
    if client is None or found.ends is None or found.closed is not None:
        return
    today = local_day(now, client.zone_at(now))
    if found.phase is not Phase.CLOSING:
        begin = min(max(found.ends - NOTICE, today + _DAY), max(found.ends, today))
        errand(connection, client, engagement, BEGIN, begin)
    errand(connection, client, engagement, END, max(found.ends, today))


EFFECTS = Effects(
    name="planning",
    once={PhaseMoved: move, LadderConfirmed: confirm_ladder},
    also={AgreementConfirmed: agreed},
    of_run=write,
    of_run_kinds=get_args(Planned),
    taken_back=take_back,
)
