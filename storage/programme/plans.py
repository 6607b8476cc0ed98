"""The plan of an engagement as it stands: phase, agreement, goals, sessions; loaded only where there is one."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, bindparam, select, update

from bot.model.plan import PARTS, Phase, PhaseStep, Plan, Programme
from storage.database.compiled_sql import Fixed
from storage.people.engagements import Coached
from storage.programme.agreements import agreements
from storage.programme.commitments import words_of
from storage.programme.goals import goals
from storage.programme.notes import notes
from storage.programme.sessions import sessions
from storage.serialise import load, opened
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import PhaseRow

_LATE = (Phase.CLOSING, Phase.FOLLOW_UP, Phase.ENDED)  # phases in which habits to keep are known
_engagement = table_of(EngagementRow)
_phase = table_of(PhaseRow)

_ROW = Fixed(select(_engagement).where(_engagement.c.id == bindparam("wanted")))
_STEPS = Fixed(select(_phase).where(_phase.c.engagement == bindparam("wanted")).order_by(_phase.c.at, _phase.c.id))


def plans_of(connection: Connection, coached: Iterable[Coached]) -> Mapping[str, Plan]:
    """The plans of these engagements by id."""
    return {
        each.engagement.id: plan_of(connection, each.engagement.id) if each.planned else Plan(phase=Phase(each.phase))
        for each in coached
    }


def plan_of(connection: Connection, wanted: str) -> Plan:
    """The plan of one engagement."""
    row = _ROW.first(connection, wanted=wanted)
    if row is None:
        return Plan()
    return Plan(
        phase=Phase(row.phase),
        steps=_steps(connection, wanted),
        agreements=agreements(connection, wanted),
        goals=goals(connection, wanted),
        sessions=sessions(connection, wanted),
        notes=notes(connection, wanted),
        ends=row.ends,
        closed=row.closed,
        contracted=row.contracted,
        programme=opened(connection, Programme, row.programme) if row.programme else Programme(),
        follow_up=load(dict[str, date], row.follow_up) if row.follow_up else {},
        sessions_off=row.sessions_off,
        habits=words_of(connection, wanted, "habit") if row.phase in _LATE else (),
    )


def mark_planned(connection: Connection, wanted: str) -> None:
    """There is something to load for this engagement from now on."""
    connection.execute(update(_engagement).where(_engagement.c.id == wanted).values(planned=True))


def _steps(connection: Connection, wanted: str) -> tuple[PhaseStep, ...]:
    return tuple(
        PhaseStep(
            phase=Phase(row.phase),
            day=row.day,
            by=row.by,
            skipped=tuple(Phase(name) for name in row.skipped.split() if name not in PARTS),
            without=tuple(name for name in row.skipped.split() if name in PARTS),
        )
        for row in _STEPS.all(connection, wanted=wanted)
    )
