"""What fell due for each client, and what became of it; the source of a timetable's memory."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select, update

from bot.model.occurrences import Answered, Asked, Occurrence
from storage.database.compiled_sql import Fixed, insert_if_new
from storage.tables.people import OccurrenceRow, RunRow, table_of

_occurrence = table_of(OccurrenceRow)
_run = table_of(RunRow)

_SINCE = Fixed(
    select(
        _occurrence.c.slot,
        _occurrence.c.local_date,
        _occurrence.c.state,
        _occurrence.c.opened_on,
        _occurrence.c.reminded_on,
    ).where(_occurrence.c.person == bindparam("wanted"), _occurrence.c.local_date >= bindparam("since"))
)


_COLUMNS = ["id", "person", "dialogue", "local_date", "slot", "due_at", "state", "reason", "opened_on"]
_ADD = Fixed(lambda dialect: insert_if_new(_occurrence, dialect).values({name: bindparam(name) for name in _COLUMNS}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What a timetable must remember: slots asked, days on which the bot wrote of itself."""

    asked: frozenset[tuple[str, date]]
    opened: tuple[date, ...]


def memory(connection: Connection, person: str, since: date) -> Memory:
    """What was asked of a client since a local day; a reminder of the same day belongs to its thread."""
    rows = _SINCE.all(connection, wanted=person, since=since)
    sent = [row for row in rows if row.opened_on is not None]
    opened = [row.opened_on for row in sent]
    opened += [row.reminded_on for row in sent if row.reminded_on not in (None, row.opened_on)]
    return Memory(asked=frozenset((row.slot, row.local_date) for row in sent), opened=tuple(sorted(opened)))


_ASKED = Fixed(
    select(
        _occurrence.c.slot,
        _occurrence.c.opened_on,
        _occurrence.c.due_at,
        _occurrence.c.state,
        _run.c.id.label("open_run"),
    )
    .outerjoin(
        _run,
        (_run.c.person == _occurrence.c.person) & (_run.c.occurrence == _occurrence.c.id) & (_run.c.state == "open"),
    )
    .where(
        _occurrence.c.person == bindparam("wanted"),
        _occurrence.c.opened_on >= bindparam("since"),
        _occurrence.c.state.in_(("sent", "answered", "partly", "missed")),
    )
    .order_by(_occurrence.c.due_at, _occurrence.c.id)
)


_ANSWERED = {"answered": Answered.WHOLLY, "partly": Answered.PARTLY}


def asked(connection: Connection, person: str, since: date) -> tuple[Asked, ...]:
    """What the bot asked of a client since a local day, and how far it was answered; not what asked nothing."""
    found = []
    for row in _ASKED.all(connection, wanted=person, since=since):
        is_open = row.open_run is not None
        if row.state == "sent" and not is_open:
            continue
        answered = _ANSWERED.get(row.state, Answered.NOT)
        found.append(Asked(day=row.opened_on, at=row.due_at, slot=row.slot, answered=answered, open=is_open))
    return tuple(found)


def add(
    connection: Connection,
    occurrence_id: str,
    person: str,
    occurrence: Occurrence,
    *,
    state: str,
    reason: str = "",
    opened_on: date | None = None,
) -> bool:
    """Note that an occurrence was sent or dropped; False when it was there before, so that it is not sent twice."""
    added = _ADD.run(
        connection,
        id=occurrence_id,
        person=person,
        dialogue=occurrence.dialogue,
        local_date=occurrence.local_date,
        slot=occurrence.slot,
        due_at=occurrence.due_at,
        state=state,
        reason=reason,
        opened_on=opened_on,
    )
    return added == 1


def apply_record(connection: Connection, wanted: str, state: str) -> None:
    """Note what became of an occurrence that was sent: answered, missed, partly."""
    connection.execute(update(_occurrence).where(_occurrence.c.id == wanted).values(state=state))


def note_begun(connection: Connection, wanted: str) -> None:
    """Note that an occurrence that waits was answered in part."""
    waiting = (_occurrence.c.id == wanted, _occurrence.c.state == "sent")
    connection.execute(update(_occurrence).where(*waiting).values(state="partly"))


def waits(connection: Connection, wanted: str) -> bool:
    """Whether an occurrence that was sent has come to nothing yet."""
    state = connection.execute(select(_occurrence.c.state).where(_occurrence.c.id == wanted)).scalar()
    return bool(state == "sent")


def note_unsent(connection: Connection, wanted: str, reason: str) -> None:
    """Note that an occurrence could not be sent, and why."""
    waiting = (_occurrence.c.id == wanted, _occurrence.c.state.in_(("sent", "unsent")))
    connection.execute(update(_occurrence).where(*waiting).values(state="unsent", reason=reason))


def note_reminder(connection: Connection, wanted: str, day: date) -> None:
    """Note the local day on which an occurrence was reminded of."""
    connection.execute(update(_occurrence).where(_occurrence.c.id == wanted).values(reminded_on=day))
