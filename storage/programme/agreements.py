"""The working agreement: versions of what coach and client agreed on; one holds when both have confirmed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.model.plan import Agreement, contracted
from bot.model.records_plan import AgreementConfirmed, AgreementMade
from storage.database.compiled_sql import Fixed
from storage.ids import new_id
from storage.people.engagements import change_engagement
from storage.serialise import opened, sealed
from storage.tables.people import EngagementRow, table_of
from storage.tables.plan import AgreementRow

_agreement = table_of(AgreementRow)
_engagement = table_of(EngagementRow)
_OF = Fixed(select(_agreement).where(_agreement.c.engagement == bindparam("wanted")).order_by(_agreement.c.version))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Body:
    terms: Mapping[str, str]


def agreements(connection: Connection, engagement: str) -> tuple[Agreement, ...]:
    """Every version of an engagement's agreement, the oldest first."""
    return tuple(_as_fact(connection, row) for row in _OF.all(connection, wanted=engagement))


def _as_fact(connection: Connection, row: Any) -> Agreement:
    body: _Body = opened(connection, _Body, row.body)
    return Agreement(
        id=row.id,
        engagement=row.engagement,
        version=row.version,
        terms=body.terms,
        until=row.until,
        coach_ok=row.coach_ok,
        client_ok=row.client_ok,
    )


def make(connection: Connection, record: AgreementMade, *, run: str, day: date) -> None:
    """Add a version; the run that wrote it may write it again until its coach has agreed to it, never after."""
    before = _OF.all(connection, wanted=record.engagement)
    mine = next((row for row in reversed(before) if row.run == run), None)
    if mine is not None and mine.coach_ok is not None:
        return
    values: dict[str, Any] = {
        "until": record.until,
        "coach_ok": day if record.ok else None,
        "body": sealed(connection, _Body, _Body(terms=record.terms)),
    }
    if mine is not None:
        connection.execute(update(_agreement).where(_agreement.c.id == mine.id).values(**values))
        return
    version = max((row.version for row in before), default=0) + 1
    connection.execute(
        insert(_agreement).values(id=new_id(), engagement=record.engagement, version=version, run=run, **values)
    )
    change_engagement(connection, record.engagement, planned=True)


def confirm(connection: Connection, record: AgreementConfirmed, day: date) -> None:
    """Note a yes to the newest version, if that is the one meant; when both have said it, it holds from now on."""
    row = connection.execute(select(_agreement).where(_agreement.c.id == record.agreement)).first()
    if row is None or row.version != max(r.version for r in _OF.all(connection, wanted=row.engagement)):
        return
    name = "coach_ok" if record.by == "coach" else "client_ok"
    if getattr(row, name) is None:
        connection.execute(update(_agreement).where(_agreement.c.id == row.id).values(**{name: day}))
    found = next(a for a in agreements(connection, row.engagement) if a.id == row.id)
    if found.holds:
        values = {"ends": found.until, "contracted": contracted(found.terms)}
        connection.execute(update(_engagement).where(_engagement.c.id == row.engagement).values(**values))


def confirmed(connection: Connection, wanted: str) -> Agreement | None:
    """The version of that id, where it is the newest one and both have said yes to it."""
    row = connection.execute(select(_agreement).where(_agreement.c.id == wanted)).first()
    newest = agreements(connection, row.engagement)[-1] if row is not None else None
    return newest if newest is not None and newest.id == wanted and newest.holds else None


def forget(connection: Connection, run: str) -> None:
    """Take back the version that a run made, unless it holds."""
    for row in connection.execute(select(_agreement).where(_agreement.c.run == run)).all():
        if not _as_fact(connection, row).holds:
            connection.execute(delete(_agreement).where(_agreement.c.id == row.id))
